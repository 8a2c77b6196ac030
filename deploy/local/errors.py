"""What can go wrong with the embedded servers; every message ends with what to do next."""

from pathlib import Path


class LocalServerError(Exception):
    """The embedded broker or database cannot serve; the message says why and how to mend it."""


class NotYours(LocalServerError):
    """Another user's run left files that this one may not touch."""

    def __init__(self, folder: Path, refused: Path) -> None:
        super().__init__(
            f"{refused} belongs to another user, as after a run with sudo. As that user, stop what"
            " runs there (`touchline down`); then take the folder over:"
            f' `sudo chown -R "$(id -un)" {folder}`. Or choose another folder.'
        )


class DeploymentRuns(LocalServerError):
    """Somebody's services are at work in the folder; nothing of theirs was touched."""

    def __init__(self, folder: Path, pid: str) -> None:
        super().__init__(
            f"{folder} is in use by a running demo or deployment (process {pid or 'unknown'})."
            " Wait for its end, or end it: Ctrl-C where it runs, or `touchline down` for what"
            " `touchline up` started."
        )


class NoNetwork(LocalServerError):
    """A file that only the first set-up needs could not be downloaded."""

    def __init__(self, jar: str, cause: str) -> None:
        super().__init__(
            f"{jar} could not be downloaded: {cause}. The first set-up needs a network"
            " (HTTPS_PROXY is honoured); connect and run the same command again."
            " Or set KAFKA_BOOTSTRAP and DATABASE_URL to use servers that already run."
        )


class HashMismatch(LocalServerError):
    """A file differs from the committed lock and was not used."""

    def __init__(self, jar: Path, expected: str, actual: str) -> None:
        super().__init__(
            f"{jar} has sha256 {actual}, but deploy/local/jars.lock says {expected}."
            " It was not used. Delete it and run the same command again;"
            " if it happens again, whatever stands between you and the repository alters files."
        )


class DiskFull(LocalServerError):
    """There is no room left for the data folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"No space is left on the disk of {folder}. Free some (`make clean` removes local"
            " data; a first set-up needs about 1 GB) and run the same command again."
        )


class PortTaken(LocalServerError):
    """Another process listens where this server must listen."""

    def __init__(self, server: str, port: int) -> None:
        super().__init__(
            f"Port {port}, where {server} must listen, is taken by another process."
            " End that process, or run `touchline local down` and `touchline local up`,"
            " which chooses a free port."
        )


class FolderTaken(LocalServerError):
    """Another instance, unknown to the state file, works on the same data."""

    def __init__(self, server: str, data: Path, pid: int | None) -> None:
        holder = f"process {pid}" if pid else "another process"
        stop = f"`kill {pid}`" if pid else "that process"
        super().__init__(
            f"The data of {server} in {data} is in use by {holder}, which this folder's state"
            f" does not know. End {stop}, or choose another folder with --folder."
        )


class ServerDied(LocalServerError):
    """A server ended by itself; the message carries the tail of its log."""

    def __init__(self, server: str, log: Path, tail: str) -> None:
        super().__init__(
            f"{server} ended by itself. The end of {log} says:\n{tail}\n"
            "If the data is beyond repair, `make clean` removes it; then start again."
        )


class ServerSilent(LocalServerError):
    """A server runs but does not answer in time."""

    def __init__(self, server: str, seconds: float, log: Path, tail: str) -> None:
        super().__init__(
            f"{server} did not answer within {seconds:.0f} s. The end of {log} says:\n{tail}\n"
            "Run `touchline local down`, then start again when the machine is less busy."
        )


class NotRunning(LocalServerError):
    """A server is needed that was not started."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"No broker and database run from {folder}. Run `touchline local up` first,"
            " or set KAFKA_BOOTSTRAP and DATABASE_URL."
        )


class OneServerOnly(LocalServerError):
    """Only one of the two external servers is named."""

    def __init__(self, given: str, missing: str) -> None:
        super().__init__(
            f"{given} is set but {missing} is not. Set both to use your own servers,"
            " or neither to use the embedded ones."
        )
