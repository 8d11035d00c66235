"""Dockerfiles from pip, Poetry, Pipenv or PDM to uv, after uv's guide for images.

The environment is first on the PATH, so that commands stay as they are. The project is installed where all of it is
copied; elsewhere the image finds its code by PYTHONPATH. Where another stage copies the packages, or the file makes an
environment itself, pip installs from an export. Source: https://docs.astral.sh/uv/guides/integration/docker/
"""

from __future__ import annotations

import re
from posixpath import dirname

from trueup.model.command_line import MANAGERS, as_pip, by_name, constraint_files, pip_arguments, requirement_files
from trueup.model.indexes import masked
from trueup.model.python import pin_of, python_for
from trueup.model.span import Edit, splice
from trueup.plan.image_copies import Copies, elsewhere, mounted, spelled_out
from trueup.plan.image_environment import (
    PLACE,
    UV_BRINGS,
    has_its_own,
    keeps_environment,
    lacks_python,
    place_of,
    settings,
    started_beside,
)
from trueup.plan.image_export import PARTS, Export, installs_the_project, keeping, with_variables
from trueup.plan.image_files import ImageFiles, groups_moved_to, runs_of, runs_tools
from trueup.plan.image_logins import log_in, remembered
from trueup.plan.image_saying import Having, added, saying
from trueup.plan.image_stages import (
    Stage,
    base_of,
    beneath,
    beside_manager,
    comes_later,
    filling,
    first_again,
    handed_over,
    installs,
    is_removed,
    is_whole,
    stages,
    started,
    taken,
    unlike_the_pin,
    unwrapped,
    virtualenvs,
    without,
    without_assignments,
)
from trueup.plan.image_tools import wants_tools
from trueup.plan.others import UNREAD, unread
from trueup.plan.uv_commands import (
    DEVELOPMENT,
    OWN,
    PIP_OPTIONS,
    Target,
    beyond,
    in_uv,
    includes_tools,
    is_for_tools,
    unsaid,
    uv_version,
)
from trueup.plan.uv_groups import RUNTIME, groups_of, of_lists, own_scripts, scripts_of
from trueup.text.docker import instructions, shell_commands
from trueup.text.docker_image import expand, find_context, given, reached

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project
    from trueup.model.tree import Tree
    from trueup.text.docker import Instruction
    from trueup.text.shell import Command

BUILDKIT = "RUN --mount keeps uv's cache from build to build, and needs BuildKit (Docker's default since 23.0)"
UNHASHED = "pip compares no hashes where it installs the project with what it needs: the versions are the lock's"
NO_PROJECT = "--no-install-project"
CACHE = "--mount=type=cache,target=/root/.cache/uv"
SEARCH_PATH = re.compile(r"PYTHONPATH[= ]\"?[\w/.${}-]+/src\"?")
CONDITIONAL = re.compile(r"\bif\b[^\n]*?\bthen\s+\Z")


def rewrite_image(
    project: Project, tree: Tree, path: str, data: bytes
) -> tuple[bytes, list[tuple[int, str]], dict[int, int]]:
    """The Dockerfile afterwards, (line, text) of what a person has to look at, and the lines of other projects' stages,
    with where they begin."""
    image = Image(project, tree, path, spelled_out(tree, data))
    return image.rewritten(), image.told, image.theirs


