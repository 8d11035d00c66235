"""What is the project's own: which dotted names and which paths, and what a piece of text means by them."""

from __future__ import annotations

import re
from posixpath import join, normpath

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.model.relocation import TESTS as MOVED_TESTS
from trueup.read.zones import TESTS
from trueup.text.docker_image import HERE as BY_VARIABLE
from trueup.text.docker_image import in_places, within
from trueup.text.naming import WILD, dotted_prefix, glob_matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.project import Project
    from trueup.model.words import Style

# What stands for the directory that a path is relative to.
HERE = lazy(
    rf"(?:{BY_VARIABLE}|\$\{{?(?:CURDIR|CI_PROJECT_DIR|GITHUB_WORKSPACE|PROJECT_DIR|workspaceFolder|workspaceRoot|file_path)\}}?"
    r"|\$\((?:PWD|pwd|CURDIR|ROOT_DIR)\)|\$\{\{ *github\.workspace *\}\}|%\(here\)s|%\(root\)s"
    r"|%d|\{toxinidir\}|\{tox_root\}|<rootDir>|%cd%|%~dp0)(?=[/\\]|$)",
    re.IGNORECASE,
)


class Meaning(NamedTuple):
    """What a text names: the part from ``start`` to ``end`` of it (offsets in the text), and what that is."""

    start: int
    end: int
    style: Style
    target: str
    doubt: str = ""
    note: str = ""  # what the reference's kind bears behind a colon: root, package, script


