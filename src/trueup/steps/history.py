"""An apply as two commits: first the pure move, so that ``git log --follow`` finds it, then the edits."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from trueup.apply.journal import Recorded, add
from trueup.errors import PlanRefused, ToolError
from trueup.model.change import Remove, Write
from trueup.steps.landing import LOCK, repository
from trueup.tools.git import Git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.plan import Plan
    from trueup.model.project import Project

MESSAGES = (
    "Move the code into src/\n\nNothing but names of files changes, so that history follows them.",
    "Make the environment declared, locked and installable\n\nWhat `trueup apply` wrote after the move.",
)


class History:
    """The commits of one apply, prepared before it lands."""

    def __init__(self, project: Project, made: Plan) -> None:
        root = self.root = Path(project.root)
        self.git = Git(repository(project) or root)
        self.prefix = f"{project.repository}/" if project.repository else ""
        self.moves = [(self._path(old), self._path(new)) for old, new in made.moves]
        written = [change.path for change in made.changes if isinstance(change, Write | Remove)]
        self.paths = sorted({self._path(path) for path in (*written, LOCK)})

    def _path(self, path: str) -> str:
        """A path of the plan, relative to the repository."""
        above = path.count("../")
        kept = self.prefix.split("/")[: -1 - above] if self.prefix else []
        return "/".join([*kept, path.replace("../", "")])

    def refuse_unsaved(self) -> None:
        """Raises ``PlanRefused`` where a file that would be committed holds other changes of the user's."""
        changed = self.git.changed([*self.paths, *(old for old, _ in self.moves)])
        if changed:
            more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
            text = f"--commit would take uncommitted changes along: {', '.join(changed[:3])}{more}"
            raise PlanRefused(text, "commit or stash them first, or leave --commit out")

    def commit(self) -> str:
        """Make the commits; a line that says which, or why not."""
        try:
            parent = self.git.call("rev-parse", "HEAD").strip()
            last = self.git.commit(self.moves, self.paths, MESSAGES)
        except ToolError as problem:
            return f"Applied, but not committed: {problem.message}"
        with suppress(OSError):  # a rollback then does not know of them
            add(self.root, Recorded(parent, last))
        before = ", the pure move before it" if self.moves else ""
        return f"Committed as {last[:12]}{before}. `git reset` undoes commits, `trueup rollback` files."


def still_there(top: Path, parent: str, last: str) -> str:
    """A line on the commits that an apply made and its rollback leaves; ``""`` where the branch holds none of them."""
    try:
        git = Git(top)
        made = git.call("rev-list", "--abbrev-commit", "--reverse", f"{parent}..{last}").split()
        if not made or git.call("rev-list", last, "^HEAD"):
            return ""
        follow = git.call("rev-list", f"{last}..HEAD").split()
    except ToolError:
        return f"Rollback puts back files; what was committed up to {last[:12]} it leaves in git."
    they = f"Rollback puts back files; {', '.join(made)} {'stays' if len(made) == 1 else 'stay'} in git"
    undo = "a commit of the files as they are now reverts what they did"
    take = "" if follow else f"`git reset {parent[:12]}` takes them off the branch; where others have them, "
    return f"{they}: {take}{undo}."
