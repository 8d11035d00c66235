"""flake8's settings in ruff's words (``data/flake8_ruff.py``)."""

from __future__ import annotations

import re

from trueup.model.noun import NamedTuple
from trueup.model.packages import facts
from trueup.plan.config_values import Comments, Setting, comments_of, listed, without_comments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from trueup.model.project import Project
    from trueup.text.ini import Item, Section

SECTION = "flake8"
_DEFAULT = ("E", "F", "W")  # what flake8 checks unasked; C90 only where a complexity is set
_LINE_LENGTH = 79


class Translated(NamedTuple):
    """The settings of ruff, why a key was dropped or loses something (by line), and what ruff lacks (line, text)."""

    settings: tuple[Setting, ...]
    notes: Mapping[int, str]
    dropped: frozenset[int]
    lacks: tuple[tuple[int, str], ...] = ()


def user(project: Project) -> tuple[str, str, int]:
    """Who still uses flake8 (what, path, line); empty where nobody does."""
    for command in project.commands:
        words = [word.replace("\\", "/").rpartition("/")[2] for word in command.argv]
        if {"flake8", "pflake8", "flake9", "--flake8"}.intersection(words):
            return "runs it", command.path, command.line
    for requirement in project.requirements:
        if requirement.name in ("flake8", "pytest-flake8", "pyproject-flake8", "flake9", "flakeheaven", "flakehell"):
            return "lists it", requirement.path, requirement.line
    hooks = project.document(".pre-commit-config.yaml")
    for repo in (hooks.get("repos", default=()) if hooks else ()) or ():
        held = repo if isinstance(repo, dict) else {}
        hooked = [str(hook.get("id")) for hook in held.get("hooks") or () if isinstance(hook, dict)]
        if "flake8" in str(held.get("repo")) or "flake8" in hooked:
            return "runs it", ".pre-commit-config.yaml", hooks.at("repos").line if hooks else 0
    return "", "", 0


def translate(project: Project, section: Section) -> Translated:
    """Every key of ``[flake8]`` for ``[tool.ruff]``."""
    options = facts("flake8_ruff")["options"]
    settings: list[Setting] = []
    notes: dict[int, str] = {}
    lacks: list[tuple[int, str]] = []
    dropped: set[int] = set()
    for item in section.items:
        row = options.get(item.key.replace("_", "-"))
        if row is None:
            lacks.append((item.first, f"{item.key} has no counterpart in ruff"))
        elif not row["to"]:
            notes[item.first] = "shapes flake8's output only"
            dropped.add(item.first)
        else:
            route = ("tool", "ruff", *row["to"].split("."))
            value, comments, note = _value(row["as"], item)
            if value is None:
                lacks.append((item.first, f"{item.key}: {note}"))
                continue
            listing = row["as"] in ("list", "codes", "ignored")
            above = () if listing else comments_of(item, without_comments((line.text for line in item.lines), "#")[1])
            settings.append(Setting(route, value, above, comments))
            notes[item.first] = note
    settings = [*_unasked(project, section), *settings]
    return Translated(tuple(settings), notes, frozenset(dropped), tuple(lacks))


def ruff_code(code: str, *, preview: bool = False) -> str:
    """``code``, or a beginning of codes, in ruff's words; empty where ruff has none."""
    table = facts("flake8_ruff")
    for length in range(len(code), 0, -1):
        if code[:length] in table["renamed"]:
            code = table["renamed"][code[:length]] + code[length:]
            break
    letters = code.rstrip("0123456789")
    known = table["stable"].get(letters, "").split()
    known += table["preview"].get(letters, "").split() if preview else []
    return code if any(number.startswith(code[len(letters) :]) for number in known) else ""


def _value(kind: str, item: Item) -> tuple[Any, Comments, str]:
    """The value, the comments of its items, and what is lost of it; ``None`` where it cannot be said."""
    parts, behind = without_comments((line.text for line in item.lines), "#")
    text = "\n".join(parts).strip()
    match kind:
        case "integer":
            return (int(text), (), "") if text.isdecimal() else (None, (), "is no number")
        case "boolean":
            return text.lower() in ("true", "yes", "on", "1"), (), ""
        case "string":
            return text, (), ""
        case "quotes":
            return "single" if text in ("'", "'''", "single") else "double", (), ""
        case "convention":
            known = text in ("google", "numpy", "pep257")
            return (text, (), "") if known else (None, (), f"ruff knows no convention {text!r}")
        case "list":
            return *listed(item, parts, _split, behind), ""
        case "per-file":
            return _per_file(text)
        case _:
            return _codes(kind, item, parts, behind)


def _split(part: str) -> list[str]:
    return [word for word in re.split(r"[,\s]+", part) if word]


def _codes(kind: str, item: Item, parts: list[str], behind: list[str]) -> tuple[Any, Comments, str]:
    """Codes to select must all be there; codes to ignore that ruff never reports are dropped."""
    unknown: list[str] = []

    def cut(part: str) -> list[str]:
        found = []
        for code in _split(part):
            new = ruff_code(code, preview=kind == "ignored")
            found += [new] if new else []
            unknown.extend([] if new else [code])
        return found

    codes, comments = listed(item, parts, cut, behind)
    if unknown and kind == "codes":
        return None, (), f"ruff has no rule {', '.join(unknown)}"
    return codes, comments, f"ruff has no rule {', '.join(unknown)}" if unknown else ""


def _per_file(text: str) -> tuple[Any, Comments, str]:
    """``path, path: codes`` again and again, as flake8 cuts it: a path behind codes begins anew."""
    table: dict[str, list[str]] = {}
    paths: list[str] = []
    unknown: list[str] = []
    behind_colon = False
    for found in re.finditer(r"(?P<code>[A-Z]+\d*(?=$|[\s,]))|(?P<path>[^\s:,]+)|(?P<colon>:)", text):
        word = found[0]
        if found["colon"]:
            behind_colon = True
        elif found["code"] and behind_colon:
            code = ruff_code(word, preview=True)
            unknown += [] if code else [word]
            for path in paths:
                table[path] += [code] if code else []
        else:
            paths = [word] if behind_colon else [*paths, word]
            behind_colon = False
            table.setdefault(word, [])
    note = f"ruff has no rule {', '.join(dict.fromkeys(unknown))}" if unknown else ""
    return {path: codes for path, codes in table.items() if codes}, (), note


def _unasked(project: Project, section: Section) -> Iterator[Setting]:
    """What flake8 does without being told, and ruff would not."""
    given = {item.key.replace("_", "-") for item in section.items}
    if "select" not in given:
        listed_plugins = {requirement.name for requirement in project.requirements}
        plugins = [codes for name, codes in facts("flake8_ruff")["plugins"].items() if name in listed_plugins]
        complexity = ["C90"] if "max-complexity" in given else []
        yield Setting(
            ("tool", "ruff", "lint", "select"), [*_DEFAULT, *complexity, *(c for some in plugins for c in some)]
        )
    if "max-line-length" not in given:
        yield Setting(("tool", "ruff", "lint", "pycodestyle", "max-line-length"), _LINE_LENGTH)
