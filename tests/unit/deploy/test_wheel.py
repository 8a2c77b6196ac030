"""The wheel holds all that the commands need, away from any checkout."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[3]
DATA = (".sql", ".yaml", ".html", ".txt", ".js", ".css", ".svg", ".json", ".lock")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", folder], cwd=ROOT, capture_output=True, check=True)
    [wheel] = folder.glob("*.whl")
    with ZipFile(wheel) as content:
        content.extractall(folder / "installed")
    return folder / "installed"


def test_every_file_that_the_code_reads_is_in_it(unpacked: Path) -> None:
    packages = [entry.name for entry in unpacked.iterdir() if (entry / "__init__.py").exists()]
    needed = [
        file.relative_to(ROOT)
        for package in packages
        for file in (ROOT / package).rglob("*")
        if file.suffix in DATA
    ]

    assert {".sql", ".yaml", ".html", ".js", ".css", ".lock"} <= {file.suffix for file in needed}
    assert not [file for file in needed if not (unpacked / file).exists()]


def test_its_command_finds_the_shipped_playbooks_in_it_from_anywhere(
    unpacked: Path, tmp_path: Path
) -> None:
    script = (
        "import cli.main, cli.demo, deploy.local.supervise, playbooks\n"
        "print(cli.main.__file__, playbooks.SEED, playbooks.SEED.exists())"
    )

    told = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(unpacked)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    seed = unpacked / "playbooks/seed-9-in-18.yaml"
    assert told == f"{unpacked / 'cli/main.py'} {seed} True\n"
