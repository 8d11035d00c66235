"""What the project says about its Python contradicts itself.

A pin outside ``requires-python`` stops uv; an image with another interpreter than the pinned one
runs what nobody tested; CI (or tox) that tests only other versions proves nothing about it.

Source: https://docs.astral.sh/uv/concepts/python-versions/

Flagged:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.13"
.python-version
    3.12
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [project]
    name = "shop"
    version = "1.0"
    requires-python = ">=3.13"
.python-version
    3.13
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

from trueup.model.python import admits, minor_of
from trueup.rules import Rule
from trueup.rules.lookups import is_application

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project
    from trueup.model.words import Severity

rule = Rule(
    __name__,
    severity="error",
    help="one of them is not the Python that was tested",
    no_fix="which interpreter is right is yours to say",
)

CALLED = {"pin": "the pin", "docker": "the image", "runtime": "the platform", "ci": "CI", "tox": "tox"}


@rule.checks
def contradictions(project: Project) -> Iterator[Finding]:
    """Versions that requires-python excludes; in an application also images that run another than the pinned one.

    Several images of different versions are meant to differ, as long as one of them is the pinned one.
    """
    said = [(item.what, minor_of(item.version), item.place) for item in project.evidence if item.what in CALLED]
    said = list(dict.fromkeys(item for item in said if item[1]))
    runs = {"docker", "runtime"} if is_application(project) else set()
    bounds = [item for item in project.evidence if item.what == "requires"]
    by_kind = {what: {minor for kind, minor, _ in said if kind == what} for what in CALLED}
    for what, minor, place in said:
        if what not in {"pin", *runs}:
            continue
        reasons = []
        pinned, tested = by_kind["pin"], by_kind["ci"]
        unlike = what in runs and not by_kind[what] & pinned
        if unlike and pinned:
            reasons.append(f"the pin is {min(pinned)}")
        bound = next((item for item in bounds if not admits(item.version, minor)), None)
        if bound:
            reasons.append(f"requires-python is {bound.version} ({bound.place})")
        severity: Severity = "error" if reasons else "warning"
        if unlike and not pinned and tested and not by_kind[what] & tested:
            reasons.append(f"CI tests {', '.join(sorted(tested))}")
        if reasons:
            subject = f"{what} outside" if bound else what
            message = f"{CALLED[what]} is Python {minor}, {' and '.join(reasons)}"
            yield rule.finding(place, message, subject=subject, severity=severity)
    yield from tested_outside(project)
    if is_application(project) and by_kind["pin"] and by_kind["ci"] and not by_kind["ci"] & by_kind["pin"]:
        minor, place = next((minor, place) for what, minor, place in said if what == "ci")
        message = (
            f"CI is Python {minor}, the pin is {min(by_kind['pin'])}, which uv obeys wherever nothing overrides it"
        )
        yield rule.finding(place, message, subject="ci unlike the pin", severity="warning")


def tested_outside(project: Project) -> Iterator[Finding]:
    """CI, or tox and nox, that test no version which requires-python admits: several versions may be too many.

    uv takes one that is admitted, whatever else is set up.
    """
    bounds = [item for item in project.evidence if item.what == "requires"]
    by_uv = any(item.where == "ci" and item.argv[:2] in (("uv", "sync"), ("uv", "run")) for item in project.commands)
    for what in ("tox",) if by_uv else ("ci", "tox"):
        tested = [(minor_of(item.version), item.place) for item in project.evidence if item.what == what]
        tested = [item for item in tested if item[0]]
        inside = any(all(admits(bound.version, minor) for bound in bounds) for minor, _ in tested)
        if bounds and tested and not inside:
            minor, place = tested[0]
            who = "nox" if place.path.endswith("noxfile.py") else CALLED[what]
            message = f"{who} tests Python {minor}, requires-python is {bounds[0].version} ({bounds[0].place})"
            yield rule.finding(place, message, subject=f"{what} outside", severity="warning")
