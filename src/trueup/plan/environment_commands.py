"""Into which environment the commands of a file install, so that uv installs into the same one.

A Makefile, a unit or a crontab goes on starting ``venv/bin/python``. uv's own place is ``.venv``; it takes another by
``UV_PROJECT_ENVIRONMENT``, and the active one by ``--active``.
Source: https://docs.astral.sh/uv/concepts/projects/config/#project-environment-path
"""

from __future__ import annotations

import re
from posixpath import join, normpath, relpath

from trueup.model.command_line import ASSIGNED, PYTHON, STANDS_FOR, WRAPPERS, as_pip, by_name, pip_arguments
from trueup.model.names import normal
from trueup.model.plan import Question
from trueup.model.span import Edit
from trueup.plan.command_edits import dropped
from trueup.plan.others import folders_of_others
from trueup.plan.uv_commands import is_manifest
from trueup.text.documents import DOCUMENTS
from trueup.text.scalars import ini_scalars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from trueup.model.command_line import CommandLine
    from trueup.model.project import Project
    from trueup.model.tree import Tree

PLACE = "https://docs.astral.sh/uv/concepts/projects/config/#project-environment-path"
ENVIRONMENT = "UV_PROJECT_ENVIRONMENT"
UNITS = ("systemd", "supervisor", "pm2")
BY_PATH = ("tasks", "make", "just", "shell", "procfile", "vscode", "pre-commit")
GIVEN = re.compile(rf"{ENVIRONMENT}=(\S+)")
MADE_BY_HAND = re.compile(r"\.?(?:v|virtual)?env(?:[\d.-]\S*)?(?<!\.venv)")
INSTALLATION = "https://docs.astral.sh/uv/getting-started/installation/"
DEEP = "/top" * 9  # where the repository may lie, so that what is above it is no other than below
UNKNOWN = re.compile(r"[\\/~]|[A-Za-z]:|.*[$%{]")  # no folder that is seen from another
CALLS = re.compile(r"\buv (?:sync|run|export)\b")
INSTALLS = re.compile(r"install(?:(?!install)[^\n])*\buv\b|astral[.-]sh|setup-uv")
OWN = (".venv", "$PWD/.venv", "$(pwd)/.venv")  # where uv installs anyway
NAMED = re.compile(r"\$[({]?(\w+)[)}]?")
VALUE = r"(?m)^[ \t]*(?:export[ \t]+)?{}[ \t]*[:?]{{0,3}}=[ \t]*[\"']?([^\"'#\n]+?)[\"']?[ \t]*\r?$"
PROGRAM = re.compile(r"[\"']?(?P<folder>.+)[/\\](?:bin|Scripts)[/\\](?:pip|python)[\d.]*(?:\.exe)?[\"']?")
STARTED = re.compile(r"[\"']?(?P<folder>.+)[/\\](?:bin|Scripts)[/\\][\w.-]+[\"']?")
ACTIVATES = re.compile(
    rb"(?m)(?:(?:^|[\s;&(])(?:\.|source|call)[ \t]+|^[ \t]*(?:[.&][ \t]*)?)[\"']?(?P<folder>[^\s\"']+?)[/\\]"
    rb"(?:bin|Scripts)[/\\][Aa]ctivate(?:\.\w+)?\b"
    rb"|(?m:^)[ \t]*(?:\.|source)[ \t]+(?P<named>[\"']?\$[^\s;&]*(?i:venv|virtualenv|activate)\w*)"
)
COMMENTED = re.compile(rb"(?m)^[ \t]*(?:#|(?i:rem)\b|::)[^\n]*\Z")
ACTIVE = "--active"
SCRIPTED = ("shell", "make", "just")  # what is run on machines where the environment stays
LISTED = re.compile(r"[\"'],\s*[\"']|[\w.-],[ \t]+[\w./-]|^\S+ - ")  # words of JSON and YAML, which no shell reads
ARGUMENT = re.compile(r"'[\[{][^'\n]*[\]}]'")  # JSON that a shell hands over
RULE = re.compile(
    rb"(?m)^(?![\s#]|\.[A-Z])(?:\$\([^)\n]*\)|\$\{[^}\n]*\}|[^\n:#=$])+::?(?![=:])"
    rb"(?P<needs>(?:\\\r?\n|[^=#;\n])+)(?P<recipe>[^\n]*(?:\n(?:\t[^\n]*)?)*)"
)
HANDED = re.compile(rb"\$[<^?+]")  # what a recipe calls the files that its target hangs on
GOES_ON = re.compile(r"[\"']?[ \t]+[A-Za-z-]")  # a variable stands for more than a manager
RUN = re.compile(
    r"(?:(?<!\S)\S*\bpy(?:thon)?[\d.]*\s+-m\s+)?"
    r"(?:(?P<mark>[\"'])(?:[^\"'\n;&|]*[\\/])?(?:poetry|pipenv|pdm|rye)(?:\.exe)?(?P=mark)"
    r"|(?:(?<![^\s;&|])[^\s;&|]*[\\/])?\b(?:poetry|pipenv|pdm|rye)(?:\.exe)?(?![\"'])|\$[({]?\w+[)}]?)"
    r"(?P<gap>\s+)(?:-\S+\s+)*run\b(?P<behind>\s*)"
)
OUTDATED = re.compile(r"(?<=\s)-o(?![\w-])")  # which `uv pip list` spells out alone
PIP_RUN = re.compile(r"uv\s+(?:\S+\s+-m\s+)?pip[\d.]*(?=\s)")
RUNS = re.compile(r"(?P<verb>[ \t]+run)(?![\w.-])(?:[ \t]+(?P<program>[\w.-]+))?")
SHELLLESS = ("systemd", "supervisor", "tox", "compose", "kubernetes")
OF_TOX = ("deps", "extras", "dependency_groups", "runner")  # what brings packages, by itself or by a plugin
NO_PACKAGE = ("skip_install", "skipsdist", "no_package")
FILLS = re.compile(
    r"\b(?:(?:poetry|pdm|pipenv|uv)\s+(?:-\S+\s+)*(?:install|sync|update)|pip[\d.]*\s+(?:-\S+\s+)*install)\b"
)
TAKEN_OVER = re.compile(r"\{\[(?P<section>[^\]]+)\](?P<option>[\w-]+)\}")  # from another section
SHELLS_OF_WINDOWS = {".bat": "cmd", ".cmd": "cmd", ".ps1": "powershell"}  # and by what a document says of a block:
SPOKEN = {b"powershell": "powershell", b"ps1": "powershell", b"pwsh": "powershell", b"ps": "powershell"}
SPOKEN |= dict.fromkeys((b"cmd", b"bat", b"batch", b"dos", b"batchfile"), "cmd")
BLOCK = re.compile(rb"(?m)^[ \t>]*(?:`{3,}|~{3,}|\.\. (?:code|code-block|sourcecode)::)[ \t]*\{?\.?([\w+-]*)")

