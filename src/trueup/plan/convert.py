"""Manifests to one ``pyproject.toml``, with a ledger: every source line has exactly one fate."""

from __future__ import annotations

from posixpath import basename, normpath

from trueup.errors import PlanRefused
from trueup.model.change import Change, Remove, Write
from trueup.model.command_line import constraint_files, pip_arguments, requirement_files
from trueup.model.lists import image_beside
from trueup.model.names import normal, valid
from trueup.model.plan import LedgerRow, Question
from trueup.model.versions import EVERY_PATCH
from trueup.plan.accounts import Accounts
from trueup.plan.backend import is_replaced, write_build
from trueup.plan.exports import exported_versions, stale_exports
from trueup.plan.groups import Grouping
from trueup.plan.lowered import Lowered
from trueup.plan.merge import Item, Merged
from trueup.plan.metadata import write_metadata
from trueup.plan.pins import pins
from trueup.plan.pyproject_writer import Line, Pyproject
from trueup.plan.still_read import packed_from, still_read
from trueup.plan.uv_commands import Target, in_uv
from trueup.plan.uv_settings import write_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trueup.model.document import Route
    from trueup.model.operation import ConvertManifests
    from trueup.model.project import Lock, Manifest, Project
    from trueup.model.tree import Tree

PATH = "pyproject.toml"
_SHOWN = 3  # packages that a question names
TABLES = {
    "poetry": ("tool", "poetry"),
    "pdm": ("tool", "pdm"),
    "rye": ("tool", "rye"),
    "flit": ("tool", "flit"),
    "hatch": ("tool", "hatch", "envs"),
}
SETTINGS = (("poetry", "poetry.toml"), ("pdm", "pdm.toml"), ("pdm", ".pdm.toml"))  # that lie beside the manifest
_FIRST = (
    *("poetry", "pdm", "rye", "flit", "setup.py", "setup.cfg", "pipfile", "hatch", "requirements", "constraints"),
    "conda",
)


def convert(project: Project, tree: Tree, operation: ConvertManifests) -> Lowered:
    """One ``[project]`` from all sources of ``operation`` (none named: from every manifest there is).

    Raises ``PlanRefused`` when ``pyproject.toml`` cannot be read, or a line would be left without a fate.
    """
    return Conversion(project, tree, operation).lowered()


