"""The manifests that a Dockerfile names: which of them go, which stay, and which it makes itself."""

from __future__ import annotations

import re
from posixpath import basename, dirname, join, normpath

from trueup.model.command_line import in_containers, is_within, pip_arguments, requirement_files
from trueup.model.names import normal
from trueup.model.noun import NamedTuple
from trueup.model.readme import read_to_build
from trueup.plan.compose_images import images_of, service_of
from trueup.plan.others import unread_lists
from trueup.plan.uv_commands import Target, in_uv, is_manifest, may_be_list
from trueup.plan.uv_groups import groups_of
from trueup.text.docker import copied
from trueup.text.docker_image import reached
from trueup.text.ignores import spec_of
from trueup.text.naming import WILD, glob_matches
from trueup.text.toml_read import parse

BINDS_OWN = re.compile(r"--mount=type=bind,\S*?(?:source|src)=(?:\./)?(?:pyproject\.toml|Pipfile|\.?(?=[,\s]))")
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.model.command_line import CommandLine
    from trueup.model.project import Project
    from trueup.model.tree import Tree
    from trueup.text.docker import Instruction
    from trueup.text.docker_image import Context

OF_PROJECTS = ("pyproject.toml", "Pipfile")
MADE = re.compile(r"\b(?:export|compile)\b(?:(?!\b(?:export|compile)\b)[^\n])*\.txt|>\s*[^\s>]*\.txt")
REMOVES = ("rm", "del", "unlink")


def runs_tools(project: Project, image: str) -> bool:
    """Whether a tool of the groups is run in an image: by the image, by a service, through ``docker exec`` and
    ``docker compose run``, or in a script that one of these starts."""
    asked = groups_of(project).others  # what is started of these is asked for
    tools = {item.name for item in project.requirements if item.group not in ("", *asked) and not item.is_extra}
    own = {normal(project.pyproject.get("project", "name", default=""))} if project.pyproject else set()
    return not _words_inside(project, image).isdisjoint({*tools, "pytest"} - own)


def run_inside(project: Project, image: str) -> list[CommandLine]:
    """What is run in the image of a Dockerfile; what is surely run in that of another is left out."""
    inside = [item for item in project.commands if item.where == "dockerfile" and item.path == image]
    inside += [item for item in project.commands if item.where == "compose" and _may_run(project, item, image)]
    inside += [item for item in project.commands if item.where != "compose" and is_within(item.argv)]
    inside += in_containers(project.commands)
    started = set[str]()
    for item in inside:  # which grows: a script starts others
        names = {basename(word) for word in item.argv if word.endswith(".sh")} - started
        started |= names
        inside += [more for more in project.commands if basename(more.path) in names] if names else []
    return inside


def _words_inside(project: Project, image: str) -> set[str]:
    """Every word of that, without its folder."""
    return {basename(word) for item in run_inside(project, image) for word in item.argv}


def runs_of(project: Project, image: str, text: str) -> list[CommandLine]:
    """What services that may be built from a Dockerfile run, and the scripts that it or one of these names."""
    services = [item for item in project.commands if item.where == "compose" and _may_run(project, item, image)]
    named = {basename(word) for item in services for word in item.argv if word.endswith(".sh")}
    scripts = (item for item in project.commands if item.where == "shell")
    return services + [item for item in scripts if (name := basename(item.path)) in named or name in text]


def _may_run(project: Project, command: CommandLine, image: str) -> bool:
    """Whether a service that has a command may be built from a Dockerfile."""
    service = service_of(command, project.tree.read(command.path))
    found = {path for path, _ in images_of(project.tree, command.path, service, project.repository) if service}
    return not found or image in found


def _table(text: str) -> object:
    """The data of a TOML file; nothing where it cannot be read."""
    try:
        return parse(text)[0]
    except ValueError:
        return {}


def groups_moved_to(project: Project, tree: Tree, image: str) -> str:
    """The groups, as options, of tools that are run in images and that a manager installed for run time before."""
    before = set[str]()
    for path, route in (("pyproject.toml", ("tool", "poetry", "dependencies")), ("Pipfile", ("packages",))):
        found = _table(tree.real.text(path)) if tree.real.has(path) else {}
        for step in route:
            found = found.get(step) if isinstance(found, dict) else None
        before.update(map(normal, found if isinstance(found, dict) else ()))
    now = {item.name for item in project.requirements if not item.group}
    asked = before.intersection(_words_inside(project, image)) - now
    groups = {item.group for item in project.requirements if item.name in asked and not item.is_extra}
    return "".join(f" --group {group}" for group in sorted(groups))


HAS_ITS_OWN = re.compile(r"\bactivate\b|\bvenv\b|virtualenv (?!s)")
SETUPTOOLS = ("setup.py", "setup.cfg", "MANIFEST.in")


def is_from_a_stage(item: Instruction) -> bool:
    """Whether a COPY takes from another stage or image."""
    return any(flag.startswith("--from=") for flag in item.flags)


