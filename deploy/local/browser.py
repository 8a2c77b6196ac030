"""A Chromium for the console's tests: found where there is one, installed where that is asked for.

`python -m deploy.local.browser` installs Debian's, as root. With `--unattended` it does so only
where CI is set, and never fails: without a browser its tests are skipped, and say so.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CACHED = (
    "chromium-*/chrome-linux*/chrome",
    "chromium_headless_shell-*/*/*headless[_-]shell",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
"""Where Playwright keeps what `playwright install chromium` fetched."""

APT = (
    ("apt-get", "update", "-qq"),
    (
        "apt-get",
        "install",
        "-qq",
        "-y",
        "--no-install-recommends",
        "chromium",
        "fonts-dejavu-core",
    ),
)
LONGEST_SECONDS = 300
ELSEWHERE = (
    "Chromium is installed by Debian's apt-get alone, as root. Install one in your system's own"
    " way or by `.venv/bin/playwright install chromium`, or name one by CHROMIUM.\n"
)
Environ = Mapping[str, str]


def find(environ: Environ) -> str | None:
    """The Chromium to use: the one that CHROMIUM names, else the path's, else Playwright's."""
    named = environ.get("CHROMIUM")
    return next(filter(_starts, [named] if named else _candidates(environ)), None)


def main(arguments: list[str], environ: Environ, system: str, root: bool) -> int:
    """Find or install it, and say which it is. 1 where somebody asked for one and has none."""
    unattended = "--unattended" in arguments
    found = find(environ)
    if found is None and ("CI" in environ or not unattended):
        found = _installed(environ) if _can_install(environ, system, root) else None
        if found is None:
            sys.stderr.write(ELSEWHERE)
    sys.stdout.write(f"Chromium: {found or 'none; the console is not tested in a browser'}\n")
    return 0 if found or unattended else 1


def _starts(program: str) -> bool:
    """Some systems have a Chromium that only says how to install it."""
    asked = [program, "--version"]
    try:
        answer = subprocess.run(asked, capture_output=True, timeout=30, check=False)  # noqa: S603 - the user's own
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _candidates(environ: Environ) -> Iterator[str]:
    yield from filter(None, (shutil.which(name, path=environ.get("PATH")) for name in NAMES))
    for cache in _caches(environ):
        for pattern in CACHED:
            yield from map(str, sorted(cache.glob(pattern), reverse=True))


def _caches(environ: Environ) -> Iterator[Path]:
    if told := environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        yield Path(told)
    elif home := environ.get("HOME"):
        yield from (Path(home, at, "ms-playwright") for at in (".cache", "Library/Caches"))


def _can_install(environ: Environ, system: str, root: bool) -> bool:
    """Ubuntu's package of this name holds no browser."""
    return root and system == "debian" and bool(shutil.which("apt-get", path=environ.get("PATH")))


def _installed(environ: Environ) -> str | None:
    """What apt-get installed, quietly and without a question; why not, where it could not."""
    quiet = {**environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        for command in APT:
            subprocess.run(  # noqa: S603 - our own words
                command, env=quiet, check=True, capture_output=True, timeout=LONGEST_SECONDS
            )
    except (OSError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", None) or b""
        sys.stderr.write(f"{error}\n{told.decode(errors='replace')}")
    return find(environ)


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["ID"]
    except OSError:
        return "another"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ, _system(), os.geteuid() == 0))
