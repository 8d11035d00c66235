"""Into which dependency group a requirement belongs, by evidence."""

from __future__ import annotations

from trueup.model.noun import NamedTuple
from trueup.model.packages import import_names, stub_imported, tool
from trueup.model.starts import started_by_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.packages import Tool
    from trueup.model.project import Project, Requirement
    from trueup.model.source import Import

_TEST_NAMES = ("test", "tests", "testing")
_TOOLING = ("setup.py", "noxfile.py", "fabfile.py", "dodo.py", "tasks.py", "locustfile.py", "conf.py")
_TOOLING_FOLDERS = ("docs", "doc", "benchmarks")
_PRODUCTION = ("dockerfile", "compose", "procfile", "platform", "systemd", "kubernetes")


class Belongs(NamedTuple):
    """The group (``""``: runtime) and, where it differs from the declared one, why."""

    group: str
    reason: str = ""


class Grouping:
    """Sorts the requirements of one project; ``names`` are the groups that there are already."""

    def __init__(self, project: Project, names: set[str]) -> None:
        self.project = project
        self.test = next((name for name in _TEST_NAMES if name in names), "test")
        self.tested = {name for name, _ in _imports(project, tests=True)}
        self.started = started_by_code(project)
        self.used = {name for name, _ in _imports(project, tests=False)}

    def of(self, item: Requirement) -> Belongs:
        """Where ``item`` belongs. Only tools move, only out of runtime (or test tools out of ``dev``)."""
        published = self.project.kind == "library" and not item.group  # what it requires is its own to say
        known = None if item.is_extra or published else tool(item.name)
        if known is None or item.group not in ("", "dev"):
            return Belongs(item.group)
        group = self.test if known.group == "test" else known.group
        if item.group == "dev":
            split = known.group == "test" and not known.tests
            return Belongs(group, "a test tool; dev includes the group") if split else Belongs("dev")
        stays = self._needed_at_run_time(item, known)
        if stays:
            return Belongs("", stays)
        if known.tests:
            return Belongs(group, "only tests need it") if self._tests_need(item, known) else Belongs("")
        return Belongs(group, f"a {group} tool that no code of the application imports")

    def imports(self, module: str) -> bool:
        """Whether any code of the project imports a module."""
        return _within(module, self.used | self.tested)

    def _needed_at_run_time(self, item: Requirement, known: Tool) -> str:
        """Why a tool stays among the runtime dependencies; ``""`` where nothing keeps it there."""
        for module in import_names(item.name):
            if _within(module, self.used):
                return f"imported by {self._importer(module)}"
        if stub := stub_imported(item.name, sorted(self.used)):
            return f"{stub.partition('.')[0]} is imported by {self._importer(stub)}"
        if any(_within(module, self.used) for module in known.kept_by):
            return "a runtime dependency uses it without declaring it"
        if item.name in self.started:
            return f"started by {self.started[item.name]}"
        for command in self.project.commands:
            if command.where in _PRODUCTION and _runs(command.argv, item.name):
                return f"run by {command.path}"
        return ""

    def _tests_need(self, item: Requirement, known: Tool) -> bool:
        return any(_within(module, self.tested) for module in (*import_names(item.name), *known.wanted_by))

    def _importer(self, module: str) -> str:
        return next(path for name, path in _imports(self.project, tests=False) if _within(module, {name}))


def _imports(project: Project, *, tests: bool) -> Iterator[tuple[str, str]]:
    """Dotted names that test code (else the program itself) imports at run time, with the file."""
    for path, source in project.sources.items():
        if project.is_test(path) == tests and (tests or not _is_tooling(path)):
            for statement in source.imports:
                if statement.level == 0 and (tests or statement.inside != "typing"):
                    yield from ((name, path) for name in _names(statement))


def _names(statement: Import) -> Iterator[str]:
    for target in statement.targets():
        yield target
        if statement.is_from:
            yield from (f"{target}.{name}" for name, _ in statement.names)


def _within(module: str, names: set[str]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for name in names)


def _is_tooling(path: str) -> bool:
    """Whether a file serves the repository, by its place at the root: ``app/tasks.py`` and ``app/docs`` are code."""
    top, below, _ = path.partition("/")
    return top in _TOOLING_FOLDERS if below else top in _TOOLING


def _runs(argv: tuple[str, ...], name: str) -> bool:
    """Whether a command line starts the tool ``name`` (``black .``, ``python -m pytest``, ``uv run ruff``)."""
    words = list(argv)
    if words[1:2] == ["run"]:
        words = words[2:]
    if "-m" in words[:3]:
        words = words[words.index("-m") + 1 :]
    program = words[0].rpartition("/")[2] if words else ""
    return program in (name, name.replace("-", "_"))
