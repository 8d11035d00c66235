"""conda's environment.yml.

Source: https://docs.conda.io/projects/conda-build/en/stable/resources/package-spec.html. ``=1.2`` there
means ``==1.2.*``; a second ``=`` names a build, which nothing outside conda has.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from trueup.model.packages import facts
from trueup.model.pattern import lazy
from trueup.model.project import Manifest, Requirement, SourceLine
from trueup.read.manifests._direct import direct, is_direct
from trueup.read.manifests._pep508 import requirement, written
from trueup.text.encodings import decode
from trueup.text.syntax import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trueup.model.document import Document, Route
    from trueup.model.tree import Tree

PATHS = ("environment.yml", "environment.yaml", "conda.yml", "conda.yaml", "environment-dev.yml")
_SPEC = lazy(r"(?:(?P<channel>\S+)::)?(?P<name>[A-Za-z0-9_.-]+)(?:\[[^\]]*\])?\s*(?P<rest>.*)")
_TOOLS = ("pip", "setuptools", "wheel", "conda", "mamba")


def read(tree: Tree) -> Iterator[Manifest]:
    """Every environment file at the project's root."""
    for path in PATHS:
        if not tree.has(path):
            continue
        try:
            document = parse(path, decode(tree.read(path)))
        except ValueError as problem:
            yield Manifest(path, "conda", error=str(problem))
            continue
        if document.error:
            yield Manifest(path, "conda", error=document.error)
        elif isinstance(document.get("dependencies"), list):
            yield _Reader(tree, document, "dev" if "dev" in path else "").manifest()


