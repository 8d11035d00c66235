"""What the cells of notebooks run in a shell; no judgement here."""

from __future__ import annotations

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.rules.lookups import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project

LARGE = 5_000_000
NOTEBOOK = lazy(r".*\.ipynb")
# A line of a cell stands in quotes: "!pip install pandas\n".
LINE = lazy(r"""[\[,:]\s*"\s*(?P<sign>[!%]{1,2})\s*(?P<text>[^"\\\n]*)""", words=('"!', '"%'))


class CellLine(NamedTuple):
    """A line of a cell that is no Python: ``sign`` is ``!`` for the shell, ``%`` for the notebook's own commands."""

    path: str
    line: int
    sign: str
    text: str

    @property
    def argv(self) -> tuple[str, ...]:
        """Its words, best effort."""
        return tuple(self.text.split())


def cell_lines(project: Project) -> Iterator[CellLine]:
    """Such lines of all notebooks that speak of pip."""
    for path in project.tree.called(NOTEBOOK):
        text = text_of(project, path) if project.tree.entries[path].size < LARGE else ""
        for found in LINE.finditer(text) if "pip" in text else ():
            number = text.count("\n", 0, found.start("sign")) + 1
            yield CellLine(path, number, found["sign"], found["text"].strip())
