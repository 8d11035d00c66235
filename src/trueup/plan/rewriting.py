"""The commands of one file rewritten to uv by exact spans, in their order."""

from __future__ import annotations

import re

from trueup.model.command_line import MANAGERS, pip_arguments
from trueup.model.indexes import masked
from trueup.model.names import normal
from trueup.model.span import Edit, shortened, splice
from trueup.plan.called_scripts import actions_in
from trueup.plan.ci_python import python_of
from trueup.plan.ci_setup import actions, caches
from trueup.plan.command_edits import brought, dropped, externals, repeats, split_names, tested, without
from trueup.plan.document_environments import made_one
from trueup.plan.drawn_jobs import drawn
from trueup.plan.environment_commands import (
    ACTIVE,
    ENV_FILE,
    RUN,
    defined,
    dropped_behind,
    fills_in_tox,
    folder_of,
    hands_over_variables,
    into,
    is_listed,
    left_empty,
    needs,
    piped,
    place_of,
    spelled_out,
    stands,
)
from trueup.plan.image_export import loses
from trueup.plan.others import UNREAD, is_other, jobs_around, lines_of_others, needed_by_others, shared, unread
from trueup.plan.services import FOR_A_USER, Images
from trueup.plan.starting import SYNC, Starting
from trueup.plan.uv_commands import (
    PIP_OPTIONS,
    Target,
    beyond,
    in_uv,
    is_for_tools,
    is_foreign,
    unsaid,
    uv_version,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.model.command_line import CommandLine
    from trueup.model.project import Project

LOCKED = ("compose", "ci", "platform", "devcontainer")
PREFIXED = ("ci", "shell", "make", "just", "readme", "platform", "compose", "devcontainer")
GIVEN = re.compile(r"""(?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|[^\s"'])*\s+)*""")  # variables before a command
SEEDS = re.compile(r"[^;&|]*\binstall(?:[ \t]+(?:-U|--upgrade|-q|--quiet|pip|setuptools|wheel))+")
# The environment that tox made stays, whatever `.python-version` says, and so does what `deps` has put into it.
OF_TOX = " --inexact --python {envpython}"
# What is installed for others to import it, and not to be started.
LIBRARY = re.compile(r"(?:pytest|types|flake8|pylint|mypy|sphinx|mkdocs|django|pydantic)-.+|.+-stubs|httpx|anyio|trio")
INSTALL = re.compile(rb"\binstall\b")
PINNED = re.compile(r"[\"']?([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*[=<>~!@]")
NAME = re.compile(r"[\"']?([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?(\s*[=<>~!@])?")
CALLED = re.compile(rb"(?<!&)&[ \t]*\Z")
UNKNOWN = re.compile(r"uv version \"(?=[^\"]*\$)(?![^\"]*(?i:tag|ref))")  # what Poetry may have been told to bump
CALLS_UV = re.compile(r"\buv (?:sync|run|build|version|lock|export|pip|add|remove|tree)\b")


class Rewriting(Starting):
    """The commands of one file that is no Dockerfile, in their order."""

    def __init__(self, project: Project, path: str, data: bytes) -> None:
        super().__init__(project, path, data)
        mine = (item for item in project.commands if item.path == path and stands(data, item))
        self.commands = [spelled_out(item, data.decode("utf-8", "replace")) for item in mine]
        self.images = Images(project, data, self.commands)
        self.known: set[str] = set()  # what is told once in a file
        self.others = jobs_around(project, path, data) | {*map(self.jobs.at, lines_of_others(project, path).values())}
        found = () if needed_by_others(project, path, data) else (*actions(path, data), *caches(path, data))
        self.set_up = [edit for edit in found if self.jobs.at(edit.start) not in self.others]
        self.idle: list[CommandLine] = []  # what is for pip's own sake, in environments that uv fills
        self.filled: dict[tuple[int, str], str] = {}  # how uv has filled others than its own environment, by the job
        self.pending = ""  # the same, which waits for a sync
        self.within, self.additive = 0, False  # where the container ends in which a sync stood last
        self.lean = -1  # where the last command in an image begins that has the environment without the project
        self.shared = ""  # the sync that a job has from elsewhere in the file
        self.refused: list[tuple[int, str]] = []

    def result(self) -> tuple[bytes, list[tuple[int, str]]]:
        """The bytes afterwards, and what could not be said in uv."""
        synced, section = False, -1
        for position, command in enumerate(self.commands):
            self.away.see(command)
            if any(edit.start < command.start < edit.end for edit in self.edits):
                continue  # what a command was given that is another one now
            here = self.jobs.section(command)
            if here != section:  # another machine
                around = drawn(self.jobs, here)
                self.shared = next(filter(None, map(self._sync_of, around)), "") or self._sync_by_action(here)
                synced, section = bool(self.shared) or any(map(self._syncs, self.commands)), here
                self.synced = self.shared
                self.python, self.refused = python_of(self.project, self.jobs, here)
                self.told += self.refused if self.shared else []
                self.has_uv = bool(self.shared) or any(map(self.jobs.brings_uv, [here, *around]))
                self.beside, self.pending = set(), ""
            above = (edit.text for edit in self.set_up if here <= edit.start < command.start)
            self.has_uv = self.has_uv or any(b"setup-uv" in text for text in above)
            if is_other(self.project, command) or self._is_for_tools(command, here):
                self.told += shared(self.project, command)
                self.idle += [command] if self._place(command) and SEEDS.fullmatch(command.text) else []
                continue
            said = in_uv(command.argv, self.target._replace(locked=command.where in LOCKED))
            listed = is_listed(command)
            if self._in_image(position, said or ""):
                continue
            if said is not None and listed:
                self._ask(command)
            elif said and self._repeats(position, said):
                self.told += [(command.line, text) for text in unsaid(command.argv, self.project)]
                self._replace(command, "")
            elif said is not None and self._keeps_more(position, said):
                synced = self._replace(command, said) or synced
            elif is_foreign(command.argv, self.target) or pip_arguments(command.argv) is not None:
                if listed:
                    self._ask(command)
                    continue
                place = self._place(command)
                before = self.filled.get((here, place), "") if place else self.synced
                self._install(position, before, "" if before else self._synced_behind(position))
            elif command.where in PREFIXED and not listed:
                synced = self.starts(command, synced)
        self._finish()
        return splice(self.data, [*self.edits, *self.set_up]), self.told

    def _is_for_tools(self, command: CommandLine, section: int) -> bool:
        """Whether a command puts in only tools, for which no uv comes, or that another project of the job needs."""
        said = in_uv(command.argv, Target())
        needed = section in self.others and command.where != "readme" and "install uv==" in (said or "")
        return needed or (said is None and is_for_tools(command.argv))

    def _finish(self) -> None:
        """What hangs on the commands that were rewritten: targets, what pip was for, variables, what tox allows."""
        if any(b"uv sync" in edit.text for edit in self.edits):
            self.edits += needs(self.data, self.project.tree.has) if self.commands[0].where == "make" else ()
            filled = {place for _, place in self.filled}
            for item in [item for item in self.idle if self._place(item) in filled]:
                gone = dropped(self.data, item.start, item.end, self.edits)
                self.edits += [gone] if gone else []
        if all(item.where == "readme" and not is_other(self.project, item) for item in self.commands):
            self.edits += list(made_one(self.data, self.edits))
        # `commands = poetry run x` of tox is no variable
        held = defined(self.data, self.target.scripts, self.project.tree)
        self.edits += [edit for edit in held if not any(item.start < edit.end <= item.end for item in self.commands)]
        self.edits += externals(self.data) if self.edits else ()

    def _sync_of(self, section: int) -> str:
        """The sync that a section of the file, from which jobs draw, runs; ``""`` for none."""
        for command in self.commands:
            if self.jobs.section(command) == section and not self._place(command):
                said = in_uv(command.argv, self.target._replace(locked=True)) or ""
                if said.startswith("uv sync") and not is_other(self.project, command):
                    return said
        return ""

    def _sync_by_action(self, section: int) -> str:
        """The sync of an action of the repository's that a job uses; ``""`` for none."""
        used = actions_in(self.project, self.path, self.data[section : self.jobs.end(section)])
        found = (in_uv(item.argv, self.target) or "" for item in self.project.commands if item.path in used)
        return next((said for said in found if said.startswith("uv sync")), "")

    def _syncs(self, command: CommandLine) -> bool:
        """Whether a target that is run before others, wherever it stands, makes the environment that uv runs in."""
        said = in_uv(command.argv, self.target) if command.where in ("make", "just") else ""
        if not said or not said.startswith("uv sync") or command in self.images.contained:
            return False
        return not self._place(command) and not is_other(self.project, command)

    def _place(self, command: CommandLine) -> str:
        return place_of(self.data, command, self.started, self.project.repository)

    def _ask(self, command: CommandLine, words: Sequence[str] = ()) -> None:
        text = " ".join(words) or command.text
        self.told.append((command.line, f"`{masked(text)[:70]}` has no plain equal in uv: rewrite it by hand"))

    def _install(self, position: int, before: str, behind: str) -> None:
        """Take the names out that the job's ``uv sync`` brings, and have uv install the others into its environment.

        The sync stands ``before`` the command or ``behind`` it, where they wait for it.
        """
        command = self.commands[position]
        known = brought(self.project, before or behind)
        there, others = split_names(command, known)
        found = [hit for word in pip_arguments(command.argv) or () if (hit := NAME.match(word))]
        managers = [hit.string for hit in found if hit[1] in MANAGERS] if before or behind else []
        there += [word for word in managers if word not in there]
        names = {normal(hit[1]) for hit in found}.difference(there, MANAGERS if managers else ())
        others = [*names] if managers else others
        fixed = {normal(hit[1]) for hit in found if hit[2]}
        # `uv run` would go back to what the lock says; a program of another name would be found no more
        fits = known.isdisjoint(fixed) and self.jobs.started_after(self.commands, position).issuperset(
            name for name in names - known if not LIBRARY.fullmatch(name)
        )
        said = self._beside(command) if (before or behind) and fits else ""
        rest = list(without(self.data, command, there))
        if said and names:
            self.beside |= names
            end = INSTALL.search(self.data, command.start).end()  # type: ignore[union-attr]
            words = splice(self.data[: command.end], rest)[end:].decode("utf-8", "replace")
            if before:
                given = GIVEN.match(command.text)
                start = command.start + (len(given[0].encode()) if given else 0)
                self.edits += [Edit(start, end, said.encode()), *rest]
                return
            self.pending += f" && {said}{words}"
        if said or (there and not others):
            gone = dropped_behind(self.data, self.commands[max(position - 1, 0)], command, self.edits)
            target = self.target._replace(locked=command.where in LOCKED)
            self._replace(command, "" if gone else in_uv(SYNC, target) or "")
            return
        self.edits += rest
        if before or behind or command.where != "ci" or is_foreign(command.argv, self.target):
            self._ask(command, [word for word in command.text.split() if word not in there])

    def _keeps_more(self, position: int, said: str) -> bool:
        """Have uv install, behind a sync, what the command has pip install besides; whether it may be replaced."""
        command = self.commands[position]
        self.additive = bool(self.beside) and not self.pending  # an exact sync would take that away
        known = brought(self.project, said)
        more = [command.argv[at] for at in beyond(command.argv)] if said.startswith("uv sync") else []
        names = {word: normal(found[1]) for word in more if (found := NAME.fullmatch(word) or PINNED.match(word))}
        more = [word for word in more if names.get(word) not in known or PINNED.match(word)]
        if any("$" in word or (word[:2] == "//" and command.where != "readme") for word in more):
            self._ask(command)
            return False
        remarks = "".join(f" {word}" for word in more if word[:2] == "//")
        written = [re.search(rf"[\"']?{re.escape(word)}[\"']?", command.text) for word in more if word[:2] != "//"]
        lists = unread(self.project, command.argv) if said.startswith("uv sync") else []
        self.told += [(command.line, UNREAD.format(name)) for name in lists]
        words = " ".join([*(found[0] for found in written if found), *(f"-r {name}" for name in lists)])
        if words:
            self.pending += f" && {self._beside(command, alone=False)} {words}"
            self.beside.update([*(names[word] for word in more if word in names), *lists])
        self.pending += remarks
        return True

    def _beside(self, command: CommandLine, *, alone: bool = True) -> str:
        """How uv installs into the environment of a sync what a command has pip install; ``""`` where it cannot."""
        arguments, place = pip_arguments(command.argv) or ["-r"], self._place(command)
        flags = {word.split("=")[0] for word in arguments if word.startswith("-")}
        if alone and ("\\" in place or flags - PIP_OPTIONS or command.where not in {*PREFIXED} - {"readme"}):
            return ""
        away = self.away.environment(command)
        folder = away or ("" if place in ("", ACTIVE) else folder_of(command.argv))
        return "uv pip install" + (f" --python {folder}" if folder else "")

    def _synced_behind(self, position: int) -> str:
        """The ``uv sync`` that the same job's installations go on to; ``""`` for none."""
        section = self.jobs.section(self.commands[position])
        for command in self.commands[position + 1 :]:
            said = in_uv(command.argv, self.target) or ""
            if said.startswith("uv sync") or self.jobs.section(command) != section:
                same = self._place(command) == self._place(self.commands[position])
                waits = same and not is_other(self.project, command) and not is_listed(command)
                return said if said.startswith("uv sync") and waits else ""
            if pip_arguments(command.argv) is None and not tested(command):
                return ""
        return ""

    def _replace(self, command: CommandLine, said: str) -> bool:
        """Put uv's words in the place of the command's; whether an environment is there afterwards."""
        if not said:
            start = command.start
            if self.edits and not self.edits[-1].text and self.edits[-1].end == start:
                start = self.edits.pop().start  # a neighbour that went, too
            gone = dropped(self.data, start, command.end, self.edits)
            if gone is None:
                self._ask(command)
            else:
                self.edits.append(gone)
            return False
        place = self._place(command)
        said = self._optioned(command, place, said)
        if UNKNOWN.match(said):
            self.told.append((command.line, f"`{said}` takes no patch, minor or major there, but as `--bump patch`"))
        words = self.data[command.start : command.end].decode("utf-8", "replace")
        if said.startswith("uv sync"):
            said, self.pending = into(said + self.python, place, command, self.data) + self.pending, ""
            empty = left_empty(self.data, command, self.commands, self.project.repository)
            text = f"what {empty} holds is started later, and `uv sync` fills .venv: give it UV_PROJECT_ENVIRONMENT"
            self.told += [(command.line, text)] if empty else []
        if said.startswith("uv pip ") and "run" in command.argv:
            said = piped(words)
        elif (given := GIVEN.match(words)) and not said.startswith("uv run "):
            said = given[0] + said
        if said.startswith("uv run "):
            filled = fills_in_tox(self.project, self.data, command)  # it starts what is in its own
            into_run = "" if filled else rf"uv\g<gap>run{self.python}\g<behind>"
            said = RUN.sub(into_run, words, count=1)
            argv = command.argv[command.argv.index("run") + 1 :]
            if "pipenv" in command.argv[:2] and hands_over_variables(self.project) and ENV_FILE not in self.known:
                self.known.add(ENV_FILE)
                self.told.append((command.line, ENV_FILE))
            linter, option = self.to_keep_out(command, argv)
            said = re.sub(rf"\b{linter}\b", f"{linter}{option}", said, count=1) if option else said
        if CALLS_UV.search(said) and command.where in LOCKED and not self.has_uv:
            said = f"pip install uv=={uv_version()} && {said}"
        self.has_uv = self.has_uv or ("install uv==" in said and not self.jobs.is_conditional(command))
        called = CALLED.search(self.data, 0, command.start) if said.startswith("$env:") else None  # & of PowerShell
        edit = Edit(called.start() if called else command.start, command.end, said.encode())
        self.edits.append(shortened(self.data, edit) if "run" in command.argv else edit)
        self._fill(command, place, said)
        self.told += self.refused if "uv sync" in said else []
        return said.endswith(f"install uv=={uv_version()}") or ("uv sync" in said and not place)

    def _in_image(self, position: int, said: str) -> bool:
        """Say what a service or a container starts as its image has it; whether nothing is left to do."""
        command = self.commands[position]
        found = self.images.of(command, said)
        if found is None:
            return False
        self.told += [(command.line, found.told)] if found.told else []
        self.lean = command.start if found.lean else -1
        if found.edit:
            self.edits.append(found.edit)
        elif found.asks or (found.apart and said and not self._keeps_more(position, said)):
            self._ask(command)
        elif found.apart and said:
            outside, self.has_uv = (self.has_uv, self.synced), found.has_uv
            if found.of_a_user and not self.has_uv and command.where in LOCKED:
                self.told.append((command.line, FOR_A_USER))
            self._replace(command, said)
            into_it = f"uv pip install --python {found.place} ".encode() if found.place else b"uv pip install "
            self.edits[-1:] = [
                each._replace(text=each.text.replace(b"uv pip install ", into_it)) for each in self.edits[-1:]
            ]
            self.within = found.end if said.startswith("uv sync") and not found.has_programs else self.within
            self.has_uv, self.synced = outside
        elif found.apart and command.end <= self.within and command.where in PREFIXED:
            self.prefix(command)  # what was installed in the same container is on no PATH
        elif not found.apart:
            self.has_uv = self.has_uv or found.has_uv
        return bool(found.edit or found.asks or found.apart)

    def _repeats(self, position: int, said: str) -> bool:
        """Whether the command right before is the same sync, which brings what two lists named, and this one may go."""
        before, command = self.commands[position - 1 if position else 0], self.commands[position]
        if not said.startswith("uv sync") or self.pending or self.beside or is_other(self.project, before):
            return False
        if unread(self.project, command.argv):
            return False
        same = in_uv(before.argv, self.target._replace(locked=before.where in LOCKED)) == said
        return same and self._place(before) == self._place(command) and repeats(self.data, before, command, self.edits)

    def _optioned(self, command: CommandLine, place: str, said: str) -> str:
        """A sync with the options of its place."""
        if not said.startswith("uv sync"):
            return said
        self.told += [(command.line, text) for text in unsaid(command.argv, self.project)]
        said += self.away.option(command) + (f" {ACTIVE}" if place == ACTIVE else "")
        said += " --no-install-project" if self.lean == command.start else ""
        keeps = self.additive or (not place and command.where in ("ci", "shell") and loses(self.synced, said))
        return said + (OF_TOX if command.where == "tox" else " --inexact" if keeps else "")

    def _fill(self, command: CommandLine, place: str, said: str) -> None:
        """Keep in mind which environment a sync has filled."""
        if "uv sync" in said and place:
            self.filled[self.jobs.section(command), place] = said
        elif "uv sync" in said:
            self.synced = said
