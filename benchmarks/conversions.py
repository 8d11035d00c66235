"""What converters make of the same manifests: ``python benchmarks/conversions.py [PAGE ...]``.

Every case of ``tests/manifests/*.md`` is given to trueup and to each converter that takes its format (``PEERS``);
what stands in ``pyproject.toml`` afterwards is compared with what should (the page). **right**: the same requirements
with bounds, extras and markers, the same sources and indexes. **lost**: a requirement, source or index is missing.
**wrong**: something else stands there. **refused**: it stopped and said so. ``hatch new --init`` runs setup.py and does
not write for uv: only its requirements are compared. ``pdm import`` is left out: with the versions of its own
dependencies that PyPI has today it ends in a traceback. Needs uv and PyPI.
"""

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.path.insert(0, str(ROOT / "tests" / "manifests"))
from test_conversions import APP, Case, cases, converted, manifest  # type: ignore[import-not-found]  # noqa: E402
from trees import tree  # noqa: E402

PYTHON = "3.12"
# Name -> its version, the pages that it is given, and its command line in the project's folder.
PEERS: dict[str, tuple[str, tuple[str, ...], list[str]]] = {
    "migrate-to-uv": (
        "0.12.0",
        ("requirements", "pipfile", "poetry"),
        ["migrate-to-uv", "--skip-lock", "--skip-uv-checks", "--keep-current-data"],
    ),
    "portover": ("0.9.0", ("requirements",), ["portover", "run", "pip-to-uv", ".", "--write"]),
    "hatch": ("1.18.2", ("setuptools",), ["hatch", "new", "--init"]),
    "uv add -r": ("", ("requirements",), ["uv", "add", "-q", "--raw", "--frozen", "-r", "requirements.txt"]),
}
PAGES = ("requirements", "pipfile", "poetry", "setuptools", "others")


APART = ("source ", "index ", "constraint ")


def facts(text: str) -> set[str]:
    """Every requirement with its group's kind, every source and index, in a normal form."""
    data: dict[str, Any] = tomllib.loads(text)
    project, uv = data.get("project", {}), data.get("tool", {}).get("uv", {})
    listed = list(project.get("dependencies", []))
    for items in (*project.get("optional-dependencies", {}).values(), *data.get("dependency-groups", {}).values()):
        listed += [item for item in items if isinstance(item, str)]
    found = {normal(item) for item in listed}
    found |= {f"source {name} {sorted(map(str, flat(value)))}" for name, value in uv.get("sources", {}).items()}
    found |= {f"index {item['url'].rstrip('/')} {item.get('default', False)}" for item in uv.get("index", [])}
    found |= {f"constraint {normal(item)}" for item in uv.get("constraint-dependencies", [])}
    return found


def flat(value: Any) -> list[Any]:
    """The parts of a source, one or several."""
    tables = value if isinstance(value, list) else [value]
    return [item for table in tables for item in table.items() if item[0] != "editable"]


def normal(text: str) -> str:
    """A requirement with its parts sorted; as it is where it is none."""
    try:
        item = Requirement(text)
    except InvalidRequirement:
        return f"illegal {text}"
    name = re.sub(r"[-_.]+", "-", item.name).lower()
    marker = str(item.marker).replace("python_full_version", "python_version") if item.marker else ""
    return f"{name} {sorted(item.extras)} {item.specifier} {marker}"


def verdict(argv: list[str], before: str, wanted: str, done: subprocess.CompletedProcess[str], folder: Path) -> str:
    """One word for what a converter made of a case."""
    made = folder / "pyproject.toml"
    if done.returncode or not made.exists():
        return "refused"
    try:
        got, expected = facts(made.read_text("utf-8")), facts(wanted)
    except (ValueError, KeyError, AttributeError):
        return "wrong"
    if argv[-1] == "--init":
        got, expected = ({fact for fact in facts if not fact.startswith(APART)} for facts in (got, expected))
    if got == expected:
        return "right"
    names = {fact.split()[0] for fact in got}
    return "lost" if {fact.split()[0] for fact in expected} - names or made.read_text("utf-8") == before else "wrong"


def run(case: Case, argv: list[str]) -> str:
    """Give a case to a converter, in a folder of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "shop")
        contents = tree(case.tree).contents
        for path, data in ({name: text.encode() for name, text in APP.items()} | contents).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        made = folder / "pyproject.toml"
        if argv[:2] == ["uv", "add"] and not made.exists():
            made.write_text(f'[project]\nname = "shop"\nversion = "0.1.0"\nrequires-python = ">={PYTHON}"\n', "utf-8")
        before = made.read_text("utf-8") if made.exists() else ""
        done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
        return verdict(argv, before, case.manifest, done, folder)


def installed(folder: Path) -> Path:
    """The directory of the converters' programs, each of its version."""
    subprocess.run(["uv", "venv", "-q", "--python", sys.executable, str(folder)], check=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    wanted = [f"{name}=={version}" for name, (version, _, _) in PEERS.items() if version]
    subprocess.run(["uv", "pip", "install", "-q", "--python", str(folder), *wanted], check=True)
    return scripts


def main() -> None:
    """Print a table: converter, and how many cases of which pages came out how."""
    rows: dict[str, Counter[str]] = {name: Counter() for name in ("trueup", *PEERS)}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["UV_PYTHON"] = sys.executable
        os.environ["PATH"] = f"{installed(Path(folder, 'peers'))}{os.pathsep}{os.environ['PATH']}"
        count(rows)
    print(f"{'':14}{'cases':>8}{'right':>8}{'lost':>8}{'wrong':>8}{'refused':>8}")
    for name, found in rows.items():
        counts = "".join(f"{found[word]:8}" for word in ("right", "lost", "wrong", "refused"))
        print(f"{name:14}{found.total():8}{counts}   {', '.join(PEERS[name][1] if name in PEERS else PAGES)}")


def count(rows: dict[str, Counter[str]]) -> None:
    """Give every case to everyone that takes it."""
    for page in sys.argv[1:] or PAGES:
        for case in cases(ROOT / "tests" / "manifests" / f"{page}.md"):
            if "(none)" in case.manifest:
                continue
            made = manifest(*converted(case))
            rows["trueup"]["right" if facts(made) == facts(case.manifest) else "wrong"] += 1
            for name, (_, pages, argv) in PEERS.items():
                wants_file = "requirements.txt" in argv or "pip-to-uv" in argv
                if page in pages and (not wants_file or "requirements.txt" in tree(case.tree).contents):
                    rows[name][run(case, argv)] += 1


if __name__ == "__main__":
    main()
