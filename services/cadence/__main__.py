"""`python -m services.cadence`: the one place where its environment is read."""

import os

from services.cadence.service import build
from services.runtime.process.service import main
from services.runtime.process.settings import RuntimeSettings

if __name__ == "__main__":
    main(RuntimeSettings, build, os.environ)
