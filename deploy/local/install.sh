#!/bin/sh
# Installs the hashed lock and this checkout into .venv. Usage: deploy/local/install.sh PYTHON
set -eu

python=$1
new=.venv/bin/python

if [ -z "$python" ]; then
    found=$(python3 --version 2>/dev/null || echo "no python3")
    echo "Touchline needs Python 3.11 or newer, and found $found." >&2
    echo "Install one, or name it: make setup PYTHON=/path/to/python3.11" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Touchline needs Python 3.11 or newer; $python is $("$python" --version 2>&1)." >&2
    exit 1
fi

echo "Installing into .venv, once" >&2
if ! "$python" -m venv .venv; then
    echo "$python could not make .venv. On Debian and Ubuntu, install python3-venv first." >&2
    exit 1
fi

# A terminal sees how far it is; a log gets what went wrong.
if [ -t 2 ]; then quiet=; else quiet=--quiet; fi

without_index() {
    echo "What make setup needs could not be fetched; the lines above say why." >&2
    echo "It needs a network or a pip mirror (PIP_INDEX_URL); then run make setup again." >&2
    exit 1
}

# A download that breaks off ends pip; what came whole is kept, and not fetched again.
again() { "$@" || { sleep 1 && "$@"; } }

# uv installs ten times as fast as pip; pip, which reads more settings (mirrors), is the way back.
# Compiled now and by all cores, or else by each of the first processes: they took thrice as long.
awk '/^[^ ]/ { wanted = /^uv==/ } wanted' requirements.lock >.venv/uv.lock
export PIP_DISABLE_PIP_VERSION_CHECK=1
again "$new" -m pip install $quiet --require-hashes -r .venv/uv.lock >&2 || without_index
again .venv/bin/uv pip install $quiet --compile-bytecode --python "$new" --require-hashes \
    -r requirements.lock ||
    "$new" -m pip install $quiet --require-hashes -r requirements.lock >&2 || without_index
"$new" -m pip install --quiet --no-deps --no-build-isolation -e .