class Conversion:
    """One conversion while it is being made; ``file`` is pyproject.toml, ``accounts`` the ledger."""

    def __init__(self, project: Project, tree: Tree, operation: ConvertManifests) -> None:
        self.project = project
        self.tree = tree
        self.code = operation.code
        self.unsaid = operation.unsaid
        manifests = project.manifests
        wanted = set(operation.sources) or {item.path for item in manifests}
        self.base = next((item for item in manifests if item.format == "pyproject"), None)
        if self.base and self.base.error:
            raise PlanRefused(f"{PATH} cannot be read", self.base.error)
        self.broken = [item for item in manifests if item.error and item.path in wanted]
        self.sources = sorted(
            (item for item in manifests if item.path in wanted and item.format != "pyproject" and not item.error),
            key=lambda item: (_FIRST.index(item.format), bool(item.groups), item.path.rpartition(".")[0], item.path),
        )
        self.regroup = PATH in wanted
        self.locks = _replaced_locks(project, self.sources, operation.sources)
        self.old = tree.text(PATH) if tree.has(PATH) else ""
        self.file = Pyproject(self.old)
        self.accounts = Accounts(tree, self.sources)
        going = [source for source in self.sources if self.accounts.is_settled(source.path)]
        lists = [source.path for source in going if source.format in ("requirements", "constraints")]
        self.accounts.needed = still_read(tree, lists, [source.path for source in going])
        built = {path: image_beside(project, path) for path in lists}
        self.accounts.needed |= {
            path: f"the image beside it installs from it ({by})" for path, by in built.items() if by
        }
        self.accounts.needed |= dict(_constrained(project, lists))
        self.was_built = self.file.get("build-system") is not None
        self.asked: list[tuple[str, str]] = []  # what a person must look at, and the file that it is about

    def lowered(self) -> Lowered:
        """All changes, with the account of every line."""
        merged = self._merge()
        if self.sources and not self.locks and not any(_says(source) for source in self.sources):
            return Lowered((), self.accounts.ledger(merged, self.file, self.broken, (), ()))
        self._clear()
        write_build(self)
        write_metadata(self)
        self._write_requirements(merged)
        write_settings(self, merged)
        changes = self._changes()
        ledger = self.accounts.ledger(merged, self.file, self.broken, self.locks, changes)
        asked = (Question(self.code, text, "", path) for text, path in self.asked)
        unsaid = (Question(self.code, text, "", path, line) for text, path, line in self.unsaid)
        told = (*self._outdone(merged), *self._left_out(merged), *self._packed(), *self._settings())
        questions = (*self._questions(ledger), *told, *asked, *unsaid)
        without = {merged.own_name, *(item.name for item in merged.left_out)}
        kept = tuple(pin for pin in pins(self.project, self.sources, self.locks) if pin.name not in without)
        return Lowered(changes, ledger, kept, questions)

    def _merge(self) -> Merged:
        groups = {name for item in (self.base, *self.sources) if item for name in item.groups}
        lock = self.project.lock
        direct = any(item.requirements for item in (self.base, *self.sources) if item and item.format != "requirements")
        locked: dict[str, set[str]] = {}
        for each in (lock,) if lock else self.locks:  # where uv.lock is there already, no other is looked at
            for package in each.packages:
                locked.setdefault(package.name, set()).add(package.version)
        grouping = Grouping(self.project, groups)
        by_lock = bool(locked)
        if direct and not by_lock:
            locked = self._exported(grouping)
        given = [self.file.get("project", "name"), *(source.metadata.get("name") for source in self.sources)]
        name = next((found for found in given if isinstance(found, str)), self.project.name)
        merged = Merged(grouping, normal(valid(name)), locked)
        if self.base:
            merged.declare(self.base.requirements, regroup=self.regroup)
        stale = frozenset[str]()
        if direct and by_lock:
            stale = stale_exports(self.project, self.tree, self.sources, self.accounts.needed)
        planned = lock is not None and self.tree.has(lock.path) and self.tree.entries[lock.path].pending
        known = [item for manifest in self.project.manifests for item in manifest.requirements if item.is_extra]
        for source in self.sources:
            listed = direct and source.format == "requirements"
            again = listed and planned and source.path in self.accounts.needed
            merged.add(source, direct_known=listed, stale=source.path in stale, again=again)
            merged.add_own_extras(source, known)
        return merged

    def _clear(self) -> None:
        """Take the tables out whose content now stands in the standard ones; what nobody could read stays."""
        remarks = {
            line.line for item in self.sources if item.path == PATH for line in item.lines if line.kind == "comment"
        }
        lines = enumerate(self.old.splitlines(keepends=True), 1)
        self.file.text = "".join(t for n, t in lines if n not in remarks or not t.lstrip().startswith("#"))
        for source in self.sources:
            table = TABLES.get(source.format)
            if table is None or self.file.get(*table) is None:
                continue
            self._prune(table, self.accounts.kept_keys(source, table))
            self.file.drop_empty_headers(table)
        if self.was_built and is_replaced(self):
            self.file.remove(("build-system",))
            reason = "it reads the tables that go; the new backend builds the same package from [project]"
            self.accounts.notes["build-system",] = ("merged", f"{PATH} build-system", reason)
        self.file.text = self.file.text.lstrip("\r\n")

    def _prune(self, table: tuple[str, ...], kept: list[Route]) -> None:
        """Remove what lies below ``table``, save for the keys ``kept``."""
        if not any(route[: len(table)] == table for route in kept):
            self.file.remove(table)
        elif isinstance(self.file.get(*table), dict) and table not in kept:
            for key in self.file.get(*table):
                self._prune((*table, key), kept)

    def _write_requirements(self, merged: Merged) -> None:
        runtime = [item for item in merged.items if not item.group]
        if self.file.get("project", "dependencies") is None and not self._is_dynamic("dependencies"):
            self.file.set(("project", "dependencies"), [])
        for item in merged.items:
            if item.text:
                self.file.replace(_route(item), item.text, item.requirement.text)
        self._move_declared(merged)
        self.file.extend(("project", "dependencies"), map(_line, (item for item in runtime if item.is_new)))
        extras = [item for item in merged.items if item.is_extra and item.is_new]
        for name in dict.fromkeys(item.group for item in extras):
            self.file.extend(_route(extras[0]._replace(group=name)), (_line(i) for i in extras if i.group == name))
        empty = (source.metadata.get("optional-dependencies") for source in self.sources)
        for name in (name for names in empty if isinstance(names, dict) for name in names):
            self.file.set_default(("project", "optional-dependencies", name), [])
        self._write_groups([item for item in merged.items if item.group and not item.is_extra])

    def _move_declared(self, merged: Merged) -> None:
        """Tools that pyproject.toml itself declared at run time leave that list."""
        for item in merged.items:
            if item.is_new and item.requirement.path == PATH and item.requirement.group == "" and item.group:
                self.file.discard(("project", "dependencies"), item.requirement.text)

    def _write_groups(self, items: list[Item]) -> None:
        """The groups, ``dev`` first; ``dev`` includes the group of the tests."""
        includes = {name: list(inner) for source in self.sources for name, inner in source.groups.items()}
        names = [item.group for item in items if item.is_new]
        names += [name for source in self.sources for name in source.groups if includes[name]]
        tests = next((item.group for item in items if item.is_new and item.group in ("test", "tests", "testing")), "")
        declared = self.file.get("dependency-groups") or {}
        if tests and tests not in declared and "dev" not in includes.get(tests, ()):
            includes.setdefault("dev", [])
            if tests not in includes["dev"]:
                includes["dev"].append(tests)
            names.append("dev")
        order = {"dev": 0, "test": 1, "tests": 1, "testing": 1}
        for name in sorted(dict.fromkeys(names), key=lambda found: order.get(found, 2)):
            known = [entry.get("include-group") for entry in declared.get(name, []) if isinstance(entry, dict)]
            there = [inner for inner in includes.get(name, []) if inner in names or inner in declared]
            wanted = [Line({"include-group": inner}) for inner in there if inner not in known]
            lines = [*wanted, *(_line(item) for item in items if item.group == name and item.is_new)]
            self.file.extend(("dependency-groups", name), lines)

    def _is_dynamic(self, key: str) -> bool:
        return key in (self.file.get("project", "dynamic") or [])

    def _changes(self) -> tuple[Change, ...]:
        changes: list[Change] = []
        if self.file.text != self.old:
            changes.append(Write(PATH, self.file.text.encode()))
        done = [source.path for source in self.sources if source.path != PATH and self.accounts.is_settled(source.path)]
        rest = {path: left for path in done if (left := self.accounts.rest(path))}
        changes += [Write(path, left.encode()) for path, left in rest.items() if left != self.tree.text(path)]
        gone = [*(path for path in done if path not in rest), *(lock.path for lock in self.locks)]
        changes += [Remove(path) for path in dict.fromkeys(gone) if self.tree.has(path)]
        return tuple(changes)

    def _exported(self, grouping: Grouping) -> dict[str, set[str]]:
        """The versions of Poetry's exports, which stand for the lock that is not there."""
        manifests = [item for item in (self.base, *self.sources) if item]
        declared = {item.name for each in manifests if each.format != "requirements" for item in each.requirements}
        locked: dict[str, set[str]] = {}
        for path, versions in exported_versions(self.project, manifests, grouping).items():
            beyond = sorted(versions.keys() - declared)
            for name, version in versions.items():
                locked.setdefault(name, set()).add(version)
            if beyond:
                text = f"an export of what pyproject.toml declares: {len(beyond)} that only it names"
                named = f"({', '.join(beyond[:3])}{', ...' if beyond[3:] else ''})"
                more = (
                    "go into uv.lock at its versions, where something needs them: `uv add` what the project does itself"
                )
                self.asked.append((f"{text} {named} {more}", path))
        return locked

    def _outdone(self, merged: Merged) -> Iterator[Question]:
        """A list whose versions are not those of the lock: what pip installed from it is not what uv will."""
        lock = self.project.lock.path if self.project.lock else ", ".join(lock.path for lock in self.locks)
        for path in dict.fromkeys(item.path for item in merged.outdone):
            said = [f"{item.name} {item.pin}" for item in merged.outdone if item.path == path]
            more = f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
            text = f"{lock} has other versions than this list ({', '.join(said[:_SHOWN])}{more}), and wins"
            yield Question(self.code, text, "", path, merged.outdone[0].line)

    def _left_out(self, merged: Merged) -> Iterator[Question]:
        """What stale exports alone name, all of it: somebody may have needed it."""
        for path in dict.fromkeys(item.path for item in merged.left_out):
            items = [item for item in merged.left_out if item.path == path]
            named = ", ".join(f"{item.name} {item.pin}" for item in items)
            text = f"an old export, which nothing installs: the lock and the code do not know {named}; left out"
            yield Question(self.code, text, "`uv add` what is needed after all", path, items[0].line)

    def _packed(self) -> Iterator[Question]:
        """A plugin of Serverless that installs by the lock which goes."""
        for lock in self.locks:
            if path := packed_from(self.tree, lock.path):
                text = f"serverless-python-requirements packs what {lock.path} lists, which goes"
                yield Question(self.code, text, "have it read what `uv export` writes", path)

    def _settings(self) -> Iterator[Question]:
        """Settings of a manager that is gone."""
        for format_, path in SETTINGS:
            if any(source.format == format_ for source in self.sources) and self.tree.has(path):
                yield Question(self.code, f"{path} stays, and nothing reads it any more", "take it away", path)

    def _questions(self, ledger: tuple[LedgerRow, ...]) -> list[Question]:
        return [
            Question(self.code, f"{row.text}: {row.reason}", "", row.path, row.line)
            for row in ledger
            if row.reason == EVERY_PATCH or (row.fate == "needs-you" and not row.reason.startswith("goes on"))
        ]


