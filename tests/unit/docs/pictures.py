"""What the console's pictures were made from, so that a stale one is noticed."""

import hashlib

from tests.unit.docs.pages import ROOT

CONSOLE = ROOT / "services/prioritizer/console"
SHOWN_BY = "console.sha256"
"""The file beside the pictures that says from what they were made."""


def shown() -> str:
    """The digest of all that decides how a page looks: templates, style and script."""
    files = sorted([*CONSOLE.glob("templates/*"), *CONSOLE.glob("static/*")])
    parts = [f"{file.name}\0".encode() + file.read_bytes() for file in files]
    return hashlib.sha256(b"\0".join(parts)).hexdigest() + "\n"
