"""The playbooks that ship with Touchline, and the templates of their e-mails."""

from pathlib import Path

FOLDER = Path(__file__).parent
SEED = FOLDER / "seed-9-in-18.yaml"
"""What a first start and the demo bring into force."""
TEMPLATES = FOLDER / "templates"
