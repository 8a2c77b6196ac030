"""Where the set-up says how far it is: a bar on a terminal, lines elsewhere, always on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

Advance = Callable[[int], None]


class Report(Protocol):
    """What the set-up is told to say while it works."""

    def say(self, line: str) -> None:
        """Tell one step that begins or is done."""

    def download(self, title: str, size: int) -> AbstractContextManager[Advance]:
        """Follow a download of `size` bytes; the yielded function counts what has come."""


class Lines:
    """A line a step, for logs and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def say(self, line: str) -> None:
        """Write the line at once."""
        print(line, file=self._stream, flush=True)

    @contextmanager
    def download(self, title: str, size: int) -> Iterator[Advance]:
        """Tell the beginning and the end, and nothing between."""
        self.say(f"{title}: downloading {size / 1e6:.0f} MB, once")
        yield lambda _: None
        self.say(f"{title}: downloaded")


class Bars(Lines):
    """Lines too, and a moving bar for a download."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._console = Console(file=stream)

    @contextmanager
    def download(self, title: str, size: int) -> Iterator[Advance]:
        """Draw a bar that ends full."""
        columns = (TextColumn(title), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        with Progress(*columns, console=self._console) as bars:
            task = bars.add_task(title, total=size)
            yield lambda count: bars.advance(task, count)


class Silence:
    """Says nothing: for tests and for callers with a view of their own."""

    def say(self, line: str) -> None:
        """Drop the line."""

    @contextmanager
    def download(self, title: str, size: int) -> Iterator[Advance]:  # noqa: ARG002
        """Count nothing."""
        yield lambda _: None


def on_stderr() -> Report:
    """The report that suits this process's stderr."""
    return Bars(sys.stderr) if sys.stderr.isatty() else Lines(sys.stderr)
