"""Can what is locked be installed on every platform and every Python that the project says it runs on?

``uv lock`` looks for wheels of each declared environment, and of no Python but in general; where a project declares no
environments, an image or a CI job may run on a system that no wheel fits. uv is asked what a sync would install there:
of the lock alone, without a network, and nothing is installed.
Sources: https://docs.astral.sh/uv/reference/settings/#environments and #required-environments
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from packaging.markers import InvalidMarker, Marker

from trueup.model.noun import NamedTuple
from trueup.model.report import Outcome
from trueup.tools.uv import SHORT, Uv, UvError, venv_python

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trueup.verify import Context

ORDER = 13
NAME = "platforms"
DEPTH = "verify"
ADVICE = True
DECLARED = ("environments", "required-environments")
NEWEST = "15.0"  # the macOS that wheels may ask for; uv supposes 13
UNFIT = re.compile(r"Distribution\W+([^`@\s]+)[^`]*`\W+can't\W+be\W+installed")  # uv wraps long lines
OLDEST = re.compile(r"(?:>=|==|~=)\s*(3\.\d+)")
CLASSIFIER = re.compile(r"Programming Language :: Python :: (3\.\d+)")
SYSTEMS = {"linux": ("Linux", "posix"), "darwin": ("Darwin", "posix"), "win32": ("Windows", "nt")}


class Platform(NamedTuple):
    """What uv calls it (``""``: this machine), and what markers see there."""

    uv: str
    system: str = ""
    machine: str = ""
    words: str = "this system"


HERE = Platform("")
PLATFORMS = (  # of those of one system, the usual one stands first
    Platform("x86_64-manylinux_2_40", "linux", "x86_64", "Linux"),
    Platform("aarch64-manylinux_2_40", "linux", "aarch64", "Linux on ARM"),
    Platform("aarch64-apple-darwin", "darwin", "arm64", "macOS"),
    Platform("x86_64-apple-darwin", "darwin", "x86_64", "macOS on Intel"),
    Platform("x86_64-pc-windows-msvc", "win32", "AMD64", "Windows"),
    Platform("aarch64-pc-windows-msvc", "win32", "ARM64", "Windows on ARM"),
)


def check(context: Context) -> Outcome | None:
    """Failed when a package has no file for a declared platform, or for a declared Python that is here; unchecked when
    for a system that only images or CI jobs run on."""
    if not (context.root / "uv.lock").is_file():
        return None
    try:
        settings = tomllib.loads((context.root / "pyproject.toml").read_text("utf-8-sig"))
        wanted = declared(settings)
    except (OSError, ValueError, InvalidMarker) as problem:
        return Outcome(NAME, "unchecked", f"pyproject.toml cannot be read: {problem}")
    seen = [] if wanted else [item for item in usual(PLATFORMS) if item.system in context.systems]
    own = str(venv_python(context.venv)) if venv_python(context.venv).exists() else context.python
    others = [version for version in pythons(settings) if version != made_with(context.venv)]
    if not (wanted or seen or others):
        return None
    with TemporaryDirectory(prefix="trueup-platforms-", ignore_cleanup_errors=True) as scratch:
        venv = Path(scratch, "venv")
        said = [(item, "", asked(context, venv, item, own)) for item in (*wanted, *seen)]
        said += [
            (item, version, asked(context, venv, item, version)) for item in wanted[:1] or [HERE] for version in others
        ]
    return judged(said, bool(seen))


def judged(said: Sequence[tuple[Platform, str, str | None]], only_seen: bool) -> Outcome:
    """The outcome of what uv said: what of the lock fits nothing there, ``""``, or ``None`` where it could not say."""
    known = [(item.words, version, why) for item, version, why in said if why is not None]
    where = [words + (f" with Python {version}" if version else "") for words, version, _ in known]
    bad = [f"{why}: no file in uv.lock fits {place}" for place, (_, _, why) in zip(where, known, strict=True) if why]
    if bad:
        sure = not only_seen or any(version and why for _, version, why in known)
        more = f"; and {len(bad) - 1} more" if len(bad) > 1 else ""
        return Outcome(NAME, "failed" if sure else "unchecked", bad[0] + more, "\n".join(bad))
    dark = [item.words for item, version, why in said if why is None and not version]
    if dark or not known:
        place = ", ".join(dark) or "any Python that the project declares"
        return Outcome(NAME, "unchecked", f"uv could not be asked for {place}: a Python that fits is not here")
    absent = list(dict.fromkeys(version for _, version, why in said if why is None))
    message = f"every package has a file for {', '.join(where)}"
    if absent:
        return Outcome(NAME, "unchecked", f"{message}; uv could not be asked for Python {', '.join(absent)}: not here")
    return Outcome(NAME, "passed", message)


def declared(settings: Mapping[str, Any]) -> list[Platform]:
    """The usual platform of each system that fits a declared environment. Raises ``InvalidMarker``."""
    tool = settings.get("tool", {}).get("uv", {})
    texts = [text for key in DECLARED for text in listed(tool.get(key))]
    return list(dict.fromkeys(item for text in texts for item in usual(fitting(Marker(text)))))


def listed(value: object) -> list[str]:
    """A list of texts, or one alone."""
    return [value] if isinstance(value, str) else [str(item) for item in value] if isinstance(value, list) else []


def fitting(marker: Marker) -> Iterator[Platform]:
    """Where a marker holds."""
    for item in PLATFORMS:
        name, kind = SYSTEMS[item.system]
        told = {"sys_platform": item.system, "platform_machine": item.machine, "platform_system": name, "os_name": kind}
        if marker.evaluate(environment=told):
            yield item


def usual(platforms: Iterable[Platform]) -> list[Platform]:
    """The first of each system."""
    first: dict[str, Platform] = {}
    for item in platforms:
        first.setdefault(item.system, item)
    return list(first.values())


def pythons(settings: Mapping[str, Any]) -> list[str]:
    """The oldest Python that ``requires-python`` admits, and those that classifiers name."""
    project = settings.get("project", {})
    found = OLDEST.findall(str(project.get("requires-python", "")))[:1]
    return sorted({*found, *(name for text in listed(project.get("classifiers")) for name in CLASSIFIER.findall(text))})


def made_with(venv: Path) -> str:
    """The version of Python that an environment has; ``""`` where it does not say."""
    try:
        found = re.search(r"(?m)^version(?:_info)?\s*=\s*(3\.\d+)", (venv / "pyvenv.cfg").read_text("utf-8"))
    except OSError:
        return ""
    return found[1] if found else ""


def asked(context: Context, venv: Path, item: Platform, python: str) -> str | None:
    """The package that has no file for a platform and a Python, or ``""``; ``None`` where that Python is not here.

    ``venv`` is not made. Raises ``UvError`` for all else that keeps uv from an answer.
    """
    apart = {"UV_PROJECT_ENVIRONMENT": str(venv), "UV_PYTHON_DOWNLOADS": "never", "MACOSX_DEPLOYMENT_TARGET": NEWEST}
    uv = Uv(context.uv.executable, context.uv.version, {**context.uv.environ, **apart})
    args = ("--frozen", "--dry-run", "--offline", *(("--python-platform", item.uv) if item.uv else ()))
    try:
        uv.call("sync", *args, cwd=context.root, timeout=SHORT, python=python, quiet=False)
    except UvError as problem:
        if problem.kind == "interpreter":
            return None
        found = UNFIT.search(problem.output)
        if found is None:
            raise
        return found[1].replace("==", " ")
    return ""
