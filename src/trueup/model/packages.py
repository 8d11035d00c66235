"""Facts about distributions: which are tools, and under which names they are imported."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from trueup.model.names import normal
from trueup.model.noun import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


class Tool(NamedTuple):
    """A distribution that serves development.

    ``tests``: only where tests alone need it. ``wanted_by`` are modules that need it unasked, ``kept_by``
    top-level modules that use it at run time without declaring it.
    """

    group: str
    tests: bool = False
    wanted_by: tuple[str, ...] = ()
    kept_by: tuple[str, ...] = ()


# Distributions whose import name is often taken by a folder of scripts or by a module beside the code.
TAKEN = frozenset(
    (
        *("alembic", "boto3", "celery", "discord", "django", "docker", "elasticsearch", "fastapi", "flask", "grpc"),
        *("httpx", "jinja2", "jwt", "kafka", "langchain", "mongoengine", "motor", "openai", "pydantic", "pytest"),
        *("redis", "requests", "sentry_sdk", "sqlalchemy", "starlette", "stripe", "telegram"),
    )
)


def tool(name: str) -> Tool | None:
    """What is known of the distribution ``name`` as a tool; ``None`` where it is none."""
    wanted = normal(name)
    exact, wild = _tools()
    known = [exact[wanted]] if wanted in exact else []
    known += [at for at, (before, after) in wild if fits(wanted, before, after)]
    if not known:
        return None
    row = facts("tools")["tool"][min(known)]
    wanted_by, kept_by = (tuple(row.get(key, ())) for key in ("wanted_by", "kept_by"))
    return Tool(row["group"], row.get("tests", False), wanted_by, kept_by)


@cache
def _tools() -> tuple[dict[str, int], list[tuple[int, tuple[str, str]]]]:
    """The rows of tools by their whole names, and those whose name has a ``*``, by what stands around it."""
    exact: dict[str, int] = {}
    wild: list[tuple[int, tuple[str, str]]] = []
    for at, row in enumerate(facts("tools")["tool"]):
        for pattern in row["names"]:
            before, star, after = pattern.partition("*")
            if star:
                wild.append((at, (before, after)))
            else:
                exact.setdefault(pattern, at)
    return exact, wild


def fits(name: str, before: str, after: str) -> bool:
    """Whether a name begins and ends so."""
    return len(name) >= len(before) + len(after) and name.startswith(before) and name.endswith(after)


def import_names(name: str) -> tuple[str, ...]:
    """The top-level names that a distribution is imported by: what is known, and its own name."""
    wanted = normal(name)
    own = wanted.replace("-", "_")
    return tuple(dict.fromkeys([*_by_distribution().get(wanted, ()), own]))


def stub_imported(name: str, modules: Iterable[str]) -> str:
    """The first of dotted names that stubs bring as a package of its own; ``""`` where there is none."""
    wanted = normal(name)
    begins = list(facts("tools")["stubs"].get(wanted, ()))
    if wanted.startswith("types-"):
        begins.append(wanted.replace("-", "_"))
    return next((item for item in modules if any(_begins(item.partition(".")[0], own) for own in begins)), "")


def _begins(module: str, own: str) -> bool:
    return module == own or module.startswith(f"{own}_")


@cache
def _by_distribution() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for module, names in facts("imports")["imports"].items():
        for name in names:
            plain = normal(name.partition("[")[0])
            found.setdefault(plain, []).append(module)
    return found


def facts(name: str) -> dict[str, Any]:
    """A table of ``trueup.data``."""
    found: dict[str, Any] = import_module(f"trueup.data.{name}").TABLE
    return found
