"""`python -m services.ingest`: the one place where ingest reads the environment."""

import os
import sys

from services.ingest.service import build
from services.ingest.settings import Settings
from services.runtime.process.service import main

if __name__ == "__main__":
    sys.exit(main(Settings, build, os.environ))
