"""Both kinds of user have servers: root, as whom the rest of a run may go on, and others."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local import servers as local
from tests.command_home import TOUCHLINE
from tests.conftest import FOLDER, JARS

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


def up_as_nobody(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TOUCHLINE, "local", "up", "--folder", folder],
        user=NOBODY.pw_uid,
        group=NOBODY.pw_gid,
        extra_groups=[],
        env={"HOME": str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.usefixtures("servers")  # whoever runs first fetches the jars
@pytest.mark.skipif(os.geteuid() != 0, reason="this run is a normal user's already")
def test_a_normal_user_has_servers_too(own_folder: Path) -> None:
    os.chown(own_folder, NOBODY.pw_uid, NOBODY.pw_gid)
    (own_folder / "jars").symlink_to(JARS.resolve())

    started = up_as_nobody(own_folder)

    assert started.returncode == 0, started.stderr
    pids = [pid for pid in local.status(own_folder).pids.values() if pid]
    assert [psutil.Process(pid).username() for pid in pids] == ["nobody", "nobody"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can leave what others may not touch")
def test_what_root_left_is_told_with_what_to_do(own_folder: Path) -> None:
    refused = up_as_nobody(own_folder)

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"touchline: {own_folder}/lock belongs to another user")
    assert "sudo chown -R" in refused.stderr
