"""What the commands of a file start in the environment that a sync before them has filled."""

from __future__ import annotations

import re

from trueup.model.python import pin_of
from trueup.model.span import Edit
from trueup.plan.away import Away
from trueup.plan.called_scripts import calls_bare, installs, is_download
from trueup.plan.command_edits import looks_at
from trueup.plan.environment_commands import as_root, place_of, started_from
from trueup.plan.greedy_linters import reads_environment
from trueup.plan.jobs import Jobs
from trueup.plan.uv_commands import Target, in_uv, runs_in_environment, uv_version
from trueup.plan.uv_groups import brought_programs, extras_of, group_option, groups_of, scripts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.model.command_line import CommandLine
    from trueup.model.project import Project

ALWAYS = ("pytest", "uvicorn", "fastapi")
OF_SYSTEM = {"docker", "pulumi", "kubernetes", "minio", "redis"}  # distributions that start no program of that name
SYNC = ("pip", "install", "-r", "requirements.txt")
LAUNCHER = re.compile(rb"py(?:[ \t]+-\d[\d.]*(?:-\d+)?)?(?![\w.-])")


class Starting:
    """The commands of one file, as far as they start something."""

    def __init__(self, project: Project, path: str, data: bytes) -> None:
        self.project, self.path, self.data = project, path, data
        self.edits: list[Edit] = []
        self.told: list[tuple[int, str]] = []
        self.jobs = Jobs(path, data)
        self.has_uv = self.jobs.has_uv()
        self.target = Target(
            extras=extras_of(project),
            groups=groups_of(project),
            scripts=scripts_of(project),
            python=pin_of(project),
        )
        self.target = self.target._replace(setup=not project.tree.has("setup.py"))
        self.synced = ""  # the sync of the job's own environment
        self.beside: set[str] = set()  # what pip installs by name in a job, and uv into the same environment
        declared = {item.name for item in project.requirements}
        self.programs = {*ALWAYS, *declared, *brought_programs(project)} - OF_SYSTEM
        self.started = started_from(project.commands)
        self.python = ""  # for jobs that run with another than the pinned one
        self.away = Away(project, path)

    def starts(self, command: CommandLine, synced: bool) -> bool:
        """Start a program in the environment, and bring uv to a job that calls what syncs; whether the job's own
        environment is there afterwards."""
        called = list(installs(self.project, command)) if command.where == "ci" else []
        if synced and not called:
            self.prefix(command)
        if called and not self.has_uv:
            self.edits.append(Edit(command.start, command.start, f"pip install uv=={uv_version()} && ".encode()))
            self.has_uv = not self.jobs.is_conditional(command)
        own = [
            item
            for item in called
            if not place_of(self.project.tree.read(item.path), item, self.started, self.project.repository)
        ]
        if own and self.python:
            text = f"{own[0].path} syncs with the pinned Python, and this job has another: give it UV_PYTHON"
            self.told.append((command.line, text))
        self.synced = self.synced or (in_uv(SYNC, self.target) or "" if own else "")
        return synced or bool(own)

    def prefix(self, command: CommandLine) -> None:
        """``uv run`` before a program of the environment, and ``uv pip`` for what looks at that."""
        looks, told = looks_at(self.data, command, self.away.environment(command))
        self.edits, self.told = [*self.edits, *looks], [*self.told, *told]
        if looks or told or is_download(self.data, command):
            return
        position = runs_in_environment(command.argv, self.programs | self.beside)
        caller = "" if position is not None else calls_bare(self.project, command, self.programs | self.beside)
        if caller:
            at = self.data.index(caller.encode(), command.start)
            self.edits.append(Edit(at, at, f"uv run{self.away.option(command)}{self.python} ".encode()))
            return
        if position is None:
            self._keep_out(command, command.argv, command.start)  # CI installs it by itself
            return
        at, argv = command.start, command.argv[position:]
        for word in command.argv[: position + 1]:
            at = self.data.index(word.encode(), at) + (0 if word == command.argv[position] else len(word.encode()))
        launched = LAUNCHER.match(self.data, at)  # Windows' knows the environment only where nothing names a Python
        options = self.away.option(command) + self.python + group_option(self.project, self.target.groups, argv)
        said = as_root(self.project.repository, command, position) or f"uv run{options} {argv[0]}"
        end, said = (launched.end(), f"uv run{options} python") if launched else (at + len(argv[0].encode()), said)
        self.edits.append(Edit(at, end, said.encode()))
        self._keep_out(command, argv, at)

    def _keep_out(self, command: CommandLine, argv: Sequence[str], at: int) -> None:
        """Exclude the environment where a linter would read it."""
        linter, option = self.to_keep_out(command, argv)
        if option:
            end = self.data.index(linter.encode(), at) + len(linter)
            self.edits.append(Edit(end, end, option.encode()))

    def to_keep_out(self, command: CommandLine, argv: Sequence[str]) -> tuple[str, str]:
        """The linter that would read the environment of ``uv sync``, and how it is told not to; else that is told."""
        linter, option = reads_environment(self.project.tree, argv) if argv else ("", "")
        if linter and not option:
            self.told.append((command.line, f"`{linter}` looks into .venv, too, which uv makes here: exclude it"))
        return linter, option
