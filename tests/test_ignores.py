"""Findings that a project asks not to be told."""

from __future__ import annotations

import pytest

from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree
from trueup.read.project import of
from trueup.rules import find, operations
from trueup.rules.ignores import matches

APP = "from fastapi import FastAPI\n\napp = FastAPI()\n"
BENT = "import sys\n\nsys.path.insert(0, 'lib')"
README = "# Shop\n\n{above}```\npip install -r requirements.txt\n```\n"


def told(files: dict[str, str], *codes: str) -> list[tuple[str, str, int]]:
    project = of(MemoryTree(files), root="shop")
    project.settings = project.settings.with_asked(Settings(select=(*codes, "TRU")))
    return [(finding.code, finding.path, finding.line) for finding in find(project)]


def test_a_pattern_hides_what_lies_there_and_nothing_else() -> None:
    table = '[tool.trueup]\nper-path-ignore = { "tests/**" = ["LAY106"] }\n'
    files = {"main.py": f"{BENT}\n{APP}", "tests/test_main.py": BENT, "pyproject.toml": table}
    assert told(files, "LAY106") == [("LAY106", "main.py", 3)]


@pytest.mark.parametrize(
    ("comment", "hidden"),
    [
        ("# trueup: ignore[LAY106]", True),
        ("#trueup: ignore[LAY106]", True),
        ("# noqa: PTH  # trueup: ignore[APP101, LAY106]", True),
        ("# trueup: ignore[LAY105]", False),
        ("# trueup: ignore[LAY]", False),
        ("# trueup: ignore", False),
        ("# <!-- trueup: ignore[LAY106] -->", False),
    ],
)
def test_a_comment_hides_the_codes_that_it_names(comment: str, hidden: bool) -> None:
    found = told({"main.py": f"{BENT}  {comment}\n{APP}"}, "LAY106")
    assert (("LAY106", "main.py", 3) in found) is not hidden


def test_comments_one_below_the_other_speak_of_the_same_line() -> None:
    lines = "# trueup: ignore[LAY106]\n# trueup: ignore[ISO101]\nENV PYTHONPATH=/app\n"
    assert told({"main.py": APP, "Dockerfile": f"FROM python:3.12\n{lines}"}, "LAY106") == [("TRU101", "Dockerfile", 3)]


def test_what_hides_is_told_by_the_line_and_the_reason() -> None:
    project = of(MemoryTree({"main.py": f"{APP}\n# trueup: ignore[LAY106, XYZ100]\n"}))
    project.settings = Settings(select=("TRU",))
    assert [(finding.line, finding.message) for finding in find(project)] == [
        (5, "LAY106 is ignored: nothing is found that it would hide"),
        (5, "XYZ100 is ignored: there is no such rule"),
    ]


@pytest.mark.parametrize("end", ["```", "~~~"])
def test_a_comment_above_a_block_of_markdown_speaks_of_the_block(end: str) -> None:
    files = {"main.py": APP, "uv.lock": "", "pyproject.toml": "[project]\nname = 'shop'\nversion = '1'\n"}
    plain = {**files, "README.md": README.format(above="").replace("```", end)}
    comment = "<!-- trueup: ignore[AUT103] -->\n<!-- trueup: ignore[LAY106] -->\n\n"
    hidden = {**files, "README.md": README.format(above=comment).replace("```", end)}
    assert told(plain, "AUT103") == [("AUT103", "README.md", 4)]
    assert told(hidden, "AUT103") == [("TRU101", "README.md", 4)]


def test_a_hidden_finding_asks_for_nothing() -> None:
    text = "[project]\nname = 'shop'\nversion = '1'\n\n[tool.trueup]\nper-path-ignore = { 'pyproject.toml' = ['PYT102'] }\n"
    project = of(MemoryTree({"main.py": APP, "pyproject.toml": text}))
    project.settings = project.settings.with_asked(Settings(select=("PYT102",)))
    assert operations(project, find(project)) == []
    project.settings = Settings(select=("PYT102",))
    assert operations(project, find(of(MemoryTree({"main.py": APP, "pyproject.toml": text}), project.settings)))


def test_a_file_that_cannot_be_taken_apart_is_read_by_lines() -> None:
    assert told({"main.py": APP, "other.py": "x = '''  # trueup: ignore[LAY106]\n"}) == [("TRU101", "other.py", 1)]


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("tests/**", "tests/a/test_b.py", True),
        ("tests", "tests/a/test_b.py", True),
        ("./tests/", "tests/test_b.py", True),
        ("tests/*", "tests/test_b.py", True),
        ("**/test_*.py", "test_b.py", True),
        ("**/test_?.py", "a/b/test_c.py", True),
        ("tests/*.py", "tests/a/test_b.py", False),
        ("tests", "tests_more/a.py", False),
        ("test", "a/test", False),
    ],
)
def test_patterns(pattern: str, path: str, fits: bool) -> None:
    assert matches(pattern, path) is fits


@pytest.mark.parametrize(
    ("path", "wanted"), [("deps/web.txt", True), ("docs/requirements.txt", True), ("notes.txt", False)]
)
def test_an_unused_comment_is_told_in_what_declares(path: str, wanted: bool) -> None:
    files = {"main.py": APP, "requirements.txt": "-r deps/web.txt\n", "deps/web.txt": "fastapi==0.115.0\n"}
    files[path] = "fastapi==0.115.0  # trueup: ignore[DEP101]\n"
    assert (("TRU101", path, 1) in told(files)) is wanted
