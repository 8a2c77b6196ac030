"""`python -m services.sender`: the one place where its environment is read."""

import os

from services.runtime.process.service import main
from services.sender.service import build
from services.sender.settings import Settings

if __name__ == "__main__":
    main(Settings, build, os.environ)
