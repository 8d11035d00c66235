"""A plan as a file: saved, loaded, and bound to the bytes that it was made from.

The format is JSON with the key ``"trueup-plan": 1``. The model's own type hints are its schema: every
noun is an object with its fields, a union's members say with ``"is"`` which they are, bytes are
``{"text": ...}`` where they are UTF-8, else ``{"base64": ...}``.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from trueup.errors import PlanRefused, ProjectError, UsageError
from trueup.model import words
from trueup.model.change import Move, Write
from trueup.model.noun import NamedTuple
from trueup.model.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from trueup.model.tree import Tree

KEY = "trueup-plan"
FORMAT = 1
SHOWN = 5
HINT = "make it with `trueup plan --output`"
HINTS = {**vars(words), "Any": Any, "Mapping": Mapping}
"""What annotations of the model name that its modules import for the type checker alone."""
TIMES: dict[str, Callable[[str], Any]] = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
}
"""The types of TOML that JSON has not, by the key that they stand under."""


def save(plan: Plan, path: Path) -> None:
    """Write ``plan`` to ``path``; ``UsageError`` where that cannot be."""
    try:
        with open(path, "w", encoding="ascii", newline="\n", opener=private) as file:
            file.write(text_of(plan) + "\n")
    except OSError as problem:
        raise UsageError(f"the plan cannot be written to {path}: {problem.strerror}") from problem


def private(path: str, flags: int) -> int:
    """Open a new file for its owner alone: whole files of the project stand in a plan, with what is secret in them."""
    return os.open(path, flags, 0o600)


def load(path: Path) -> Plan:
    """The plan in a file; ``UsageError`` with one clear line where it is none."""
    try:
        plan = plan_of(json.loads(path.read_bytes()))
        if any(isinstance(change, Write) and not 0 <= change.mode <= 0o7777 for change in plan.changes):
            raise ValueError("a mode of a file was expected")
        return plan
    except OSError as problem:
        raise UsageError(f"{path} cannot be read: {problem.strerror}", HINT) from problem
    except (ValueError, RecursionError) as problem:
        why = (str(problem) or type(problem).__name__).encode("unicode_escape", "surrogatepass").decode()
        raise UsageError(f"{path} is not a plan of trueup: {why}", HINT) from problem


def digest(plan: Plan) -> str:
    """The SHA-256 of all that a plan says."""
    return sha256(text_of(plan).encode()).hexdigest()


def text_of(plan: Plan) -> str:
    """The plan as JSON, in ASCII alone."""
    return json.dumps({KEY: FORMAT, **codec(Plan).encode(plan)}, indent=1)


def plan_of(data: object) -> Plan:
    """The plan in parsed JSON; ``ValueError`` where it is none."""
    if not isinstance(data, dict) or KEY not in data:
        raise ValueError(f'it has no key "{KEY}"')
    if data.pop(KEY) != FORMAT:
        raise ValueError("another version of trueup wrote it")
    plan: Plan = codec(Plan).decode(data, "")
    return plan


def verify_unchanged(plan: Plan, tree: Tree) -> None:
    """Raise ``PlanRefused``, with the names, where the tree is not the one that the plan was made from.

    Files that were read must be the same, files that are to be made must not be there, and a directory
    that is to be moved must hold no file that the plan never saw.
    """
    changed = sorted({*differing(plan, tree), *unseen(plan, tree)})
    if changed:
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        names = ", ".join(changed[:SHOWN]) + more
        raise PlanRefused(
            f"changed since the plan was made: {names}",
            "make the plan anew: `trueup plan`, or `trueup apply` without `--plan`",
        )


def differing(plan: Plan, tree: Tree) -> Iterator[str]:
    """Files whose hash is not the one that the plan saw."""
    for path, seen in plan.seen.items():
        entry = tree.entries.get(path)
        if not seen:
            same = entry is None and not tree.has_dir(path)
        else:
            same = entry is not None and entry.kind == "file" and hash_of(tree, path) == seen
        if not same:
            yield path


def hash_of(tree: Tree, path: str) -> str:
    """The SHA-256 of a file, empty where it cannot be read."""
    try:
        return sha256(tree.read(path)).hexdigest()
    except ProjectError:
        return ""


def unseen(plan: Plan, tree: Tree) -> Iterator[str]:
    """Files that git does not ignore in directories that the plan moves, and of which it saw other files."""
    for move in plan.changes:
        if isinstance(move, Move) and any(path.startswith(move.source + "/") for path in plan.seen):
            inside = (path for path in tree.all_files if path.startswith(f"{move.source}/"))
            yield from (path for path in inside if path not in plan.seen)


class Codec(NamedTuple):
    """How values of one type become JSON and come back; ``decode`` raises ``ValueError`` that names the place."""

    encode: Callable[[Any], Any]
    decode: Callable[[Any, str], Any]


@cache
def codec(hint: Any) -> Codec:
    """The codec of a type hint of the model."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in SPECIAL:
        return SPECIAL[hint]
    if origin in (Union, UnionType):
        return union(arguments)
    if origin is tuple:
        return row(arguments)
    if origin is Mapping:
        return table(codec(arguments[1]))
    if origin is Literal:
        return choice(arguments)
    if hasattr(hint, "_field_defaults"):
        return noun(hint)
    return Codec(lambda value: value, lambda value, where: expect(value, hint, where))


