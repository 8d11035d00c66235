"""Settings that lie in files of their own move into pyproject.toml, and nothing changes in what is in force.

Of the files in which a tool looks for its settings, only one counts. Its settings move; what the others
say is dead, and is dropped with a line that says so, for it would come to life otherwise.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import getitem

from trueup.errors import PlanRefused
from trueup.model.change import Write
from trueup.model.plan import LedgerRow, Question
from trueup.model.versions import RELEASED, holds, numbers
from trueup.plan import config_ruff
from trueup.plan.config_file import ConfigFile, KeepError, Region, keep, tell_dead
from trueup.plan.config_namers import rename
from trueup.plan.config_tools import PYPROJECT, Place, Tool, has_table, in_force, tools
from trueup.plan.config_values import Setting, apply, comment_text, setting
from trueup.plan.edits import gone_lines, read_text
from trueup.plan.lowered import Lowered
from trueup.text.toml_read import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.model.document import Route
    from trueup.model.operation import ConsolidateConfig
    from trueup.model.project import Project
    from trueup.model.tree import Tree
    from trueup.text.ini import Line


def consolidate(project: Project, tree: Tree, operation: ConsolidateConfig) -> Lowered:
    """Move the settings of one file into pyproject.toml, and remove the file when nothing else lives in it.

    What cannot move stays as it is and becomes a question. Raises ``PlanRefused`` where pyproject.toml
    cannot be edited.
    """
    path = operation.path
    if not tree.has(path):
        return Lowered()
    if path == "pyrightconfig.json":
        from trueup.plan.config_json import consolidate_pyright

        return consolidate_pyright(project, tree, operation)
    if path in ("ruff.toml", ".ruff.toml"):
        from trueup.plan.config_toml import consolidate_ruff

        return consolidate_ruff(project, tree, operation)
    try:
        return _Move(project, tree, path, operation.code).result()
    except KeepError as kept:
        return keep(operation.code, path, kept.reason, kept.line)
    except ValueError as problem:
        raise PlanRefused(f"{PYPROJECT} cannot take the settings of {path}: {problem}") from None


class _Move:
    """The state while one file is consolidated: the text of pyproject.toml, and the files that lose sections."""

    def __init__(self, project: Project, tree: Tree, path: str, code: str) -> None:
        self.code = code
        self.project = project
        self.tree = tree
        self.path = path
        self.old = read_text(tree, PYPROJECT)
        self.text = self.old.text
        self.files = {path: ConfigFile(tree, path, project.tree)}
        self.settings: list[Setting] = []
        self.rows: list[LedgerRow] = []
        self.options: list[str] = []
        self.reasons: list[KeepError] = []
        self.questions: list[Question] = []

    def result(self) -> Lowered:
        """All that the file holds, tool by tool."""
        for tool in tools():
            place = tool.place(self.path)
            if place:
                self._one(tool, place)
        self._flake8()
        changes = [change for file in self.files.values() for change in file.changes]
        if not changes:
            raise self.reasons[0] if self.reasons else KeepError("nothing in it belongs into pyproject.toml")
        namers = self._namers()
        self._head(self.files[self.path])
        self.text = apply(self.text, self.settings)
        written = () if self.text == self.old.text else (Write(PYPROJECT, self.old.bytes(self.text)),)
        rows = [row for each in self.files.values() for row in sorted(each.rows, key=lambda row: row.line)]
        return Lowered((*written, *changes, *namers), (*rows, *self.rows), questions=tuple(self.questions))

    def _head(self, file: ConfigFile) -> None:
        """The comments at the top of a file that goes stand above its first setting."""
        if not file.empties:
            return
        if not self.settings:
            file.head(LedgerRow("", 0, "", "dropped", reason="spoke of settings that are gone"))
            return
        first = self.settings[0]
        head = file.head(LedgerRow("", 0, "", "moved", f"{PYPROJECT} {_text(first.route)}"))
        self.settings[0] = first._replace(comments=(*head, *first.comments))

    def _one(self, tool: Tool, place: Place) -> None:
        """Move or drop what one tool has in the file."""
        file = self.files[self.path]
        regions = [region for region in file.regions if place.holds(region.section.name)]
        if not regions and not place.always:
            return
        try:
            if place.always:
                self._all_of(file, place)
            winner = in_force(self.project.tree, tool)
            if winner != self.path:
                self._drop(file, place, tool, winner)
                return
            self._check(tool, file, regions)
            found = self._translated(tool, place, file, regions)
            self._kill(tool, found)
        except KeepError as kept:
            if place.always:
                raise
            self.reasons.append(kept)
            return
        self.settings += [self._pointed(item, tool.types.get("options", ())) for item in found]
        file.whole = file.whole or place.always
        self.options += tool.types.get("options", ())

    def _pointed(self, item: Setting, options: Sequence[str]) -> Setting:
        """A setting whose value names the file for one of ``options`` (``--cov-config=setup.cfg``), which goes on in
        pyproject.toml."""
        named = [*options, "--cov-config"]
        if item.route[-1:] != ("addopts",) or not isinstance(item.value, str):
            return item
        pattern = rf"((?:{'|'.join(map(re.escape, named))})[= ]){re.escape(self.path)}(?![\w.-])"
        return item._replace(value=re.sub(pattern, rf"\1{PYPROJECT}", item.value))

    def _check(self, tool: Tool, file: ConfigFile, regions: list[Region]) -> None:
        """Refuse what would not be read in pyproject.toml, or is read from here by somebody else."""
        needed = tool.types.get("only_with")
        used = [command.text for command in self.project.commands] + [r.name for r in self.project.requirements]
        if needed and not any(re.search(needed, text) for text in used):
            raise KeepError(f"{tool.name} would not read {PYPROJECT} here", regions[0].section.first)
        version, since = self.project.fixed.get(tool.name, ""), tool.types.get("since", "")
        if since and RELEASED.fullmatch(version) and holds(f"<{since}", numbers(version)):
            raise KeepError(f"{tool.name} {version} does not read {PYPROJECT}, {since} does", regions[0].section.first)
        if tool.name == "pytest" and has_table(self.text, ("tool", "pytest")) and not has_table(self.text, tool.target):
            raise KeepError(f"{PYPROJECT} has [tool.pytest], whose values are of other types", 1)
        for region in regions:
            _refuse_bad(file, region)
            if f"{{[{region.section.name}]" in file.old.text:
                raise KeepError(f"other sections take values from [{region.section.name}]", region.section.first)

    @staticmethod
    def _all_of(file: ConfigFile, place: Place) -> None:
        """A file that counts whatever it holds goes as a whole, or stays."""
        for region in file.regions:
            if not place.holds(region.section.name):
                raise KeepError(f"nobody knows who reads [{region.section.name}]", region.section.first)
        if file.ini.bad:
            raise KeepError(f"{file.ini.bad[0].text!r} is no setting", file.ini.bad[0].number)

    def _translated(self, tool: Tool, place: Place, file: ConfigFile, regions: list[Region]) -> list[Setting]:
        """The settings of the regions, which are cut with a row for each line."""
        found: list[Setting] = []
        if not regions:  # an empty file says: no settings, and the root is here
            found.append(Setting(tool.target, {}))
        for region in regions:
            found += _region_settings(tool, place, file, region, found)
        return found

    def _drop(self, file: ConfigFile, place: Place, tool: Tool, winner: str) -> None:
        """Cut what is not in force."""
        reason = f"not in force: {tool.name} reads {winner}" if winner else f"{tool.name} does not read it"
        for region in file.regions:
            if place.holds(region.section.name):
                _refuse_bad(file, region)
                file.take(region, LedgerRow("", 0, "", "dropped", reason=reason))
        file.whole = file.whole or place.always

    def _kill(self, tool: Tool, found: list[Setting]) -> None:
        """Drop what the tool has elsewhere than ``found``: it is dead, and would be in force once this file is gone."""
        from trueup.text import toml

        if has_table(self.text, tool.target):
            before = self.text
            self.text = toml.remove_key(before, tool.target)
            reason = f"not in force: {tool.name} reads {self.path}"
            now = reduce(getitem, tool.target, parse(apply("", found))[0])
            self.questions += tell_dead(self.code, before, tool.target, f"{tool.name} read {self.path}", now)
            self.rows += [
                LedgerRow(PYPROJECT, line, text, "dropped", reason=reason)
                for line, text in gone_lines(before, self.text)
            ]
        for place in tool.places:
            if place.file in (self.path, PYPROJECT) or not self.tree.has(place.file):
                continue
            other = self.files.get(place.file) or ConfigFile(self.tree, place.file, self.project.tree)
            if place.always:
                self._all_of(other, place)
            self._drop(other, place, tool, self.path)
            if other.changes:
                self.files[place.file] = other

    def _flake8(self) -> None:
        """``[flake8]`` becomes ruff's settings, where nobody runs flake8 and ruff has a word for each of them."""
        file = self.files[self.path]
        region = next((region for region in file.regions if region.section.name == config_ruff.SECTION), None)
        if region is None or self.path not in (".flake8", "setup.cfg", "tox.ini"):
            return
        try:
            _refuse_bad(file, region)
            self._to_ruff(file, region)
        except KeepError as kept:
            self.reasons.append(kept)

    def _to_ruff(self, file: ConfigFile, region: Region) -> None:
        what, path, line = config_ruff.user(self.project)
        if what:
            raise KeepError(
                f"{path}{f':{line}' if line else ''} {what}, and flake8 cannot read {PYPROJECT}", region.section.first
            )
        own = any(has_table(self.text, ("tool", "ruff", key)) for key in ("lint", "select", "exclude", "ignore"))
        if own or self.tree.has("ruff.toml") or self.tree.has(".ruff.toml"):
            reason = "nobody runs flake8, and ruff has settings of its own"
            file.take(region, LedgerRow("", 0, "", "dropped", reason=reason))
            return
        ruff = config_ruff.translate(self.project, region.section)
        if ruff.lacks:
            raise KeepError(ruff.lacks[0][1], ruff.lacks[0][0])
        for item in region.section.items:
            fate = "dropped" if item.first in ruff.dropped else "moved"
            to = "" if fate == "dropped" else f"{PYPROJECT} [tool.ruff]"
            file.tell(item.first, item.last, LedgerRow("", 0, "", fate, to, ruff.notes.get(item.first, "")))
        outside = tuple(comment_text(line) for line in file.comments(region))
        self.settings += [ruff.settings[0]._replace(comments=outside), *ruff.settings[1:]]
        file.take(region, LedgerRow("", 0, "", "moved", f"{PYPROJECT} [tool.ruff]"))

    def _namers(self) -> list[Write]:
        """Whoever names a file that goes names pyproject.toml instead."""
        changes: list[Write] = []
        for path, file in self.files.items():
            options = tuple(self.options)
            namers = rename(self.project, self.tree, path, options, only_options=not file.empties)
            if namers.blocked:
                raise KeepError(f"{namers.blocked[0]}:{namers.blocked[1]} names {path}")
            changes += namers.changes
        return changes