class _Reader:
    def __init__(self, tree: Tree, document: Document, group: str) -> None:
        self.tree = tree
        self.document = document
        self.group = group
        self.texts = document.source.splitlines()
        self.requirements: list[Requirement] = []
        self.lines: list[SourceLine] = []
        self.metadata: dict[str, object] = {}

    def manifest(self) -> Manifest:
        for key in self.document.data:
            if key not in ("dependencies", "name", "channels", "prefix"):
                held = self.document.data[key]
                inside = held if isinstance(held, dict) else range(len(held)) if isinstance(held, list) else ()
                reason = "set it where the program runs" if key == "variables" else "trueup does not know this key"
                for at in ((key,), *((key, name) for name in inside)):
                    self._note(at, kind="unreadable", reason=reason)
        for key, reason in (("name", "uv names no environments"), ("prefix", "a path of one machine")):
            if key in self.document.data:
                self._note((key,), kind="option", reason=reason)
        if "channels" in self.document.data:
            self._channels()
        self._note(("dependencies",), to="project.dependencies")
        for number, item in enumerate(self.document.data["dependencies"]):
            at = ("dependencies", number)
            if isinstance(item, str):
                self._package(at, item)
            elif isinstance(item, dict):
                self._pip(at, item)
        self._remarks()
        groups: dict[str, tuple[str, ...]] = {self.group: ()} if self.group else {}
        return Manifest(
            self.document.path, "conda", tuple(self.requirements), tuple(self.lines), self.metadata, groups=groups
        )

    def _note(self, at: Route, *, kind: str = "metadata", to: str = "", reason: str = "") -> None:
        line = self.document.at(*at).line
        text = self.texts[line - 1].strip() if line else ".".join(map(str, at))
        self.lines.append(SourceLine(self.document.path, line, text, kind, "", line, to, reason))

    def _channels(self) -> None:
        listed = self.document.data["channels"]
        self._note(("channels",), kind="option", reason="uv installs from PyPI")
        for number, _ in enumerate(listed if isinstance(listed, list) else ()):
            self._note(("channels", number), kind="option", reason="uv installs from PyPI")

    # --- packages

    def _package(self, at: Route, text: str) -> None:
        found = _SPEC.fullmatch(text.split(" #")[0].strip())
        if found is None:
            self._note(at, kind="unreadable", reason="not a package of conda")
            return
        name = found["name"].lower()
        try:
            specifier = _specifier(found["rest"])
            if name == "python":
                self._python(at, specifier)
            elif name in _TOOLS and not specifier:
                self._note(at, kind="option", reason="uv brings what it needs itself")
            elif any(fnmatchcase(name, pattern) for pattern in facts("conda")["system"]["names"]):
                self._note(at, kind="unreadable", reason="no Python package: the system must bring it")
            else:
                self._add(at, f"{facts('conda')['names'].get(name, name)}{specifier}")
        except ValueError as problem:
            self._note(at, kind="unreadable", reason=str(problem))

    def _python(self, at: Route, specifier: str) -> None:
        exact = re.fullmatch(r"==(\d+\.\d+)(?:\.\d+)?(?:\.\*)?", specifier)
        bound = f">={exact[1]}" if exact else specifier
        if bound:
            self.metadata["requires-python"] = bound
        self._note(
            at,
            to="project.requires-python",
            reason="one version there; .python-version pins its minor release" if exact else "",
        )

    def _add(self, at: Route, text: str, **said: Any) -> None:
        line = self.document.at(*at).line
        comment = re.search(r"\s(#.*)$", self.texts[line - 1]) if line else None
        item = requirement(
            text, self.document.path, line, group=self.group, comment=comment[1].rstrip() if comment else "", **said
        )
        self.requirements.append(item)

    def _pip(self, at: Route, item: dict[str, Any]) -> None:
        listed = item.get("pip")
        if set(item) != {"pip"} or not isinstance(listed, list | None):
            self._note(at, kind="unreadable", reason="not a list of packages for pip")
            return
        self._note((*at, "pip"), kind="option", to="project.dependencies")
        for number, text in enumerate(listed or ()):
            self._pip_line((*at, "pip", number), str(text).strip())

    def _pip_line(self, at: Route, text: str) -> None:
        editable = re.match(r"(-e|--editable)[ =]\s*(.+)", text)
        place = editable[2] if editable else text
        try:
            if re.match(r"(-r|--requirement)[ =]?\s*", text):
                self._note(at, kind="include", to="project.dependencies")
            elif text.startswith("-") and not editable:
                self._note(at, kind="unreadable", reason="an option of pip")
            elif editable or is_direct(place):
                found = direct(place, self.tree, editable=bool(editable))
                if found.itself:
                    self._note(at, kind="editable", reason="uv sync installs the project itself, editable")
                elif found.problem:
                    self._note(at, kind="unreadable", reason=found.problem)
                else:
                    self._add(at, written(found.name, found.extras, "", found.marker), source=found.source)
            else:
                self._add(at, place)
        except ValueError as problem:
            self._note(at, kind="unreadable", reason=str(problem))

    def _remarks(self) -> None:
        for number, text in enumerate(self.texts, 1):
            if text.lstrip().startswith("#"):
                self.lines.append(SourceLine(self.document.path, number, text.strip(), "comment", text.strip(), number))


def _specifier(rest: str) -> str:
    """conda's version part as PEP 440: ``=1.2`` is ``==1.2.*``, a build string is cut."""
    text = re.sub(r"\s+", " ", rest.strip())
    if not text or text == "*":
        return ""
    fuzzy = re.fullmatch(r"=(?!=)\s*([^=\s,]+)(=\S+)?", text) or re.fullmatch(r"([^=\s,<>!~|*]+)( \S+)?", text)
    if fuzzy:
        version = fuzzy[1]
        return f"=={version}" if fuzzy[2] or version.endswith("*") else f"=={version}.*"
    exact = re.fullmatch(r"==\s*([^=\s,]+)", text)
    if exact:
        return f"=={exact[1]}"
    if "|" in text:
        raise ValueError("PEP 440 has no 'or'")
    terms = [re.sub(r"\s", "", term) for term in text.split(",")]
    return ",".join(re.sub(r"^=(?!=)(.+?)(\.\*)?$", r"==\1.*", term) for term in terms)
