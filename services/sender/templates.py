"""What a mail says: templates that people write, filled with a person's fields and the lead's.

A template is a folder with subject.txt, body.txt and, if wanted, body.html. It runs in a sandbox,
HTML is escaped, and a field that is not there is an error: no mail goes out with a hole in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

NEEDED: Final = ("subject.txt", "body.txt")
HTML: Final = "body.html"


class Unrenderable(Exception):
    """The template needs a field that this person does not have, or is wrong itself."""


@dataclass(frozen=True, slots=True)
class Content:
    """A mail's words."""

    subject: str
    text: str
    html: str | None


class Templates:
    """The templates in a folder, by their names. Raises ValueError for a folder without any."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.names = frozenset(
            one.name
            for one in folder.glob("*")
            if all((one / needed).is_file() for needed in NEEDED)
        )
        if not self.names:
            raise ValueError(f"{folder}: no template; each is a folder with {', '.join(NEEDED)}")
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(folder),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
        )

    def render(self, name: str, fields: Mapping[str, Any]) -> Content:
        """The template `name`, filled. Raises Unrenderable; its text holds no value."""
        html = f"{name}/{HTML}"
        try:
            subject, text = (self._filled(f"{name}/{part}", fields) for part in NEEDED)
            filled = self._filled(html, fields) if (self._folder / html).is_file() else None
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise Unrenderable(type(error).__name__) from None
        return Content(" ".join(subject.split()), text, filled)

    def _filled(self, file: str, fields: Mapping[str, Any]) -> str:
        return self._environment.get_template(file).render(fields)