class ImageFiles(NamedTuple):
    """What is asked about a Dockerfile of this text, built in this context; ``tree`` is how it will be."""

    project: Project
    tree: Tree
    context: Context
    text: str

    def fill_by_script(self, inside: Iterable[tuple[Instruction, str]]) -> bool:
        """Whether a stage runs a script that was told to install the project, into no environment of its own."""
        shells = [item for item in self.project.commands if item.where == "shell"]
        fill = {item.path for item in shells if (in_uv(item.argv, Target()) or "").startswith("uv sync")}
        names = {basename(path) for path in fill if not HAS_ITS_OWN.search(self.project.tree.text(path))}
        runs = (item for item, _ in inside if item.keyword == "RUN")
        return any(basename(word.text) in names for item in runs for word in item.words)

    def lead(self, source: str) -> str:
        """What stands before a manifest's own path where a COPY names it: the way to the project."""
        inside = self.context.locate(normpath(source.removeprefix("./").lstrip("/")))
        plain = source.rstrip("/")
        if inside and plain.endswith(inside):
            return plain[: -len(inside)]
        return source[: source.rfind("/") + 1]

    def is_made_here(self, name: str) -> bool:
        """Whether the file itself makes or brings the requirements file that it installs."""
        base = re.escape(name.rsplit("/", 1)[-1])
        return bool(re.search(rf"(?:\bexport\b|\bcompile\b|--from=\S+)[^\n]*{base}|>\s*\S*{base}", self.text))

    def removes(self, argv: list[str]) -> bool:
        """Whether a command takes away manifests that are not there any more."""
        named = [word.rpartition("/")[2] for word in argv[1:] if not word.startswith("-")]
        return argv[0] in REMOVES and bool(named) and all(self.is_gone(name) and not self.stays(name) for name in named)

    def stays(self, name: str) -> bool:
        """Whether a requirements file is there afterwards, too."""
        return self.is_made_here(name) or self.is_other(name) or self.is_brought(name)

    def is_other(self, name: str) -> bool:
        """Whether it is another project's file, or a package's own, that is still there."""
        plain = name.removeprefix("./").lstrip("/")
        below = self.context.locate(normpath(plain)) or ""  # in the folder that the image is built from
        return any("/" in path and self.project.tree.has(path) for path in (plain, below))

    def is_brought(self, name: str) -> bool:
        """Whether a COPY brings it from a file that stays."""
        base = name.rpartition("/")[2]
        named = [
            word.text
            for item in copied(self.text)
            for word in item.words[:-1]
            if base in (word.text.rpartition("/")[2], item.words[-1].text.rpartition("/")[2]) and may_be_list(word.text)
        ]
        return bool(named) and not any(map(self.is_gone, named))

    def is_gone(self, source: str) -> bool:
        """Whether a source of a COPY is a manifest that is not there afterwards."""
        plain = normpath(source.removeprefix("./").lstrip("/"))
        inside = self.context.locate(plain)
        if inside is None:
            return False  # not the project's
        if WILD.search(plain) and not is_manifest(plain):
            before, after = self.matched(inside)
            return bool(before) and not after and all(map(is_manifest, before))
        if self.was_of_lists(inside):
            return True
        if basename(inside) in SETUPTOOLS:
            return self.tree.real.has(inside) and not self.tree.has(inside)
        if not is_manifest(plain):
            return may_be_list(plain) and self.tree.real.has(inside) and not self.tree.has(inside)
        folder = dirname(inside)
        if folder and not folder.endswith("requirements") and not self.tree.real.has(inside.rstrip("*")):
            return False  # something else makes it
        return not self.tree.has(inside.rstrip("*")) or inside == "requirements.txt"

    def is_unread(self, source: str) -> bool:
        """Whether a source of a COPY brings a list that stays for lines which nobody could read."""
        inside = self.context.locate(normpath(source.removeprefix("./").lstrip("/")))
        return bool(inside) and any(glob_matches(inside or "", path) for path in unread_lists(self.project))

    def may_hold_code(self, source: str) -> bool:
        """Whether a source of a COPY may be more than a manifest or a setting."""
        inside = self.context.locate(normpath(source.removeprefix("./").lstrip("/")))
        if not inside or inside == "." or WILD.search(source) or "$" in source:
            return True
        folder = self.tree.has_dir(inside) or self.tree.real.has_dir(inside)
        return folder or (inside.endswith(".py") and basename(inside) not in SETUPTOOLS)

    def holding(self, item: Instruction, source: str) -> str | None:
        """Where the project lies in a source of a COPY that holds it whole; ``None`` of any other."""
        path = normpath(source.lstrip("/") or ".")
        foreign = "$" in path or any(flag.startswith("--from=") for flag in item.flags)
        return None if foreign else self.context.below("" if path == "." else path)

    def has_gone(self, name: str) -> bool:
        """Whether the project had a file of this name, wherever the image has it, and has none afterwards."""
        before, after = ({basename(path) for path in tree.files()} for tree in (self.tree.real, self.tree))
        return basename(name) in before - after

    def is_thinned(self, source: str) -> bool:
        """Whether a pattern of a COPY brought manifests that are not there afterwards, beside what stays."""
        inside = self.context.locate(normpath(source.removeprefix("./").lstrip("/")))
        before, after = self.matched(inside) if inside and WILD.search(source) else ([], [])
        return bool(after) and any(is_manifest(path) for path in before if path not in after)

    def matched(self, pattern: str) -> tuple[list[str], list[str]]:
        """The files of the project that a pattern matches, before and after."""
        before, after = (
            [path for path in tree.files() if glob_matches(pattern, path)] for tree in (self.tree.real, self.tree)
        )
        return before, after

    def is_folder_of_lists(self, source: str) -> bool:
        """Whether a source of a COPY is a folder that held lists of requirements only, and is not there afterwards."""
        path = self.context.locate(normpath(source.removeprefix("./").lstrip("/"))) or ""
        return self.was_of_lists(dirname(path) if WILD.search(basename(path)) else path)

    def was_of_lists(self, folder: str) -> bool:
        """The same of a folder of the project."""
        held = self.tree.real.under(folder) if folder and self.tree.real.has_dir(folder) else ()
        return bool(held) and all(map(is_manifest, held)) and not self.tree.has_dir(folder)

    def only_fetched(self, argv: list[str]) -> list[str]:
        """The requirements files of a ``pip wheel`` or ``pip download``, where they are the project's and go."""
        if not {"wheel", "download"}.intersection(argv[1:4]):
            return []
        arguments = pip_arguments(tuple("install" if word in ("wheel", "download") else word for word in argv))
        files = requirement_files(arguments) if arguments else []
        kept = MADE.search(self.text) is not None or any(map(self.is_other, files))
        return files if files and not kept and all(map(is_manifest, files)) else []

    def ship_what_builds(self, *, named: bool = True) -> bool:
        """Whether ``.dockerignore`` lets into the image the manifest, the lock, the code and (if asked) what that
        names."""
        tree = self.project.tree
        needed = ["pyproject.toml", "uv.lock", "src/x.py", *(read_to_build(self.project) if named else [])]
        ignore = tree.text(".dockerignore") if tree.has(".dockerignore") else ""
        return not any(map(spec_of(ignore).match_file, needed))

    def bring_another(self, inside: Iterable[Instruction], text: str) -> bool:
        """Whether a stage is given the manifests of another project of the tree, and nothing of this one's top."""
        theirs, own = False, False
        for item in inside:
            if item.keyword == "RUN" and BINDS_OWN.search(text, item.begin, item.end):
                return False
            if item.keyword not in ("COPY", "ADD") or is_from_a_stage(item):
                continue
            for word in item.words[:-1]:
                path = self.context.locate(normpath(word.text.removeprefix("./").lstrip("/") or ".")) or ""
                manifests = [f"{path}/{name}" for name in OF_PROJECTS] if self.tree.has_dir(path) else [path]
                theirs = theirs or any(
                    "/" in name and name.endswith(OF_PROJECTS) and self.tree.has(name) for name in manifests
                )
                own = (
                    own
                    or path in ("", ".")
                    or ("/" not in path and is_manifest(path))
                    or path in OF_PROJECTS
                    or "$" in path
                )
        return theirs and not own

    def copies_of_readme(self, newline: str) -> str:
        """What brings the readme, and other texts that are named, to where a stage has all that builds the project
        besides."""
        leads = ("", f"{'/'.join(self.context.repository)}/")
        lead = next((lead for lead in leads if self.context.locate(f"{lead}pyproject.toml") == "pyproject.toml"), "")
        named = ((name, f"./{name}" if "/" in name else "./") for name in read_to_build(self.project))
        return "".join(f"COPY {lead}{name} {to}{newline}" for name, to in named)

    def bring_all(
        self, copied: Iterable[tuple[Instruction, str]], folder: str, values: dict[str, str], *, readme: bool
    ) -> bool:
        """Whether all that builds the project comes by its parts: ``COPY src/ src/`` beside manifest and readme."""
        there = set[str]()
        for item, place in copied:
            target = item.words[-1].text if len(item.words) > 1 else ""
            for word in item.words[:-1]:
                source = word.text.removeprefix("./").rstrip("/")
                ends = "" if source == "src" else basename(source) if target.endswith(("/", ".")) else ""
                there.add(normpath(join(reached(place, target, values), ends)))
        parts = {"/".join(path.split("/")[:2]) for path in self.tree.under("src")}
        code = join(folder, "src") in there or (bool(parts) and there.issuperset(join(folder, part) for part in parts))
        named = read_to_build(self.project)
        brought = [name for name in named if not re.search(rf"touch [^\n&|;]*{re.escape(name)}", self.text)]
        return code and (not readme or there.issuperset(join(folder, name) for name in brought))

    def come_from_an_index(self) -> bool:
        """Whether packages come from another index than PyPI, which pip must be told."""
        document = self.project.pyproject
        return bool(document and (document.get("tool", "uv", "index") or document.get("tool", "uv", "index-url")))
