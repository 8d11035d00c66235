"""Ways of breaking what came from elsewhere: advisories, and packages that are not what the lock says."""

from __future__ import annotations

import hashlib
import json
import sys

from osv import advisory
from sabotage import NOWHERE, Case, breaks
from shops import write

from trueup.verify.installed import encoded


@breaks("advisories", "a version that is vulnerable by its range")
def _(case: Case) -> None:
    record = advisory("GHSA-x", "idna", {"introduced": "0"}, {"fixed": "3.7"})
    (case.advisories / "GHSA-x.json").write_text(json.dumps(record), "utf-8")


@breaks("advisories", "a version that is listed as vulnerable")
def _(case: Case) -> None:
    record = advisory("PYSEC-1", "idna", affected={"versions": ["3.5", "3.6"]})
    (case.advisories / "PYSEC-1.json").write_text(json.dumps(record), "utf-8")


@breaks("advisories", "advisories that cannot be read", caught="unchecked")
def _(case: Case) -> None:
    (case.advisories / "broken.json").write_text("<html>", "utf-8")


ELSEWHERE = "win32" if sys.platform != "win32" else "darwin"


def only_for(case: Case, tag: str) -> None:
    """Have the package of PyPI be needed on another system than this, and have one wheel, with this tag."""
    for name in ("pyproject.toml", "uv.lock"):
        case.edit(name, NOWHERE, f"sys_platform == '{ELSEWHERE}'")
    case.edit("uv.lock", 'py3-none-any.whl", hash = "sha256:c0', f'cp311-cp311-{tag}.whl", hash = "sha256:c0')
    text = (case.root / "uv.lock").read_text("utf-8")
    lines = (line for line in text.splitlines(keepends=True) if "idna-3.6.tar.gz" not in line)
    (case.root / "uv.lock").write_text("".join(lines), "utf-8")


@breaks("platforms", "a package without a file for a system that CI tests on", caught="unchecked")
def _(case: Case) -> None:
    only_for(case, "manylinux_2_17_x86_64")
    runner = {"win32": "windows", "darwin": "macos"}[ELSEWHERE]
    job = f"jobs: {{unit: {{runs-on: {runner}-latest, steps: [{{run: uv run pytest}}]}}}}\n"
    (case.root / ".github" / "workflows").mkdir(parents=True)
    (case.root / ".github" / "workflows" / "ci.yml").write_text(job, "utf-8")
    case.uv.sync(case.root)


@breaks("platforms", "a package without a file for a declared environment")
def _(case: Case) -> None:
    only_for(case, "manylinux_2_17_x86_64")
    marker = f"sys_platform == '{ELSEWHERE}'"
    text = (case.root / "pyproject.toml").read_text("utf-8")
    (case.root / "pyproject.toml").write_text(f'{text}[tool.uv]\nrequired-environments = ["{marker}"]\n', "utf-8")
    case.edit("uv.lock", "\nrequires-python = ", f'\nrequired-markers = ["{marker}"]\nrequires-python = ')
    case.uv.sync(case.root)


@breaks("sdist", "a cache in the package")
def _(case: Case) -> None:
    write(case.root, {"src/shop/.mypy_cache/3.13/main.json": "{}"})


@breaks("sdist", "a wheel that installs a package called tests")
def _(case: Case) -> None:
    write(case.root, {"src/tests/__init__.py": "", "src/tests/test_in.py": "def test_in():\n    assert 1\n"})


@breaks("packages", "another file than the one whose hash was fixed")
def _(case: Case) -> None:
    (case.root / "requirements.txt").write_text(f"idna==3.6 --hash=sha256:{'00' * 32}\n", "utf-8")


@breaks("original files", "an edit that its RECORD covers")
def _(case: Case) -> None:
    forge(case, "spare.py", "__version__ = '6.6'\n")


@breaks("original files", "a module that only the RECORD knows")
def _(case: Case) -> None:
    forge(case, "spare_more.py", "x = 1\n")


def forge(case: Case, name: str, text: str) -> None:
    """Write a file of ``spare``, and the line of its RECORD."""
    data, record = text.encode(), case.site / "spare-1.0.dist-info" / "RECORD"
    kept = [line for line in record.read_text("utf-8").splitlines() if not line.startswith(f"{name},")]
    (case.site / name).write_bytes(data)
    kept.append(f"{name},sha256={encoded(hashlib.sha256(data).digest())},{len(data)}")
    record.write_text("\n".join(kept) + "\n", "utf-8")


@breaks("installed files", "an extension that Python takes before a module")
def _(case: Case) -> None:
    (case.site / "spare.so").write_bytes(b"")


@breaks("pip-audit", "a vulnerability that it alone knows")
def _(case: Case) -> None:
    found = {"name": "idna", "version": "3.6", "vulns": [{"id": "PYSEC-2", "fix_versions": []}]}
    (case.advisories.parent / "pip-audit.json").write_text(json.dumps({"dependencies": [found]}), "utf-8")


@breaks("pip-audit", "a package that it skips", caught="unchecked")
def _(case: Case) -> None:
    found = {"name": "idna", "skip_reason": "not on PyPI"}
    (case.advisories.parent / "pip-audit.json").write_text(json.dumps({"dependencies": [found]}), "utf-8")
