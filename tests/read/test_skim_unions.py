"""``X | Y`` in annotations: never overlooked, and rarely suspected where there is none."""

from __future__ import annotations

import ast
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trueup.read.python_source import read_source
from trueup.read.skim_unions import has_union

SOON = 5.0  # seconds of the processor: what looks at all that stands before from each place needs minutes
NONE = {
    "a value in brackets": "x = (\n    a.b\n    | c\n)\n",
    "behind a backslash": "assert f(x) == \\\n    (a | b) & (b | c)\n",
    "an argument": "def f(a: int):\n    return g(\n        a | b,\n    )\n",
    "behind a docstring": 'def f(a: int):\n    """A | B."""\n    x[a] = x[a] | b\n',
    "a lambda": "ops = [\n    lambda a, b: a | b,\n]\n",
    "a comprehension": "x = {\n    f(i): i\n    for i in a | b\n}\n",
    "an item": "x[a:b] = c | d\n",
    "in a string": "def f(a: Literal['a | b'], b='|c'): ...\nx: 'int | str' = a | b\n",
    "in a comment": "def f(\n    a,  # a | b\n): ...\nx: list[  # a | b\n    int\n] = a | b\n",
    "an annotation before": "x: dict[int, str] = a | b\ny: int = a | b\n",
    "no annotation": "class A(B): x = a | b\nfor x in y: z = a | b\n",
}
SOME = {
    "an item's annotation": "x['a b', f(1, 2)]: int | str = 1\n",
    "an attribute's": "self.x: int | None = None\n",
    "in parentheses": "(x): int | None = None\n",
    "a target on several lines": "x[\n    0\n]: int | str = 1\n",
    "a colon on a line of its own": "x \\\n  : int | str = 1\n",
    "another alphabet": "größe: int | str = 1\n",
    "behind statements": "class A: x: int | str = 1\nif a: b = 1; c: int | str = 2\n",
    "behind a function": "def f(a: int): ...\nx: list[int | str]\n",
    "on several lines": "x: (\n    int\n    | str\n) = 1\n",
    "what is given back": "async def f(\n    a='):', *b, **c\n) -> dict[str, int | None]: ...\n",
    "behind a default of several lines": 'def f(a="""\ndef g():\n""", b: int | None = None): ...\n',
    "a head that is long": "def f(\n" + "    a: int,\n" * 3_000 + "    b: int | None,\n): ...\n",
}


@pytest.mark.parametrize("case", NONE)
def test_no_union_is_suspected(case: str) -> None:
    ast.parse(NONE[case])
    assert not has_union(b"\n" + NONE[case].encode())


@pytest.mark.parametrize("case", SOME)
def test_a_union_is_seen(case: str) -> None:
    assert read_source("x.py", SOME[case].encode()).floor[0] == "3.10"
    assert has_union(b"\n" + SOME[case].encode())


@pytest.mark.parametrize(
    "text",
    [
        b"{" + b"a : b(c), " * 100_000 + b"}|x",
        b"x = " + b"[a:b(c)], " * 100_000 + b" c|d",
        b"# " + b"x def " * 150_000 + b"|x\n c|d",
        b"x|y " * 200_000,
        b"a: (b(), \n" * 70_000 + b"c|d",
    ],
)
def test_a_line_of_a_megabyte_is_looked_at_once(text: bytes) -> None:
    begun = process_time()
    has_union(b"\n" + text)
    assert process_time() - begun < SOON


TEXTS = st.sampled_from(
    ["int", "'a | b'", "f(x)", "x[1:2]", "{a: b}", "lambda: x", '"):"', "(a, b)", "a.b", '"""\n|"""']
)


@st.composite
def expressions(draw: st.DrawFn) -> str:
    """Operands with ``|`` between them, in brackets or not, over several lines or not."""
    parts = draw(st.lists(TEXTS, min_size=1, max_size=3))
    glue = draw(st.sampled_from([" | ", "|", " |  # a: b | c\n  ", " + "]))
    opened, closed = draw(st.sampled_from([("list[", "]"), ("(", ")"), ("f(a, b=", ")")]))
    lines = "\n" in glue or "lambda" in "".join(parts)
    text = glue.join(f"({part})" if "lambda" in part else part for part in parts)
    return f"{opened}{text}{closed}" if lines or draw(st.booleans()) else text


@st.composite
def modules(draw: st.DrawFn) -> str:
    """Statements that annotate and those that do not."""
    one, other = expressions(), expressions()
    forms = [
        lambda: f"x: {draw(one)} = {draw(other)}\n",
        lambda: f"x.y[{draw(one)}]: {draw(other)}\n",
        lambda: f"def f(a={draw(one)}, *, b: {draw(other)} = 1):\n    c = {draw(one)}\n",
        lambda: f"async def f(\n    a: {draw(one)},  # x: a | b\n) -> {draw(other)}: ...\n",
        lambda: f"class A: x: {draw(one)} = 1; y: {draw(other)}\n",
        lambda: f"x = {draw(one)}; y = {draw(other)}\n",
        lambda: f"assert {draw(one)} == \\\n    {draw(other)}\n",
    ]
    return "".join(draw(st.sampled_from(forms))() for _ in range(draw(st.integers(1, 4))))


@given(modules())
@example("def f(a=x[1:2], *, b: list[int | int] = 1):\n    c = 1\n")
def test_no_union_is_overlooked(text: str) -> None:
    ast.parse(text)
    if read_source("x.py", text.encode()).floor[0]:
        assert has_union(b"\n" + text.encode())
