"""`python -m services.handoff`: the one place where its environment is read."""

import os

from services.handoff.service import build
from services.handoff.settings import Settings
from services.runtime.process.service import main

if __name__ == "__main__":
    main(Settings, build, os.environ)
