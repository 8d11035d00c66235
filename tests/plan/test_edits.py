"""Small operations against a tree in memory."""

import pytest

from trueup.errors import PlanRefused
from trueup.model.change import Remove, Write
from trueup.model.operation import (
    AddRequirement,
    AppendLine,
    CreateFile,
    RemoveFile,
    RemoveKey,
    ReplaceText,
    SetKey,
)
from trueup.model.tree import MemoryTree
from trueup.plan.edits import SmallEdit, lower_edit

PYPROJECT = """\
[project]
name = "shop"
dependencies = ["Fast_API>=0.1"]

[dependency-groups]
Dev = [{ include-group = "test" }, "ruff"]
test = ["pytest", { include-group = "dev" }]
"""


def after(files: dict[str, bytes | str], operation: SmallEdit) -> str | None:
    """What the operation writes (decoded byte for byte), or None where it changes nothing."""
    changes = lower_edit(MemoryTree(files), operation).changes
    if not changes:
        return None
    (change,) = changes
    assert isinstance(change, Write)
    return change.content.decode("latin-1")


def test_set_key_makes_a_missing_pyproject() -> None:
    operation = SetKey("X", "pyproject.toml", ("tool", "x", "y"), [1])
    assert after({}, operation) == "[tool.x]\ny = [1]\n"
    assert after({"pyproject.toml": "[tool.x]\ny = [1]\n"}, operation) is None


def test_set_key_keeps_mark_and_newlines() -> None:
    operation = SetKey("X", "pyproject.toml", ("a", "c"), "é")
    assert after({"pyproject.toml": b"\xef\xbb\xbf[a]\r\nb = 1\r\n"}, operation) == (
        '\xef\xbb\xbf[a]\r\nb = 1\r\nc = "\xc3\xa9"\r\n'
    )


@pytest.mark.parametrize("content", ["a = ", "x = 1", b"a = '\xff'"])
def test_set_key_refuses_what_it_cannot_edit(content: bytes | str) -> None:
    with pytest.raises(PlanRefused, match=r"pyproject\.toml cannot be edited"):
        lower_edit(MemoryTree({"pyproject.toml": content}), SetKey("X", "pyproject.toml", ("x", "y"), "\u20ac"))


def test_remove_key_says_which_lines_went() -> None:
    files = {"pyproject.toml": "[a]\nb = [\n  1, # one\n]\n\nc = 2\n"}
    lowered = lower_edit(MemoryTree(files), RemoveKey("CFG1", "pyproject.toml", ("a", "b")))
    assert lowered.changes == (Write("pyproject.toml", b"[a]\n\nc = 2\n"),)
    assert [(row.line, row.text, row.fate) for row in lowered.ledger] == [
        (2, "b = [", "dropped"),
        (3, "1, # one", "dropped"),
        (4, "]", "dropped"),
    ]
    assert lowered.ledger[0].reason == "a.b is no longer wanted (CFG1)"
    assert lower_edit(MemoryTree(files), RemoveKey("X", "pyproject.toml", ("a", "z"))).changes == ()
    assert lower_edit(MemoryTree(), RemoveKey("X", "pyproject.toml", ("a",))).changes == ()


@pytest.mark.parametrize(
    ("requirement", "group", "expected"),
    [
        ("httpx>=0.27", "", 'dependencies = ["Fast_API>=0.1", "httpx>=0.27"]'),
        ("fast.api", "", None),
        ("mypy", "dev", 'Dev = [{ include-group = "test" }, "ruff", "mypy"]'),
        ("PyTest>=8", "dev", None),
        ("pytest", "docs", 'docs = ["pytest"]'),
    ],
)
def test_add_requirement(requirement: str, group: str, expected: str | None) -> None:
    edited = after({"pyproject.toml": PYPROJECT}, AddRequirement("X", requirement, group))
    assert edited is None if expected is None else edited and expected in edited.splitlines()


