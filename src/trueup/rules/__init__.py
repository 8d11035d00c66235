"""Rules: one file each, discovered by name.

``rules/dep101_floating_dependency.py`` is the rule ``DEP101 floating-dependency``. The module's
docstring is its documentation page: the first paragraph says what is wrong, then why it matters,
``Source:`` names where that is written, and two fenced trees show it: the first block after
``Flagged:`` must be flagged, the one after ``Fixed:`` must not (see ``tests/test_rules.py``).
"""

from __future__ import annotations

import os
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path

from trueup.model.finding import Finding
from trueup.model.indexes import masked
from trueup.model.project import NESTED
from trueup.model.span import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from trueup.model.operation import Operation
    from trueup.model.project import Project
    from trueup.model.words import Confidence, Severity

    Check = Callable[[Project], Iterable[Finding]]
    Fix = Callable[[Project, Finding], Iterable[Operation]]

OF_UV = ("AUT111", "AUT112")  # rules about what it does in images


class Rule:
    """One rule: who it is, how it finds, and (where it is safe) what would make it true.

    ``no_fix`` says in a few words why there is no fix; it is shown as the reason in a plan's "leaves".
    ``help`` is one line: why it matters, and what trueup would do.
    """

    def __init__(
        self,
        module: str,
        *,
        severity: Severity,
        confidence: Confidence = "high",
        help: str,  # noqa: A002 - the field's name in SARIF and in the JSON contract
        no_fix: str = "",
        since: str = "0.1",
    ) -> None:
        stem = module.rsplit(".", 1)[-1]
        code, _, name = stem.partition("_")
        self.module = module
        self.code = code.upper()
        self.name = name.replace("_", "-")
        self.severity: Severity = severity
        self.confidence: Confidence = confidence
        self.help = help
        self.no_fix = no_fix
        self.since = since
        self.check: Check | None = None
        self.fix: Fix | None = None

    def checks(self, check: Check) -> Check:
        """Decorate the function that finds."""
        self.check = check
        return check

    def fixes(self, fix: Fix) -> Fix:
        """Decorate the function that turns one of this rule's findings into operations."""
        self.fix = fix
        return fix

    def finding(
        self,
        place: Place | str,
        message: str,
        *,
        subject: str = "",
        fixable: bool | None = None,
        severity: Severity | None = None,
        help: str = "",  # noqa: A002 - as above
    ) -> Finding:
        """A finding of this rule at ``place``; ``subject`` is the key or name that identifies it.

        ``severity``, ``fixable`` and ``help`` differ from the rule's own where the case is another. Where a rule that
        mends mends nothing, its help says no word of what trueup would do.
        """
        said = help or (self.help.partition("; trueup ")[0] if self.fix and fixable is False else self.help)
        where = Place(place) if isinstance(place, str) else place
        return Finding(
            code=self.code,
            name=self.name,
            severity=severity or self.severity,
            confidence=self.confidence,
            message=masked(message),
            path=where.path,
            line=where.line,
            column=where.column,
            subject=masked(subject),
            fixable=self.fix is not None if fixable is None else fixable,
            help=said,
        )

    @property
    def documentation(self) -> str:
        """The docstring, read from the source: ``python -OO`` drops it from the module."""
        import ast
        from importlib.util import find_spec

        spec = find_spec(self.module)
        if spec is None or spec.origin is None:
            return ""
        return ast.get_docstring(ast.parse(Path(spec.origin).read_bytes())) or ""


@cache
def catalogue() -> tuple[Rule, ...]:
    """Every rule, in the order of its code."""
    names = os.listdir(__path__[0])  # noqa: PTH208 - pathlib would cost as much as a dozen rules
    stems = sorted(name[:-3] for name in names if name[6:7] == "_" and name[3:6].isdecimal() and name.endswith(".py"))
    return tuple(import_module(f"{__name__}.{stem}").rule for stem in stems)


def find(project: Project, *, fixable: bool = False) -> Iterator[Finding]:
    """All findings of the selected rules that no ignore speaks of; a rule that crashes becomes a finding.

    ``fixable``: only of the rules that could mend what they find.
    """
    from trueup.rules.ignores import is_ignored

    for rule in catalogue():
        if rule.check is None or (fixable and rule.fix is None) or not project.settings.wants(rule.code):
            continue
        found = results(project, rule.code)
        if isinstance(found, Exception):  # one rule's defect must not hide the others
            yield crashed(rule, found)
            continue
        severity = project.settings.severity.get(rule.code)
        for finding in found:
            nested = project.layout.stays.get(finding.path.partition("/")[0]) == NESTED
            if is_ignored(project, finding) or (nested and rule.code.startswith("MOV")):
                continue
            if nested and finding.path != finding.path.partition("/")[0] and not speaks_of_uv(project, finding):
                finding = finding._replace(fixable=False)  # it is told, and mended where it is audited
            yield finding._replace(severity=severity) if severity else finding


def speaks_of_uv(project: Project, finding: Finding) -> bool:
    """Whether a finding is about what uv does in an image, below no manifest that uv reads but the project's."""
    parts = finding.path.split("/")
    above = ("/".join(parts[:depth]) for depth in range(1, len(parts)))
    return finding.code in OF_UV and not any(project.tree.has(f"{folder}/pyproject.toml") for folder in above)


def results(project: Project, code: str) -> list[Finding] | Exception:
    """What one rule finds, selected or not, before anything is ignored; worked out once for each project."""
    known = _results(project)
    if code not in known:
        rule = next(rule for rule in catalogue() if rule.code == code)
        try:
            known[code] = list(rule.check(project)) if rule.check else []
        except Exception as problem:  # noqa: BLE001 - what the rule said of itself, for whoever asks
            known[code] = problem
    return known[code]


@lru_cache(maxsize=1)
def _results(_project: Project) -> dict[str, list[Finding] | Exception]:
    return {}


def crashed(rule: Rule, problem: Exception) -> Finding:
    """The finding that stands for a rule that failed; its code makes the command exit with 3."""
    message = f"rule {rule.code} could not be checked: {type(problem).__name__}: {problem}"
    return Finding("TRU999", "rule-crashed", "error", "high", message, "", subject=rule.code)


def operations(project: Project, findings: Iterable[Finding]) -> list[Operation]:
    """What would make the findings go away; an operation that several findings ask for stands once."""
    by_code = {rule.code: rule for rule in catalogue()}
    wanted: list[Operation] = []
    for finding in findings:
        rule = by_code.get(finding.code)
        if rule is None or rule.fix is None or not finding.fixable:
            continue
        for operation in rule.fix(project, finding):
            if not any(same(operation, other) for other in wanted):
                wanted.append(operation)
    return wanted


def same(one: Operation, other: Operation) -> bool:
    """Whether two operations ask for the same thing, whoever asks."""
    return type(one) is type(other) and one[1:] == other[1:]
