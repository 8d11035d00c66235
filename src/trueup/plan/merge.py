"""The requirements of all manifests as one set: each once, in its group, with the comments that belong to it."""

from __future__ import annotations

import re

from trueup.model.names import normal
from trueup.model.noun import NamedTuple
from trueup.model.versions import joined
from trueup.plan.exports import is_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trueup.model.project import Manifest, Requirement, SourceLine
    from trueup.plan.groups import Grouping


class Item(NamedTuple):
    """A requirement in its place. ``above`` and ``below`` are comment lines that travel with it.

    ``is_new`` tells whether it must be written; ``text`` replaces what a declared one says.
    """

    requirement: Requirement
    group: str
    is_extra: bool = False
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    is_new: bool = True
    text: str = ""

    @property
    def to(self) -> str:
        """Where it stands in pyproject.toml."""
        if not self.group:
            return "project.dependencies"
        return f"project.optional-dependencies.{self.group}" if self.is_extra else f"dependency-groups.{self.group}"


class Fate(NamedTuple):
    """What became of one requirement of a source."""

    requirement: Requirement
    fate: str
    to: str
    reason: str = ""


class Merged:
    """The set while it is being made; ``fates`` tells what became of each requirement of a source.

    ``locked`` holds the versions that the locks have of each package; ``outdone``
    collects what a list pinned otherwise, ``left_out`` what stale exports alone name.
    """

    def __init__(self, grouping: Grouping, own_name: str, locked: Mapping[str, set[str]]) -> None:
        self.grouping = grouping
        self.own_name = own_name
        self.locked = locked
        self.outdone: list[Requirement] = []
        self.left_out: list[Requirement] = []
        self.items: list[Item] = []
        self.fates: list[Fate] = []

    def declare(self, requirements: Iterable[Requirement], *, regroup: bool) -> None:
        """What pyproject.toml says already; ``regroup`` sorts its tools out of the runtime dependencies."""
        for item in requirements:
            belongs = self.grouping.of(item) if regroup and not item.group else None
            if belongs and belongs.group:
                self.items.append(Item(item, belongs.group))
                self.fates.append(Fate(item, "moved", self.items[-1].to, belongs.reason))
            else:
                self.items.append(Item(item, item.group, item.is_extra, is_new=False))

    def add(self, manifest: Manifest, *, direct_known: bool, stale: bool = False, again: bool = False) -> None:
        """The requirements of one more source; ``direct_known``: another manifest says which are direct; ``stale``: the
        source is an old export of its lock; ``again``: it stays, and an earlier round has taken over what it says."""
        above, below, _ = travelling(manifest)
        for item in manifest.requirements:
            if again and item.pin:
                self.fates.append(Fate(item, "merged", "uv.lock", "an earlier step took it over"))
                continue
            if stale and item.name not in self.locked and item.name != self.own_name:
                self.fates.append(self._exported_once(item))
                continue
            fate = self._place(item, above.get(item.line, ()), below.get(item.line, ()), direct_known)
            self.fates.append(fate)

    def refuse(self, requirement: Requirement, reason: str) -> None:
        """Leave a requirement to a person after all."""
        fates = [
            Fate(item.requirement, "needs-you", "", reason) if item.requirement == requirement else item
            for item in self.fates
        ]
        self.fates[:] = fates

    def add_own_extras(self, manifest: Manifest, extras: Iterable[Requirement]) -> None:
        """``-e .[dev]``: whoever installs that file has the requirements of the extra, so its group gets them."""
        group = next(iter(manifest.groups), "")
        for line in manifest.lines:
            asked = re.fullmatch(r"\.\[(.*)\]", line.value) if line.kind == "editable" else None
            for item in extras if asked else ():
                if asked and item.group in asked[1].split(","):
                    self._place(item._replace(group=group, is_extra=False), (), (), direct_known=False)

    def _place(self, item: Requirement, above: tuple[str, ...], below: tuple[str, ...], direct_known: bool) -> Fate:
        if item.name == self.own_name and not item.group:
            return Fate(item, "dropped", "", "the project itself")
        if direct_known and item.pin and item.name in self.locked:
            return self._exported(item)
        belongs = self.grouping.of(item)
        new = Item(item, belongs.group, item.is_extra, above, below)
        same = [old for old in self._named(item.name) if old.requirement.marker == item.marker]
        for old in sorted(same, key=lambda found: found.group != new.group):
            met = self._meet(old, new, moved=bool(belongs.reason) and belongs.group != item.group)
            if met:
                return met
        self.items.append(new)
        return Fate(item, "moved", new.to, belongs.reason)

    def _exported(self, item: Requirement) -> Fate:
        """A line of an export: what another manifest declares, or what it brings along, at the locked version."""
        for old in self._named(item.name):
            if set(map(normal, item.extras)) - set(map(normal, old.requirement.extras)):
                return self._join(old, Item(item, old.group, old.is_extra))
            if not together(old.requirement.specifier, item.specifier)[1]:
                return Fate(item, "merged", old.to, self._version(item))
            return Fate(
                item, "needs-you", old.to, f"{old.requirement.path} says {old.requirement.specifier}, which wins"
            )
        if item.extras:
            said = (
                f"no direct dependency: whether uv.lock holds it with [{','.join(item.extras)}] is for what brings it"
            )
            return Fate(item, "needs-you", "uv.lock", said)
        return Fate(item, "merged", "uv.lock", f"no direct dependency: {self._version(item)}")

    def _exported_once(self, item: Requirement) -> Fate:
        """A line of an old export that the lock does not know any more; what the code imports is believed."""
        if not is_known(item.name, self.grouping, self.locked):
            self.left_out.append(item)
            return Fate(item, "dropped", "", "nothing installs from this list, and neither lock nor code know it")
        old = next(iter(self._named(item.name)), None)
        if old is None:
            return self._place(item, (), (), direct_known=False)
        return self._meet(old, Item(item, old.group, old.is_extra), moved=False) or self._contradict(
            old, Item(item, "")
        )

    def _version(self, item: Requirement) -> str:
        """Where the version of a line goes that only pins; a lock is believed before it."""
        locked = self.locked.get(item.name, set())
        if not item.pin or not locked or item.pin in locked:
            return "its version goes into uv.lock"
        self.outdone.append(item)
        return f"the lock has {', '.join(sorted(locked))}, which wins"

    def _named(self, name: str) -> list[Item]:
        return [old for old in self.items if old.requirement.name == name]

    def _meet(self, old: Item, new: Item, *, moved: bool) -> Fate | None:
        """How a requirement joins one of the same name and marker; ``None`` when both stay.

        ``moved`` when evidence, not its file, chose the group of the new one.
        """
        one, other = old.requirement, new.requirement
        if (old.group, old.is_extra) == (new.group, new.is_extra):
            return self._join(old, new)
        if not (one.source or other.source) and together(one.specifier, other.specifier)[1]:
            return self._contradict(old, new)
        if old.is_extra or new.is_extra or other.source or (old.group and not moved):
            return None
        if set(map(normal, other.extras)) <= set(map(normal, one.extras)) and other.specifier in ("", one.specifier):
            return Fate(other, "merged", old.to, "" if old.group else "comes with the project itself")
        return None

    def _contradict(self, old: Item, new: Item) -> Fate:
        """A version that another group contradicts: one lock has to meet both, so the first to come wins."""
        if old.group:  # it is asked for there, too, at whatever version the first one takes
            self.items.append(new._replace(requirement=_written(new.requirement, new.requirement.extras, "")))
        said = f"{old.requirement.path} says {old.requirement.specifier}, which wins: one lock cannot hold both"
        return Fate(new.requirement, "needs-you", old.to, said)

    def _join(self, old: Item, new: Item) -> Fate:
        one, other = old.requirement, new.requirement
        known = set(map(normal, one.extras))
        extras = (*one.extras, *(extra for extra in other.extras if normal(extra) not in known))
        specifier, problem = together(one.specifier, other.specifier)
        if problem:
            return Fate(other, "needs-you", old.to, f"{one.path} says {one.specifier}, which wins: {problem}")
        source = one.source or other.source
        changed = (extras, specifier) != (one.extras, one.specifier)
        joined = one._replace(extras=extras, specifier=specifier, source=source, comment=one.comment or other.comment)
        if changed:
            joined = _written(joined, extras, specifier)
        at = self.items.index(old)
        self.items[at] = old._replace(
            requirement=joined, above=(*old.above, *new.above), below=(*old.below, *new.below)
        )
        if changed and not old.is_new:
            self.items[at] = self.items[at]._replace(text=one.text)
        reason = ""
        if other.specifier not in ("", specifier):
            reason = f"{self._version(other) if other.pin else 'that admits less'}; {one.path} declares it"
        return Fate(other, "merged", old.to, reason)


