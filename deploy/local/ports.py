"""Free ports for the servers, stable for a folder."""

import socket
from itertools import count, islice
from pathlib import Path
from zlib import crc32

LOOPBACK = "127.0.0.1"
_FIRST, _SPAN = 20_000, 12_000
"""Below the range that outgoing connections draw from: there, a client that keeps knocking at a
dead server's port can be given that very port as its own, and keep the server from returning."""


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether something listens there now."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def choose(folder: Path, number: int) -> tuple[int, ...]:
    """Free ports; the same folder asks for the same ones first, other folders for others."""
    start = crc32(str(folder).encode())
    candidates = (_FIRST + (start + step) % _SPAN for step in count())
    return tuple(islice(filter(is_free, candidates), number))