def _refuse_bad(file: ConfigFile, region: Region) -> None:
    bad = file.bad(region)
    if bad:
        raise KeepError(f"{bad[0].text!r} is no setting", bad[0].number)


def _region_settings(
    tool: Tool, place: Place, file: ConfigFile, region: Region, before: list[Setting]
) -> list[Setting]:
    """The settings of one section with the comments around them; cuts the section."""
    section = region.section
    table = _table(tool, place, section.name)
    known, rename_to = tool.types.get("known"), tool.types.get("rename", {})
    found: list[Setting] = []
    for item in section.items:
        key = rename_to.get(item.key, item.key)
        if known and key not in known:
            raise KeepError(f"{item.key} has no counterpart in {PYPROJECT}", item.first)
        found.append(setting(tool.types, section.name, key, item, (*table, key)))
    comments = file.comments(region)
    if section.name.startswith(("mypy-", "bumpversion:file:")):
        one = _element(section.name, table, found, comments, before)
        file.take(region, LedgerRow("", 0, "", "moved", f"{PYPROJECT} [[{_text(table)}]]"))
        return [one]
    for item, one in zip(section.items, found, strict=True):
        file.tell(item.first, item.last, LedgerRow("", 0, "", "moved", f"{PYPROJECT} {_text(one.route)}"))
    file.take(region, LedgerRow("", 0, "", "moved", f"{PYPROJECT} [{_text(table)}]"))
    if not found:
        return [Setting(table, {}, tuple(map(comment_text, comments)))]
    for at, item in reversed(list(enumerate(section.items))):
        previous = section.items[at - 1].first if at else 0
        above = tuple(comment_text(line) for line in comments if previous < line.number < item.first)
        found[at] = found[at]._replace(comments=(*above, *found[at].comments))
    last = section.items[-1].first
    below = tuple(comment_text(line) for line in comments if line.number > last)
    found[-1] = found[-1]._replace(below=below)
    return found


