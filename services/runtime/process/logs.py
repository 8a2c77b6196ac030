"""JSON lines on stdout, for our own words and for those of every library underneath.

Personal data does not get in: free text passes only under the names listed here, and an
exception's own words only where they come from a package known to repeat no input.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psycopg
import structlog
from structlog.types import EventDict, Processor

FIELDS = frozenset({
    "action", "advice", "code", "error", "event", "level", "logger", "method", "name", "phase",
    "reason", "route", "schema", "service", "state", "topic", "ts", "type", "version", "where",
    "why",
})  # fmt: skip
"""Fields that may carry text. Numbers, booleans and ids pass under any name."""
HARMLESS = (bool, int, float, UUID, datetime)
WITHHELD = "(withheld: services.runtime.process.logs.FIELDS does not list this field)"

PLAIN_SPOKEN = (OSError, psycopg.OperationalError, psycopg.ProgrammingError)
PLAIN_PACKAGES = frozenset({"services", "schemas", "aiokafka", "kafka", "psycopg_pool"})
QUIET = ("aiokafka", "faust", "httpx", "kafka", "mode", "psycopg", "uvicorn")


def configure(service: str, level: str) -> None:
    """Send every log line of this process to stdout as JSON, from `level` upwards.

    Libraries speak from `warning` upwards, unless `level` is debug.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[_named(service), *_PROCESSORS, _rendered],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stdout),
    )
    logging.captureWarnings(True)
    logging.basicConfig(handlers=[_Through()], level=number, force=True)
    for name in QUIET:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(number if level == "debug" else max(number, logging.WARNING))


def explained(error: BaseException) -> str:
    """The error in words that hold no input: its type, and its text where that is known safe."""
    package = type(error).__module__.partition(".")[0]
    if not (isinstance(error, PLAIN_SPOKEN) or package in PLAIN_PACKAGES):
        return type(error).__name__
    text = " ".join(str(error).partition("\nDETAIL:")[0].split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def where(error: BaseException) -> str:
    """The innermost frames, without their source lines or variables."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " < ".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )


class _Through(logging.Handler):
    """Hands a library's record to structlog; exceptions among its arguments are explained."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if isinstance(record.args, tuple):
                record.args = tuple(_spoken(argument) for argument in record.args)
            fields: dict[str, Any] = {"logger": record.name}
            if record.exc_info and record.exc_info[1]:
                fields |= {"error": explained(record.exc_info[1])}
                fields |= {"where": where(record.exc_info[1])}
            structlog.get_logger().log(record.levelno, record.getMessage(), **fields)
        except Exception:
            self.handleError(record)


def _spoken(argument: object) -> object:
    return explained(argument) if isinstance(argument, BaseException) else argument


def _named(service: str) -> Processor:
    def add(_: Any, __: str, fields: EventDict) -> EventDict:
        return {**fields, "service": service}

    return add


def _exception(_: Any, __: str, fields: EventDict) -> EventDict:
    error = fields.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        fields.update(error=explained(error), where=where(error))
    return fields


def _withhold(_: Any, __: str, fields: EventDict) -> EventDict:
    return dict(_allowed(fields))


def _allowed(fields: EventDict) -> Iterator[tuple[str, object]]:
    for name, value in fields.items():
        harmless = name in FIELDS or value is None or isinstance(value, HARMLESS)
        yield name, value if harmless else WITHHELD


def _rendered(_: Any, __: str, fields: EventDict) -> str:
    first = {name: fields.pop(name) for name in ("ts", "level", "event", "service")}
    return orjson.dumps({**first, **fields}, default=str).decode()


_PROCESSORS: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
    _exception,
    _withhold,
)
