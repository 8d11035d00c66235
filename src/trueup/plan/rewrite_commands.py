"""Installation commands of one file rewritten to uv; what has no equal becomes a question."""

from __future__ import annotations

from trueup.model.change import Write
from trueup.model.hooks import CONFIG
from trueup.model.plan import Question
from trueup.model.readme import read_to_build
from trueup.plan.called_scripts import callers
from trueup.plan.ci_keys import on_the_lock
from trueup.plan.command_edits import unasked
from trueup.plan.hooks import on_the_lock_of_uv
from trueup.plan.image_ignores import let_in
from trueup.plan.image_told import tell
from trueup.plan.installers import without_installers
from trueup.plan.jobs import Jobs
from trueup.plan.left_over import Kept, in_sentences, left
from trueup.plan.lowered import Lowered
from trueup.plan.others import folders_of_others, jobs_around, lines_of_others, lists_of_others, needed_by_others
from trueup.plan.rewrite_image import BUILDKIT, rewrite_image
from trueup.plan.rewriting import Rewriting
from trueup.text.documents import DOCUMENTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.operation import RewriteCommands
    from trueup.model.project import Project
    from trueup.model.tree import Tree


def rewrite_commands(project: Project, tree: Tree, operation: RewriteCommands) -> Lowered:
    """The file with its pip, Poetry, Pipenv and PDM commands said in uv, and the jobs that only call them there."""
    files = [
        _rewritten(project, tree, operation._replace(path=path))
        for path in (operation.path, *callers(project, operation.path))
    ]
    return Lowered(
        tuple(change for file in files for change in file.changes),
        questions=tuple(question for file in files for question in file.questions),
    )


def _rewritten(project: Project, tree: Tree, operation: RewriteCommands) -> Lowered:
    path = operation.path
    data = tree.read(path)
    where = {command.where for command in project.commands if command.path == path}
    if "dockerfile" in where or _is_image(path):
        after, told, theirs = rewrite_image(project, tree, path, data)
        told = [*told, *tell(project, path, data, after)]
    else:
        after, told = Rewriting(project, path, data).result()
        theirs = lines_of_others(project, path)
    others = theirs or jobs_around(project, path, data) or needed_by_others(project, path, data)
    if after != data and not others:
        after = without_installers(path, after, image="dockerfile" in where)
    after = on_the_lock(tree, path, unasked(after) if after != data else data, project.repository)
    after = on_the_lock_of_uv(after) if path == CONFIG else after
    if path.endswith(DOCUMENTS):  # they explain; what they run is rewritten
        told = [*told, *in_sentences(data, folders_of_others(tree), after)]
    else:
        below = project.repository if path.startswith("../") else ""
        needed, lists = jobs_around(project, path, data), lists_of_others(project, path)
        kept = Kept(data, after, theirs, Jobs(path, data), needed, lists)
        told = [*told, *left(tree, kept, {line for line, text in told if text != BUILDKIT}, below)]
    questions = tuple(Question(operation.code, text, "", path, line) for line, text in told)
    built = read_to_build(project) if "dockerfile" in where else []
    changes = (Write(path, after), *let_in(tree, path, after, built)) if after != data else ()
    return Lowered(changes, questions=questions)


def _is_image(path: str) -> bool:
    return "dockerfile" in path.rsplit("/", 1)[-1].lower()
