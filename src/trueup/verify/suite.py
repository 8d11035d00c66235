"""Who runs a project's tests: pytest, or the file of the project that does it itself."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from trueup.verify.django_tests import run_django
from trueup.verify.runner import TIMEOUT, SuiteRun, run_tests

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

RUNNERS = {"manage.py": run_django}  # by the name of the file


def run_suite(
    runner: str,
    venv: Path,
    python: Path,
    root: Path,
    environ: Mapping[str, str],
    args: Sequence[str] = (),
    timeout: float = TIMEOUT,
    *,
    prefix: Sequence[str] = (),
    start: Path | None = None,
) -> SuiteRun:
    """Run the tests of ``root`` with the environment ``venv`` active.

    ``runner`` is the project's file that runs them, ``""`` where that is pytest; ``prefix`` is what stands before the
    interpreter, ``start`` the working directory, if that is otherwise.
    """
    if runner:
        own = RUNNERS[PurePosixPath(runner).name]
        return own(venv, python, root, environ, args, timeout, manage=runner, prefix=prefix, start=start)
    whole = os.path.abspath(python)  # noqa: PTH100 - resolved, it would leave its environment
    launch = [*prefix, whole, "-m", "pytest"] if prefix else ()
    return run_tests(venv, python, root, environ, args, timeout, launch=launch, start=start)
