"""What the repository says of itself: it is true by its own rules, and its pages are what the code says."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import trueup
from trueup import steps
from trueup.interfaces.arguments import VERBS
from trueup.model.settings import Settings

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src" / "trueup").rglob("*.py"))


def test_it_is_true_by_its_own_rules() -> None:
    report = steps.audit(str(ROOT), Settings(ignore=("DRF",)))  # the environment is the machine's, not the repository's
    assert report.findings == ()
    assert report.project is not None
    assert (report.project.kind, report.project.layout) == ("library", "installed src layout")


def test_the_page_of_the_rules_is_what_they_say() -> None:
    done = subprocess.run(
        [sys.executable, "docs/make.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_version_is_one() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == trueup.__version__


def test_no_file_and_no_function_is_too_long() -> None:
    for path in (path for path in SOURCES if "demo" not in path.parts):
        text = path.read_text("utf-8")
        assert text.count("\n") <= 400, path
        functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
        assert [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 60] == [], path


def test_the_readme_names_every_verb() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    verbs = re.findall(r"(?m)^  (\w+)  +\S", VERBS)
    assert len(verbs) >= 8
    assert [verb for verb in verbs if f"**{verb}**" not in readme and f"trueup {verb}" not in readme] == []
