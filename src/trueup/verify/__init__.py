"""Checks that prove a result, one file each.

A module of this package that has an ``ORDER`` is a check: ``NAME`` is what outcomes call it, and
``check(context)`` answers with an outcome, or with ``None`` where it does not concern the project.
A check runs the project's code: the caller has asked for trust. ``DEPTH`` says from which depth on it is made
(``apply`` where a module says nothing), and ``ADVICE = True`` that it speaks of more than the project: a check that
could not be made then changes no exit code, unless somebody demands it.
"""

from __future__ import annotations

import re
import tempfile
import time
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, cast
from urllib.parse import unquote

from trueup.errors import TrueupError
from trueup.model.noun import NamedTuple
from trueup.model.project import Named
from trueup.model.report import Outcome
from trueup.tools.hermetic import hermetic
from trueup.verify.needs import HAND_OVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from trueup.tools.uv import Uv
    from trueup.verify.baseline import Baseline
    from trueup.verify.runner import SuiteRun
    from trueup.verify.start import Served
    from trueup.verify.wheel import Built

Depth = Literal["apply", "verify", "deep"]
DEPTHS: tuple[Depth, ...] = ("apply", "verify", "deep")  # each with all that the ones before it ask
SHORTEST_SECRET = 6  # values shorter than this are too common to be blotted out of a text
SHORTEST_PASSWORD = 4
SECRET = re.compile(r"SECRET|KEY|TOKEN|PASS|PWD|PIN\b|CREDENTIAL|SALT", re.IGNORECASE)
PASSWORD = re.compile(r"://[^/\s:@]*:([^/\s]+)@")


def same_path(path: str) -> str:
    """Where a file is that did not move."""
    return path


def silent(_: str) -> None:
    """Progress that nobody hears."""


class Memory(NamedTuple):
    """What one check found out or made, for those after it that compare with it: what the tests gave and what the
    application answered, by the check that ran them; the wheel as installed, by whether the default groups are there,
    too, in folders of ``scratch``."""

    scratch: Path
    runs: dict[str, SuiteRun]
    served: dict[str, Served]
    wheels: dict[bool, Built]


class Context(NamedTuple):
    """What the checks know of the project that lies in ``root``, with its environment in ``root/.venv``.

    ``package`` is the import name, ``app`` is ``module:attribute`` (``factory``: the attribute makes the
    application; ``flask``: it is one of Flask; ``manage``: the file that
    starts one of Django), ``script`` the console script that starts it, ``runner`` the file
    that runs its tests where pytest does not; each ``""`` where there is none. ``files``
    are the paths that belong to the project, ``/``-relative: those git does not ignore; ``links`` are symbolic links
    among them, ``ignored`` files and folders that git does ignore. ``python`` (a
    version or path) is asked for where there is no environment yet; ``systems`` are those (as ``sys.platform`` calls
    them) that images and CI jobs run on. ``env`` is what the user handed over
    for the project; its values are never shown. ``moved`` maps the old path of a file to the new one.
    ``depth`` is how much is asked; ``hosts`` may serve locked files beside those that the project names.
    ``offered`` are variables that files of the project set: they are handed over where a check is not passed for want
    of some; a variable of ``env`` wins over one of them. ``tried`` are variables of the user's shell that failing tests
    may be tried with, to name those that they need.
    ``accepted`` are distributions that may be lost, or come from elsewhere than before; ``warnings``, where new ones
    may be. ``fixed`` are the hashes that the old manifests fix, by name and version.
    ``named`` are the places that name code or folders, ``named_before`` those of the tree before a plan was applied.
    ``memory`` is there while several checks are made.
    ``advisories`` is the address of a service, a folder, ``off``, or ``""`` for the public one; ``auditor`` is how
    pip-audit is started, where it is asked, too. ``muted`` maps identifiers of advisories to why they do not count
    (``reason``), and to the last day (``until``).
    """

    root: Path
    uv: Uv
    package: str = ""
    app: str = ""
    factory: bool = False
    flask: bool = False
    manage: str = ""
    script: str = ""
    has_tests: bool = True
    files: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    runner: str = ""
    test_args: tuple[str, ...] = ()
    python: str = ""
    systems: tuple[str, ...] = ()
    env: Mapping[str, str] = {}
    offered: Mapping[str, str] = {}
    tried: Mapping[str, str] = {}
    depth: Depth = "verify"
    hosts: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    fixed: Mapping[tuple[str, str], frozenset[str]] = {}
    advisories: str = ""
    auditor: tuple[str, ...] = ()
    muted: Mapping[str, Mapping[str, str]] = {}
    named: Named = Named(0)
    named_before: Named | None = None
    memory: Memory | None = None
    baseline: Baseline | None = None
    moved: Callable[[str], str] = same_path
    progress: Callable[[str], None] = silent

    @property
    def environ(self) -> dict[str, str]:
        """The whole environment for one start of the project's code: nobody's, with an empty home folder of its own.

        One check that is made for itself, without ``memory``, has no place for that, and takes uv's.
        """
        base = hermetic(self.uv.environ, self.memory.scratch) if self.memory else self.uv.environ
        return {**base, **self.env}

    @property
    def venv(self) -> Path:
        """The project's environment; it need not exist."""
        return self.root / ".venv"


