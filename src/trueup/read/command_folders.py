"""The directory in which a command runs: what a structured file says of it, and where ``cd`` leads."""

from __future__ import annotations

import re
from posixpath import join, normpath

from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trueup.read.commands import Script
    from trueup.text.scalars import Scalar
    from trueup.text.shell import Command, Word

    Route = tuple[str | int, ...]
    Matrix = tuple[tuple[str, str], ...]  # the names of what a job is run with, each with one of its values
    Values = tuple[tuple[str, str], ...]
    Place = tuple[str, str]

# Files whose commands run where the file lies; all others run at the top.
LOCAL = ("compose", "make", "just", "tox", "procfile", "tasks", "nox")
BRACKETS = lazy(r"[()]")
COMMENTS = lazy(r"#[^\n]*")
# What one shell runs after another, in the jobs of GitLab and Travis.
PHASES = ("before_install", "install", "before_script", "script")
FOLDER_KEYS = (
    "cwd",
    "working_dir",
    "working-directory",
    "workingDirectory",
    "rootDir",
    "directory",
    "WorkingDirectory",
    "workingDir",
)
MATRICES = (("strategy", "matrix"), ("parallel", "matrix"))  # of GitHub, of GitLab
OF_MATRIX = lazy(r"\$\{\{\s*matrix\.([\w.-]+)\s*\}\}|\$?\$\{?(\w+)\}?")  # make has a shell see `$$x` as `$x`
VARIABLE = lazy(r"\$[({]?(\w+)[)}]?")
CHANGES = ("cd", "chdir", "pushd", "push-location", "set-location", "sl")
BACK = ("popd", "pop-location")
ITSELF = r"\$(?:0|\{0\}|\{?BASH_SOURCE(?:\[0\])?\}?)"
# The folder of the script itself.
BESIDE = (
    rf"(?:%~dp0|\$PSScriptRoot|\$\{{(?:0|BASH_SOURCE(?:\[0\])?)%/\*\}}|\$\(dirname (?:-- )?\"?(?:{ITSELF}"
    rf"|\$\((?:realpath|readlink -f) (?:-- )?\"?{ITSELF}\"?\))\"?\))"
)
OF_SCRIPT = lazy(rf"(?i)\"?{BESIDE}/*(?=[^\"/])")  # elsewhere it is as unknown as what calls the script
CHECKOUT = lazy(r"^~/(?:project|repo)(?:/|$)|^~(?:/.*)?$")  # where CircleCI puts the repository, or a folder it makes
VARIABLES = ("env", "variables", "environment")  # of GitHub, of GitLab and Azure, of CircleCI
WORKSPACE = lazy(r".*(?:\$\{\{\s*github\.workspace\s*\}\}|\$\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR)\b\}?)/?")
NAMED = lazy(r"\$\{\{\s*env\.([\w-]+)\s*\}\}|\$\{?(\w+)\}?|\$\((\w+)\)")


class Folders:
    """Working directories by the route of the table that they hold for, and variables by that of what has them."""

    def __init__(self) -> None:
        self.known: dict[Route, str] = {}
        self.variables: dict[Route, Values] = {}

    def of(self, route: Route) -> str:
        """What holds for a command that stands there."""
        for length in range(len(route), -1, -1):
            if route[:length] in self.known:
                return spelled(self.known[route[:length]], self.values(route))
        return ""

    def values(self, route: Route) -> Values:
        """The variables that are set there, as far as the file says them word for word; the nearest come last."""
        return tuple(pair for length in range(len(route)) for pair in self.variables.get(route[:length], ()))


def working_directories(everything: list[Scalar]) -> Folders:
    """``working-directory`` of steps and defaults, ``working_directory`` of CircleCI, ``working_dir`` of services,
    ``directory`` of programs."""
    folders = Folders()
    for scalar in everything:
        match scalar.route[-2:]:
            case (where, str(name)) if where in VARIABLES:
                around = scalar.route[:-2]
                folders.variables[around] = (*folders.variables.get(around, ()), (name, scalar.text))
                continue
        match scalar.names[-3:]:
            case (*_, "defaults", "run", "working-directory"):
                folders.known[scalar.route[:-3]] = scalar.text
            case (*_, "working_directory"):
                folders.known[scalar.route[:-1]] = CHECKOUT.sub("", scalar.text)
            case (*_, name) if name in FOLDER_KEYS:
                folders.known[scalar.route[:-1]] = scalar.text
    return folders


def spelled(folder: str, values: Values) -> str:
    """A folder with the variables of CI in it said, as far as they are known."""
    if "$" not in folder:
        return folder
    known = dict(values)
    plain = NAMED.sub(lambda found: known.get(found[found.lastindex or 0], found[0]), folder)
    return normpath(WORKSPACE.sub("", plain) or ".")


def matrices(everything: list[Scalar]) -> dict[Route, Matrix]:
    """What each job of CI is run with, as far as the file says it word for word."""
    found: dict[Route, list[tuple[str, str]]] = {}
    for scalar in everything:
        at = next((at for at in (1, 2) if scalar.route[at : at + 2] in MATRICES), 0)
        names = [step for step in scalar.route[at + 2 :] if isinstance(step, str) and step != "include"] if at else []
        if names and not scalar.is_key and "exclude" not in names:
            found.setdefault(scalar.route[:at], []).append((".".join(names), scalar.text))
    return {route: tuple(dict.fromkeys(pairs)) for route, pairs in found.items()}


