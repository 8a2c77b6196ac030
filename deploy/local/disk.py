"""What a folder refuses, told as what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.errors import DiskFull, NotYours


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Raises DiskFull for a full disk, and NotYours for what belongs to another user."""
    try:
        yield
    except PermissionError as error:
        raise NotYours(folder, Path(error.filename or folder)) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(folder) from error
        raise
