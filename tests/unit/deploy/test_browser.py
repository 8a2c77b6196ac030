"""A Chromium is found where there is one, and installed only where that is wanted."""

from pathlib import Path

import pytest

from deploy.local.browser import find, main

WORKS = "#!/bin/sh\n"
ONLY_TELLS = "#!/bin/sh\necho install the snap; exit 1\n"


def program(path: Path, script: str = WORKS) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A machine with an empty path and an empty home."""
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path / "home")}


@pytest.fixture
def apt_get(tmp_path: Path) -> Path:
    """An apt-get that notes what it was asked for, and installs a Chromium that works."""
    asked = tmp_path / "asked"
    browser = tmp_path / "bin/chromium"
    program(
        tmp_path / "bin/apt-get",
        f'#!/bin/sh\necho "$@" >>{asked}\n[ $1 = update ] || '
        f"{{ echo '#!/bin/sh' >{browser}; /bin/chmod +x {browser}; }}\n",
    )
    return asked


def test_the_one_that_was_named_comes_first_then_the_paths_then_playwrights(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    assert find(environ) is None
    cache = tmp_path / "home/.cache/ms-playwright"
    cached = program(cache / "chromium-1200/chrome-linux64/chrome")
    assert find(environ) == cached
    on_the_path = program(tmp_path / "bin/chromium")
    assert find(environ) == on_the_path
    named = program(tmp_path / "my own")
    assert find({**environ, "CHROMIUM": named}) == named


def test_one_that_does_not_start_is_none(tmp_path: Path, environ: dict[str, str]) -> None:
    program(tmp_path / "bin/chromium", ONLY_TELLS)
    assert find(environ) is None
    assert find({**environ, "CHROMIUM": str(tmp_path / "nothing")}) is None
    working = program(tmp_path / "bin/google-chrome")
    assert find(environ) == working


def test_nothing_is_installed_on_a_persons_machine_unasked(
    environ: dict[str, str], apt_get: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--unattended"], environ, "debian", root=True) == 0
    assert not apt_get.exists()
    assert "not tested in a browser" in capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "more"), [([], {}), (["--unattended"], {"CI": "true"})])
def test_it_is_installed_on_request_and_in_ci(
    environ: dict[str, str], apt_get: Path, arguments: list[str], more: dict[str, str]
) -> None:
    assert main(arguments, {**environ, **more}, "debian", root=True) == 0
    assert "install -qq -y --no-install-recommends chromium" in apt_get.read_text()


def test_what_is_there_is_not_installed_again(
    tmp_path: Path, environ: dict[str, str], apt_get: Path
) -> None:
    program(tmp_path / "bin/chromium")
    assert main([], environ, "debian", root=True) == 0
    assert not apt_get.exists()


@pytest.mark.parametrize(("system", "root"), [("ubuntu", True), ("debian", False)])
def test_where_apt_get_cannot_the_other_ways_are_told(
    environ: dict[str, str],
    apt_get: Path,
    system: str,
    root: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([], environ, system, root) == 1
    assert not apt_get.exists()
    assert "playwright install chromium" in capsys.readouterr().err


def test_a_failed_installation_is_told_and_no_fault_of_a_run_in_ci(
    tmp_path: Path, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    program(tmp_path / "bin/apt-get", "#!/bin/sh\necho no network >&2; exit 100\n")
    assert main(["--unattended"], {**environ, "CI": "true"}, "debian", root=True) == 0
    assert "no network" in capsys.readouterr().err
    assert main([], environ, "debian", root=True) == 1
