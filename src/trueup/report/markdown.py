"""Markdown, for pull requests and tickets."""

from __future__ import annotations

from trueup.report import printable, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.model.plan import Plan
    from trueup.model.report import Report, Screen


def render(report: Report, _screen: Screen) -> str:
    """A heading, the project in one line, then a section for each part that the report has."""
    parts = [f"# trueup {report.verb}"]
    if report.project:
        project = report.project
        facts = (
            project.name,
            f"{project.framework} {project.kind}".strip(),
            project.layout,
            project.manager,
            project.app,
            project.python,
        )
        parts.append(" · ".join(cell(fact) for fact in facts if fact))
    if report.findings is not None:
        parts += ["## Findings", findings(report)]
    if report.plan is not None:
        parts += plan(report.plan)
    if report.ledger:
        rows = [(where(row), row.text, row.fate, row.to, row.reason) for row in report.ledger]
        parts += ["## Ledger", table(("line", "text", "fate", "to", "reason"), rows)]
    if report.outcomes is not None:
        checks = [(item.status, item.check, item.message, f"{item.seconds:.1f} s") for item in report.outcomes]
        parts += ["## Checks", table(("status", "check", "message", "time"), checks)]
    parts += [f"> {printable(note)}" for note in report.notes]
    return "\n\n".join(parts)


def findings(report: Report) -> str:
    """The findings as a table, or a sentence."""
    if not report.findings:
        return "Nothing found."
    rows = [(item.severity, item.code, where(item), item.message) for item in report.findings]
    return table(("severity", "rule", "where", "what"), rows)


def plan(item: Plan) -> list[str]:
    """The three deliverables (tree, pyproject.toml, commands), then what is resolved, left and asked."""
    if item.empty:
        return ["## Plan", "Nothing to do: the plan is empty.", *questions(item)]
    parts = ["## The new layout", fence(item.tree), "## pyproject.toml", fence(item.pyproject, "toml"), "## Commands"]
    for command in item.commands.get("bash", ()):
        parts += [f"*{printable(command.phase)}*: {printable(command.why)}", fence(command.command, "bash")]
    parts.append(f"## Resolves {len(item.resolves)}, leaves {len(item.leaves)}, adds {len(item.adds)}")
    if item.leaves:
        rows = [(left.finding.code, where(left.finding), left.finding.message, left.reason) for left in item.leaves]
        parts.append(table(("rule", "where", "what", "why it stays"), rows))
    return parts + questions(item)


def questions(item: Plan) -> list[str]:
    """What only a person can decide."""
    if not item.questions:
        return []
    rows = [(question.code, where(question), question.text, question.answer_with) for question in item.questions]
    return ["## For you to decide", table(("rule", "where", "what", "answer with"), rows)]


def fence(text: str, language: str = "text") -> str:
    """A fenced block that its content cannot close."""
    ticks = "```"
    while ticks in text:
        ticks += "`"
    return f"{ticks}{language}\n{printable(text).rstrip()}\n{ticks}"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A pipe table."""
    heads = tuple(heads)
    lines = [heads, tuple("---" for _ in heads), *(tuple(cell(value) for value in row) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def cell(text: str) -> str:
    """Text inside a table: on one line, with nothing that Markdown or HTML would read."""
    safe = printable(text).replace("\\", "\\\\").replace("\n", " ")
    for char in "|<>`*_[]":
        safe = safe.replace(char, "\\" + char)
    return safe
