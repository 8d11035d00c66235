"""Installation commands of one file rewritten to uv; what has no equal becomes a question."""

from __future__ import annotations

from trueup.model.change import Write
from trueup.model.plan import Question
from trueup.plan.ci_keys import on_the_lock
from trueup.plan.command_edits import unasked
from trueup.plan.image_files import readme_of
from trueup.plan.image_ignores import let_in
from trueup.plan.image_told import tell
from trueup.plan.left_over import in_sentences, left
from trueup.plan.lowered import Lowered
from trueup.plan.rewrite_image import rewrite_image
from trueup.plan.rewriting import Rewriting
from trueup.text.documents import DOCUMENTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.operation import RewriteCommands
    from trueup.model.project import Project
    from trueup.model.tree import Tree


def rewrite_commands(project: Project, tree: Tree, operation: RewriteCommands) -> Lowered:
    """The file with its pip, Poetry, Pipenv and PDM commands said in uv."""
    path = operation.path
    data = tree.read(path)
    where = {command.where for command in project.commands if command.path == path}
    if "dockerfile" in where or _is_image(path):
        after, told = rewrite_image(project, tree, path, data)
        told = [*told, *tell(project, path, data, after)]
    else:
        after, told = Rewriting(project, path, data).result()
    after = on_the_lock(tree, path, unasked(after) if after != data else data, project.repository)
    if path.endswith(DOCUMENTS):  # they explain; what they run is rewritten
        told = [*told, *in_sentences(data)]
    else:
        below = project.repository if path.startswith("../") else ""
        told = [*told, *left(tree, data, after, {line for line, _ in told}, below)]
    questions = tuple(Question(operation.code, text, "", path, line) for line, text in told)
    readme = readme_of(project) if "dockerfile" in where else []
    changes = (Write(path, after), *let_in(tree, path, after, readme)) if after != data else ()
    return Lowered(changes, questions=questions)


def _is_image(path: str) -> bool:
    return "dockerfile" in path.rsplit("/", 1)[-1].lower()
