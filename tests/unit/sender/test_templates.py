"""Templates fill in what is there, escape it in HTML, and can do nothing else."""

from pathlib import Path

import pytest

from services.sender.templates import Templates, Unrenderable

SHIPPED = Path(__file__).parents[3] / "playbooks" / "templates"
FIELDS = {
    "person": {"first_name": "Ada", "company": "<b>Byron & Co</b>"},
    "lead": {"country": "GB"},
    "unsubscribe": "https://example.com/v1/unsubscribe/token",
}


def written(folder: Path, **parts: str) -> Templates:
    """The template `hello` with these parts."""
    (folder / "hello").mkdir()
    for part in ("subject", "body", "html"):
        name = "body.html" if part == "html" else f"{part}.txt"
        if part != "html" or part in parts:
            (folder / "hello" / name).write_text(parts.get(part, "text"))
    return Templates(folder)


def test_a_template_is_filled_and_html_is_escaped(tmp_path: Path) -> None:
    text = "{{ person.company }}"
    content = written(tmp_path, subject=text, body=text, html=text).render("hello", FIELDS)
    assert (content.subject, content.text) == ("<b>Byron & Co</b>", "<b>Byron & Co</b>")
    assert content.html == "&lt;b&gt;Byron &amp; Co&lt;/b&gt;"


def test_a_subject_is_one_line_whatever_a_field_holds(tmp_path: Path) -> None:
    person = {"first_name": "Ada\r\nBcc: all@x.com"}
    templates = written(tmp_path, subject="Hello {{ person.first_name }}\n")
    assert templates.render("hello", {"person": person}).subject == "Hello Ada Bcc: all@x.com"


@pytest.mark.parametrize(
    "body",
    [
        "{{ person.last_name }}",
        "{{ nobody }}",
        "{{ person.__class__ }}",
        "{{ person.__class__.__mro__[1].__subclasses__() }}",
        "{{ ''.__class__.__base__ }}",
        "{{ person.update({'a': 1}) }}",
        "{% include '/etc/passwd' %}",
        "{% include '../../../pyproject.toml' %}",
        "{{ 1 / 0 }}",
        "{{ 'a' * 'b' }}",
        "{% if %}",
    ],
)
def test_what_a_template_may_not_do_sends_nothing(tmp_path: Path, body: str) -> None:
    templates = written(tmp_path, body=body)
    with pytest.raises(Unrenderable) as error:
        templates.render("hello", FIELDS)
    assert "Ada" not in str(error.value)


def test_a_folder_without_templates_is_refused(tmp_path: Path) -> None:
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "subject.txt").write_text("Half")
    with pytest.raises(ValueError, match=r"no template; each is a folder with subject\.txt"):
        Templates(tmp_path)


@pytest.mark.parametrize("name", sorted(Templates(SHIPPED).names))
@pytest.mark.parametrize("person", [{}, FIELDS["person"]], ids=["nothing known", "known"])
def test_a_shipped_template_is_right_for_everybody(name: str, person: dict[str, str]) -> None:
    content = Templates(SHIPPED).render(name, FIELDS | {"person": person})
    assert content.subject
    assert str(FIELDS["unsubscribe"]) in content.text
    assert content.html is None or str(FIELDS["unsubscribe"]) in content.html
