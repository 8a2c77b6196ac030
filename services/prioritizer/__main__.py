"""`python -m services.prioritizer`: the one place where its environment is read."""

import os

from services.prioritizer.service import build
from services.prioritizer.settings import Settings
from services.runtime.process.service import main

if __name__ == "__main__":
    main(Settings, build, os.environ)