# https://pipenv.pypa.io/en/stable/shell.html#environment-management-with-env, and --env-file of `uv run --help`.
ENV_FILE = "pipenv run handed .env over; `uv run` does with `--env-file .env`, or UV_ENV_FILE=.env"
VARIABLES = re.compile(r"\.env(?:[._-](?:example|sample|template|dist))?|(?:example|sample|template)\.env")


def hands_over_variables(project: Project) -> bool:
    """Whether Pipenv handed over a ``.env`` that the program does not read by itself."""
    reads = any(item.name == "python-dotenv" for item in project.requirements)
    return not reads and any(VARIABLES.fullmatch(path) for path in project.tree.entries)


def dropped_behind(data: bytes, before: CommandLine, command: CommandLine, edits: Sequence[Edit]) -> Edit | None:
    """What drops a command that the one before it makes needless; not in another block of a document."""
    apart = command.where == "readme" and b"```" in data[before.end : command.start]
    return None if apart else dropped(data, command.start, command.end, edits)


def stands(data: bytes, command: CommandLine) -> bool:
    """Whether the words stand in the file as they were read (a folded scalar's do not)."""
    text = data[command.start : command.end].decode("utf-8", "replace")
    return " ".join(text.split()) == command.text


def spelled_out(command: CommandLine, text: str) -> CommandLine:
    """The command with the variable that stands for its pip or manager, as the file defines it, or as pip is told what
    uv's own pip is; else as it is."""
    if told := as_pip(command.argv):
        return command._replace(argv=told)
    named = NAMED.fullmatch(command.argv[0]) if command.argv else None
    if named is None:
        return command
    held = (item for item in map(STANDS_FOR.match, text.splitlines()) if item and item["name"] == named[1])
    if (item := next(held, None)) and not GOES_ON.match(item.string, item.end()):
        return command._replace(argv=by_name((item["manager"], *command.argv[1:])))
    found = re.search(VALUE.format(named[1]), text)
    argv = (*found[1].split(), *command.argv[1:]) if found else ()
    return command._replace(argv=argv) if pip_arguments(argv) is not None else command


