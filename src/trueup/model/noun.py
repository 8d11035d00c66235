"""``NamedTuple`` without the start-up cost of the standard library's, which compiles source for every class.

The type checker sees ``typing.NamedTuple`` itself. A class made here has the same fields, defaults, methods and
annotations; there are over a hundred, and making them is felt in an audit of a small project.
"""

from __future__ import annotations

from collections import namedtuple
from functools import cache
from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any
    from typing import NamedTuple as NamedTuple
else:

    class Record(tuple):
        """What all nouns do."""

        __slots__ = ()

        @classmethod
        def _make(cls, values: Iterable[Any]) -> Any:
            """From the values of all fields, in their order."""
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"{cls.__name__} takes {len(cls._fields)} values, not {len(made)}")
            return made

        def _replace(self, /, **changes: Any) -> Any:
            """The same with other values of some fields."""
            made = self._make(map(changes.pop, self._fields, self))
            if changes:
                raise TypeError(f"{type(self).__name__} has no {', '.join(changes)}")
            return made

        def _asdict(self) -> dict[str, Any]:
            """The values by their fields' names."""
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

    @cache
    def sample(count: int) -> type:
        """The standard library's class of so many fields, whose parts are taken over under other names."""
        return namedtuple("Sample", [f"field{number}" for number in range(count)])

    class Meta(type):
        """Makes of a class body with annotations a subclass of tuple, as ``typing.NamedTupleMeta`` does."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            # Python 3.14 has annotations as a function (1: of values), unless the module says `from __future__ ...`.
            fields = body.get("__annotations__") or body["__annotate_func__"](1)
            defaults = {field: body.pop(field) for field in fields if field in body}
            parts = sample(len(fields))
            new = parts.__new__
            code = new.__code__.replace(co_varnames=("_cls", *fields), co_qualname=f"{name}.__new__")
            own = {
                **{key: value for key, value in body.items() if key not in ("__annotate_func__", "__classdictcell__")},
                **{field: getattr(parts, given) for field, given in zip(fields, parts._fields, strict=True)},
                "__new__": FunctionType(code, new.__globals__, "__new__", tuple(defaults.values())),
                "__slots__": (),
                "__match_args__": tuple(fields),
                "__annotations__": dict(fields),
                "_fields": tuple(fields),
                "_field_defaults": defaults,
            }
            return type(name, (Record,), own)

    class NamedTuple(metaclass=Meta):
        """The base to write after a noun's name."""
