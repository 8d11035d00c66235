"""Development requirements as PDM and Rye list them: PEP 508, or what pip's ``-e`` takes, from the project's root.

Sources: https://pdm-project.org/latest/usage/dependency/#editable-dependencies, https://rye.astral.sh/guide/deps/
"""

from __future__ import annotations

import re

from trueup.read.manifests._direct import direct, is_direct
from trueup.read.manifests._pep508 import requirement, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.project import Requirement
    from trueup.model.tree import Tree


def declared(text: str, tree: Tree, path: str, line: int, *, group: str, comment: str) -> Requirement:
    """The requirement, with the place that it comes from as uv's source. ``ValueError`` with a reason."""
    plain = re.sub(r"file:///\$\{PROJECT_ROOT\}/", "./", text.removeprefix("-e ").strip())
    editable = text.startswith("-e ")
    if not (editable or is_direct(plain)):
        return requirement(plain, path, line, group=group, comment=comment)
    named = re.search(r"#egg=([\w.-]+)", plain)
    found = direct(plain, tree, editable=editable)
    name = found.name or (named[1] if named else "")
    if not found.source or not name:
        raise ValueError(found.problem or "its name is not written")
    plain = written(name, found.extras, "", found.marker)
    return requirement(plain, path, line, group=group, comment=comment, source=found.source)