def _table(tool: Tool, place: Place, section: str) -> Route:
    """The table of pyproject.toml that a section becomes."""
    match tool.name, section.partition(":")[0]:
        case "coverage", _:
            return (*tool.target, section.removeprefix("coverage:"))
        case "pylint", _:
            found = place.holds(section)
            name = (found[1] if found and found[1] else "main").lower()
            return (*tool.target, "main" if name == "master" else name)
        case "mypy", "pydantic-mypy":
            return ("tool", "pydantic-mypy")
        case "mypy", "mypy.plugins.django-stubs":
            return ("tool", "django-stubs")
        case "mypy", name if name.startswith("mypy-"):
            return (*tool.target, "overrides")
        case "bumpversion", _ if section.startswith("bumpversion:file:"):
            return (*tool.target, "files")
        case "bumpversion", _ if section.startswith("bumpversion:part:"):
            return (*tool.target, "parts", section.rpartition(":")[2])
    return tool.target


def _element(name: str, table: Route, found: list[Setting], comments: list[Line], before: list[Setting]) -> Setting:
    """A section that is one item of an array of tables: ``[mypy-a.*,b.*]``, ``[bumpversion:file:x]``."""
    if name.startswith("mypy-"):
        modules = [part.strip() for part in name.removeprefix("mypy-").split(",")]
        value: dict[str, object] = {"module": modules[0] if len(modules) == 1 else modules}
    else:
        value = {"filename": name.removeprefix("bumpversion:file:")}
    value.update({str(one.route[-1]): one.value for one in found})
    inside = [text for one in found for text in (*one.comments, *(comment.text for comment in one.item_comments))]
    position = sum(one.route[:-1] == table for one in before)
    return Setting((*table, position), value, (*map(comment_text, comments), *inside))


def _text(route: Route) -> str:
    return ".".join(str(step) for step in route)
