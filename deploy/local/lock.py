"""Writes jars.lock anew: `python -m deploy.local.lock`, after a change of a version below."""

import tempfile
from hashlib import sha256
from pathlib import Path

from jgo.maven import MavenContext

from deploy.local.jars import LOCK

COORDINATES = (
    "org.apache.kafka:kafka_2.13:4.3.1",
    "org.slf4j:slf4j-simple:1.7.36",  # without a logger of its API's version the broker is mute
)


def _locked_lines(scratch: Path) -> list[str]:
    maven = MavenContext(repo_cache=scratch)
    wanted = [maven.create_dependency(coordinate) for coordinate in COORDINATES]
    lines = []
    for dependency in [found for part in maven.resolver.resolve(wanted) for found in part]:
        content = dependency.artifact.resolve().read_bytes()
        name = f"{dependency.groupId}:{dependency.artifactId}:{dependency.version}"
        lines.append(f"{sha256(content).hexdigest()} {len(content)} {name}")
    return lines


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        LOCK.write_text("\n".join(_locked_lines(Path(scratch))) + "\n")