def is_listed(command: CommandLine) -> bool:
    """Whether the words of a command stand in a list, as no shell reads them."""
    return command.where not in SCRIPTED and LISTED.search(ARGUMENT.sub("", command.text)) is not None


def piped(words: str) -> str:
    """``uv pip list`` for ``poetry run pip list``, with its words as they stand."""
    return OUTDATED.sub("--outdated", PIP_RUN.sub("uv pip", RUN.sub("uv ", words, count=1), count=1))


def defined(data: bytes, scripts: Container[str] = (), tree: Tree | None = None) -> Iterator[Edit]:
    """``RUN = poetry run``: what a variable stands for, said in uv where it is defined; but not where a line uses it in
    a folder of another project of the ``tree``, which keeps its manager."""
    others = folders_of_others(tree) if tree else ()
    at = 0
    for line in data.splitlines(keepends=True):
        text = line.decode("latin-1")  # a character for each byte
        found = STANDS_FOR.match(text)
        if found and "(" not in text[found.end("name") : found.start("folder" if found["folder"] else "manager")]:
            runs = RUNS.match(text, found.end())
            used = re.compile(rb"\$[({]?%b\b" % found["name"].encode("latin-1"))
            lines = (each.decode("latin-1") for each in data.splitlines() if used.search(each))
            theirs = any(word in others for each in lines for word in re.split(r"[^\w.-]+", each))
            if runs and runs["program"] not in scripts and not theirs:
                start = found.start("folder" if found["folder"] else "manager")
                yield Edit(at + start, at + runs.end("verb"), b"uv run")
        at += len(line)


def folder_of(argv: tuple[str, ...], pattern: re.Pattern[str] = PROGRAM, own: Container[str] = OWN) -> str:
    """The environment whose pip or Python a command names by its path; ``""`` where it names none, or uv's."""
    program = next((word for word in argv if word not in WRAPPERS and not ASSIGNED.match(word)), "")
    found = pattern.fullmatch(program)
    folder = re.sub(r"[\"']", "", found["folder"]).removeprefix("./").removeprefix(".\\") if found else ""
    system = folder.startswith(("/usr", "/opt/homebrew", "/opt/local")) or not folder.strip("/")
    return "" if system or folder in own else folder


def started_from(commands: Iterable[CommandLine]) -> frozenset[str]:
    """The names of the environments whose programs are started by their paths, outside of documents."""
    folders = (folder_of(item.argv, STARTED) for item in commands if item.where != "readme")
    return frozenset(folder.replace("\\", "/").rpartition("/")[2] for folder in folders) - {""}


def is_active(data: bytes, command: CommandLine, started: Container[str] = ()) -> bool:
    """Whether an environment that is not uv's has been activated where a command of a script is run; or one of a
    document, if something else starts from that environment."""
    document = command.where == "readme"
    if command.where not in SCRIPTED and not document:
        return False
    whole = document or command.where == "shell"
    begin = 0 if whole else data.rfind(b"\n", 0, command.start) + 1
    while begin > 1 and not whole and data[:begin].rstrip(b"\r\n").endswith(b"\\"):
        begin = data.rfind(b"\n", 0, begin - 1) + 1
    matches = ACTIVATES.finditer(data, begin, command.start)
    found = [one for one in matches if not COMMENTED.search(data, 0, one.start())]
    if not found or b"deactivate" in data[found[-1].end() : command.start]:
        return False
    if found[-1]["named"]:
        return not document  # by a variable: whichever it is
    folder = found[-1]["folder"].decode("utf-8", "replace").removeprefix("./").removeprefix(".\\")
    return folder not in OWN and (not document or folder.replace("\\", "/").rpartition("/")[2] in started)


