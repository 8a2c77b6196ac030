"""The decisions around the servers that need no server."""

import errno
import stat
from pathlib import Path

import pytest

from deploy.local import servers, state
from deploy.local.errors import DiskFull, OneServerOnly
from deploy.local.servers import Servers, from_environment
from deploy.local.state import Ports, State

BROKER, DATABASE = "broker:9092", "postgresql://database"


def test_both_addresses_mean_the_users_own_servers() -> None:
    given = {"KAFKA_BOOTSTRAP": BROKER, "DATABASE_URL": DATABASE}

    assert from_environment(given) == Servers(BROKER, DATABASE)


@pytest.mark.parametrize("given", [{}, {"KAFKA_BOOTSTRAP": "", "DATABASE_URL": ""}])
def test_no_address_means_the_embedded_servers(given: dict[str, str]) -> None:
    assert from_environment(given) is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"KAFKA_BOOTSTRAP": BROKER}, "DATABASE_URL is not"),
        ({"DATABASE_URL": DATABASE}, "KAFKA_BOOTSTRAP is not"),
    ],
)
def test_one_address_alone_is_refused(given: dict[str, str], message: str) -> None:
    with pytest.raises(OneServerOnly, match=message):
        from_environment(given)


def test_a_folder_where_nothing_was_started_has_no_servers(tmp_path: Path) -> None:
    found = servers.status(tmp_path / "none")

    assert not found.running
    assert found.servers is None
    assert not (tmp_path / "none").exists()


def test_a_disk_without_room_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: Path) -> Ports:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(servers, "_ports", no_room)

    with pytest.raises(DiskFull, match="Free some"):
        servers.up(tmp_path)


def test_the_state_is_read_as_it_was_written_and_hides_the_password(tmp_path: Path) -> None:
    written = State(Ports(1, 2, 3), BROKER, DATABASE, "jars", {"kafka": 4})

    state.save(tmp_path, written)

    assert state.load(tmp_path) == written
    assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "{", "[]", '{"ports": {}}', '{"of": "another version"}'])
def test_an_unreadable_state_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "state.json").write_text(content)

    assert state.load(tmp_path) is None
