"""Lines of a rewritten file that still need what is taken away: each is told."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from itertools import accumulate

from trueup.model.command_line import STANDS_FOR
from trueup.model.hooks import CONFIG, hooks_of_managers
from trueup.model.lists import made_in
from trueup.model.noun import NamedTuple
from trueup.plan.uv_commands import is_manifest
from trueup.text.same_lines import common, line_before

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from trueup.model.tree import Tree
    from trueup.plan.jobs import Jobs

MANAGED = re.compile(rb"\b(?:poetry|pipenv|pdm|rye)\s+(?:install|sync|run|export|update|add|config|build)\b")
LEFT_OVER = re.compile(
    rb"(?:uses:[ \t]*[\w./-]*|cache:[ \t]*[\"']?)(poetry|pipenv|pdm|rye)(?:[\w./-]*@|[\"']?[ \t]*[},\r]*$)"
)
# What installs a manager by its own script, or names it where it was installed so.
INSTALLER = re.compile(
    rb"\binstall\.python-(poetry)\.org\b|\b(?:get|install)-(poetry|pdm)\.py\b"
    rb"|\bln[ \t][^\n;&|]*/bin/(poetry|pdm)(?![\w/.-])[^\n;&|]*"
    rb"|\bpip[\d.]* install\b[^\n;&|]*[ \t\"'](poetry|pipenv|pdm)(?![\w.-])[^\s;&|]*"
)
CALLED = re.compile(rb"(?:^|(?<=[\s;&|])|(?<=bin/))(?:poetry|pdm)[ \t]+[a-z]")
COMMENT = re.compile(rb"(?:^|(?<=\s))#.*")
VERBS = rb"(?:poetry|pipenv|pdm|rye) (?:install|sync|run|shell|add|update)\b"
INSIDE = rb"(?:sudo )?docker(?:-compose| compose)? (?:exec|run) (?:[\w./=:-]+ ){1,8}"
SPOKEN = re.compile(  # in backticks, in asterisks, or the whole of an item of a list
    rb"(?<!`)`((?:[^`\s][^`\n]{0,80}(?<!\buv)[ ])?(?:pip3? install(?: [^`\n]*)? -r|%(verbs)s)[^`\n]*)`(?!`)"
    rb"|(?<![\w*])\*{1,2}(%(verbs)s[^*\n]*)\*{1,2}(?![\w*])"
    rb"|(?m:^[ \t]*(?:[-*+]|\d+[.)])[ \t]+(?:(?:\$[ \t]+)?(%(inside)s%(verbs)s[^\n\r]*)|\$[ \t]+(%(verbs)s[^\n\r]*)"
    rb"|(%(verbs)s(?:[ \t]+--?\w[\w-]*)*)[ \t]*\r?$))" % {b"verbs": VERBS, b"inside": INSIDE}
)
TITLE = re.compile(r"[ \t]*(?:-[ \t]+)?(?:name|displayName|label):[ \t]")  # of a step, or of what it keeps
WORD = re.compile(rb"[\w./*-]+")
HOOKS = "astral-sh/uv-pre-commit has uv-lock, uv-sync and uv-export"
SENTENCE = "a sentence says "


class Kept(NamedTuple):
    """A file before and after, and the lines in which other projects call a manager, which stay as they are; the jobs
    that call these from elsewhere; and the lines in which others install lists."""

    before: bytes
    after: bytes
    others: dict[int, int]
    jobs: Jobs
    needed: frozenset[int] = frozenset()
    lists: frozenset[int] = frozenset()

    def lines(self) -> Iterator[tuple[int, bytes, int]]:
        """The lines that stay as they were: the number of each, what it says, and where it begins."""
        old, new = (text.splitlines(keepends=True) for text in (self.before, self.after))
        stays = range(len(old)) if old == new else [at for at, _ in common(old, new)] if self.after.strip() else ()
        begins = [0, *accumulate(map(len, old))]
        return ((at + 1, old[at].rstrip(b"\r\n"), begins[at]) for at in stays)

    def serves_others(self, begin: int) -> bool:
        """Whether another project calls its manager in the job in which a line begins; what the job calls for this one
        is rewritten or told."""
        return self.jobs.at(begin) in self.needed.union(map(self.jobs.at, self.others.values()))


def left(tree: Tree, kept: Kept, told: set[int], below: str = "") -> Iterator[tuple[int, str]]:
    """Lines that stay as they were, and still need what is taken away: another manager, or a file of its.

    ``below``: the file lies around the project, which is there; what lies in other folders stays.
    """
    after = kept.after
    made = made_in(after.decode("utf-8", "replace"))
    text_before = kept.before.decode("latin-1")
    hooks = (
        {line: said for line, *said in hooks_of_managers(text_before, below, tree)} if CONFIG in kept.jobs.path else {}
    )
    here = kept.jobs.path.rpartition("/")[0]
    around = (path for path in tree.outer() if path.rpartition("/")[0] == here)  # what lies beside the file is meant
    names = {path.rpartition("/")[2] for path in (*tree.files(), *around)}
    for number, line, begin in kept.lines():
        if number in told or is_title(kept.jobs.path, line.decode("latin-1")):
            continue
        text = COMMENT.sub(b"", line)
        if found := LEFT_OVER.search(text):
            if not kept.serves_others(begin):
                yield number, f"{found[1].decode()} is still set up here, and this project needs it no more"
        elif number in hooks:
            yield number, "the hook {} calls {}, which goes: {}".format(*hooks[number], HOOKS)
        elif found := MANAGED.search(text):
            if number not in kept.others and not (kept.jobs.at(begin) and kept.serves_others(begin)):
                yield number, f"`{found[0].decode()}` stays, and what it needs goes: rewrite it by hand"
        elif held := STANDS_FOR.match(text.decode("utf-8", "replace")):
            if re.search(rf"\$[({{]?{held['name']}\b".encode(), after):
                yield number, f"{held['name']} stands for {held['manager']}, which goes: rewrite what uses it by hand"
        elif found := next((word for word in WORD.finditer(text) if _is_list(tree, word[0], below)), None):
            name = found[0].decode("latin-1").rpartition("/")[2].rstrip("*")
            if not any(fnmatchcase(each, name) for each in (*names, *made)) and number not in kept.lists:
                yield number, f"{name} is still named, and goes: rewrite it by hand"
    yield from _installers(kept, told)
    yield from _in_part(kept, names | made, told)


def is_title(path: str, line: str) -> bool:
    """Whether a line of YAML only says what a step, or what it keeps, is called."""
    return path.endswith((".yml", ".yaml")) and TITLE.match(line) is not None


def _installers(kept: Kept, told: set[int]) -> Iterator[tuple[int, str]]:
    """The first line that installs a manager which nothing in the file calls any more."""
    if any(CALLED.search(INSTALLER.sub(b"", COMMENT.sub(b"", line))) for line in kept.after.splitlines()):
        return
    for number, line in enumerate(kept.before.splitlines(), 1):
        found = INSTALLER.search(COMMENT.sub(b"", line))
        stays = found and re.search(re.escape(found[0]) + rb"(?![\w=<>~!.])", kept.after)
        if found and stays and number not in told and not kept.serves_others(kept.before.find(line)):
            manager = next(filter(None, found.groups())).decode()
            yield number, f"{manager} is still installed here, and this project needs it no more"
            return


def _in_part(kept: Kept, there: set[str], told: set[int]) -> Iterator[tuple[int, str]]:
    """Managers that lines which were rewritten go on calling, and lists that they name and that are not ``there``."""
    old = set(kept.before.splitlines())
    for place, line in enumerate(kept.after.splitlines(), 1):
        number = line_before(kept.before, kept.after, place) if line not in old else place
        calls = MANAGED.search(COMMENT.sub(b"", line)) if line not in old else None
        if calls and number not in told and number not in kept.others:
            yield number, f"`{calls[0].decode()}` stays, and what it needs goes: rewrite it by hand"
        for found in WORD.finditer(COMMENT.sub(b"", line)) if line not in old else ():
            name = found[0].decode("latin-1").rpartition("/")[2].rstrip("*")
            if is_manifest(name) and name not in there and number not in told:
                yield number, f"{name} is named in what is written here, and goes: rewrite it by hand"


def in_sentences(data: bytes, others: Container[str] = (), after: bytes | None = None) -> Iterator[tuple[int, str]]:
    """What a document has its reader do by another manager without a block of code, told at the first of them.

    What a line says that names a folder of ``others`` is to be done there; what ``after`` has no more is rewritten.
    """
    for found in SPOKEN.finditer(data):
        if after is not None and found[0] not in after:
            continue
        begin, end = data.rfind(b"\n", 0, found.start()) + 1, data.find(b"\n", found.end())
        around = data[begin : found.start()] + b" " + data[found.end() : end if end > 0 else len(data)]
        line = around.decode("utf-8", "replace")
        if any(word in others for word in re.findall(r"[\w.-]+", line)):
            continue
        text = next(filter(None, found.groups())).decode("utf-8", "replace").strip()
        yield data.count(b"\n", 0, found.start()) + 1, f"{SENTENCE}`{text}`: say it anew by hand"
        return


def _is_list(tree: Tree, word: bytes, below: str) -> bool:
    """Whether a word may name a list of the project's."""
    path = word.decode("latin-1")
    folder = path.lstrip("./").rpartition("/")[0]
    beside = below and folder and not path.startswith("/")
    return is_manifest(path) and (not beside or f"{folder}/".startswith(f"{below}/") or tree.has_dir(folder))
