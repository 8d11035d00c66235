"""pip-audit, asked about pinned packages: it resolves, installs and builds nothing, and keeps no answers.

Source: https://github.com/pypa/pip-audit#usage
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from trueup.errors import ToolError
from trueup.tools.process import run
from trueup.tools.uv import venv_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

FIXED = ("--format", "json", "--disable-pip", "--no-deps", "--progress-spinner", "off", "--aliases", "on")


class PipAudit:
    """One pip-audit program, and the environment that it is started in. Raises ``ToolError``."""

    def __init__(self, command: Sequence[str | Path], environ: Mapping[str, str]) -> None:
        self.command = tuple(command)
        self.environ = dict(environ)

    def audit(
        self, packages: Iterable[tuple[str, str]], *, service: str, timeout: float, patience: float
    ) -> list[dict[str, Any]]:
        """What it says of each package: with ``vulns``, or with a ``skip_reason``. ``service`` is an OSV address, or
        ``""`` for PyPI. No name may come twice."""
        text = "".join(f"{name}=={version}\n" for name, version in packages)
        asked = ("-s", "osv", "--osv-url", f"{service.rstrip('/')}/v1/query") if service else ("-s", "pypi")
        with tempfile.TemporaryDirectory(prefix="trueup-pip-audit-", ignore_cleanup_errors=True) as scratch:
            listed = Path(scratch, "requirements.txt")
            listed.write_text(text, "utf-8")
            own = ("--cache-dir", Path(scratch, "cache"), "--timeout", f"{patience:.0f}", "-r", listed)
            argv = [*self.command, *FIXED, "--desc", "off", *asked, *own]
            done = run(argv, Path(scratch), env=self.environ, timeout=timeout)
        if done.timed_out:
            raise ToolError(f"it did not end in {timeout:.0f} s")
        try:
            said = rows(json.loads(done.stdout), "dependencies") if done.code in (0, 1) else None
        except (ValueError, RecursionError):
            said = None
        if said is None or not all(map(fits, said)) or any(row.get("vulns") for row in said) != (done.code == 1):
            raise ToolError(f"it gave no answer: {done.tail(1) or f'it ended with {done.code}'}")
        return said


def rows(table: Any, key: str) -> list[dict[str, Any]] | None:
    """The tables of a list that stands under a key; ``None`` where it is anything else."""
    found = table.get(key) if isinstance(table, dict) else None
    return found if isinstance(found, list) and all(isinstance(row, dict) for row in found) else None


def fits(row: dict[str, Any]) -> bool:
    """Whether what is said of one package has the form that is documented."""
    if not isinstance(row.get("name"), str):
        return False
    vulns = rows(row, "vulns")
    told = isinstance(row.get("version"), str) and vulns is not None
    return "skip_reason" in row or (told and all(isinstance(item.get("id"), str) for item in vulns or ()))


def find_pip_audit(command: Sequence[str], environ: Mapping[str, str], venv: Path) -> PipAudit:
    """pip-audit as it is named, ``pip-audit`` from ``PATH``, else from the environment. Raises ``ToolError``."""
    program, *more = command
    own = venv_program(venv, program)
    found = shutil.which(program, path=environ.get("PATH", "")) or (str(own) if own.is_file() else "")
    if not found:
        raise ToolError("it is neither on the PATH nor in .venv")
    return PipAudit([found, *more], environ)