def shell_of_windows(data: bytes, command: CommandLine) -> str:
    """Whether ``cmd`` or PowerShell reads a command, by its file or its block of a document; ``""``: another does, or
    it is not known."""
    blocks = BLOCK.findall(data, 0, command.start) if command.where == "readme" else []
    said = SPOKEN.get(blocks[-1].lower(), "") if blocks else ""
    return said or next((shell for end, shell in SHELLS_OF_WINDOWS.items() if command.path.endswith(end)), "")


def place_of(data: bytes, command: CommandLine, started: Container[str] = (), below: str = "") -> str:
    """The environment that a command installs into: a folder, the active one, or ``""`` for the one at hand, and where
    it is not known how a shell is told. What uv is told is seen from the project, which lies ``below`` the top of its
    repository."""
    if any("\\" in word for word in command.argv[:2]) and not shell_of_windows(data, command):
        return ""
    active = command.where == "tox" or is_active(data, command, started)  # tox makes one for each Python
    return named_by(command, below) or (ACTIVE if active else "")


def named_by(command: CommandLine, below: str, pattern: re.Pattern[str] = PROGRAM) -> str:
    """The environment whose program a command names, seen from the project; ``""`` where it is uv's own, or none."""
    here = command.folder == "." or UNKNOWN.match(command.folder)
    folder = folder_of(command.argv, pattern, OWN if here else OWN[1:])
    if folder and not UNKNOWN.match(folder) and not UNKNOWN.match(command.folder):
        plain = relpath(join(DEEP, below, command.folder, folder.replace("\\", "/")), join(DEEP, below))
        folder = plain.replace("/", "\\") if "\\" in folder else plain
    return "" if folder in OWN else folder


def left_empty(data: bytes, command: CommandLine, commands: Iterable[CommandLine], below: str) -> str:
    """The environment that a block of a document for a shell of Windows' names, of which it is not known, if another
    command starts what lies in it."""
    folder = "" if place_of(data, command, (), below) or "\\" not in command.text else named_by(command, below)
    after = (item for item in commands if item.start > command.start and "\\" in item.text)
    return folder if any(named_by(item, below, STARTED) == folder for item in after) else ""


def as_root(below: str, command: CommandLine, position: int) -> str:
    """The program of a command by its path, where ``sudo`` starts it: root has another PATH, and no uv on it."""
    outside = normpath(join(below, command.folder)).startswith("..")
    if "sudo" not in command.argv[:position] or UNKNOWN.match(command.folder) or outside:
        return ""
    folder = relpath(join(DEEP, below, OWN[0]), join(DEEP, below, command.folder))
    return f"{folder}/bin/{'python' if PYTHON.fullmatch(command.argv[position]) else command.argv[position]}"


def fills_in_tox(project: Project, data: bytes, command: CommandLine) -> bool:
    """Whether the environment of tox that a command belongs to gets packages: by what it, or the one that all begin
    with, says and it does not say otherwise; or the package that tox installs there brings the program. True where that
    is not known."""
    if command.where != "tox":
        return False
    options: dict[str, dict[str, str]] = {}
    mine = ""
    for line in ini_scalars(data.decode("latin-1")):
        if not line.is_key:
            section, option = line.names
            found = options.setdefault(section, {})
            found[option] = f"{found.get(option, '')}\n{line.text}".strip()
            mine = section if line.start <= command.start <= line.end else mine
    said = {**options.get("testenv", {}), **options.get(mine, {})}
    runs = "\n".join(said.get(option, "") for option in ("commands_pre", "commands"))
    for _ in range(3):  # what is taken over may take over itself
        runs = TAKEN_OVER.sub(lambda found: options.get(found["section"], {}).get(found["option"], ""), runs)
    if command.path != "tox.ini" or any(map(said.get, OF_TOX)) or FILLS.search(runs):
        return True
    said |= options.get("tox", {})
    packed = said.get("package") != "skip" and not any(said.get(option, "").lower() == "true" for option in NO_PACKAGE)
    return packed and _is_brought(project, command)


