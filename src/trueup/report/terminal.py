"""The report for a person at a terminal.

Findings stand under their rule, so that why it matters is said once. What a plan writes in full
(heredocs, the whole ledger) is folded; ``-v`` unfolds it.
"""

from __future__ import annotations

from collections import Counter
from io import StringIO
from itertools import groupby

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trueup.model.finding import SEVERITIES
from trueup.model.noun import NamedTuple
from trueup.report import printable, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from trueup.model.finding import Finding
    from trueup.model.plan import LedgerRow, Left, Plan
    from trueup.model.report import Outcome, Report, Screen, Summary

COLOURS = {"critical": "bold white on red", "error": "bold red", "warning": "yellow", "info": "cyan"}
PLURAL = {"critical": "critical", "error": "errors", "warning": "warnings", "info": "notes"}


class Sign(NamedTuple):
    """How an outcome is marked, with and without Unicode."""

    unicode: str
    ascii: str
    colour: str
    words: str


SIGNS = {
    "passed": Sign("✓", "ok", "green", "passed"),
    "failed": Sign("✗", "NO", "bold red", "failed"),
    "unchecked": Sign("?", "??", "yellow", "could not be checked"),
}


def render(report: Report, screen: Screen) -> str:
    """The report as lines of at most ``screen.width`` columns."""
    out = StringIO()
    console = Console(
        file=out,
        width=max(screen.width, 40),
        force_terminal=screen.colour,
        no_color=not screen.colour,
        color_system="standard" if screen.colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},  # its own reading of COLUMNS ends in a traceback for odd values
    )
    for part in parts(report, screen):
        console.print(part)
    text = "\n".join(line.rstrip() for line in out.getvalue().splitlines())
    return text if screen.unicode else text.translate(ASCII).encode("ascii", "backslashreplace").decode()


ASCII = str.maketrans(
    {"·": "-", "…": "...", "→": "->", "←": "<-", "│": "|", "├": "|", "└": "`", "─": "-", "\N{EN DASH}": "-"}
)


def parts(report: Report, screen: Screen) -> Iterator[RenderableType]:
    """The sections in the order in which they are read."""
    if report.project:
        yield Padding(headline(report.project), (0, 0, 1, 0))
    if report.verb == "audit":
        yield from findings(report.findings or ())
    if report.plan is not None:
        show = plan if report.verb == "plan" else applied
        yield from show(report.plan, report.ledger or (), screen)
        if report.verb == "apply" and report.dangers:
            title = "What the move may break" if report.plan.moves else "What is left"
            yield section(f"{title}: {len(report.dangers)}", left(report.dangers))
        yield from asked(report.plan)
    if report.outcomes is not None:
        yield from outcomes(report.outcomes, screen)
    for note in report.notes:
        yield Text(printable(note))
    if report.findings is not None:
        yield Text(totals(report))


def headline(project: Summary) -> Text:
    """The project in one line."""
    facts = [project.layout, project.manager, project.python]
    what = f"{project.framework} {project.kind}".strip() + (f" ({project.app})" if project.app else "")
    line = Text(printable(project.name), style="bold")
    line.append(printable(f" · {what} · " + " · ".join(fact for fact in facts if fact)), style="not bold")
    if project.repository:
        line.append(printable(f" · in {project.repository}/ of its repository"), style="not bold")
    return line


def findings(found: Iterable[Finding]) -> Iterator[RenderableType]:
    """Findings by severity, then by rule."""
    for severity in SEVERITIES:
        chosen = sorted((item for item in found if item.severity == severity), key=lambda item: (item.code, item.help))
        for (code, _), same in groupby(chosen, key=lambda item: (item.code, item.help)):
            rows = list(same)
            title = Text.assemble(
                (f"{severity.upper():8}", COLOURS[severity]), "  ", (code, "bold"), f"  {rows[0].name}"
            )
            grid = Table.grid(padding=(0, 2))
            grid.add_column(no_wrap=len(rows) > 0 and max(len(where(row)) for row in rows) < 36, overflow="fold")
            grid.add_column(overflow="fold")
            for row in rows:
                grid.add_row(Text(where(row), style="cyan"), Text(printable(row.message)))
            body: list[RenderableType] = [Padding(grid, (0, 0, 0, 10))]
            if rows[0].help:
                body.append(Padding(Text(printable(rows[0].help), style="dim"), (0, 0, 0, 10)))
            yield Padding(Group(title, *body), (0, 0, 1, 0))


def totals(report: Report) -> str:
    """The last line: how much, and what to do next."""
    counts = report.counts
    said = [f"{counts[severity]} {plural(severity, counts[severity])}" for severity in SEVERITIES if counts[severity]]
    if not said:
        return "Nothing found." if report.notes else "Nothing found: the project is true."
    if counts["fixable"]:
        said.append(f"{counts['fixable']} that `trueup plan` would resolve")
    first = min(report.findings or (), key=lambda item: SEVERITIES.index(item.severity))
    return " · ".join([*said, f"`trueup explain {first.code}` says why"])


def plural(severity: str, count: int) -> str:
    """The word for so many findings."""
    return PLURAL[severity] if count != 1 or severity == "critical" else PLURAL[severity].rstrip("s")


