"""``NamedTuple`` without the start-up cost of ``typing``'s, which compiles every annotation of every field.

The type checker sees ``typing.NamedTuple`` itself. A class made here has the same fields, defaults, methods and
annotations; there are over a hundred, and making them was a tenth of an audit of a small project.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any
    from typing import NamedTuple as NamedTuple
else:

    class Meta(type):
        """Makes of a class body with annotations a subclass of tuple, as ``typing.NamedTupleMeta`` does."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            # Python 3.14 has annotations as a function (1: of values), unless the module says `from __future__ ...`.
            fields = body.get("__annotations__") or body["__annotate_func__"](1)
            defaults = [body.pop(field) for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])
            for key, value in body.items():
                if key not in KEPT:
                    setattr(made, key, value)
            made.__annotations__ = dict(fields)
            return made

    KEPT = {"__qualname__", "__module__", "__annotations__", "__annotate_func__", "__static_attributes__"}

    class NamedTuple(metaclass=Meta):
        """The base to write after a noun's name."""
