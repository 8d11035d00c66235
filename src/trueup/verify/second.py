"""What does pip-audit say of the locked packages? A second opinion, where it is asked for (``--pip-audit``).

It is given names and versions of what is locked from PyPI, and resolves nothing. An export of uv would also name
packages of other indexes, and pip-audit drops those of other platforms. It ends well where it skipped every package:
here each one needs an answer.
Source: https://github.com/pypa/pip-audit#usage
"""

from __future__ import annotations

from packaging.utils import canonicalize_version

from trueup.errors import ToolError
from trueup.model.indexes import host_of
from trueup.model.names import normal
from trueup.model.report import Outcome
from trueup.tools.pip_audit import find_pip_audit
from trueup.tools.process import printable
from trueup.verify.advisories import judged, read, uncovered
from trueup.verify.opinions import PATIENCE, Found, Known, Packages, vulnerability

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trueup.verify import Context

ORDER = 72
NAME = "pip-audit"
DEPTH = "verify"
ADVICE = True
TIMEOUT = 300.0  # seconds: it asks for each package by itself


def check(context: Context) -> Outcome | None:
    """Passed when it knows of nothing against any of them, ignored advisories aside, and skipped none."""
    if not context.auditor:
        return None
    try:
        locked = read(context)
    except (OSError, ValueError) as problem:
        return Outcome(NAME, "unchecked", f"there is no lock that can be read: {problem}")
    if not locked.covered:
        return Outcome(NAME, "unchecked", f"no locked package comes from PyPI{uncovered(locked)}")
    try:
        found = asked(context, locked.covered)
    except ToolError as problem:
        found = Found(doubts=(problem.message,))
    return judged(locked, found)._replace(check=NAME)


def asked(context: Context, covered: Packages) -> Found:
    """What it says of each package. Raises ``ToolError``."""
    service = context.advisories if "://" in context.advisories else ""
    tool = find_pip_audit(context.auditor, context.uv.environ, context.venv)
    wanted = {(normal(name), canonicalize_version(version)): (name, version) for name, version in covered}
    known: list[Known] = []
    skipped: dict[str, str] = {}
    for packages in rounds(covered):
        for item in tool.audit(packages, service=service, timeout=TIMEOUT, patience=PATIENCE):
            if "skip_reason" in item:
                skipped[normal(item["name"])] = str(item["skip_reason"])
                continue
            answered = wanted.pop((normal(item["name"]), canonicalize_version(item["version"])), None)
            dependency = dict(zip(("name", "version"), answered or (item["name"], item["version"]), strict=True))
            known += [vulnerability({**row, "dependency": dependency}) for row in item["vulns"]]
    missing = [name for name, _ in wanted.values()]
    doubts = tuple(unanswered(missing, skipped, len(covered)))
    return Found(tuple(known), doubts=doubts, source=host_of(service) or "pypi.org")


def unanswered(missing: Sequence[str], skipped: Mapping[str, str], asked: int) -> Iterator[str]:
    """A doubt that names the packages of which it says nothing."""
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        why = next((skipped[normal(name)] for name in missing if normal(name) in skipped), "no word of them")
        yield printable(f"it left out {len(missing)} of {asked} packages: {', '.join(missing[:3])}{more} ({why})")


def rounds(covered: Packages) -> list[Packages]:
    """The packages in as many lists as one name has versions: it takes a name once."""
    lists: list[dict[str, str]] = []
    for name, version in covered:
        free = next((row for row in lists if name not in row), None)
        if free is None:
            free = {}
            lists.append(free)
        free[name] = version
    return [tuple(row.items()) for row in lists]
