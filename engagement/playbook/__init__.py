"""What a sales manager decides, as data."""

from engagement.playbook.cadence import Cadence
from engagement.playbook.calendar import Calendar
from engagement.playbook.part_of_day import Hours
from engagement.playbook.playbook import Playbook
from engagement.playbook.result import ResultAction, ResultCode
from engagement.playbook.step import Step

__all__ = ["Cadence", "Calendar", "Hours", "Playbook", "ResultAction", "ResultCode", "Step"]
