"""Plain version specifiers (PEP 440), read without ``packaging``, whose import costs more than Python's own start."""

from __future__ import annotations

from trueup.model.pattern import lazy

RELEASE = r"\d+(?:\.\d+)*"
CLAUSE = rf"(?:(?:>=|<=|>|<){RELEASE}|(?:==|!=){RELEASE}(?:\.\*)?|~={RELEASE}\.\d+)"
SPACED = rf" *{CLAUSE.replace(RELEASE, f' *{RELEASE}')} *"
PLAIN = lazy(rf"{SPACED}(?:,{SPACED})*")
PARTS = lazy(rf"(>=|<=|>|<|==|!=|~=) *({RELEASE})(\.\*)?")
RELEASED = lazy(RELEASE)
# `name[extra]>=1,<2 ; python_version < "3.9"`: what is surely PEP 508.
WORD = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
VARIABLE = r"(?:python_version|python_full_version|sys_platform|platform_system|os_name)"
MARKER = rf"""[ ];[ ]{VARIABLE}[ ]?(?:==|!=|<=|>=|<|>)[ ]?(?:"[\w.]+"|'[\w.]+')"""
REQUIREMENT = lazy(rf"{WORD}(?:\[{WORD}(?:,{WORD})*\])?(?:{CLAUSE}(?:,{CLAUSE})*)?(?:{MARKER})?")

EVERY_PATCH = "a lone minor version is its first release by the letter: every patch of it is allowed now"


def is_requirement(text: str) -> bool:
    """Whether a text is surely a requirement; where not, ``packaging`` knows."""
    return text.isascii() and REQUIREMENT.fullmatch(text) is not None


def is_plain(specifier: str) -> bool:
    """Whether ``holds`` can judge a specifier: nothing but release numbers."""
    return specifier.isascii() and (not specifier or PLAIN.fullmatch(specifier) is not None)


def is_specifier(text: str) -> bool:
    """Whether a text is a specifier at all."""
    if is_plain(text):
        return True
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True


def is_version(text: str) -> bool:
    """Whether a text is a version."""
    if text.isascii() and RELEASED.fullmatch(text):
        return True
    from packaging.version import InvalidVersion, Version

    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def holds(specifier: str, release: tuple[int, ...]) -> bool:
    """Whether a final release is in a plain specifier."""
    return all(fits(sign, numbers(wanted), bool(wild), release) for sign, wanted, wild in PARTS.findall(specifier))


def joined(*specifiers: str) -> str:
    """One specifier that says what several say: of the bounds to one side the narrowest."""
    clauses = list(dict.fromkeys(part.strip() for each in specifiers for part in each.split(",") if part.strip()))
    if not all(map(is_plain, clauses)):
        return ",".join(clauses)
    parts = {clause: PARTS.findall(clause)[0] for clause in clauses}
    places = {clause: padded(numbers(wanted), 9) for clause, (_, wanted, _) in parts.items()}
    low = [clause for clause in clauses if parts[clause][0] in (">=", ">")]
    high = [clause for clause in clauses if parts[clause][0] in ("<=", "<")]
    kept = [max(low, key=lambda one: (places[one], parts[one][0] == ">"))] if low else []
    kept += [min(high, key=lambda one: (places[one], parts[one][0] == "<="))] if high else []
    return ",".join(clause for clause in clauses if clause in kept or clause not in (*low, *high))


def fits(sign: str, wanted: tuple[int, ...], wild: bool, release: tuple[int, ...]) -> bool:
    """Whether a final release is in one clause."""
    length = max(len(wanted), len(release))
    one, other = padded(release, length), padded(wanted, length)
    if sign == "~=":
        return one >= other and one[: len(wanted) - 1] == wanted[:-1]
    if sign in ("==", "!="):
        same = one[: len(wanted)] == wanted if wild else one == other
        return same == (sign == "==")
    return {">=": one >= other, "<=": one <= other, ">": one > other, "<": one < other}[sign]


def numbers(release: str) -> tuple[int, ...]:
    """``(3, 12)`` of ``3.12``."""
    return tuple(map(int, release.split(".")))


def padded(release: tuple[int, ...], length: int) -> tuple[int, ...]:
    """A release with as many parts, zeros at its end."""
    return release + (0,) * (length - len(release))
