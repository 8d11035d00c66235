"""What a move does to every path, name and import root; the arithmetic that all files of a relocation share."""

from __future__ import annotations

from functools import cached_property
from posixpath import dirname, relpath

from trueup.model.plan import Question
from trueup.text.naming import moved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.operation import Relocate
    from trueup.model.project import Project
    from trueup.model.tree import Tree
    from trueup.plan.relocate_images import Place

SRC = "src"


class Mover:
    """One relocation of one project; ``questions`` are what it leaves to a person."""

    def __init__(self, project: Project, tree: Tree, operation: Relocate) -> None:
        self.project, self.tree, self.operation = project, tree, operation
        self.moves, self.modules = operation.moves, operation.modules
        self.questions: dict[Question, None] = {}
        self.kept: set[str] = set()  # names of tasks that stay, see relocate_tasks
        self.images: tuple[tuple[Place, ...], ...] = ()  # see relocate_docker.image_places
        self.placements: dict[tuple[str, str], str] = {}  # see relocate_docker.placements

    def new(self, path: str) -> str:
        """Where ``path`` is afterwards."""
        return moved(path, self.moves)

    def ask(self, text: str, path: str, line: int = 0) -> None:
        """Leave something to a person, once."""
        self.questions[Question(self.operation.code, text, "", path, line)] = None

    def is_moved(self, path: str) -> bool:
        """Whether ``path`` itself moves, alone or with a folder above it."""
        return self.new(path) != path

    def is_code(self, path: str) -> bool:
        """Whether ``path`` is application code."""
        members = self.project.layout.members
        return any(path == member or path.startswith(member + "/") for member in members)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """All paths before the move, ignored ones too."""
        return tuple(path for path in self.tree.entries if not path.startswith("../"))

    @cached_property
    def parents(self) -> tuple[str, ...]:
        """The packages that the move makes: folders below ``src/`` that hold nothing of the kind today."""
        targets = {new for _, new in self.moves}
        inside = (new.split("/")[1] for new in targets if new.startswith(f"{SRC}/") and new.count("/") > 1)
        made = {name for name in inside if f"{SRC}/{name}" not in targets}
        wanted = (f"{SRC}/{name}/__init__.py" for name in sorted(made))
        return tuple(path for path in wanted if path not in targets and not self.tree.has(path))

    @cached_property
    def stays_importable(self) -> bool:
        """Whether anything that stays at the root is imported by its own name (``from tests.helpers import ...``)."""
        return any(self.imports_staying(path) for path in self.project.sources)

    def imports_staying(self, importer: str) -> bool:
        """Whether a file imports something by a name that only the project's root gives it."""
        statements = self.project.sources[importer].imports
        return any(self._stays(name.split(".")[0]) for item in statements for name in item.targets())

    def _stays(self, top: str) -> bool:
        package, module = f"{top}/__init__.py", f"{top}.py"
        return any(self.tree.has(path) and not self.is_moved(path) for path in (package, module))

    def root(self, text: str, target: str) -> str:
        """A directory on the import path as it must be named afterwards: ``/code`` as ``/code/src``.

        ``target`` is the root in the project that ``text`` names.
        """
        if not target:
            lead = text.removesuffix("/.").removesuffix("\\.")
            if text in (".", "./.", ""):
                return SRC if text != "./." else f"./{SRC}"
            return f"{lead.rstrip('/')}/{SRC}"
        if target == SRC or target.endswith(f"/{SRC}"):
            return text
        if text.replace("\\", "/").endswith(target):
            return text[: len(text) - len(target)] + SRC
        return text

    def finds_beside(self, path: str) -> bool:
        """Whether a file imports what lies beside it by its bare name: only its own folder, as a script, gives that."""
        folder, roots = dirname(path), self.project.layout.roots
        if folder in roots or path not in self.project.sources:
            return False
        tops = {
            name.split(".")[0]
            for item in self.project.sources[path].imports
            if not item.level
            for name in item.targets()
        }
        places = [f"{root}/" if root else "" for root in roots]
        return any(
            self.tree.has(f"{folder}/{top}.py")
            and not any(self.tree.has(f"{place}{top}.py") or self.tree.has_dir(f"{place}{top}") for place in places)
            for top in tops
        )

    def script(self, path: str) -> str | None:
        """The module that a Python file is afterwards, so that ``python path`` becomes ``python -m module``."""
        new = self.new(path)
        if not self.is_moved(path) or not new.startswith(f"{SRC}/") or self.finds_beside(path):
            return None
        return (
            relpath(new, SRC).removesuffix(".py").removesuffix("/__init__").removesuffix("/__main__").replace("/", ".")
        )
