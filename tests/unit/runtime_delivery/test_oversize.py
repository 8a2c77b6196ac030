"""Whatever its parts, what is kept of a message fits, and what is left out is told."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import Message
from services.runtime.fold import oversize
from services.runtime.fold.oversize import OMITTED, fitting

part = st.none() | st.sampled_from([0, 1, 40, 700, 2_000]).map(lambda size: b"x" * size)
headers = st.lists(st.tuples(st.sampled_from(["a", "é" * 300]), part.map(lambda v: v or b"")))


@given(part, part, headers)
def test_what_is_left_fits_and_all_that_is_missing_is_told(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]]
) -> None:
    message = Message(key, value, tuple(headers))
    largest, oversize.LARGEST = oversize.LARGEST, 1_500
    try:
        kept, notes = fitting(message)
    finally:
        oversize.LARGEST = largest
    before, after = oversize._sizes(message), oversize._sizes(kept)

    assert sum(after.values()) <= 1_500
    missing = {OMITTED[part]: before[part] - after[part] for part in before}
    assert dict(notes) == {name: b"%d" % size for name, size in missing.items() if size}
    rest = iter(headers)
    assert all(one in rest for one in kept.headers), "the headers kept have their order"
    assert sum(before.values()) > 1_500 or kept == message
