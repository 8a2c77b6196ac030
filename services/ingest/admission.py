"""What every HTTP door of ingest does with a request: read it, admit it, or set it aside."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NoReturn

from fastapi import Request

from services.ingest.accept import Acceptance, Overloaded
from services.ingest.identity import LeadIds
from services.ingest.inbox import NAME, Content, Submission, Verdict
from services.ingest.publication import Publications
from services.ingest.refused import Refused
from services.ingest.set_aside import LARGEST, Unusable, row
from services.runtime.doors.http import read_limited
from services.runtime.doors.problem import FieldError, Problem
from services.runtime.process import metrics

Clock = Callable[[], datetime]

_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
_JSON_TYPE: Final = re.compile(r"application/(?:[a-z.-]+\+)?json\s*(?:;.*)?", re.IGNORECASE)
_STATUS: Final[Mapping[str, int]] = {
    "not-json": 400,
    "not-utf8": 400,
    "not-allowed": 403,
    "too-large": 413,
}
_NO_PLAYBOOK: Final = "30"
_OVERLOADED: Final = "1"


@dataclass(frozen=True, slots=True)
class Admission:
    """Shared by the doors; `clock` stamps what is recorded, once."""

    acceptance: Acceptance
    publications: Publications
    ids: LeadIds
    clock: Clock

    async def check_open(self) -> None:
        """Return once a playbook is in force; raises Problem 503 before the first."""
        if not await self.publications.any():
            raise Problem(
                503,
                "no-playbook",
                "No playbook is published yet",
                "Without one no lead can enter a cadence. Run `touchline playbook publish`, then"
                " send the request again.",
                {"Retry-After": _NO_PLAYBOOK},
            )

    async def submit(
        self, request: Request, key: tuple[str, str], raw: bytes, contents: Sequence[Content]
    ) -> tuple[Submission, Verdict]:
        """What became of the contents of `raw`; `key` is their source and its dedupe key."""
        source, dedupe_key = key
        submission = Submission(
            source,
            self.ids.fingerprint(dedupe_key.encode()),
            self.ids.fingerprint(raw),
            self.clock(),
            tuple(contents),
            request.headers.get("traceparent"),
        )
        try:
            return submission, await self.acceptance.submit(submission)
        except Overloaded:
            raise overloaded() from None

    async def set_aside(self, request: Request, source: str, raw: bytes, why: Refused) -> None:
        """Keep the bytes that an authenticated sender sent, for operators to look at."""
        unusable = Unusable(request.url.path, source, raw, why.code, why.reason, self.clock())
        try:
            await self.acceptance.quarantine(row(unusable))
        except Overloaded:
            raise overloaded() from None
        metrics.QUARANTINED.labels(NAME, why.code).inc()

    async def refuse(self, request: Request, source: str, raw: bytes, why: Refused) -> NoReturn:
        """Set the bytes aside, and raise the Problem that tells their sender."""
        await self.set_aside(request, source, raw, why)
        raise problem(why)


async def body(request: Request, largest: int = LARGEST) -> bytes:
    """The raw body; raises Problem for one that is too large, packed or not said to be JSON."""
    encoding = request.headers.get("content-encoding", "identity")
    type_ = request.headers.get("content-type", "application/json")
    if encoding.lower() != "identity" or not _JSON_TYPE.fullmatch(type_.strip()):
        raise Problem(
            415,
            "not-plain-json",
            "The body is not plain JSON",
            "Send it unpacked (no Content-Encoding) and with Content-Type: application/json.",
            {"Accept-Encoding": "identity", "Accept": "application/json"},
        )
    return await read_limited(request, largest)


def dedupe_key(request: Request, header: str) -> str:
    """The key by which a repetition is known; raises Problem 400 for none, or a malformed one."""
    key = request.headers.get(header, "")
    if not _KEY.fullmatch(key):
        raise Problem(
            400,
            "no-dedupe-key",
            f"{header} is missing or malformed",
            f"Send {header} with 1 to 200 visible ASCII characters: another for each message, the"
            " same for each repetition of one.",
        )
    return key


def problem(why: Refused) -> Problem:
    """What is wrong with a body, as its sender is told: 422 for a broken rule, and its kin."""
    status = _STATUS.get(why.code, 422)
    error = FieldError(why.field, why.rule, why.fix)
    detail = f"{why.reason}. Nothing of this request was accepted."
    return Problem(status, why.code, "The body cannot be taken", detail, errors=[error])


def overloaded() -> Problem:
    """Too many wait for the database already."""
    return Problem(
        503,
        "overloaded",
        "Too many requests are waiting",
        f"Nothing was accepted. Send the request again in {_OVERLOADED} second.",
        {"Retry-After": _OVERLOADED},
    )
