"""Bars are for people; a pipe gets lines."""

import io

import pytest

from deploy.local.progress import Bars, Lines, on_stderr


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "kind"), [(io.StringIO(), Lines), (Terminal(), Bars)])
def test_only_a_terminal_gets_bars(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, kind: type[Lines]
) -> None:
    monkeypatch.setattr("sys.stderr", stream)

    assert type(on_stderr()) is kind


def test_a_pipe_is_told_the_beginning_and_the_end_of_a_download() -> None:
    stream = io.StringIO()

    with Lines(stream).download("Kafka", 45_000_000) as advance:
        advance(45_000_000)

    assert stream.getvalue() == "Kafka: downloading 45 MB, once\nKafka: downloaded\n"


def test_a_terminal_sees_the_bar_fill() -> None:
    stream = Terminal()

    with Bars(stream).download("Kafka", 45_000_000) as advance:
        advance(45_000_000)

    assert "45.0/45.0 MB" in stream.getvalue()
