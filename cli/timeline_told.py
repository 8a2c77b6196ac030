"""A timeline, for people and for machines."""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from cli.aligned_text import aligned_lines
from engagement import zones
from engagement.cadence.timeline import LeftOut
from schemas.events.decision import CadenceEnded
from schemas.events.plan import ConditionFailed, TouchPlanned

HEADINGS = ("step", "day", "not before", "due", "lapses", "channel", "activity")
Row = tuple[str, ...]
Turn = TouchPlanned | LeftOut | CadenceEnded


def tell(turns: Sequence[Turn], zone: str, as_json: bool) -> None:
    """A table on a terminal, aligned text elsewhere; a JSON list for machines."""
    if as_json:
        known = (_told(turn) for turn in turns if not isinstance(turn, CadenceEnded))
        typer.echo(json.dumps([*known]))
    elif sys.stdout.isatty():
        table = Table(*HEADINGS)
        for row in _rows(turns, zone):
            table.add_row(*row)
        Console().print(table)
    else:
        typer.echo("\n".join(lines(turns, zone)))


def lines(turns: Sequence[Turn], zone: str) -> list[str]:
    """The touches as aligned text, one a line, under headings; and the steps left out."""
    return aligned_lines([HEADINGS, *_rows(turns, zone)])


def _rows(turns: Sequence[Turn], zone: str) -> Iterator[Row]:
    """A row of texts for each turn; the day counts from 1 by the lead's calendar."""
    for turn in turns:
        first = turns[0].recorded_at.astimezone(zones.zone(zone)).date()
        match turn:
            case TouchPlanned():
                yield _touch(turn, zone, first)
            case CadenceEnded():
                pass
            case _:
                day = _day(turn.recorded_at, zone, first)
                yield str(turn.step), day, "left out", "", "", turn.channel, _why(turn)


def _touch(plan: TouchPlanned, zone: str, first: date) -> Row:
    moments = plan.not_before, plan.due_at, plan.lapses_at
    shown = (f"{at.astimezone(zones.zone(zone)):%a %Y-%m-%d %H:%M%z}" for at in moments)
    channel = f"{plan.channel} {plan.kind}" if plan.kind else plan.channel
    day = _day(plan.not_before, zone, first)
    return str(plan.step), day, *shown, channel, plan.activity


def _day(at: datetime, zone: str, first: date) -> str:
    return str((at.astimezone(zones.zone(zone)).date() - first).days + 1)


def _why(turn: LeftOut) -> str:
    return f"only if {turn.condition}" if isinstance(turn, ConditionFailed) else turn.rule


def _told(turn: TouchPlanned | LeftOut) -> dict[str, Any]:
    if not isinstance(turn, TouchPlanned):
        return {"step": turn.step, "channel": turn.channel, "left_out": _why(turn)}
    known = {"step", "channel", "kind", "activity", "not_before", "due_at", "lapses_at"}
    return turn.model_dump(mode="json", include=known)