def _written(item: Requirement, extras: tuple[str, ...], specifier: str) -> Requirement:
    """The requirement with other extras and another version, and its text with them."""
    name = re.split(r"[\[<>=!~;\s]", item.text, maxsplit=1)[0]
    listed = f"[{','.join(extras)}]" if extras else ""
    marker = f" ; {item.marker}" if item.marker else ""
    return item._replace(extras=extras, specifier=specifier, text=f"{name}{listed}{specifier}{marker}")


def together(one: str, other: str) -> tuple[str, str]:
    """The specifier that says both, and why there is none.

    An exact version that the other side admits is left to the lock.
    """
    from packaging.specifiers import SpecifierSet
    from packaging.version import InvalidVersion, Version

    if one == other or not other:
        return one, ""
    is_exact = re.compile(r"={2,3}[^*,]+").fullmatch
    if not one:
        return ("" if is_exact(other) else other), ""
    first, second = SpecifierSet(one, prereleases=True), SpecifierSet(other, prereleases=True)
    named = [part.version.removesuffix(".*") for part in (*first, *second)]
    for sample in (*named, *(f"{version}.0.0.1" for version in named), "0", "0.0.0.1"):  # above each, and below all
        try:
            version = Version(sample)
        except InvalidVersion:
            continue
        if version in first and version in second:
            return (one if is_exact(one) or is_exact(other) else joined(one, other)), ""
    return one, f"{other} contradicts it"