class Own:
    """The project's own names, and where things lie."""

    def __init__(self, project: Project) -> None:
        layout = project.layout
        self.project = project
        self.tree = project.tree
        self.repository = tuple(project.repository.split("/")) if project.repository else ()
        self.roots = layout.roots
        self.outside = [root for root in layout.roots if root and layout.kind == "src-path"]
        self.members = _members(layout.members, layout.kind)
        around = layout.packages if layout.kind == "src-package" else ()  # `src`, of which only what lies in it moves
        self.package_folders = frozenset(around).difference(self.members)
        self.files = frozenset(project.tree.entries)
        self.folders = frozenset(folder for path in self.files for folder in _folders(path))
        self.attributes = {
            name: source
            for path, source in project.sources.items()
            for name in self._dotted(path)
            if self.is_member(path)
        }
        packages = {name[: dot.start()] for name in self.attributes for dot in re.finditer(r"\.", name)}
        self.modules = frozenset(self.attributes) | packages
        self.tops = frozenset(name.split(".")[0] for name in self.modules)
        below = "src/" if "src" in layout.roots and layout.kind in ("src-path", "two-names") else None
        tests = {path.split("/")[1] for path in self.folders if below and path.startswith(below)}
        self.tests = tuple(f"{below}{name}" for name in tests if TESTS.fullmatch(name))  # they leave src
        self.whole = _whole(project)
        self.places: tuple[tuple[str, str], ...] = ()  # (directory in an image, path in the project), deepest first
        self.mounted: list[tuple[str, str]] = []  # the same by the volumes of compose files
        self.run_in: tuple[str, ...] = ()  # the folders below the root that images run commands in

    def _dotted(self, path: str) -> list[str]:
        """The names under which ``path`` can be imported."""
        stem = path.removesuffix(".py").removesuffix("/__init__")
        if not path.endswith(".py"):
            return []
        inside = [
            stem[len(root) + 1 :] if root else stem for root in self.roots if not root or stem.startswith(root + "/")
        ]
        inside += [stem for root in self.outside if stem.startswith(root + "/")]  # a bare folder is a package, too
        return [name.replace("/", ".") for name in inside if all(part.isidentifier() for part in name.split("/"))]

    def is_member(self, path: str) -> bool:
        """Whether ``path`` is application code, or lies in it."""
        return any(path == member or path.startswith(member + "/") for member in self.members)

    def moves(self, path: str) -> bool:
        """Whether ``path`` is application code, or lies among tests in its way or in a folder that moves whole."""
        return self.is_member(path) or any(path == one or path.startswith(one + "/") for one in self.tests + self.whole)

    def exists(self, path: str) -> bool:
        """Whether a file or folder is there."""
        return path in self.files or path in self.folders

    def within(self, path: str) -> str | None:
        """A normalised path relative to the project's root as one without ``..``; ``None`` outside the project."""
        return within(path, self.repository)

    def module(self, text: str, *, sure: bool = True) -> Meaning | None:
        """A dotted name that is a module of the project, or lies in one.

        ``sure``: the place takes nothing else. Else only ``a.b`` that is wholly known, or ``a:attribute``
        where ``a`` has that attribute, is taken for one.
        """
        name = dotted_prefix(text)
        parts = name.split(".")
        if parts[0] not in self.tops:
            return None
        known = next(
            (
                ".".join(parts[:length])
                for length in range(len(parts), 0, -1)
                if ".".join(parts[:length]) in self.modules
            ),
            "",
        )
        rest = text[len(name) :]
        if not sure and not self._certainly(known, name, rest):
            return None
        if rest[:1] in ("/", "\\", "-", "@") or not known:
            return None
        return Meaning(0, len(known), "module", known)

    def _certainly(self, known: str, name: str, rest: str) -> bool:
        if rest.startswith(":"):
            attribute = re.match(r":([A-Za-z_]\w*)", rest)
            if attribute is None or known != name:
                return False
            return "." in name or (name in self.attributes and attribute[1] in self.attributes[name].defines)
        return rest == "" and "." in known and not name.endswith((".py", ".toml", ".ini"))

    def path(self, text: str, base: str, *, bare: bool = True) -> Meaning | None:
        """A path (relative to ``base``, which is relative to the project's root) that is application code.

        ``bare``: a name without ``/`` or suffix is taken for a path too.
        """
        lead = self._lead(text)
        plain = text[lead:].replace("\\", "/")
        if not plain or WILD.search(plain) or "$" in plain or "://" in plain or plain.startswith("~"):
            return None
        core = plain.rstrip("/")
        if not bare and "/" not in plain and "." not in core:
            return None
        target = self.in_image(core) if core.startswith("/") else self.resolve(core, base)
        if target is None or not (self.exists(target) or "/" in core):
            return None
        if not self.moves(target) and target not in self.package_folders:
            return None
        return self._naming(text, lead, core, target)

    def resolve(self, core: str, base: str) -> str | None:
        """The path in the project that ``core`` is when it is read in ``base``; ``""`` is the project's root."""
        if base.startswith("/"):  # a directory of an image
            return self.in_image(join(base, core))
        return self.within(normpath(f"{base}/{core}" if base else core or "."))

    def in_image(self, path: str) -> str | None:
        """The path in the project that lies at ``path`` in an image; ``None`` where no Dockerfile puts one."""
        return in_places(self.places, path)

    def _naming(self, text: str, lead: int, core: str, target: str) -> Meaning | None:
        """The part of the text that is the target, or the end of it."""
        plain = normpath(core)
        if "../" in core.lstrip("./"):
            return None
        if plain == target or plain.endswith("/" + target):
            end = lead + len(core)
            return Meaning(end - len(target), end, "path", target)
        if target.endswith("/" + plain):
            return Meaning(lead, lead + len(core), "path", target)
        if core.startswith("/"):  # a folder of the project lies in the image under another name
            tail = same_end(core, target)
            return Meaning(lead + len(core) - len(tail), lead + len(core), "path", target) if tail else None
        return None

    def _lead(self, text: str) -> int:
        """How much of the text only says "from here": ``./``, ``${PWD}/``, ``%(here)s/``."""
        found = HERE.match(text)
        lead = found.end() + 1 if found and found.end() < len(text) else 0
        while text[lead : lead + 2] in ("./", ".\\"):
            lead += 2
        return lead

    def root(self, text: str, base: str) -> Meaning | None:
        """A directory that puts the project's modules on the import path, or what lies beside one of them."""
        here = HERE.match(text)
        end = len(text.rstrip("/\\"))
        lead = here.end() if here else 0
        core = text[lead:end].replace("\\", "/").lstrip("/") if here else text[:end].replace("\\", "/")
        if "$" in core or core.startswith("~") or (not core and not here):
            return None
        target = self.in_image(core) if core.startswith("/") else self.resolve(core, base)
        if target is None or not (target in self.roots or (target in self.folders and self.is_member(target))):
            return None
        if target not in self.roots and (here or core.startswith("/")):
            return self._naming(text, end - len(core) if here else 0, core, target)
        return Meaning(0, end, "path", target, note="root" if target in self.roots else "")

    def glob(self, text: str, base: str) -> Meaning | None:
        """A pattern, matched from ``base``, that application code is the beginning of, or that it matches."""
        lead = len(text) - len(text.lstrip("!"))
        lead += self._lead(text[lead:].lstrip("/")) + (text[lead : lead + 1] == "/")
        core = text[lead:].rstrip("/")
        wild = WILD.search(core)
        if not wild:
            found = self.path(core, base)
            return found and found._replace(start=lead + found.start, end=lead + found.end, style="glob")
        literal = core[: wild.start()].rpartition("/")[0]
        target = self.resolve(literal, base)
        if target is None:
            return None
        below = f"{target}/" if target else ""
        pattern = below + core[len(literal) :].lstrip("/")
        if not pattern.strip("*/."):
            return None  # everything, before and after
        start = lead + (len(literal) - len(target) if literal.endswith(target) else 0)
        if target and self.moves(target):
            return Meaning(start, lead + len(core), "glob", pattern)
        if any(glob_matches(pattern, path) for path in self.files if self.moves(path)) and not pattern.startswith("**"):
            return Meaning(start, lead + len(core), "glob", pattern)
        return None


def _whole(project: Project) -> tuple[str, ...]:
    """The folder of loose modules that becomes a package, with all that lies in it; ``()`` where there is none."""
    root = project.layout.roots[0] if project.layout.kind == "src-path" else ""
    below = {path[len(root) + 1 :].split("/")[0] for path in project.sources if root and path.startswith(f"{root}/")}
    return (root,) if root.rpartition("/")[2] not in ("src", "") and not any(map(MOVED_TESTS.fullmatch, below)) else ()


def _members(members: tuple[str, ...], kind: str) -> tuple[str, ...]:
    return members or (("src",) if kind == "installed" else ())


def same_end(one: str, other: str) -> str:
    """The last parts that two paths share."""
    shared: list[str] = []
    for left, right in zip(reversed(one.split("/")), reversed(other.split("/")), strict=False):
        if left != right:
            break
        shared.append(left)
    return "/".join(reversed(shared))


def _folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts))]
