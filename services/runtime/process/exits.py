"""How a process ends: an exit code for its supervisor, and one last line for whoever reads it."""

from enum import IntEnum

import structlog

from services.runtime.process.logs import explained, where


class Exit(IntEnum):
    """Exit codes, as sysexits.h has them."""

    DRAINED = 0
    FAILED = 70
    AWAY = 75
    CONFIG = 78


ADVICE = {
    Exit.DRAINED: "Nothing is to be done.",
    Exit.FAILED: "Start it again, as a supervisor does: what was committed is kept and it goes on"
    " from there. If it stops again in the same way, mend what the reason names first.",
    Exit.AWAY: "See that the server runs and can be reached at the configured address, then start"
    " this process again.",
    Exit.CONFIG: "Mend what the reason names, then start this process again.",
}


class Stopped(Exception):
    """Raised where it is known how the process has to end, and why."""

    def __init__(self, code: Exit, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def last_words(error: BaseException | None) -> Exit:
    """Log the one last line, event `stopped`, and give the exit code; no error is a clean end."""
    log = structlog.get_logger()
    if error is None:
        log.info("stopped", code=0, reason="drained", advice=ADVICE[Exit.DRAINED])
        return Exit.DRAINED
    code = error.code if isinstance(error, Stopped) else Exit.FAILED
    cause = error.__cause__ or error
    reason = error.reason if isinstance(error, Stopped) else explained(error)
    log.error("stopped", code=int(code), reason=reason, advice=ADVICE[code], where=where(cause))
    return code
