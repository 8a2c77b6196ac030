"""`python -m services.ingest`: the one place where ingest reads the environment."""

import os

from services.ingest.service import build
from services.ingest.settings import Settings
from services.runtime.process.service import main

if __name__ == "__main__":
    main(Settings, build, os.environ)
