"""Every rule against its own documentation, and against its odd cases in ``tests/rules/<same name>.md``.

An odd case is a section whose heading says what is special and ends in what is expected: ``flagged``,
``flagged: warning`` or ``clean``. Its block is the tree; a second block is the tree after the fix.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trees

import trueup.rules
from trueup.model.settings import Settings
from trueup.model.tree import Overlay
from trueup.plan.lower import lower
from trueup.read.project import of
from trueup.rules import catalogue, find, operations

if TYPE_CHECKING:
    from trueup.model.finding import Finding
    from trueup.model.operation import Operation
    from trueup.model.project import Project
    from trueup.model.tree import MemoryTree, Tree
    from trueup.rules import Rule

HERE = Path(__file__).parent
ROUNDS = 3
RULES = [pytest.param(rule, id=rule.code) for rule in catalogue()]
FIXING = [pytest.param(rule, id=rule.code) for rule in catalogue() if rule.fix]
EXPECTS = re.compile(r".*:\s*(?P<what>flagged|clean)(?::\s*(?P<severity>\w+))?", re.DOTALL)


ODD_CASES = [
    pytest.param(page.stem, title, text, id=f"{page.stem[:6]}-{title}")
    for page in sorted((HERE / "rules").glob("*.md"))
    for title, text in trees.cases(page.read_text(encoding="utf-8"))
]


def found(rule: Rule, tree: Tree) -> list[Finding]:
    """What one rule finds on a tree."""
    return list(find(read(rule, tree)))


def asked(rule: Rule, tree: Tree) -> list[Operation]:
    """The operations that one rule's findings ask for."""
    project = read(rule, tree)
    return operations(project, find(project))


def read(rule: Rule, tree: Tree) -> Project:
    """A tree as a project in a folder called ``shop``, of which only one rule is asked."""
    project = of(tree, root="shop")
    project.settings = project.settings.with_asked(Settings(select=(rule.code,)))
    return project


def fixed(rule: Rule, tree: Tree) -> Tree:
    """The tree after all that one rule asks for, each operation on what the one before left, until it asks no more."""
    done: list[Operation] = []
    for _ in range(ROUNDS):
        for operation in asked(rule, tree):
            if operation not in done:
                done.append(operation)
                tree = Overlay(tree, lower(read(rule, tree), tree, operation).changes)
    return tree


@pytest.mark.parametrize("rule", RULES)
def test_flagged_tree_is_flagged(rule: Rule) -> None:
    findings = found(rule, trees.tree(trees.example(rule.documentation, "Flagged")))
    assert {finding.code for finding in findings} == {rule.code}


@pytest.mark.parametrize("rule", RULES)
def test_fixed_tree_is_clean(rule: Rule) -> None:
    assert found(rule, trees.tree(trees.example(rule.documentation, "Fixed"))) == []


@pytest.mark.parametrize("rule", FIXING)
def test_fixable_findings_ask_for_operations(rule: Rule) -> None:
    tree = trees.tree(trees.example(rule.documentation, "Flagged"))
    wanted = asked(rule, tree)
    assert bool(wanted) == any(finding.fixable for finding in found(rule, tree))
    assert {operation.code for operation in wanted} <= {rule.code}


@pytest.mark.parametrize("rule", FIXING)
def test_fix_makes_the_fixed_tree(rule: Rule) -> None:
    flagged = trees.tree(trees.example(rule.documentation, "Flagged"))
    assert_becomes(rule, flagged, trees.tree(trees.example(rule.documentation, "Fixed")))


def assert_becomes(rule: Rule, flagged: MemoryTree, wanted: MemoryTree) -> None:
    """What a rule makes of a tree is another; what only a tool writes is there in both."""
    made, expected = fixed(rule, flagged), wanted.contents
    unknown = {path for path, entry in made.entries.items() if entry.pending}
    got = {path: made.read(path) for path in made.entries if path not in unknown}
    assert trees.contents(got) == trees.contents({path: expected[path] for path in expected if path not in unknown})
    assert unknown <= set(expected)


@pytest.mark.parametrize("rule", FIXING)
def test_fix_of_the_fixed_is_nothing(rule: Rule) -> None:
    assert asked(rule, trees.tree(trees.example(rule.documentation, "Fixed"))) == []


@pytest.mark.parametrize(("stem", "title", "text"), ODD_CASES)
def test_odd_case(stem: str, title: str, text: str) -> None:
    rule = next(rule for rule in catalogue() if rule.module.endswith(f".{stem}"))
    expected = EXPECTS.fullmatch(title)
    assert expected, f"the heading does not end in what is expected: {title}"
    before, *after = map(trees.tree, trees.blocks(text))
    findings = found(rule, before)
    assert bool(findings) == (expected["what"] == "flagged"), findings
    if after:
        assert_becomes(rule, before, after[0])
    assert {finding.code for finding in findings} <= {rule.code}
    if expected["severity"]:
        assert {finding.severity for finding in findings} == {expected["severity"]}


@pytest.mark.parametrize("rule", RULES)
def test_page_is_complete(rule: Rule) -> None:
    page = rule.documentation
    first = page.splitlines()[0]
    assert first.endswith((".", ".)")), "the page begins with one sentence that says what is wrong"
    assert re.search(r"^Source: \S", page, re.MULTILINE)
    assert rule.check is not None
    assert rule.help
    assert "\n" not in rule.help
    assert len(rule.help) < 140
    assert rule.fix is not None or rule.no_fix, "without a fix the rule says why there is none"


def test_pages_of_odd_cases_belong_to_rules() -> None:
    stems = {rule.module.rsplit(".", 1)[-1] for rule in catalogue()}
    assert {page.stem for page in (HERE / "rules").glob("*.md")} <= stems


def test_codes_are_unique_and_in_order() -> None:
    codes = [rule.code for rule in catalogue()]
    assert codes == sorted(set(codes))


def test_every_file_is_a_rule_or_no_rule_file() -> None:
    folder = Path(trueup.rules.__file__).parent
    named = {path.stem for path in folder.glob("*.py") if re.search(r"\d", path.stem)}
    assert named == {rule.module.rsplit(".", 1)[-1] for rule in catalogue()}


def test_rules_import_the_model_and_nothing_else() -> None:
    for path in Path(trueup.rules.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("trueup"):
                top = f"{node.module}.".split(".")[1] or str(node.names[0].name)
                assert top in ("model", "rules", "data", "errors"), f"{path.name} imports {node.module}"