class Image:
    """One Dockerfile; offsets are those of its bytes, as every byte is read as one character."""

    def __init__(self, project: Project, tree: Tree, path: str, data: bytes) -> None:
        self.project, self.tree, self.path, self.data = project, tree, path, data
        self.text = data.decode("latin-1")
        self.stages = list(stages(self.text))
        self.values = {name: value for item in instructions(self.text) for name, value in given(item).items()}
        self.told: list[tuple[int, str]] = []
        self.cached: set[int] = set()
        self.mounted: set[int] = set()  # instructions whose mounts are rewritten
        repository = tuple(filter(None, project.repository.split("/")))
        self.context = find_context(self.text, dirname(path), repository, tree.has_dir, self._exists)
        self.files = ImageFiles(project, tree, self.context, self.text)
        self.newline = "\r\n" if "\r\n" in self.text else "\n"
        everything = [item for stage in self.stages for item, _ in stage.inside]
        self.copied_from = {
            flag[7:].lower() for item in everything for flag in item.flags if flag.startswith("--from=")
        }
        self.only, self.plain = scripts_of(project), Target(groups=groups_of(project), python=pin_of(project))
        self.tests, self.moved = runs_tools(project, path), groups_moved_to(project, tree, path)
        self.theirs: dict[int, int] = {}
        self.having: dict[str, str] = {}  # where the stages have the environment that have it
        self.installed: set[int] = set()  # those that have the project in it, too
        self.beside = started_beside(self.text, self.stages, runs_of(project, path, self.text))
        self.logs_in = log_in(project, path, self.text)

    def _exists(self, path: str) -> bool:
        """Whether something is there afterwards, or was before: manifests that go are still named here."""
        return self.tree.exists(path) or self.tree.real.exists(path)

    def rewritten(self) -> bytes:
        """The bytes of the file afterwards."""
        return splice(self.data, [edit for stage in self.stages for edit in self.stage(stage)])

    def stage(self, stage: Stage) -> Iterator[Edit]:
        """The edits of one stage: what it installs, what it copies for that, and uv itself."""
        if self.files.bring_another(beneath(self.stages, stage), self.text):
            first = self.text.count("\n", 0, stage.origin.begin) + 1
            inside = range(first, first + self._text(stage).count("\n") + 1)
            self.theirs |= dict.fromkeys(inside, stage.origin.begin)
            return
        yield from virtualenvs(self.text, stage, self.told)
        foreign = has_its_own(base_of(self.stages, stage).words[0].text, self._text(stage))
        handed = [] if foreign else handed_over(self.stages, stage, self.values)
        plain = (bool(handed) or not (self.copied_from & set(stage.names))) and not foreign
        copies = Copies(self.files, self.text)
        more: list[str] = []  # what pip installed besides, where it installed the lists
        work = [edit for item, folder in stage.inside for edit in self._run(stage, item, folder, more, plain=plain)]
        work = list(keeping(work))
        needs = any(b"uv sync" in edit.text or b"uv export" in edit.text for edit in work)
        work += [edit for item, folder in stage.inside for edit in copies.edits(item, folder, needs=needs)]
        synced = [edit for edit in work if b"uv sync" in edit.text]
        own = list(self._project(stage, synced)) if plain and synced else []
        last = max((edit for edit in (*synced, *own) if b"uv sync" in edit.text), default=None)
        tail = added(more, self._place(stage) if plain else "")
        for edit in (*work, *own):
            yield edit._replace(text=edit.text + tail) if edit is last else edit
        if synced and (handed or not plain) and lacks_python(self.text, self.stages, stage):
            self.told.append((stage.origin.line, UV_BRINGS))
        if plain and synced:
            yield from self._beside(stage, max(edit.start for edit in (*synced, *own)))
        made = own_made = plain and (bool(synced) or self.files.fill_by_script(stage.inside))
        for item in handed if made else ():
            yield from taken(self.text, item, self._place(stage), self.newline)
            at = item.end - (self.text[item.end - 1] == "\r")
            yield from (Edit(at, at, f"{self.newline}{line}".encode()) for line in self._remembered(stage, item))
        made = made or stage.base in self.having
        place = self._place(stage) if made else ""
        self.having.update(dict.fromkeys(stage.names if made else (), place))
        yield from (edit for item, _ in stage.inside for edit in started(self.text, item, place, self.only))
        if made:
            yield from first_again(self.text, stage, self._place(stage), self.newline)
        brings = re.search(r"astral-sh/uv|install [^\n]*\buv\b", self._text(stage))
        if not (own_made or any(re.search(rb"\buvx?(?: |==)", edit.text) for edit in work)) or brings:
            return
        lines, python = [], unlike_the_pin(self.stages, stage, python_for(self.project))
        if not any(b"pip install uv==" in edit.text for edit in work):
            lines.append(f"COPY --from=ghcr.io/astral-sh/uv:{uv_version()} /uv /uvx /bin/")
        if own_made:
            place = self._place(stage)
            lines += settings(self.text, self.stages, stage, place, self.beside, python)
            lines += self._remembered(stage, stage.origin)
        elif python:
            lines.append(f"ENV {python}".strip())
        at = stage.origin.end - (self.text[stage.origin.end - 1] == "\r")
        yield Edit(at, at, "".join(self.newline + line for line in lines).encode())

    def _remembered(self, stage: Stage, behind: Instruction) -> list[str]:
        """What has login shells find the environment that an instruction brings, or begins."""
        return remembered(self.stages, behind, self._place(stage), self.told) if self.logs_in else []

    def _project(self, stage: Stage, synced: list[Edit]) -> Iterator[Edit]:
        """Install the project once all of it is copied, in the place of the PYTHONPATH that stands for that; with the
        tools, groups and extras that ``synced``, the earlier commands, brought."""
        brought = [item for item, _ in stage.inside if item.keyword in ("COPY", "ADD") and is_whole(item)]
        paths = [item for item, _ in stage.inside if item.keyword == "ENV" and SEARCH_PATH.fullmatch(self._words(item))]
        if not brought or len(paths) != 1 or paths[0].begin < brought[0].begin or not self.files.ship_what_builds():
            return
        folder = next(place for item, place in stage.inside if item is paths[0])
        if not self._searches(paths[0], folder):
            return  # run elsewhere, uv finds no manifest
        if self._place(stage) == PLACE and stage.is_of_user(paths[0].begin):
            return  # the environment is root's
        later = max(synced, key=lambda edit: edit.start)
        if later.start > paths[0].begin:  # a sync without the project would take it away
            if b"--no-install-project" not in later.text:
                yield Edit(paths[0].begin, min(paths[0].end + 1, len(self.text)), b"")
            return
        texts = [edit.text.decode("latin-1") for edit in synced]
        sure = [edit for edit in synced if not CONDITIONAL.search(self.text, 0, edit.start)]
        tools = f" {RUNTIME}" if all(RUNTIME.encode() in edit.text for edit in sure) else ""
        tools += " --inexact" if len(sure) < len(synced) else ""  # what a condition has put in stays
        asked = "".join(f" {found}" for found in dict.fromkeys(part for text in texts for part in PARTS.findall(text)))
        cache = f"{CACHE} " if self._place(stage) == PLACE else ""
        yield Edit(paths[0].begin, paths[0].end, f"RUN {cache}uv sync --locked{tools}{asked}".encode())

    def _beside(self, stage: Stage, synced: int) -> Iterator[Edit]:
        """What pip goes on installing by name goes into the environment that uv makes: the program is started there.

        A later ``uv sync`` would take it away again: ``synced`` is where the last of them stands.
        """
        for item in (item for item, _ in stage.inside if item.keyword == "RUN" and not item.json):
            for command in shell_commands(self.text, item):
                words = without_assignments(command)
                argv = [word.text for word in words]
                arguments = pip_arguments(tuple(argv))
                known = installs(words, self.plain) or beside_manager(self.text, stage, words, self.plain)
                if not arguments or requirement_files(arguments) or is_for_tools(argv) or known:
                    continue
                last = words[argv.index("install")]
                flags = {word.split("=")[0] for word in arguments if word.startswith("-")}
                if words[0].start > synced and flags <= PIP_OPTIONS:
                    said = f"uv pip install --python {self._place(stage)}"
                    yield Edit(words[0].start - len(words[0].quote), last.end + len(last.quote), said.encode())
                else:
                    what = masked(" ".join(argv))[:70]
                    self.told.append((item.line, f"`{what}` installs beside the environment that uv makes: declare it"))

    def _searches(self, item: Instruction, folder: str) -> bool:
        """Whether an instruction puts nothing but ``src`` of a folder on the search path."""
        words = self._words(item)
        named = expand(re.split(r"[= ]", words, maxsplit=1)[-1].strip('"'), self.values)
        return item.keyword == "ENV" and bool(SEARCH_PATH.fullmatch(words)) and named == f"{folder.rstrip('/')}/src"

    def _words(self, item: Instruction) -> str:
        return self.text[item.start : item.end].strip()

    def _text(self, stage: Stage) -> str:
        return self.text[stage.origin.begin : (stage.inside[-1][0] if stage.inside else stage.origin).end]

    def _place(self, stage: Stage) -> str:
        """Where the environment of a stage lies: its own, or that of the stage which it is built from."""
        own = place_of(self.text, stage, self.beside, self.plain)
        above = self.having.get(stage.origin.words[0].text.lower(), own)
        return own if filling(self.text, stage, self.plain) else above

    def _saying(self, stage: Stage, words: Command, said: str, *, plain: bool) -> Edit:
        """uv's words in the place of a command; ``poetry run`` goes where the stage, or its base, has the programs."""
        fills = filling(self.text, stage, self.plain)
        filled = stage.base in self.having or any(at < words[0].start for at in fills)
        place = self._place(stage) if plain else ""
        here = Having(self.text, place, filled, bool(fills) or filled, self._keeps_environment(stage))
        return saying(words, said, here)

    def _run(self, stage: Stage, item: Instruction, folder: str, more: list[str], *, plain: bool) -> Iterator[Edit]:
        if item.keyword != "RUN":
            return
        going: list[list[int]] = []  # spans that uv does not need; of neighbours one
        last = -2
        place = elsewhere(self.files, self.text, stage, item, folder, self.values)
        for number, command in enumerate(shell_commands(self.text, item)):
            words = without_assignments(command)
            start, end = words[0].start - len(words[0].quote), words[-1].end + len(words[-1].quote)
            words = unwrapped(words)
            argv = list(by_name([word.text for word in words]))
            given = self.text[command[0].start - len(command[0].quote) : start]  # variables, which pip needs, too
            if files := self.files.only_fetched(argv):
                exported = self._exported(item, words, files, place, "", builds=False)
                yield Edit(start, end, with_variables(given, exported))
                continue
            arguments = pip_arguments((by_uv := as_pip(argv)) or tuple(argv))
            files = requirement_files(arguments or [])
            removes = plain and self.files.removes(argv)
            foreign = argv[0] not in MANAGERS and arguments is None and not removes
            alone = not plain and not files and "--no-deps" in argv  # as it stands behind an export
            held = unread(self.project, argv)
            if item.json or foreign or alone or any(map(self.files.stays, files)) or (held and not plain):
                continue
            aside = beside_manager(self.text, stage, words, self.plain) if plain else []
            said = "" if removes or aside else None if by_uv else self._said(stage, item, folder, argv)
            more += aside
            end = command[-1].end + len(command[-1].quote) if said == "" else end
            if said == "" and last == number - 1:
                going[-1][1], last = end, number
            elif said == "":
                going.append([start, end])
                last = number
            elif said and (plain or not said.startswith("uv sync") or self._keeps_environment(stage)):
                yield from self._readme(stage, item, folder, argv, said)
                yield self._saying(stage, words, said, plain=plain)._replace(start=start)
                if said.startswith("uv sync"):
                    besides = [words[at] for at in beyond(argv)]
                    more += (self.text[word.start - len(word.quote) : word.end + len(word.quote)] for word in besides)
                    more += (f"-r {reached(folder, name, self.values)}" for name in held)
                    self.told += [(item.line, UNREAD.format(name)) for name in held]
                    yield from self._found(stage, item, folder, argv, said)
                    yield from mounted(self.files, self.text, item) if item.begin not in self.mounted else ()
                    self.mounted.add(item.begin)
                    yield from self._cache(stage, item)
                    self.told += [(item.line, text) for text in unsaid(argv, self.project)]
            elif files or (said and said.startswith("uv sync")):
                brought = self._readme(stage, item, folder, argv)
                yield from brought
                builds = bool(brought) or self._is_own(stage, item, folder, argv)
                exported = self._exported(item, words, files, place, said or "", builds=builds)
                yield Edit(start, end, with_variables(given, exported))
            elif argv[0] in MANAGERS:
                text = masked(" ".join(argv))[:70]
                self.told.append((item.line, f"`{text}` has no plain equal in uv: rewrite it by hand"))
        for start, end in going:
            yield from without(self.text, item, start, end)

    def _found(self, stage: Stage, item: Instruction, folder: str, argv: list[str], said: str) -> Iterator[Edit]:
        """The search path, where a command installed the project and uv leaves it out, for not all of it is there."""
        installed = argv[0] in MANAGERS and "--no-root" not in argv and "--only-root" not in argv
        installed = installed or any(map(OWN.fullmatch, pip_arguments(tuple(argv)) or []))
        later = [other for other, _ in stage.inside if other.keyword == "RUN" and other.begin > item.begin]
        again = any(installs(words, self.plain) for other in later for words in shell_commands(self.text, other))
        if not installed or again or NO_PROJECT not in said:
            return
        for other in (other for other, _ in stage.inside if other.keyword in ("CMD", "ENTRYPOINT") and other.words):
            if (name := other.words[0].text) in own_scripts(self.project):
                self.told.append((other.line, f"{name} comes with the project: let uv install that once all is copied"))
        if not self.tree.under("src") or "PYTHONPATH" in self._text(stage):
            return
        at = item.end - (self.text[item.end - 1] == "\r")
        yield Edit(at, at, f"{self.newline}ENV PYTHONPATH={folder.rstrip('/')}/src".encode())

    def _cache(self, stage: Stage, item: Instruction) -> Iterator[Edit]:
        """uv's cache kept from build to build, where root builds; another user has it elsewhere."""
        if self._place(stage) == PLACE and "--mount=" not in self._words(item) and item.begin not in self.cached:
            self.told += [] if self.cached else [(item.line, BUILDKIT)]
            self.cached.add(item.begin)
            yield Edit(item.start, item.start, f" {CACHE}".encode())

    def _target(self, stage: Stage, item: Instruction, folder: str, argv: list[str]) -> Target:
        itself = stage.origin.begin in self.installed or self._is_own(stage, item, folder, argv)
        options = [] if itself else [NO_PROJECT]
        options += elsewhere(self.files, self.text, stage, item, folder, self.values)
        if any(map(OWN.fullmatch, pip_arguments(tuple(argv)) or [])) and is_removed(self.text, stage, item, folder):
            options.append("--no-editable")
        table, held = ("project", "optional-dependencies"), self.project.pyproject
        extras = held.get(*table, default={}) if held else {}
        runtime = not wants_tools(self.text, argv, self.tests) and not includes_tools(self.tree.real, argv)
        there = self.plain._replace(extras=frozenset(extras), scripts=self.only, options=tuple(options))
        return there._replace(locked=True, runtime=runtime)

    def _readme(self, stage: Stage, item: Instruction, folder: str, argv: list[str], said: str = "") -> list[Edit]:
        """The COPY of the readme before a manager's command, where the build of the project lacks that alone."""
        builds = said.startswith("uv build") if said else installs_the_project(argv)
        lacks = builds and not self._is_own(stage, item, folder, argv)
        alone = lacks and self._is_own(stage, item, folder, argv, readme=False)
        copies = self.files.copies_of_readme(self.newline).encode("latin-1")
        return [Edit(item.begin, item.begin, copies)] if alone else []

    def _is_own(self, stage: Stage, item: Instruction, folder: str, argv: list[str], *, readme: bool = True) -> bool:
        """Whether a command installs the project, and all that its build needs is there (the readme if asked)."""
        copied = [(other, place) for other, place in stage.inside if other.begin < item.begin]
        copied = [(other, place) for other, place in copied if other.keyword in ("COPY", "ADD")]
        whole = self.files.bring_all(copied, folder, self.values, readme=readme) or any(
            is_whole(other) and reached(place, other.words[-1].text, self.values) == folder for other, place in copied
        )
        pathed = any(other.begin < item.begin and self._searches(other, folder) for other, _ in stage.inside)
        own = pathed or (argv[0] in MANAGERS and "--no-root" not in argv)
        return whole and own and self.files.ship_what_builds(named=pathed)  # a manager needed none: it is let in

    def _said(self, stage: Stage, item: Instruction, folder: str, argv: list[str]) -> str | None:
        said = in_uv(argv, self._target(stage, item, folder, argv))
        said = said + self.moved if said and RUNTIME in said else said
        syncs = said is not None and said.startswith("uv sync") and NO_PROJECT not in said
        later = syncs and comes_later(self.files, self.stages, stage, item)
        self.installed |= {stage.origin.begin} if syncs and not later else set()
        return f"{said} {NO_PROJECT}" if later else said

    def _exported(
        self, item: Instruction, words: Command, files: list[str], options: list[str], said: str, *, builds: bool
    ) -> bytes:
        argv = by_name([word.text for word in words])
        wanted = wants_tools(self.text, argv, self.tests) or any(map(DEVELOPMENT.search, files))
        indexes = ["--emit-index-url"] if self.files.come_from_an_index() else []
        constrains = constraint_files([word.text for word in words])
        gone = tuple(name for name in constrains if self.files.has_gone(name))
        asked = of_lists(files, self.plain.groups)
        export = Export(tuple(files), gone, (*asked, *indexes, *options), tools=wanted, said=said, builds=builds)
        command = export.command(self.text, words)
        if argv[0] in MANAGERS and "--no-hashes" in command:
            self.told.append((item.line, UNHASHED))
        return command.encode()

    def _keeps_environment(self, stage: Stage) -> bool:
        """Whether a later stage copies the environment that lies beside the code, or no other can be made."""
        return keeps_environment(self.text, stage) or lacks_python(self.text, self.stages, stage)
