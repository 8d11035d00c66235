"""Programs that the application's own code starts: ``subprocess.run(["pytest"])``, ``os.system("alembic check")``.

Source: https://docs.python.org/3/library/subprocess.html
"""

from __future__ import annotations

from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.project import Project

STARTS = lazy(
    r"(?:\bsubprocess\.\w+|\bPopen|\bos\.(?:system|popen)|\bcheck_(?:call|output)|\bcreate_subprocess_\w+)\(\s*\[?\s*f?[\"']"
    r"(?:python[\d.]*[\"']?,?\s+[\"']?-m[\"']?,?\s+[\"']?)?(?P<program>[\w.-]+)"
    r"|\bsys\.executable,\s*[\"']-m[\"'],\s*[\"'](?P<module>[\w.-]+)",
    words=("subprocess", "system", "popen", "Popen", "check_", "executable"),
)
OTHER_NAMES = {"py.test": "pytest"}


def started_by_code(project: Project) -> dict[str, str]:
    """Each program that code beside the application starts, with the first file that does; tests are left out."""
    found: dict[str, str] = {}
    top = project.app.path.split("/")[0] if project.app else ""
    for path in project.sources if top else ():
        if path.split("/")[0] == top and not project.is_test(path):
            for start in STARTS.finditer(project.tree.read(path).decode("utf-8", "replace")):
                name = start["program"] or start["module"]
                found.setdefault(OTHER_NAMES.get(name, name), path)
    return found