def _is_brought(project: Project, command: CommandLine) -> bool:
    """Whether what a command runs comes with the project itself, or with what that needs."""
    words = command.argv[command.argv.index("run") + 1 :] if "run" in command.argv else command.argv
    at = next((at for at, word in enumerate(words[:-1], 1) if word == "-m"), 0)
    program = normal(words[at].partition(".")[0]) if words else ""
    own = (project.layout.package, *(item.name for item in project.requirements if not (item.group or item.is_extra)))
    return (not at and program.startswith("python")) or program in map(normal, own)


def into(said: str, folder: str, command: CommandLine, data: bytes) -> str:
    """``uv sync`` for the environment ``folder``, as the shell of the file sets a variable; as it is for another."""
    if folder in ("", ACTIVE):
        return said
    shell, quoted = shell_of_windows(data, command), f'"{folder}"' if " " in folder or '"' in command.text else folder
    if command.where in SHELLLESS:
        return f"/usr/bin/env UV_PROJECT_ENVIRONMENT={folder} {said}"
    if shell == "cmd":
        return f'set "UV_PROJECT_ENVIRONMENT={folder}" && {said}'
    if shell == "powershell":
        return f'$env:UV_PROJECT_ENVIRONMENT = "{folder}"; {said}'
    return f"UV_PROJECT_ENVIRONMENT={quoted} {said}"


def needs(data: bytes, stands: Callable[[str], bool]) -> Iterator[Edit]:
    """What targets of a Makefile hang on: the manifest and the lock in the place of the lists that are gone."""
    for rule in RULE.finditer(data):
        if HANDED.search(rule["recipe"]):
            continue
        said = b"pyproject.toml uv.lock"
        for word in re.finditer(rb"[ \t]+([\w./-]+)", data[rule.start("needs") : rule.end("needs")]):
            name = word[1].decode()
            if is_manifest(name) and not stands(name):
                start, end = (rule.start("needs") + at for at in word.span(1 if said else 0))
                yield Edit(start, end, said)
                said = b""


def tell_uv(tree: Tree, paths: Iterable[str]) -> Iterator[Question]:
    """The rewritten scripts and Makefiles that call uv and do not install it: it must be there where they are run."""
    calls = [path for path in dict.fromkeys(paths) if tree.has(path) and not path.endswith((*DOCUMENTS, ".ipynb"))]
    calls = [path for path in calls if CALLS.search(text := tree.text(path)) and not INSTALLS.search(text)]
    if calls:
        more = f", as do {', '.join(calls[1:4])}{' and others' if len(calls) > 4 else ''}" if len(calls) > 1 else ""
        yield Question("ISO102", f"it calls uv{more}: uv must be where it is run", INSTALLATION, calls[0])


def tell_units(project: Project) -> Iterator[Question]:
    """The first command of each file that starts a program of an environment which no command fills.

    What a Dockerfile names, or starts what one does, is started in an image, which has its environment."""
    commands = [command for command in project.commands if command.where != "readme"]
    below = project.repository
    unsaid = all(place not in command.text for command in commands for place in (ENVIRONMENT, f"uv sync {ACTIVE}"))
    fills = [item for item in commands if ENVIRONMENT in item.text or pip_arguments(item.argv) is not None]
    images = [project.tree.text(path) for path in project.tree.files() if "dockerfile" in path.lower()]
    told: set[str] = set()
    for command in commands:
        folder = named_by(command, below, STARTED)
        known = command.where in BY_PATH and folder and not UNKNOWN.match(folder)
        if command.path in told or not ((command.where in UNITS and unsaid) or known):
            continue
        if any(command.path.rpartition("/")[2] in image for image in images):
            continue
        if known and any(folder in (named_by(item, below), _given(item)) for item in fills):
            continue
        of_image = folder.startswith("/") and any(
            re.search(rf"{re.escape(folder)}(?![\w-])", image) for image in images
        )
        name = folder.replace("\\", "/").rpartition("/")[2]
        if not of_image and (MADE_BY_HAND.fullmatch(name) or (known and name == OWN[0])):
            how = f"name that, or give it {ENVIRONMENT}={folder}"
            text = f"it starts what {folder} holds, and `uv sync` fills .venv: {how}"
            told.add(command.path)
            yield Question("ISO102", text, PLACE, command.path, command.line)


def _given(command: CommandLine) -> str:
    """The environment that a command is told to fill."""
    found = GIVEN.search(command.text)
    return found[1].strip("\"'") if found else ""
