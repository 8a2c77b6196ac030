"""Both kinds of user have servers: root, as whom the rest of a run may go on, and others."""

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from deploy.local import servers as local
from tests.conftest import FOLDER, JARS

ROOT = Path(__file__).parents[3]
NOBODY = pwd.getpwnam("nobody")


@pytest.fixture
def own_folder(pytestconfig: pytest.Config) -> Iterator[Path]:
    """One that other users can reach; pytest's own is closed to them."""
    worker = getattr(pytestconfig, "workerinput", {}).get("workerid", "alone")
    folder = pytestconfig.stash[FOLDER].resolve() / f"user-{worker}"
    folder.mkdir(parents=True)
    yield folder
    local.down(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def python() -> Path:
    """One of this version that nobody may run: a home folder keeps its own from others."""
    for found in (Path(sys.executable), Path(f"/usr/bin/python3.{sys.version_info.minor}")):
        with suppress(OSError):
            as_nobody([found, "-c", ""], Path("/"))
            return found
    pytest.skip("no other user may run this Python")


def as_nobody(command: list[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    installed = [str(ROOT), sysconfig.get_path("purelib")]
    return subprocess.run(
        command,
        user=NOBODY.pw_uid,
        group=NOBODY.pw_gid,
        extra_groups=[],
        env={"HOME": str(folder), "PYTHONPATH": os.pathsep.join(installed)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def up_as_nobody(python: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    run = "from cli.main import main; main()"
    return as_nobody([python, "-c", run, "local", "up", "--folder", folder], folder)


@pytest.mark.usefixtures("servers")  # whoever runs first fetches the jars
@pytest.mark.skipif(os.geteuid() != 0, reason="this run is a normal user's already")
def test_a_normal_user_has_servers_too(python: Path, own_folder: Path) -> None:
    os.chown(own_folder, NOBODY.pw_uid, NOBODY.pw_gid)
    (own_folder / "jars").symlink_to(JARS.resolve())

    started = up_as_nobody(python, own_folder)

    assert started.returncode == 0, started.stderr
    pids = [pid for pid in local.status(own_folder).pids.values() if pid]
    assert [psutil.Process(pid).username() for pid in pids] == ["nobody", "nobody"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can leave what others may not touch")
def test_what_root_left_is_told_with_what_to_do(python: Path, own_folder: Path) -> None:
    refused = up_as_nobody(python, own_folder)

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"touchline: {own_folder}/lock belongs to another user")
    assert "sudo chown -R" in refused.stderr
