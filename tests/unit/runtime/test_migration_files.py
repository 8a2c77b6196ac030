"""Migration files are numbered without a gap, or refused."""

from pathlib import Path

import pytest

from services.runtime.postgres.migration_files import MigrationRefused, read


def write(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_text(f"-- {name}")
    return folder


def test_files_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    found = read(write(tmp_path, "0002_more.sql", "0001_first.sql"))

    assert [(one.number, one.name) for one in found] == [(1, "0001_first"), (2, "0002_more")]
    assert found[0].digest != found[1].digest


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["0002_late.sql"], "0001_what_it_does.sql"),
        (["0001_a.sql", "0003_c.sql"], "0002_what_it_does.sql"),
        (["0001_a.sql", "0001_b.sql"], "0002_what_it_does.sql"),
        (["1_a.sql"], "0001_what_it_does.sql"),
        (["0001_A.sql"], "0001_what_it_does.sql"),
    ],
)
def test_a_name_out_of_line_is_refused_with_the_right_one(
    tmp_path: Path, names: list[str], expected: str
) -> None:
    with pytest.raises(MigrationRefused, match=expected):
        read(write(tmp_path, *names))
