"""Facts of one Python file."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.model.source import Call, Import, SourceFile
from trueup.read.python_margin import SIZE_CAP
from trueup.read.python_source import read_source


def read(text: str) -> SourceFile:
    return read_source("x.py", dedent(text).encode())


def test_imports_and_where_they_stand() -> None:
    source = read(
        """
        import a.b as c, d
        from ..e import (f,
                         g as h)
        from . import i
        from j import *
        if TYPE_CHECKING:
            import k
        else:
            import l
        try:
            import m
        except ImportError:
            import n
        finally:
            import o
        class A:
            import p
        def q():
            if r:
                import s
        match t:
            case 1:
                import u
        with v:
            import w
        """
    )
    assert source.imports[:4] == (
        Import(2, "", 0, (("a.b", "c"), ("d", None)), False),
        Import(3, "e", 2, (("f", None), ("g", "h")), True),
        Import(5, "", 1, (("i", None),), True),
        Import(6, "j", 0, (("*", None),), True),
    )
    where = {statement.names[0][0]: statement.inside for statement in source.imports[4:]}
    assert where == {
        "k": "typing",
        "l": "",
        "m": "try",
        "n": "try",
        "o": "try",
        "p": "",
        "s": "function",
        "u": "if",
        "w": "",
    }


def test_typing_guard_as_attribute_and_within_a_function() -> None:
    source = read(
        """
        import typing
        if typing.TYPE_CHECKING:
            from a import b
            try:
                import c
            except ImportError: ...
        async def f():
            try:
                import d
            except ImportError: ...
        """
    )
    assert [statement.inside for statement in source.imports] == ["", "typing", "typing", "function"]


def test_definitions() -> None:
    source = read(
        """
        import a.b, c as d
        from e import f as g
        def h(): ...
        async def i(): ...
        class J:
            k = 1
        l, (m) = n = 1, 2
        o: int = 3
        if p:
            q = 4
        try:
            def r(): ...
        except Exception: ...
        x.y = 5
        """
    )
    values = dict.fromkeys("lmnoq", "value")
    functions = {"h": "function", "i": "coroutine", "J": "class", "r": "function"}
    assert source.defines == {"a": "import", "d": "import", "g": "import", **functions, **values}


@pytest.mark.parametrize(
    ("text", "what", "made"),
    [
        ("from fastapi import FastAPI\napp = FastAPI()", "fastapi", "fastapi.FastAPI"),
        ("import fastapi\napp: fastapi.FastAPI = fastapi.FastAPI(title='x')", "fastapi", "fastapi.FastAPI"),
        ("from fastapi import FastAPI as F\napp = F()", "fastapi", "fastapi.FastAPI"),
        ("import fastapi as f\napp = f.FastAPI()", "fastapi", "fastapi.FastAPI"),
        ("from flask import Flask\napp = Flask(__name__)", "flask", "flask.Flask"),
        (
            "from starlette.applications import Starlette\napp = Starlette()",
            "starlette",
            "starlette.applications.Starlette",
        ),
        (
            "from django.core.asgi import get_asgi_application as g\napp = g()",
            "django",
            "django.core.asgi.get_asgi_application",
        ),
        ("from .factory import create_app\napp = create_app()", "value", ".factory.create_app"),
        ("from . import factory\napp = factory.create_app()", "value", ".factory.create_app"),
        ("app = make()()", "value", ""),
        ("app = FastAPI", "value", ""),
    ],
)
def test_what_makes_an_application(text: str, what: str, made: str) -> None:
    source = read(text)
    assert source.defines["app"] == what
    assert source.made.get("app", "") == made


def test_factories() -> None:
    source = read(
        """
        from fastapi import FastAPI
        def create_app():
            app = FastAPI()
            return app
        def promised() -> FastAPI:
            return build()
        def quoted() -> "FastAPI":
            return build()
        def checks(app: FastAPI) -> None:
            FastAPI()
        def handed_on(app: FastAPI) -> FastAPI:
            return app
        def other() -> "list[FastAPI]":
            return []
        """
    )
    assert source.factories == dict.fromkeys(("create_app", "promised", "quoted"), "fastapi.FastAPI") | {
        "quoted": "FastAPI"
    }


def test_calls_with_their_argument() -> None:
    source = read(
        """
        import os, sys, uvicorn
        from dotenv import load_dotenv
        from fastapi.staticfiles import StaticFiles
        from uvicorn import run
        sys.path.insert(0, "src")
        sys.path.append(os.path.dirname(__file__))
        load_dotenv()
        app.mount("/static", StaticFiles(directory="static"), name="static")
        engine = create_engine(f"sqlite:///{name}", echo=True)
        if __name__ == "__main__":
            uvicorn.run("main:app", reload=True, **options)
            run(app)
        @decorated(open("x.txt"))
        def f(): ...
        thing.open("not this")
        """
    )
    assert source.calls == (
        Call("sys.path.insert", 6, "src", True),
        Call("sys.path.append", 7, "os.path.dirname(__file__)", False),
        Call("load_dotenv", 8, "", False),
        Call("StaticFiles", 9, "static", True, ("directory",)),
        Call("create_engine", 10, "f'sqlite:///{name}'", False, ("echo",)),
        Call("uvicorn.run", 12, "main:app", True, ("reload",)),
        Call("uvicorn.run", 13, "app", False),
        Call("open", 14, "x.txt", True),
    )
    assert source.main_guard == 11


def test_calls_in_handlers_and_cases() -> None:
    source = read(
        """
        try:
            pass
        except open("a"):
            pass
        match x:
            case 1 if open("b"):
                pass
        """
    )
    assert [call.argument for call in source.calls] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("if __name__ == '__main__': pass", 1),
        ("x = 1\nif '__main__' == __name__: pass", 2),
        ("if __name__ == 'x': pass", 0),
        ("if __name__ == a == '__main__': pass", 0),
        ("if __name__: pass", 0),
        ("def f():\n    if __name__ == '__main__': pass", 0),
    ],
)
def test_main_guard(text: str, line: int) -> None:
    assert read(text).main_guard == line


def test_async_tests() -> None:
    assert read("class TestA:\n    async def test_b(self): ...").async_tests
    assert not read("async def fetch(): ...\ndef test_b(): ...").async_tests


@pytest.mark.parametrize(
    ("text", "floor"),
    [
        ("x = 1", ("", 0)),
        ("match x:\n    case 1: pass", ("3.10", 1)),
        ("y = 1\ntry: pass\nexcept* ValueError: pass", ("3.11", 2)),
        ("def f(a: int | None): ...", ("3.10", 1)),
        ("def f(a: list[tuple[int, str | None]]): ...", ("3.10", 1)),
        ("async def f(*a, b=1) -> int | None: ...", ("3.10", 1)),
        ("a: int | None = 1", ("3.10", 1)),
        ("from __future__ import annotations\na: int | None = 1", ("", 0)),
        ("a: 'int | None' = 1\nb = 1 | 2", ("", 0)),
        ("x = 1\ny = f'{a['b']}'", ("3.12", 2)),
        ('def f():\n    return g(1, f"{a} {b["c"]:>{d}}")', ("3.12", 2)),
        ('x = f"{chr(10).join(a)} {"\\n".join(a)}"', ("3.12", 1)),
        ('x = rf"{re.sub("a", "b", c)}"', ("3.12", 1)),
        ("def g[T](): f'{a['b']}'\ndef f(a: int | None): ...", ("3.12", 1)),
        ("def f(a: int | None): ...\ny = f'{a['b']}'", ("3.12", 2)),
        ("from __future__ import annotations\ny = f'{a['b']}'", ("3.12", 2)),
        ("x = f'{{a['b']", ("", 0)),
        ("x = f\"{a['b']} \\N{DASH} {b:\\n}\"", ("", 0)),
        ("""x = 'if', {'a': 'b'}""", ("", 0)),
        ("x = \"f'{a['b']}'\"\n# f'{a['b']}'", ("", 0)),
        ("""x = f'''f"{a["b"]}"'''""", ("", 0)),
        ('x = f"{a}" "{"', ("", 0)),
    ],
)
def test_floor(text: str, floor: tuple[str, int]) -> None:
    assert read(text).floor == floor


def test_type_statements_need_3_12_whichever_python_reads_them() -> None:
    statement, function = read("type X = int"), read("def f[T](x: T) -> T: ...")
    if hasattr(ast, "TypeAlias"):
        assert (statement.floor, function.floor) == (("3.12", 1), ("3.12", 1))
    else:
        assert statement.error
        assert function.error


@pytest.mark.parametrize(
    "data",
    [
        "\ufeffimport a\n".encode(),
        "import a  # é\n# -*- coding: latin-1 -*-\n".encode("latin-1"),
        b"import a\r\nx = 1\r\n",
        b"import a\rx = 1\r",
        b"import a\n\x0cx = 1",
    ],
)
def test_encodings_and_line_ends(data: bytes) -> None:
    source = read_source("x.py", data)
    assert source.error == ""
    assert source.imports == (Import(1, "", 0, (("a", None),), False),)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_calls_are_found_whatever_ends_a_line(end: bytes) -> None:
    source = read_source("x.py", end.join([b"import os", b"", b"x = 1", b"os.chdir('a')", b""]))
    assert source.calls == (Call("os.chdir", 4, "a", True),)


def test_what_python_rejects_is_read_at_the_margin() -> None:
    source = read(
        """
        from fastapi import (FastAPI,  # the framework
                             APIRouter as Router)
        import os, sys as system
        from . import models
        from .. import *

        app: FastAPI = FastAPI(title="x")
        engine = db.create_engine(url)
        class A:
            import inner
        def f(): ...
        async def g(): ...
        try:
            pass
        except ValueError, KeyError:
            print "both"
        if __name__ == '__main__':
            pass
        """
    )
    assert source.error.startswith("line 16: ")
    assert source.imports == (
        Import(2, "fastapi", 0, (("FastAPI", None), ("APIRouter", "Router")), True),
        Import(4, "", 0, (("os", None), ("sys", "system")), False),
        Import(5, "", 1, (("models", None),), True),
        Import(6, "", 2, (("*", None),), True),
    )
    imported = dict.fromkeys(("FastAPI", "Router", "os", "system", "models"), "import")
    values = {"app": "fastapi", "engine": "value", "A": "class", "f": "function", "g": "coroutine"}
    assert source.defines == imported | values
    assert source.made == {"app": "FastAPI", "engine": "db.create_engine"}
    assert source.main_guard == 18
    assert source.floor == ("3.14", 16)


def test_python_2_is_not_taken_for_3_14() -> None:
    source = read("try:\n    pass\nexcept ValueError, problem:\n    print problem\n")
    assert source.error
    assert source.floor == ("", 0)


@pytest.mark.parametrize(
    "data",
    [
        b"x = \x00",
        b"\xff\xfe",
        b"# coding: nonsense\n",
        b"x = " + b"(" * 3000,
        b"a." * 100_000 + b"b",
        b"1" * 20_000,
        b"'''",
    ],
)
def test_bad_input_is_an_error_and_not_an_exception(data: bytes) -> None:
    assert read_source("x.py", data).error


def test_deep_code_that_parses_is_read() -> None:
    deep = "if x:\n" + "".join("    " * depth + "if x:\n" for depth in range(1, 90)) + "    " * 90 + "import a\n"
    assert read_source("x.py", deep.encode()).imports[0].inside == "if"
    sums = b"open(" + b"+".join([b"1"] * 900) + b")"
    assert len(read_source("x.py", sums).calls) == 1


def test_an_argument_too_deep_to_write_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: ast.AST) -> str:
        raise RecursionError

    monkeypatch.setattr(ast, "unparse", fail)
    assert read("open(a.b)").calls == (Call("open", 1, "", False),)


def test_size_cap() -> None:
    assert read_source("x.py", b"#" * SIZE_CAP).error == ""
    assert read_source("x.py", b"#" * (SIZE_CAP + 1)).error == "larger than 1 MB"


@settings(max_examples=150)
@given(st.binary(max_size=200) | st.text(alphabet="importfm a.\n\t(),#*='\"\\:", max_size=120).map(str.encode))
def test_never_raises(data: bytes) -> None:
    assert read_source("x.py", data).path == "x.py"


STATEMENTS = [
    "import a",
    "from b import c",
    "from . import d",
    "def f():\n    import e",
    "if x:\n    from g import h",
    "x = 1",
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(STATEMENTS), max_size=8))
def test_all_imports_in_the_order_of_the_file(statements: list[str]) -> None:
    text = "\n".join(statements)
    expected = [node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert [statement.line for statement in read(text).imports] == sorted(expected)
