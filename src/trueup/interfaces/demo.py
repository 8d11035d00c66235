"""``trueup demo``: a bundled legacy project down the whole road, in a scratch folder."""

from __future__ import annotations

import sys
import tempfile
from contextlib import nullcontext
from importlib.resources import as_file, files
from pathlib import Path
from shutil import copytree, ignore_patterns

from trueup.errors import UsageError
from trueup.model.settings import Settings
from trueup.report import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from trueup.interfaces.progress import Progress
    from trueup.model.report import Report, Screen


def run_demo(keep: str, screen: Screen, progress: Progress) -> int:
    """Audit, plan, apply, verify, audit again; returns 0 when the project ends true, else 5."""
    if keep and Path(keep).exists() and any(Path(keep).iterdir()):
        raise UsageError(f"{keep} is not empty", "name a folder that is not there yet")
    scratch: AbstractContextManager[str] = (
        nullcontext(keep) if keep else tempfile.TemporaryDirectory(prefix="trueup-demo-")
    )
    with scratch as folder:
        project = Path(folder) / "shop" if not keep else Path(folder)
        with as_file(files("trueup.data") / "demo") as bundled:
            copytree(bundled, project, dirs_exist_ok=True, ignore=ignore_patterns("__pycache__"))
        return road(str(project), screen, progress)


def road(project: str, screen: Screen, progress: Progress) -> int:
    """The verbs one after another on ``project``, which is ours: nothing is asked."""
    from trueup import steps

    show("trueup audit", steps.audit(project, Settings()), screen)
    show("trueup plan", steps.plan(project, Settings()), screen)
    consent = steps.Consent(trust=lambda _what: None, confirm=lambda _report: None)
    applied = steps.apply(project, Settings(), consent, env={}, progress=progress)
    progress.done()
    show("trueup apply --yes --trust", applied, screen)
    verified = steps.verify(project, Settings(), lambda _what: None, env={}, progress=progress)
    progress.done()
    show("trueup verify --trust", verified, screen)
    last = steps.audit(project, Settings())
    show("trueup audit", last, screen)
    again = steps.plan(project, Settings())
    show("trueup plan --check", again, screen)
    good = not applied.exit and not verified.exit and not last.counts["critical"] and not last.counts["error"]
    return 0 if good and again.plan is not None and again.plan.empty else 5


def show(command: str, report: Report, screen: Screen) -> None:
    """A command as it would be typed, and its answer."""
    text = f"$ {command}\n{render('terminal', report, screen)}\n"
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()
