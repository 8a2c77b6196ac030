"""The pictures in the documents show the console as it is."""

from tests.unit.docs.pages import ROOT
from tests.unit.docs.pictures import SHOWN_BY, shown


def test_the_consoles_pictures_are_current() -> None:
    """Where this fails, the console looks otherwise than its pictures: run `make pictures`."""
    assert (ROOT / "docs/images" / SHOWN_BY).read_text() == shown(), "run make pictures"