def test_add_requirement_starts_a_list_or_a_file() -> None:
    assert after({"pyproject.toml": '[project]\nname = "x"\n'}, AddRequirement("X", "a")) == (
        '[project]\nname = "x"\ndependencies = ["a"]\n'
    )
    assert after({}, AddRequirement("X", "ruff", "dev")) == '[dependency-groups]\ndev = ["ruff"]\n'


@pytest.mark.parametrize(
    ("before", "more"),
    [
        ("", 'dev = [{ include-group = "test" }]\n'),
        ('[tool.uv]\ndefault-groups = "all"\n\n', ""),
        ('[tool.uv]\ndefault-groups = ["test"]\n\n', ""),
    ],
)
def test_a_new_group_is_installed_unasked(before: str, more: str) -> None:
    tree: dict[str, str | bytes] = {"pyproject.toml": before} if before else {}
    found = after(tree, AddRequirement("X", "pytest", "test")) or ""
    assert f'[dependency-groups]\ntest = ["pytest"]\n{more}' in found


def test_a_new_group_joins_the_default_ones() -> None:
    source = '[tool.uv]\ndefault-groups = ["lint"]\n'
    found = after({"pyproject.toml": source}, AddRequirement("X", "pytest", "test")) or ""
    assert 'default-groups = ["lint", "test"]\n' in found


@pytest.mark.parametrize(
    ("source", "requirement", "said"),
    [
        ("", "a", r"no \[project\] table"),
        ('[project]\ndynamic = ["dependencies"]\n', "a", "dynamic"),
        (PYPROJECT, "not valid!", "cannot add"),
        ("[project", "a", "cannot be edited"),
    ],
)
def test_add_requirement_refuses(source: str, requirement: str, said: str) -> None:
    with pytest.raises(PlanRefused, match=said):
        lower_edit(MemoryTree({"pyproject.toml": source}), AddRequirement("X", requirement))


def test_an_unreadable_neighbour_hides_no_requirement() -> None:
    source = '[project]\ndependencies = ["-e .", "httpx"]\n'
    assert after({"pyproject.toml": source}, AddRequirement("X", "httpx")) is None


def test_create_file_never_overwrites() -> None:
    operation = CreateFile("X", "bin/run", "hi\n", 0o755)
    assert lower_edit(MemoryTree(), operation).changes == (Write("bin/run", b"hi\n", 0o755),)
    assert after({"bin/run": "hi\n"}, operation) is None
    for files in ({"bin/run": "other"}, {"bin/run/file": "x"}):
        with pytest.raises(PlanRefused, match="bin/run exists"):
            lower_edit(MemoryTree(files), operation)


def test_append_line() -> None:
    operation = AppendLine("X", ".gitignore", ".venv/")
    assert after({}, operation) == ".venv/\n"
    assert after({".gitignore": "a\r\nb"}, operation) == "a\r\nb\r\n.venv/\r\n"
    assert after({".gitignore": b"\xe9\n"}, operation) == "\xe9\n.venv/\n"
    assert after({".gitignore": "  .venv/  \n"}, operation) is None


def test_replace_text_wants_exactly_one() -> None:
    files: dict[str, bytes | str] = {"a": "x\r\ny app app2\r\n"}
    assert after(files, ReplaceText("X", "a", 2, "y ", "z ")) == "x\r\nz app app2\r\n"
    for line, old in ((2, "app"), (1, "y"), (3, "x"), (0, "x")):
        with pytest.raises(PlanRefused, match=f"a:{line} holds"):
            lower_edit(MemoryTree(files), ReplaceText("X", "a", line, old, "new"))


def test_remove_file() -> None:
    lowered = lower_edit(MemoryTree({"a": "x"}), RemoveFile("X", "a", "lives in b"))
    assert lowered.changes == (Remove("a"),)
    assert lowered.ledger[0].reason == "lives in b"
    assert lower_edit(MemoryTree({"d/a": "x"}), RemoveFile("X", "d", "")).changes == (Remove("d"),)
    assert lower_edit(MemoryTree(), RemoveFile("X", "a", "")).changes == ()