GENERATED = re.compile(
    r"#(\s*via\b|.*\bautogenerated by\b|\s*[Gg]enerated (by|from)\b|\s*by the following command|\s{2,}pip-compile)"
)
Comments = dict[int, tuple[str, ...]]


class Travelling(NamedTuple):
    """Where comment lines go: above a requirement (by its line), below the last one, or into ``[project]``, there above
    the key that they stood over in the source (``""``: over none)."""

    above: Comments
    below: Comments
    remarks: tuple[tuple[str, str], ...]


def travelling(manifest: Manifest) -> Travelling:
    """The comments of a manifest, each with what stands below it."""
    above: Comments = {}
    keys = {line.line: line.to.removeprefix("project.") for line in manifest.lines if _is_metadata(line)}
    remarks = []
    for remark in (line for line in manifest.lines if line.kind == "comment" and line.to == "project"):
        below = remark.line
        while below not in keys and any(line.line == below and line.kind == "comment" for line in manifest.lines):
            below += 1
        remarks.append((keys.get(below, ""), remark.value))
    waiting: list[str] = []
    last = 0
    for line, thing in _in_order(manifest):
        if thing == "metadata":
            remarks += [(keys[line], text) for text in waiting]
            waiting = []
        elif thing == "requirement":
            above[line] = (*above.get(line, ()), *waiting)
            waiting, last = [], line
        else:
            waiting.append(thing)
    return Travelling(above, {last: tuple(waiting)} if waiting and last else {}, tuple(remarks))


def _in_order(manifest: Manifest) -> Iterator[tuple[int, str]]:
    """Comments, requirements and metadata by line."""
    found = [(item.line, 1, "requirement") for item in manifest.requirements]
    found += [(line.line, 0, line.value) for line in manifest.lines if travels(line)]
    if manifest.format != "requirements":
        found += [(line.line, 1, "metadata") for line in manifest.lines if _is_metadata(line)]
    yield from ((line, thing) for line, _, thing in sorted(found))


def _is_metadata(line: SourceLine) -> bool:
    lists = ("project.dependencies", "project.optional-dependencies", "dependency-groups", "wheel")
    return line.kind == "metadata" and bool(line.to) and not line.to.startswith(lists)


def travels(line: SourceLine) -> bool:
    """Whether a comment goes with the requirement below it."""
    return line.kind == "comment" and not line.to and not line.reason and not generated(line)


def generated(line: SourceLine) -> bool:
    """Whether a tool wrote the comment, so that it is wrong once the file is gone."""
    return GENERATED.match(line.text) is not None
