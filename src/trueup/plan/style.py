"""The project's own formatters and linters: what changes names in its code changes what they say of it."""

from __future__ import annotations

import re

from trueup.model.change import Write
from trueup.model.operation import Relocate
from trueup.model.plan import Question
from trueup.model.span import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.model.plan import Step
    from trueup.model.project import Project

# What is run in this order: isort and ruff's rules sort imports, the formatters wrap them.
TOOLS = {"ruff": "ruff check --fix .", "isort": "isort .", "ruff format": "ruff format .", "black": "black ."}
HOOKS = re.compile(
    r"^[ \t]*(?:-[ \t]*)?id:[ \t]*[\"']?(ruff|ruff-check|ruff-format|black|isort)[\"']?[ \t]*$", re.MULTILINE
)
GIVEN = re.compile(  # an item of the list goes on until the next dash that is not deeper
    r"(?m)^(?P<pad>[ \t]*)-[ \t]+id:[ \t]*[\"']?(?:ruff|ruff-check|ruff-format|black|isort)[\"']?[ \t]*\n"
    r"(?:(?P=pad)[ \t][^\n]*\n)*?(?P=pad)[ \t]+args:"
)
DOCUMENTS = (".md", ".rst", ".txt")
HOOKED = ".pre-commit-config.yaml"
OF_IMPORTS = re.compile(r"ALL|E(?:50?1?)?|I(?:0{1,2}1?)?")
CODES = re.compile(r"--(?:extend-)?select[= ]+[\"']?([\w,]+)")
SETTINGS = {"black": ("tool", "black"), "isort": ("tool", "isort"), "ruff format": ("tool", "ruff", "format")}


def tell_style(before: Project, after: Project, steps: Iterable[Step]) -> Iterator[Question]:
    """One question where imports have other names now and a tool of the project minds their order or length."""
    code = next((step.operation.code for step in steps if renames(step)), "")
    found = tools(before) if code else {}
    if not found:
        return
    declared = {item.name for item in after.requirements}
    hooked = {tool for tool, place in found.items() if place.path == HOOKED} if is_told_by_hooks(before) else set()
    runs = [command for tool, command in TOOLS.items() if tool in found and tool not in hooked]
    runs += ["pre-commit run --all-files"] if hooked else []
    lines = " && ".join(f"{'uv run' if run.split()[0] in declared else 'uvx'} {run}" for run in runs)
    place = min(found.values(), key=lambda where: (where.path.endswith(DOCUMENTS), where))
    names = ", ".join(tool for tool in TOOLS if tool in found)
    text = f"imports have other names, which {names} may sort or wrap otherwise: run `{lines}` after the plan"
    yield Question(code, text, "lines that stay too long are to be broken by hand", place.path, place.line)


def is_told_by_hooks(project: Project) -> bool:
    """Whether a hook of pre-commit hands a formatter words of its own, which no other call of it would know."""
    hooks = project.tree.text(HOOKED) if project.tree.has(HOOKED) else ""
    return GIVEN.search(hooks) is not None


def renames(step: Step) -> bool:
    """Whether a step gave modules other names, and rewrote imports of them."""
    if not isinstance(step.operation, Relocate) or all(old == new for old, new in step.operation.modules):
        return False
    written = (change for change in step.changes if isinstance(change, Write) and change.path.endswith(".py"))
    return any(b"import " in change.content for change in written)


def tools(project: Project) -> dict[str, Place]:
    """The tools that are run, or have settings, each with the first place."""
    found: dict[str, Place] = {}
    for command in project.commands:
        words = [word.replace("\\", "/").rpartition("/")[2] for word in command.argv]
        for tool in {"ruff", "black", "isort"}.intersection(words) if not {"install", "add"} & set(words) else ():
            formats = tool == "ruff" and "format" in words[words.index(tool) + 1 :][:1]
            if tool != "ruff" or formats or minds_imports(project, command.text):
                found.setdefault("ruff format" if formats else tool, Place(command.path, command.line))
    hooks = project.tree.text(HOOKED) if project.tree.has(HOOKED) else ""
    for hook in HOOKS.finditer(hooks):
        tool = {"ruff-check": "ruff", "ruff-format": "ruff format"}.get(hook[1], hook[1])
        if tool != "ruff" or minds_imports(project, ""):
            found.setdefault(tool, Place(HOOKED, hooks.count("\n", 0, hook.start(1)) + 1))
    document = project.pyproject
    for tool, route in SETTINGS.items() if document else ():
        if document and document.get(*route) is not None:
            found.setdefault(tool, document.at(*route))
    return found


def minds_imports(project: Project, command: str) -> bool:
    """Whether ruff is told rules on the order of imports or the length of lines."""
    codes = [code for said in CODES.findall(command) for code in said.split(",")]
    for name, top in (("pyproject.toml", ("tool", "ruff")), ("ruff.toml", ()), (".ruff.toml", ())):
        document = project.document(name)
        for key in ("select", "extend-select"):
            for route in ((*top, "lint", key), (*top, key)):
                said = document.get(*route) if document else None
                codes += map(str, said) if isinstance(said, list) else ()
    return any(OF_IMPORTS.fullmatch(code) for code in codes)
