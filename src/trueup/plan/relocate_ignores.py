"""What git ignores before a move must be ignored after it, and what it does not must not."""

from __future__ import annotations

from trueup.errors import PlanRefused
from trueup.model.change import Write
from trueup.model.tree import Overlay
from trueup.text.ignores import spec_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pathspec import GitIgnoreSpec

    from trueup.model.change import Change
    from trueup.model.tree import Tree
    from trueup.plan.moves import Mover

IGNORE = ".gitignore"


def check_ignores(mover: Mover, changes: Iterable[Change]) -> Iterator[Write]:
    """Compare the answers of all ignore files before and after; what git tracks in spite of a pattern gets an exception
    at its new place, where git does not know it yet.

    Raises ``PlanRefused`` where a file that is ignored would be seen (``.env`` on its way into a commit),
    and where code would become invisible to git.
    """
    moving = [path for path in mover.files if mover.is_moved(path) and "__pycache__" not in path]
    if not moving:
        return
    tracked: list[str] = []
    repository = mover.project.repository
    before, after = _Ignores(mover.tree, repository), _Ignores(Overlay(mover.tree, changes), repository)
    for path in moving:
        new = mover.new(path)
        was, will = before.ignored(path), after.ignored(new)
        if was and not will:
            hint = "add a pattern for its new place to .gitignore first"
            raise PlanRefused(f"{path} is ignored by git and would no longer be, as {new}", hint)
        if will and not was:
            raise PlanRefused(
                f"{path} would become {new}, which {after.file_of(new)} ignores", "narrow that pattern first"
            )
        if mover.tree.entries[path].ignored and not was:
            mover.ask("ignored by a rule outside the project (.git/info/exclude, a global file): check it", path)
        elif was and not mover.tree.entries[path].ignored:
            tracked.append(path)
    yield from _exceptions(mover, Overlay(mover.tree, changes), after, tracked)


def _exceptions(mover: Mover, tree: Tree, after: _Ignores, tracked: list[str]) -> Iterator[Write]:
    """The ignore files with a line for each folder, or file, that they hide; a folder that holds what is ignored
    rightly, too, is told."""
    lines: dict[str, dict[str, None]] = {}
    for path in tracked:
        new = mover.new(path)
        parts = new.split("/")
        folders = ("/".join(parts[:depth]) + "/" for depth in range(1, len(parts)))
        hidden = next(filter(after.ignored, folders), new)
        file = after.file_of(hidden)
        beside = [name for name, entry in tree.entries.items() if entry.ignored and name.startswith(hidden)]
        if hidden != new and beside:
            text = f"git tracks it, though {file} names {hidden}, and does not know {new}: `git add --force` it there"
            mover.ask(text, path)
            continue
        home = file.removesuffix(IGNORE) if not file.startswith("../") else ""
        lines.setdefault(f"{home}{IGNORE}", {})[f"!/{hidden.removeprefix(home)}"] = None
    for file, found in lines.items():
        before = tree.text(file) if tree.has(file) else ""
        end = "\r\n" if "\r\n" in before else "\n"
        gap = end if before and not before.endswith("\n") else ""
        yield Write(file, (before + gap + "".join(f"{line}{end}" for line in found)).encode())


class _Ignores:
    """The ignore files of a tree, the repository's own above the project included."""

    def __init__(self, tree: Tree, repository: str) -> None:
        self.repository = repository.split("/") if repository else []
        self.specs: list[tuple[str, GitIgnoreSpec]] = []
        for path in tree.entries:
            if path.rpartition("/")[2] == ".gitignore" and tree.has(path):
                folder = path.rpartition("/")[0]
                self.specs.append((folder, spec_of(tree.text(path))))

    def ignored(self, path: str) -> bool:
        """Whether git ignores ``path``."""
        return self.file_of(path) != ""

    def file_of(self, path: str) -> str:
        """The ignore file that hides ``path``, or nothing; the deepest that speaks of it decides."""
        answer = ""
        for folder, spec in sorted(self.specs, key=lambda item: self._depth(item[0])):
            inside = self._relative(path, folder)
            verdict = spec.check_file(inside).include if inside else None
            if verdict is not None:
                answer = f"{folder}/.gitignore".lstrip("/") if verdict else ""
        return answer

    def _depth(self, folder: str) -> int:
        ups = folder.split("/").count("..")
        return -ups if ups else len([part for part in folder.split("/") if part])

    def _relative(self, path: str, folder: str) -> str:
        """``path`` as the ignore file of ``folder`` (``..``: the repository's) sees it; ``""`` outside of it."""
        ups = folder.split("/").count("..")
        if ups:
            inside = folder.split("/")[ups:] == []
            return "/".join([*self.repository[len(self.repository) - ups :], path]) if inside else ""
        if not folder:
            return path
        return path[len(folder) + 1 :] if path.startswith(folder + "/") else ""