def loops(text: str, found: Iterable[Command]) -> Matrix:
    """What ``for`` has its variables stand for, as a file says it word for word or by a variable that it sets."""
    pairs = list[tuple[str, str]]()
    for words in found:
        if len(words) < 4 or words[0].text != "for" or words[2].text != "in":
            continue
        for word in words[3:]:
            named = VARIABLE.fullmatch(word.text)
            held = re.search(rf"(?m)^[ \t]*{named[1]}[ \t]*[:?+]?=[ \t]*[\"']?([^\"'#\n]+)", text) if named else None
            pairs += [(words[1].text, value) for value in (held[1].split() if held else [word.text])]
    return tuple(pairs)


def places(folder: str, matrix: Matrix) -> list[str]:
    """The folders that one may be, whose name holds a value of a matrix; it alone where they are not all known."""
    named = OF_MATRIX.search(folder) if matrix else None
    values = [value for name, value in matrix if named and name in named.groups()]
    if named is None or not values or any("$" in value for value in values):
        return [folder]
    return list(dict.fromkeys(normpath(folder[: named.start()] + each + folder[named.end() :]) for each in values))


class Shells:
    """The shells of one file: where each begins, and where what ran in it before has led."""

    def __init__(self, own: str) -> None:
        self.own = own  # where the file lies
        self.left: dict[tuple[Route, str], str] = {}

    def start(self, route: Route, plain: str) -> str:
        """Where the commands at a route begin, which is ``plain`` where nothing ran before them."""
        job, phase = job_of(route)
        for other in PHASES[: PHASES.index(phase)][::-1] if phase else ():
            for where in (job, ("default",), ()):
                if (where, other) in self.left:
                    return self.left[where, other]
        return plain

    def follow(self, text: str, found: Iterable[Command], route: Route, plain: str) -> Iterator[tuple[Command, str]]:
        """Each command with the directory that it runs in."""
        here = start = self.start(route, plain)
        around: list[str] = []  # where the shells around this one are
        pushed: list[str] = []
        for words, brackets in bracketed(text, found):
            for bracket in brackets:
                if bracket == "(":
                    around.append(here)
                elif around:
                    here = around.pop()
            program = words[0].text.lower()
            if program in CHANGES and len(words) > 1:
                pushed.append(here)
                here = start if words[1].text == "-" else led_to(here, words, self.own)
            elif program in BACK:
                here = pushed.pop() if pushed else start
            yield words, here
        job, phase = job_of(route)
        if phase:
            self.left[job, phase] = here


def read_on(found: Iterable[Script]) -> Iterator[Script]:
    """The scripts, those of a document with where the block before has led."""
    left: tuple[Command, ...] = ()
    for script in found:
        led = tuple(words for words in script.commands if words[0].text == "cd" and len(words) > 1)
        goes_on = script.prose and (not led or led[0][1].text.startswith(".."))
        yield script._replace(before=left) if goes_on else script
        left = (*left, *led) if goes_on else led if script.prose else left


def left_at(here: str, led: Iterable[Command]) -> str:
    """Where some ``cd`` lead from a directory."""
    for words in led:
        here = led_to(here, words)
    return here


def led_to(here: str, words: Command, own: str = "") -> str:
    """Where a change of the directory leads; ``own`` is where the script lies."""
    text = target_of(words).text
    text = text if "\\ " in text else text.replace("\\", "/")  # Windows', and no blank that a shell is to keep
    found = OF_SCRIPT.match(text)
    return normpath(
        join(own, text[found.end() :].rstrip('"')) if found else join(here if text[:1] != "~" else "", text)
    )


def above_made(text: str, before: Place, after: Place, made: list[Place]) -> list[Place]:
    """What lies above a folder that is entered, one for each level of it that is not there yet, or not known; a place
    is a folder, and why it is not certain."""
    if not after[1] or after[0] != before[0] or text.startswith(("/", "~", "..")):
        return []
    return [*made, after if "$" in text else before, *[after] * normpath(text).count("/")]


def made_by(words: Command) -> list[str]:
    """The folders that ``mkdir`` makes."""
    names = [word.text.rstrip("/") for word in words[1:] if not word.text.startswith("-")]
    return names if words[0].text in ("mkdir", "md") else []


def target_of(words: Command) -> Word:
    """Where a change of the directory leads: its first word that is no option (``cd /d X``)."""
    plain = (word for word in words[1:] if not word.text.startswith("-") and word.text.lower() != "/d")
    return next(plain, words[1])


def bracketed(text: str, found: Iterable[Command]) -> Iterator[tuple[Command, list[str]]]:
    """Each command with the brackets before it, in which a shell begins or ends; what stands within a word of another
    command has a shell of its own."""
    end, inner, depth = -1, -1, 0
    outer: Command = ()
    within = -1
    for words in found:
        first = words[0].start
        if first < end:
            word = max(word.start for word in outer if word.start <= first)
            brackets = _brackets(text, inner, first) if word == within else [*[")"] * depth, "("]
            depth += brackets.count("(") - brackets.count(")")
            inner, within = words[-1].end, word
        else:
            begin = first if end < 0 else end
            while end < 0 and begin and text[begin - 1] in "( \t":
                begin -= 1
            brackets = [")"] * depth + _brackets(text, begin, first)
            depth, end = 0, words[-1].end
            outer, within = words, -1
        yield words, brackets


def _brackets(text: str, start: int, end: int) -> list[str]:
    return BRACKETS.findall(COMMENTS.sub("", text[start:end]))


def job_of(route: Route) -> tuple[Route, str]:
    """The job, and which of its phases, that a command stands in; no phase where a step has a shell of its own."""
    at = next((at for at, step in enumerate(route) if step in PHASES), -1)
    return (route[:at], str(route[at])) if at >= 0 else (route, "")
