"""Conditions of a setup.py as environment markers (PEP 508)."""

from __future__ import annotations

import ast

_NAMES = {
    "sys.platform": "sys_platform",
    "os.name": "os_name",
    "platform.system()": "platform_system",
    "platform.machine()": "platform_machine",
    "platform.python_implementation()": "platform_python_implementation",
}
_PLATFORMS = {"win": "win32", "win32": "win32", "linux": "linux", "darwin": "darwin", "cygwin": "cygwin"}
_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_NEGATED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def marker_of(test: ast.expr) -> str:
    """The marker that holds where ``test`` is true; ``""`` where none says so."""
    match test:
        case ast.BoolOp(op=op, values=values):
            parts = [marker_of(value) for value in values]
            word = " and " if isinstance(op, ast.And) else " or "
            return word.join(f"({part})" if " or " in part else part for part in parts) if all(parts) else ""
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return negated(marker_of(inner))
        case ast.Call(func=ast.Attribute(value=held, attr="startswith"), args=[ast.Constant(value=str(text))]):
            known = _PLATFORMS.get(text) if ast.unparse(held) == "sys.platform" else None
            return f"sys_platform == '{known}'" if known else ""
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _SIGNS:
            return _comparison(ast.unparse(left), _SIGNS[type(op)], right)
    return ""


def negated(marker: str) -> str:
    """The marker that holds where ``marker`` does not; ``""`` where it is no single comparison."""
    words = marker.split(" ", 2)
    if len(words) != 3 or words[1] not in _NEGATED or " and " in words[2] or " or " in words[2]:
        return ""
    return f"{words[0]} {_NEGATED[words[1]]} {words[2]}"


def _comparison(left: str, sign: str, right: ast.expr) -> str:
    match right:
        case ast.Constant(value=str(text)) if left in _NAMES and sign in ("==", "!="):
            return f"{_NAMES[left]} {sign} '{text}'"
        case ast.Constant(value=int(major)) if left in ("sys.version_info[0]", "sys.version_info.major"):
            return _version(sign, (major,))
        case ast.Tuple(elts=items) if left.startswith("sys.version_info"):
            numbers = tuple(item.value for item in items if isinstance(item, ast.Constant))
            if len(numbers) == len(items) and all(isinstance(number, int) for number in numbers):
                return _version(sign, tuple(int(str(number)) for number in numbers))
    return ""


def _version(sign: str, numbers: tuple[int, ...]) -> str:
    """``sys.version_info < (3, 8)``: a bare major version is below all of its releases."""
    if len(numbers) == 1:
        major = numbers[0]
        bounds = {"<": ("<", major), ">=": (">=", major), ">": (">=", major + 1), "<=": ("<", major + 1)}
        if sign not in bounds:
            return f"python_version >= '{major}.0' and python_version < '{major + 1}.0'" if sign == "==" else ""
        return f"python_version {bounds[sign][0]} '{bounds[sign][1]}.0'"
    if len(numbers) == 2 and sign in ("<", ">="):
        return f"python_version {sign} '{numbers[0]}.{numbers[1]}'"
    if len(numbers) == 2 and sign in (">", "<="):
        # (3, 8, 1) > (3, 8) is true: any patch release of 3.8 is beyond the bare pair.
        return f"python_version {'>=' if sign == '>' else '<'} '{numbers[0]}.{numbers[1]}'"
    if len(numbers) == 3:
        return f"python_full_version {sign} '{'.'.join(map(str, numbers))}'"
    return ""
