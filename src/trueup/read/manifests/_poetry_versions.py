"""Poetry's version constraints as PEP 440 specifiers.

Source: https://python-poetry.org/docs/dependency-specification/#version-constraints. Caret and tilde
become bounds; ``||`` becomes one range with exclusions, where the gap between its sides can be said so.
"""

from __future__ import annotations

import re

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.model.versions import joined

_TERM = lazy(r"(?P<sign>\^|~=|~|===?|!=|<=|>=|<|>|=)?\s*v?(?P<version>[\w.*+!-]+)")
_RELEASE = lazy(r"(?:(\d+)!)?(\d+(?:\.\d+)*)(.*)")
_SEPARATOR = lazy(r"(?<=[\w*.+])\s*,\s*|(?<=[\w*.+])\s+(?=[<>=!~^\d])|\s*,\s*")
_MINOR = lazy(r"(?P<sign>[<>~^!=-]*)(?P<gap>\s*)(?P<version>[\w.*]+)(?=(?P<alone>\s*(?:$|[,|]))?)")
_MOST_EXCLUSIONS = 20


def specifier(constraint: str) -> str:
    """The PEP 440 specifier that allows what ``constraint`` allows (``""``: everything).

    Raises ``ValueError`` for what PEP 440 cannot express.
    """
    sides = [side.strip() for side in re.split(r"\|\|?", constraint.strip().strip("()"))]
    if "" in sides and len(sides) > 1:
        raise ValueError(f"cannot read {constraint!r}")
    parts = [_conjunction(side) for side in sides]
    if len(parts) == 1:
        return joined(*parts[0])
    if any(not part for part in parts):
        return ""
    return ",".join(_union(parts, constraint))


def of_python(constraint: str) -> str:
    """A constraint of Python in which ``3.12``, which is 3.12.0 alone by the letter, is every patch of it."""
    return _MINOR.sub(_every_patch, constraint)


def _every_patch(found: re.Match[str]) -> str:
    lone = found["sign"] in ("", "=", "==") and found["alone"] is not None and found["version"].count(".") == 1
    return f"{found[0]}.*" if lone and found["version"].replace(".", "").isdigit() else found[0]


def _conjunction(side: str) -> list[str]:
    terms: list[str] = []
    for text in _SEPARATOR.split(side.strip()):
        terms += [term for term in _term(text.strip()) if term not in terms]
    return terms


def _term(text: str) -> list[str]:
    found = _TERM.fullmatch(text)
    if text in ("", "*"):
        return []
    if found is None:
        raise ValueError(f"cannot read {text!r}")
    sign, version = found["sign"] or "", re.sub(r"(\.[xX*])+$", ".*", found["version"])
    if version in ("*", "x", "X"):
        return []
    if _RELEASE.fullmatch(version) is None:
        raise ValueError(f"cannot read {text!r}")
    match sign:
        case "^":
            return [f">={version}", f"<{_above_caret(version)}"]
        case "~":
            return [f">={version}", f"<{_above_tilde(version)}"]
        case "" | "=" | "==":
            return [f"=={version}"]
        case _:
            return [f"{sign}{version}"]


def _release(version: str) -> tuple[str, list[int]]:
    """The epoch with its mark, and the release numbers."""
    found = _RELEASE.fullmatch(version)
    if found is None:
        raise ValueError(f"cannot read {version!r}")
    return (f"{found[1]}!" if found[1] else ""), [int(part) for part in found[2].split(".")]


def _above_caret(version: str) -> str:
    """The first version that breaks: the leftmost number that is not 0, one up."""
    epoch, release = _release(version)
    at = next((place for place, number in enumerate(release[:3]) if number), min(len(release), 3) - 1)
    return epoch + ".".join(map(str, [*release[:at], release[at] + 1]))


def _above_tilde(version: str) -> str:
    """The next minor version; of a lone major version the next major."""
    epoch, release = _release(version)
    at = 0 if len(release) == 1 else 1
    return epoch + ".".join(map(str, [*release[:at], release[at] + 1]))


class _Range(NamedTuple):
    """What one side of ``||`` allows: from ``low`` up to, not including, ``high`` (``None``: no bound)."""

    low: tuple[int, ...]
    high: tuple[int, ...] | None


def _union(parts: list[list[str]], constraint: str) -> list[str]:
    """One range from the lowest to the highest bound, with what lies between the parts excluded."""
    sides = (_range(part, constraint) for part in parts)
    filled = [side for side in sides if side.high is None or _padded(side.low) < _padded(side.high)]
    if not filled:
        raise ValueError(f"{constraint!r} allows nothing")
    ranges = sorted(filled, key=lambda side: _padded(side.low))
    low, high = ranges[0]
    excluded: list[str] = []
    for following in ranges[1:]:
        if high is None:
            break
        if _padded(following.low) > _padded(high):
            excluded += _gap(high, following.low, constraint)
        high = None if following.high is None else max(high, following.high, key=_padded)
    bounds = [f">={_dotted(low)}"] if low else []
    return [*bounds, *excluded, *([f"<{_dotted(high)}"] if high else [])]


def _range(part: list[str], constraint: str) -> _Range:
    low: tuple[int, ...] = ()
    high: tuple[int, ...] | None = None
    for term in part:
        found = re.fullmatch(r"(>=|<|==)(\d+(?:\.\d+)*)(\.\*)?", term)
        if found is None or (found[1] == "==") != bool(found[3]):
            raise ValueError(f"{constraint!r} has no form without ||")
        numbers = tuple(int(number) for number in found[2].split("."))
        above = numbers if found[1] == "<" else (*numbers[:-1], numbers[-1] + 1)
        if found[1] != "<":
            low = max(low, numbers, key=_padded)
        if found[1] != ">=":
            high = above if high is None else min(high, above, key=_padded)
    return _Range(low, high)


def _gap(high: tuple[int, ...], low: tuple[int, ...], constraint: str) -> list[str]:
    """The versions from ``high`` up to ``low`` as exclusions."""
    depth = max(len(high), len(low))
    start, stop = _padded(high, depth), _padded(low, depth)
    if start[: depth - 1] == stop[: depth - 1] and stop[-1] - start[-1] <= _MOST_EXCLUSIONS:
        return [f"!={_dotted((*start[:-1], number))}.*" for number in range(start[-1], stop[-1])]
    if high[:2] == (2, 8) and depth == 2 and low[0] == 3:  # Python itself: 2.7 was the last before 3.0
        return [f"!=3.{number}.*" for number in range(low[1])]
    raise ValueError(f"{constraint!r} has no form without ||")


def _padded(numbers: tuple[int, ...], depth: int = 4) -> tuple[int, ...]:
    return (*numbers, *([0] * (depth - len(numbers))))


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))
