"""Requirement lines that PEP 508 can express."""

from __future__ import annotations

import re

from trueup.model.names import normal
from trueup.model.pattern import lazy
from trueup.model.project import Requirement
from trueup.model.versions import is_requirement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_PARTS = lazy(
    r"""(?P<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*
    (?:\[(?P<extras>[^\]]*)\])?\s*
    (?:@\s*(?P<url>\S+)|\((?P<enclosed>[^)]*)\)|(?P<specifier>[<>=!~][^;@\[\]()]*?)?)\s*
    (?:;\s*(?P<marker>.*))?""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_SIGN = lazy(r"\s*(===|~=|==|!=|<=|>=|<|>|,)\s*")
_EXACT = lazy(r"={2,3}([^=*,;]+)")


def requirement(
    text: str,
    path: str,
    line: int,
    *,
    group: str = "",
    is_extra: bool = False,
    comment: str = "",
    end: int = 0,
    source: Mapping[str, object] | None = None,
) -> Requirement:
    """The requirement that ``text`` (PEP 508, spaces anywhere pip allows them) declares.

    A direct reference (``name @ url``) keeps its URL in ``url``; what uv should be told about it is the
    caller's ``source``. Raises ``ValueError`` with a reason.
    """
    found = _PARTS.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"not a requirement: {text.strip()}")
    name, extras, url = found["name"], _extras(found["extras"] or ""), found["url"] or ""
    specifier = _SIGN.sub(r"\1", (found["enclosed"] or found["specifier"] or "").strip())
    marker = " ".join((found["marker"] or "").split())
    plain = written(name, extras, specifier, marker)
    _validate(plain)
    exact = _EXACT.fullmatch(specifier)
    return Requirement(
        name=normal(name),
        text=plain,
        specifier=specifier,
        path=path,
        line=line,
        group=group,
        extras=extras,
        marker=marker,
        url=url,
        pin=exact[1] if exact else "",
        comment=comment,
        is_extra=is_extra,
        end=end or line,
        source=source or {},
    )


def written(name: str, extras: tuple[str, ...], specifier: str, marker: str) -> str:
    """A requirement as it is written in ``pyproject.toml``."""
    listed = f"[{','.join(extras)}]" if extras else ""
    return f"{name}{listed}{specifier}" + (f" ; {marker}" if marker else "")


def _extras(listed: str) -> tuple[str, ...]:
    return tuple(extra.strip() for extra in listed.split(",") if extra.strip())


def _validate(text: str) -> None:
    if is_requirement(text):
        return
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed

    try:
        Parsed(text)
    except (InvalidRequirement, RecursionError) as problem:
        raise ValueError(str(problem).partition("\n")[0] or "nested too deeply") from None
