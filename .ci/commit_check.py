"""Refuses files that no commit should hold: `python .ci/commit_check.py FILE...`."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

LARGEST = 512 * 1024
_PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_TRAILING_SPACE = re.compile(rb"[ \t]+$", re.MULTILINE)


def objections(content: bytes) -> Iterator[str]:
    """Why a file of this content should not be committed; a binary one may end as it likes."""
    if len(content) > LARGEST:
        yield f"is larger than {LARGEST // 1024} KiB"
    if _PRIVATE_KEY.search(content):
        yield "holds a private key"
    if not content or b"\0" in content:
        return
    if not content.endswith(b"\n") or content.endswith(b"\n\n"):
        yield "does not end in exactly one newline"
    if _TRAILING_SPACE.search(content):
        yield "has spaces at the end of a line"


def main(paths: list[str]) -> int:
    """Print every objection; 1 if there was one."""
    found = [f"{path} {why}" for path in paths for why in objections(Path(path).read_bytes())]
    sys.stderr.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