def section(title: str, body: RenderableType) -> RenderableType:
    """A titled, indented part."""
    return Padding(Group(Text(title, style="bold"), Padding(body, (0, 0, 0, 2))), (0, 0, 1, 0))


def applied(item: Plan, ledger: Iterable[LedgerRow], screen: Screen) -> Iterator[RenderableType]:
    """What was reviewed as a plan, in short; what a person should look at, in full."""
    moved, done = len(item.moves), len(item.steps)
    yield Padding(Text(f"{done} operations, {moved} moves, {len(item.resolves)} findings resolved"), (0, 0, 1, 0))
    rows = list(ledger)
    if rows and not item.empty:
        yield section("Every line of the old manifests", fates(rows, screen))


def plan(item: Plan, ledger: Iterable[LedgerRow], screen: Screen) -> Iterator[RenderableType]:
    """The tree, the manifest, the commands; then what is resolved, what stays, what is asked."""
    if item.empty:
        yield Text("Nothing to do: the plan is empty.")
    else:
        yield section("The new layout", Text(printable(item.tree)))
        yield section("pyproject.toml", Text(printable(item.pyproject)))
        yield section(
            "Commands, in this order (`--format bash` or `powershell` writes them out)", commands(item, screen)
        )
    rows = list(ledger)
    if rows:
        yield section("Every line of the old manifests", fates(rows, screen))
    if item.resolves:
        codes = Counter(found.code for found in item.resolves)
        summary = ", ".join(f"{code} x{count}" if count > 1 else code for code, count in sorted(codes.items()))
        yield section(f"Resolves {len(item.resolves)}", Text(summary))
    if item.leaves:
        yield section(f"Leaves {len(item.leaves)}", left(item.leaves))
    if item.adds:
        yield section(f"Adds {len(item.adds)}", places((found, found.help) for found in item.adds))


def left(items: Iterable[Left]) -> RenderableType:
    """Findings that stay, each with the reason."""
    return places((item.finding, item.reason) for item in items)


def asked(item: Plan) -> Iterator[RenderableType]:
    """What only a person can decide or check."""
    if item.questions:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(overflow="fold")
        grid.add_column(overflow="fold")
        for question in item.questions:
            answer = f" ({question.answer_with})" if question.answer_with else ""
            grid.add_row(Text(where(question) or question.code, style="cyan"), Text(printable(question.text + answer)))
        yield section(f"For you to look at: {len(item.questions)}", grid)


def commands(item: Plan, screen: Screen) -> RenderableType:
    """Commands by phase; a long one is folded to its first line."""
    lines: list[RenderableType] = []
    for phase, members in groupby(item.commands.get("bash", ()), key=lambda command: command.phase):
        lines.append(Text(phase, style="underline"))
        for command in members:
            first, *rest = command.command.splitlines() or [""]
            shown = command.command if screen.verbose or not rest else f"{first} … {len(rest)} more lines"
            lines.append(Padding(Text(printable(shown)), (0, 0, 0, 2)))
    return Group(*lines)


def fates(rows: list[LedgerRow], screen: Screen) -> RenderableType:
    """The ledger: counts, and only the lines that are dropped or need a person, unless verbose."""
    counts = Counter(row.fate for row in rows)
    total = ", ".join(f"{count} {fate}" for fate, count in sorted(counts.items()))
    shown = rows if screen.verbose else [row for row in rows if row.fate in ("dropped", "needs-you")]
    grid = Table.grid(padding=(0, 2))
    for _ in range(3):
        grid.add_column(overflow="fold")
    for row in shown:
        fate = f"{row.fate} → {row.to}" if row.to else row.fate
        grid.add_row(
            Text(where(row), style="cyan"),
            Text(printable(row.text.strip())),
            Text(printable(f"{fate}: {row.reason}" if row.reason else fate)),
        )
    folded = "" if screen.verbose or len(shown) == len(rows) else " (`-v` shows each)"
    return Group(Text(total + folded), grid)


def places(pairs: Iterable[tuple[Finding, str]]) -> RenderableType:
    """Findings, one a row, each with a reason."""
    grid = Table.grid(padding=(0, 2))
    for _ in range(3):
        grid.add_column(overflow="fold")
    for found, reason in pairs:
        text = printable(f"{found.message}: {reason}" if reason else found.message)
        grid.add_row(Text(found.code, style=COLOURS[found.severity]), Text(where(found), style="cyan"), Text(text))
    return grid


def outcomes(items: Iterable[Outcome], screen: Screen) -> Iterator[RenderableType]:
    """Each check with its sign; evidence under what did not pass."""
    for item in items:
        sign = SIGNS[item.status]
        mark = sign.unicode if screen.unicode else sign.ascii
        line = Text.assemble((f"{mark} ", sign.colour), (item.check, "bold"), ": ")
        line.append(printable(item.message if item.status == "passed" else f"{sign.words}: {item.message}"))
        line.append(f" ({item.seconds:.1f} s)", style="dim")
        yield line
        if item.evidence and (screen.verbose or item.status != "passed"):
            yield Padding(Text(printable(item.evidence.strip()), style="dim"), (0, 0, 0, 4))
