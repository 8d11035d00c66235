"""What still names a list of requirements that a plan takes away, and in documents any other file: it is told, wherever
nothing rewrote it."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from trueup.errors import ProjectError
from trueup.model.change import Remove
from trueup.model.command_line import pip_arguments, requirement_files
from trueup.model.lists import made_in
from trueup.model.plan import Question
from trueup.plan.jobs import Jobs
from trueup.plan.left_over import SENTENCE, in_sentences, is_title
from trueup.plan.others import MANAGED, MANIFESTS, folders_of_others, is_other, lists_of_others
from trueup.plan.uv_commands import is_manifest, may_be_list
from trueup.text.documents import explains, is_record
from trueup.text.encodings import decode
from trueup.text.python_source import TELLS
from trueup.text.reports import is_report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from trueup.model.change import Change
    from trueup.model.project import Project
    from trueup.model.tree import Tree

CONVERSION = "DEP105"  # the rule that takes old manifests away
LARGEST = 200_000  # bytes of a file that is read
SHOWN = 3  # lines told of one file
WORD = re.compile(r"(?:[\w./-]|(?<!\*)\*(?!\*)|\*\*(?=/))+")
GLOB = re.compile(r"(?:requirements|Pipfile|poetry)[\w./-]*\*|\*[\w./-]*(?:requirements|Pipfile|poetry)")
# https://circleci.com/developer/orbs/orb/circleci/python
ORB = re.compile(rb"(?m)^[ \t]*pkg-manager:[ \t]*[\"']?(pip|poetry|pipenv)\b")
COMMENT = re.compile(r"(?:^|(?<=\s))#.*|^\s*;.*")
# What is made by tools, holds data, or only leaves files out.
PACKED = "MANIFEST.in"  # setuptools warns of what it names and does not find
LEFT_OUT = re.compile(r"(?<!\s)\s*(?:(?:global-|recursive-)?exclude|prune)\b.*")
SETUP = ("setup.py", "setup.cfg")
# What does something with a file, or speaks of it, where code only knows names of lists otherwise.
READS = re.compile(
    r"\b(?:open|read\w*|load\w*|run|system|install|check_\w+|copy\w*|Path|exit|raise \w+|"
    rf"{'|'.join(sorted(TELLS))})\(|-r\b"
)
QUIET = (".txt", ".in", ".lock", ".ipynb", ".csv", ".svg", "ignore", ".gitattributes")


def tell_gone(
    project: Project,
    changes: Sequence[Change],
    asked: Iterable[Question],
    today: Callable[[str, int], int],
    *,
    converted: bool = False,
) -> Iterator[Question]:
    """A question for each line of the project, how it will be, that names a list which the changes remove; of a
    document, which may name it on every page, for the first of them. What is named around it may be another's.

    ``today`` gives the number that a line has now; a manifest that is ``converted`` may leave its file, and documents
    that call its manager.
    """
    tree = project.tree
    gone = {change.path for change in changes if isinstance(change, Remove)}
    around = (path for path in tree.outer() if not may_be_list(path))
    left = {path.rpartition("/")[2] for path in (*tree.files(), *around)}
    own = {path.rpartition("/")[2] for path in tree.files()}
    there = {name: f"{project.repository}/{path}" for path in gone if (name := path.rpartition("/")[2]) not in own}
    names = {name: path for name, path in there.items() if may_be_list(path) or name in SETUP}
    if not gone and not converted:
        return
    yield from _by_orb(tree, today)
    others = folders_of_others(tree)
    asked = list(asked)
    known = {(question.path, question.line) for question in asked}
    said = {question.path for question in asked if question.text.startswith(SENTENCE)}
    texts = {(question.path, question.text) for question in asked}  # whose lines are those of before
    for path in (*tree.files(), *tree.outer()):
        prose = explains(path)
        if (
            (path.endswith(QUIET) and not prose and not path.endswith(PACKED))
            or tree.entries[path].size > LARGEST
            or tree.entries[path].pending
        ):
            continue
        named = naming(tree, path, there if prose else names, left)  # who reads settings elsewhere keeps them there
        outside = named and path.startswith("../")
        theirs = {*lists_of_others(project, path), *in_jobs_of_others(project, path)} if outside else set()
        ours = {today(path, number): name for number, name in named.items() if number not in theirs}
        lines = {number: name for number, name in ours.items() if (path, number) not in known}
        if prose:
            if path not in said and not is_record(path):
                yield from _in_document(tree, path, lines, others, today)
            continue
        for number, name in list(lines.items())[:SHOWN]:
            more = f" (and {len(lines) - SHOWN} more lines)" if len(lines) > SHOWN and number == min(lines) else ""
            then = "matches nothing then" if "*" in name else "goes"
            text = f"{name} is still named, and {then}: rewrite it by hand"
            if (path, text) not in texts:
                yield Question(CONVERSION, f"{text}{more}", "", path, number)


def _by_orb(tree: Tree, today: Callable[[str, int], int]) -> Iterator[Question]:
    """The steps of CircleCI that install by a manager whose lists go."""
    for path in (path for path in (*tree.files(), *tree.outer()) if ".circleci/" in path):
        data = tree.read(path)
        for found in ORB.finditer(data):
            text = (
                f"{found[1].decode()} installs what goes here: `pkg-manager: uv`, where the orb has it, or a step of uv"
            )
            yield Question(CONVERSION, text, "", path, today(path, data.count(b"\n", 0, found.start(1)) + 1))


def tell_missing(project: Project, changes: Sequence[Change], paths: Collection[str]) -> Iterator[Question]:
    """The lists that commands in rewritten files read beside those which go, and that lie nowhere and nothing makes."""
    if not any(isinstance(change, Remove) and is_manifest(change.path) for change in changes):
        return
    tree, files = project.tree, {command.path for command in project.commands}
    there = {path.rpartition("/")[2] for path in tree.entries}
    there |= {name for path in files for name in made_in(tree.read(path).decode("utf-8", "replace"))}
    for command in project.commands:
        for name in requirement_files(pip_arguments(command.argv) or []) if command.path in paths else ():
            plain = name.strip("\"'")
            known = not re.search(r"[$%*?{\[<]", plain)
            missing = known and is_manifest(plain) and plain.rpartition("/")[2] not in there
            if missing and not is_other(project, command):
                text = f"{plain} is not there: what it may have asked for is not brought by uv"
                yield Question(CONVERSION, text, "", command.path, command.line)


def in_jobs_of_others(project: Project, path: str) -> frozenset[int]:
    """The lines of the jobs of a file of CI around the project that name the folder of another one, and not its; of all
    that do not name it, where a project lies at the top."""
    tree, data = project.tree, project.tree.read(path)
    jobs = Jobs(path, data)
    begins = [begin for begin in jobs.begins if begin]
    manifests = [other for other in tree.outer() if other.rpartition("/")[2] in MANIFESTS]
    others = {other.replace("../", "").rpartition("/")[0] for other in manifests} - {""}
    at_top = any(other.replace("../", "") in MANIFESTS and MANAGED.search(tree.read(other)) for other in manifests)
    found: set[int] = set()
    for begin in begins:
        text = (data[: begins[0]] + data[begin : jobs.end(begin)]).decode("utf-8", "replace")
        words = {word.strip("./") for word in re.findall(r"[\w./-]+", text)}
        names = {"/".join(word.split("/")[:depth]) for word in words for depth in range(1, word.count("/") + 2)}
        names |= {name.removeprefix("repo/").removeprefix("project/") for name in names}
        if (at_top or others & names) and project.repository not in names:
            first = data.count(b"\n", 0, begin) + 1
            found.update(range(first, first + data.count(b"\n", begin, jobs.end(begin)) + 1))
    return frozenset(found)


def _in_document(
    tree: Tree, path: str, lines: Mapping[int, str], others: frozenset[str], today: Callable[[str, int], int]
) -> Iterator[Question]:
    """What a document goes on saying, told once: what its reader is to run, else that a list is there."""
    theirs = path.startswith("../") or not others.isdisjoint(path.split("/")[:-1])
    spoken = [(today(path, at), text) for at, text in (() if theirs else in_sentences(tree.read(path), others))]
    told = [*spoken, *((line, f"{name} is still named, and goes: say it anew by hand") for line, name in lines.items())]
    for line, text in told[:1]:
        yield Question(CONVERSION, text, "", path, line)


def naming(tree: Tree, path: str, names: Mapping[str, str], left: Collection[str]) -> dict[int, str]:
    """The lines of a file that name one of ``names``, comments left out, each with the first of them, or with a pattern
    that matched one, and none of the files that are ``left``."""
    try:
        text = decode(tree.read(path))
    except (ProjectError, ValueError):
        return {}
    found: dict[int, str] = {}
    made = set() if explains(path) else made_in(text)
    if (any(name in text for name in names) or GLOB.search(text)) and not is_report(path, text):
        for number, line in enumerate(text.splitlines(), 1):
            for word in WORD.findall(COMMENT.sub("", LEFT_OUT.sub("", line) if path.endswith(PACKED) else line)):
                said = name = word.rpartition("/")[2]
                if "*" in said:  # most match no name that goes, which is asked first: there may be many files
                    name = next((gone for gone in names if is_manifest(gone) and fnmatchcase(gone, said)), "")
                    name = "" if name and any(fnmatchcase(other, said) for other in left) else name
                quoted = name in SETUP and re.search(rf"[\"']{re.escape(word)}[\"']", line)
                spoken = path.endswith(".py") and not (quoted or (name not in SETUP and READS.search(line)))
                if (
                    name in names
                    and name not in made
                    and not spoken
                    and not is_title(path, line)
                    and (not path.startswith("../") or (may_be(word, names[name]) and not beside(tree, path, word)))
                ):
                    found.setdefault(number, said)
    return found


def beside(tree: Tree, path: str, word: str) -> bool:
    """Whether a file of another project, or one beside a file that is called so, names something without a folder: it
    is its own."""
    folder, plain = path.rpartition("/")[0], word.removeprefix("./")
    return "/" not in plain and any(tree.has(f"{folder}/{name}") for name in (*MANIFESTS, plain))


def may_be(word: str, path: str) -> bool:
    """Whether a word names a path of the repository, from whatever folder of it; what begins at ``/`` may."""
    plain = word.lstrip("./")
    if "*" in plain:
        return fnmatchcase(path, f"*{plain}")
    return word.startswith("/") or path.endswith(plain) or plain.endswith(path)
