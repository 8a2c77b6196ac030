"""Why a fold stops its process instead of going on: each says what was seen and what to do."""


class DeliveryError(Exception):
    """Going on would lose or alter a fact. Nothing of the batch was committed."""


class HoleInLog(DeliveryError):
    """Records that only we write, and never delete, are gone from the log."""

    def __init__(self, topic: str, partition: int, position: int, first: int) -> None:
        super().__init__(
            f"{topic}-{partition}: the records from offset {position} to {first - 1} are missing."
            " Was the topic made anew, or its retention changed? Bring its records back, or"
            " restore topics and database to the same moment."
        )


class LogTooShort(DeliveryError):
    """The log ends before the position: what follows would pass for records already taken."""

    def __init__(self, topic: str, partition: int, position: int, end: int) -> None:
        super().__init__(
            f"{topic}-{partition}: the log ends at offset {end}, but records up to {position - 1}"
            " were taken from it. Was the topic made anew, or cut by a broker's failure?"
            " Restore topics and database to the same moment."
        )


class BatchSkipped(DeliveryError):
    """The client passed over records. They are in the log: a restart reads them."""

    def __init__(self, topic: str, partition: int, position: int, start: int) -> None:
        super().__init__(
            f"{topic}-{partition}: a batch starts at offset {start}, but the one at {position} is"
            " next. Start the process again: it reads from its position."
        )


class SequenceGap(DeliveryError):
    """A writer's numbers are not in a row, so a fact of it is lost."""

    def __init__(self, where: str, writer: str, last: int, sequence: int) -> None:
        super().__init__(
            f"{where}: {writer} wrote ce_sequence {sequence} after {last}, so what lay between is"
            ' lost. docs/operations.md says under "A sequence gap" how to bring it back, or how to'
            " accept the loss."
        )


class FuseBlown(DeliveryError):
    """Most of what arrives cannot be read: the fault is rather ours, or a sender's new version."""

    def __init__(self, topic: str, bad: int, window: int, code: str, reason: str) -> None:
        super().__init__(
            f"{topic}: {bad} of the last {window} records would go to quarantine, the last one as"
            f" {code}: {reason}. Deploy the version that reads them, or stop their sender."
        )


class AlwaysOverdue(DeliveryError):
    """A batch is never done within the server's time limits; others would wait behind it."""

    def __init__(self, topic: str, partition: int, offset: int, times: int) -> None:
        super().__init__(
            f"{topic}-{partition}: the batch at offset {offset} met a time limit of PostgreSQL"
            f" {times} times in a row. See what its statements wait for: a lock, a plan gone bad,"
            " a slow disk."
        )