class Check(Protocol):
    """What a module must have to be a check."""

    ORDER: int
    NAME: str

    def check(self, context: Context) -> Outcome | None:
        """The outcome, or ``None`` where the check does not concern the project."""


@cache
def checks() -> tuple[Check, ...]:
    """Every check, in the order in which they run."""
    stems = (path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    modules = [import_module(f"{__name__}.{stem}") for stem in sorted(stems)]
    found = [cast("Check", module) for module in modules if hasattr(module, "ORDER")]
    return tuple(sorted(found, key=lambda check: check.ORDER))


def verify(context: Context) -> tuple[Outcome, ...]:
    """The outcomes of all checks that concern the project and belong to the depth, in order."""
    depth = DEPTHS.index(context.depth)
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="trueup-verify-", ignore_cleanup_errors=True) as scratch:
        shared = context._replace(memory=Memory(Path(scratch), {}, {}, {}))
        for check in checks():
            if DEPTHS.index(getattr(check, "DEPTH", "apply")) <= depth:
                outcome = timed(check, shared)
                if outcome is not None and HAND_OVER in outcome.message and shared.offered:
                    shared, outcome = with_offered(check, shared, outcome)
                outcomes += [outcome] if outcome else []
    return tuple(outcomes)


def with_offered(check: Check, context: Context, lacking: Outcome) -> tuple[Context, Outcome]:
    """A check that wants variables, made once more with those that are offered; these stay where it then passes."""
    more = {name: value for name, value in context.offered.items() if name not in context.environ}
    memory = context.memory._replace(runs={}, served={}) if context.memory else None
    given = context._replace(env={**more, **context.env}, offered={}, memory=memory)
    again = timed(check, given)
    if again is None or again.status != "passed":
        return context, lacking
    return given, again._replace(
        message=f"{again.message}; given {', '.join(sorted(more))}, as files of the project do"
    )


def open_questions(outcomes: Iterable[Outcome], demanded: Iterable[str] | None = None) -> tuple[str, ...]:
    """The checks that could not be made and must be: those ``demanded``, else all but those that give advice."""
    advice = {check.NAME for check in checks() if getattr(check, "ADVICE", False)}
    names = [outcome.check for outcome in outcomes if outcome.status == "unchecked"]
    return tuple(name for name in names if (name not in advice if demanded is None else name in demanded))


def timed(check: Check, context: Context) -> Outcome | None:
    """One check's outcome with its seconds; what stops a check from being made is an outcome, too."""
    context.progress(check.NAME)
    begun = time.monotonic()
    try:
        outcome = check.check(context)
    except TrueupError as problem:
        outcome = Outcome(check.NAME, "unchecked", str(problem), getattr(problem, "output", ""))
    except Exception as problem:  # noqa: BLE001 - one check's defect must not hide the others
        outcome = Outcome(check.NAME, "unchecked", f"the check itself failed: {type(problem).__name__}: {problem}")
    if outcome is None:
        return None
    return outcome._replace(
        message=without_values(outcome.message, context.env),
        evidence=without_values(outcome.evidence, context.env),
        seconds=time.monotonic() - begun,
    )


SHOWN = 4  # characters of a value that may be anything


def without_values(text: str, env: Mapping[str, str]) -> str:
    """``text`` with the values that the user handed over replaced by their names."""
    hidden = {part: name for name, value in env.items() for part in parts_of(name, value)}
    for part in sorted(hidden, key=len, reverse=True):
        told = f"<{hidden[part]}>"
        plain = part.isidentifier() and not SECRET.search(hidden[part])
        if len(part) >= SHORTEST_SECRET and not plain:
            text = text.replace(part, told)
        else:  # a short one, or a plain name, only as a word: elsewhere it is part of other words
            text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", told.replace("\\", r"\\"), text)
        for length in range(len(part) - 1, SHOWN - 1, -1) if part[:SHOWN] in text else ():
            text = text.replace(f"{part[:length]}...", f"{told}...")  # what pytest cuts at the end of a line
    return text


def parts_of(name: str, value: str) -> Iterator[str]:
    """What of a value must not be seen: itself, each of its lines, and the password of an address."""
    shortest = SHORTEST_PASSWORD if SECRET.search(name) else SHORTEST_SECRET
    yield from (part for part in (value, *value.splitlines()) if len(part) >= shortest)
    for password in PASSWORD.findall(value):
        yield from (part for part in {password, unquote(password)} if len(part) >= SHORTEST_PASSWORD)
