"""Ports are free, stable for a folder, and out of the way of outgoing connections."""

import socket
from pathlib import Path

from deploy.local.ports import answers, choose, is_free

HERE, THERE = Path("/here"), Path("/there")


def test_a_folder_gets_the_same_ports_again_and_another_folder_others() -> None:
    assert choose(HERE, 3) == choose(HERE, 3)
    assert not set(choose(HERE, 3)) & set(choose(THERE, 3))


def test_a_taken_port_is_passed_over() -> None:
    first = choose(HERE, 1)[0]

    with socket.create_server(("127.0.0.1", first)):
        assert answers(first)
        assert not is_free(first)
        assert first not in choose(HERE, 3)


def test_ports_lie_below_those_of_outgoing_connections() -> None:
    assert all(port < 32_768 for port in choose(HERE, 50))