def _constrained(project: Project, lists: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The lists that commands constrain by which go on installing by pip, each with one of those."""
    for command in project.commands:
        arguments = pip_arguments(command.argv) or []
        if requirement_files(arguments) or in_uv(command.argv, Target()) is not None:
            continue
        for name in constraint_files(arguments):
            place = f"/{normpath(name)}"
            yield from (
                (path, f"pip goes on constraining by it ({command.path}:{command.line})")
                for path in lists
                if place.endswith(f"/{path}") or basename(place) == path
            )


def _replaced_locks(project: Project, sources: list[Manifest], named: Iterable[str]) -> list[Lock]:
    """The locks whose manifest is converted, or that are ``named``: uv.lock takes their place."""
    formats = {"pip-tools" if item.format == "requirements" else item.format for item in sources}
    return [lock for lock in project.old_locks if (lock.format in formats or lock.path in named) and not lock.error]


def _says(source: Manifest) -> bool:
    """Whether anything could be read from a source (an empty file says all it has)."""
    unread = any(line.kind == "unreadable" for line in source.lines)
    return not unread or bool(source.requirements or source.metadata or source.uv or source.groups)


def _route(item: Item) -> tuple[str, ...]:
    if not item.group:
        return ("project", "dependencies")
    return ("project", "optional-dependencies", item.group) if item.is_extra else ("dependency-groups", item.group)


def _line(item: Item) -> Line:
    return Line(item.requirement.text, item.above, item.requirement.comment, item.below)