def expect(value: Any, kind: type[Any], where: str) -> Any:
    """``value``, when it is of this very type: ``True`` is no ``int``."""
    if type(value) is not kind:
        raise ValueError(f"{where}: {WORDS.get(kind, kind.__name__)} was expected")
    return value


def noun(kind: Any) -> Codec:
    """A ``NamedTuple``: an object with its fields; those with a default may be missing."""
    inside = {name: codec(hint) for name, hint in get_type_hints(kind, localns=HINTS).items()}

    def encode(value: Any) -> Any:
        return {name: each.encode(getattr(value, name)) for name, each in inside.items()}

    def decode(value: Any, where: str) -> Any:
        given = expect(value, dict, where)
        missing = inside.keys() - given.keys() - kind._field_defaults.keys()
        for name in sorted(missing | (given.keys() - inside.keys())):
            raise ValueError(f"{where}.{name}: {'it is missing' if name in missing else 'no such field'}".lstrip("."))
        return kind(**{name: inside[name].decode(each, f"{where}.{name}".lstrip(".")) for name, each in given.items()})

    return Codec(encode, decode)


def union(kinds: tuple[Any, ...]) -> Codec:
    """One of several nouns: ``is`` says which."""
    inside = {kind.__name__: codec(kind) for kind in kinds}

    def encode(value: Any) -> Any:
        name = type(value).__name__
        return {"is": name, **inside[name].encode(value)}

    def decode(value: Any, where: str) -> Any:
        given = dict(expect(value, dict, where))
        name = given.pop("is", None)
        if not isinstance(name, str) or name not in inside:
            raise ValueError(f"{where}.is: one of {', '.join(inside)} was expected")
        return inside[name].decode(given, where)

    return Codec(encode, decode)


def row(hints: tuple[Any, ...]) -> Codec:
    """A tuple, of one type throughout (``tuple[str, ...]``) or of fixed types."""
    inside = [codec(hint) for hint in hints if hint is not Ellipsis]
    repeated = Ellipsis in hints

    def pairs(items: Any) -> Iterator[tuple[Any, Codec]]:
        return zip(items, inside * len(items) if repeated else inside, strict=not repeated)

    def encode(value: Any) -> Any:
        return [each.encode(item) for item, each in pairs(value)]

    def decode(value: Any, where: str) -> Any:
        items = expect(value, list, where)
        if not repeated and len(items) != len(inside):
            raise ValueError(f"{where}: {len(inside)} items were expected")
        return tuple(each.decode(item, f"{where}[{index}]") for index, (item, each) in enumerate(pairs(items)))

    return Codec(encode, decode)


def table(inside: Codec) -> Codec:
    """A mapping with text for keys."""
    return Codec(
        lambda value: {key: inside.encode(each) for key, each in value.items()},
        lambda value, where: {
            key: inside.decode(each, f"{where}.{key}") for key, each in expect(value, dict, where).items()
        },
    )


def choice(values: tuple[Any, ...]) -> Codec:
    """One of some words."""

    def decode(value: Any, where: str) -> Any:
        if value not in values:
            raise ValueError(f"{where}: one of {', '.join(values)} was expected")
        return value

    return Codec(lambda value: value, decode)


def encode_bytes(value: bytes) -> Any:
    """Bytes: as text where they are UTF-8, so that a plan can be read."""
    try:
        return {"text": value.decode()}
    except UnicodeDecodeError:
        return {"base64": b64encode(value).decode()}


def decode_bytes(value: Any, where: str) -> bytes:
    """What ``encode_bytes`` made."""
    match value:
        case {"text": str(text), **rest} if not rest:
            return text.encode()
        case {"base64": str(text), **rest} if not rest:
            return b64decode(text, validate=True)
    raise ValueError(f"{where}: text or base64 was expected")


def encode_any(value: Any) -> Any:
    """A value of TOML; what JSON has not stands in an object with one key that names its type."""
    match value:
        case bool() | int() | float() | str() | None:
            return value
        case list():
            return [encode_any(each) for each in value]
        case tuple():
            return {"tuple": [encode_any(each) for each in value]}
        case dict():
            return {"table": {key: encode_any(each) for key, each in value.items()}}
        case dt.datetime() | dt.date() | dt.time():
            return {type(value).__name__: value.isoformat()}
    raise TypeError(f"a plan cannot hold {type(value).__name__} {value!r}")


def decode_any(value: Any, where: str) -> Any:
    """What ``encode_any`` made."""
    match value:
        case bool() | int() | float() | str() | None:
            return value
        case list():
            return [decode_any(each, where) for each in value]
        case {"tuple": list(items), **rest} if not rest:
            return tuple(decode_any(each, where) for each in items)
        case {"table": dict(items), **rest} if not rest:
            return {key: decode_any(each, where) for key, each in items.items()}
        case {**pair} if len(pair) == 1 and (kind := next(iter(pair))) in TIMES:
            return TIMES[kind](expect(pair[kind], str, where))
    raise ValueError(f"{where}: a value of TOML was expected")


SPECIAL = {Any: Codec(encode_any, decode_any), bytes: Codec(encode_bytes, decode_bytes)}
WORDS = {dict: "an object", list: "a list", str: "text", int: "a number", bool: "true or false"}
