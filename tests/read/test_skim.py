"""What is read of a Python file without a parse is what ``ast`` reads, or nothing."""

from __future__ import annotations

import sysconfig
from pathlib import Path
from textwrap import dedent

import pytest

from trueup.errors import ProjectError
from trueup.model.settings import Settings
from trueup.read import disk
from trueup.read.project import load
from trueup.read.python_source import read_source
from trueup.read.skim import skim

LIBRARY = Path(sysconfig.get_path("stdlib"))


def agrees(data: bytes) -> bool:
    """Whether a file was read at all; fails where it was read otherwise than ``ast`` reads it."""
    found, wanted = skim(data), read_source("x.py", data)
    if found is None:
        return False
    assert found.imports == wanted.imports
    assert found.async_tests == wanted.async_tests
    floor = tuple(map(int, wanted.floor[0].split("."))) if wanted.floor[0] else (3, 9)
    assert floor <= (tuple(map(int, found.newest.split("."))) if found.newest else (3, 9))
    assert found.guarded or not wanted.main_guard
    for call in wanted.calls:
        assert call.name in found.words or call.name not in WATCHED
    if wanted.factories or set(wanted.defines.values()) & {"fastapi", "flask", "django", "starlette"}:
        assert "application" in found.words
    return True


WATCHED = (
    *("uvicorn.run", "site.addsitedir", "importlib.import_module", "__import__", "sys.path.insert"),
    *("StaticFiles", "Jinja2Templates", "SettingsConfigDict", "Config.env_file"),
)


def test_the_standard_library_is_read_as_ast_reads_it() -> None:
    files = [*sorted(LIBRARY.glob("*.py")), *sorted(LIBRARY.glob("[a-m]*/*.py"))]
    read = [agrees(path.read_bytes()) for path in files if path.stat().st_size < 1_000_000]
    assert len(read) > 200
    assert sum(read) > 0.9 * len(read)


SURE = {
    "plain": "import a.b as c, d\nfrom ..e import (f,  # one\n    g as h,\n)\nfrom . import i\nfrom j import *  # all",
    "strings": "'''\nimport a\n'''\nimport b\nx = '''\nfrom c import d\n''' + \"it's\"\nimport e\n",
    "hidden quotes": "x = '\"\"\"'\nimport a\n# \"\"\"\nimport b\ny = '''\\\\'''\nimport c\n",
    "function": "def f():\n    import a\nasync def g():\n    if x:\n        import b\nclass C:\n    import c\n    def d(self):\n"
    "        import e\n",
    "try": "try:\n    import a\nexcept ImportError:\n    import b\nelse:\n    import c\nfinally:\n    import d\n",
    "if": "if x:\n    import a\nelif y:\n    import b\nelse:\n    import c\n",
    "typing": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\n    if x:\n        import b\nelse:\n    import c\n",
    "elif typing": "if x:\n    import a\nelif TYPE_CHECKING:\n    import b\nelse:\n    import c\n",
    "typing or else": "if t.TYPE_CHECKING or not b:\n    import a\nelse:\n    import c\nif b and TYPE_CHECKING :\n    import d\n",
    "typing elif": "if t.TYPE_CHECKING:\n    import a\nelif x:\n    import b\nelse:\n    import c\n",
    "loops": "for x in y:\n    import a\nelse:\n    import b\nwhile z:\n    import c\nwith w:\n    import d\n",
    "in brackets": "def f():\n    x = [a for a in b\n         if a]\n    import c\ny = (a\n     if b\n     else c)\nif d:\n    import e\n",
    "docstring": "def f():\n    '''One.\n\nif x:\n    two\n    '''\n    import a\n",
    "signature": "if x:\n    def f(\n        a,\n        b,\n    ):\n        import c\n",
    "tabs": "if x:\n\timport a\n",
    "line ends": "import a\r\nif x:\r\n    import b\r\n",
    "mark": "\ufeffimport a\n",
    "async test": "class T:\n    async def test_it(self): ...\n",
    "async test in a string": "'''\nasync def test_it(): ...\n'''\n",
    "header on lines": "if (a and\n        b\n):\n    import c\nfor x in [\n    y for y in z\n    if y\n]:\n    import d\n",
    "condition behind a backslash": "if a \\\n    if b \\\n    else c:\n    import d\n",
    "last line": "import a\nimport bc",
    "names like it": "def f():\n    import_module('a')\nx = {'a': import_data, 'b': import_more}\nimport b\n",
    "colon in a string": 'import a\nx = \'python -c: import b; import c\'\n# so: import d\n"""e\n: import f\n"""\n',
    "Python 2 in a string": '"""\nprint \'x\'\nraise X, \'y\'\n{% if x %}\n"""\nimport a\n# raise X, except y, z\n',
    "continued": "from a import b, \\\n    c as \\\n    d\nfrom e import \\\n    f\nimport g, \\\n    h\n",
    "nothing": "",
    "utf-8": "# -*- coding: utf-8 -*-\nimport a\n",
    "Python 2 in a string behind a colon": "import a\nx = 'b: print c'; y = \"d; print e\"  # f: print g\n",
    "words": "importlib = 'import x'\nfrom_ = 1\n",
}
DOUBT = {
    "behind a colon": "if x: import a\n",
    "behind a semicolon": "x = 1; from a import b\n",
    "on two lines": "from a \\\n    import b\n",
    "behind a backslash": "x = '\\\nimport a'\n",
    "broken string": "import a\nx = '''\nimport b\n",
    "Python 2": "import a\nprint 'x'\n",
    "Python 2 raises": "import a\nraise X, 'y'\n",
    "Python 2 catches": "import a\ntry:\n    pass\nexcept A, b:\n    pass\n",
    "Python 2 behind a colon": "import a\nif a: raise X, 'y'\n",
    "Python 2 behind a colon without a blank": "import a\nif a:print 'x'\n",
    "Python 2 behind a semicolon": "import a\nx = 'y'; print x\n",
    "behind a string": 'import a\n"""b"""; import c\n',
    "from on a line of its own": "from \\\n    a import b\n",
    "from on two lines": "from a \\\n    import b\n",
    "lambda": "if x:\n    y = [\n  a\n  if b else lambda:\n   c]\n    import d\n",
    "template": "import a\n{% if x %}\nimport b\n{% endif %}\n",
    "encoding": "# coding: latin-1\nimport a\n",
    "encoding of text": "# -*- coding: iso-8859-1 -*-\nimport a\n",
    "no text": "import a  # \0\n",
    "names that are no names": "import a\nfrom b import print, class\n",
    "a condition that calls": "from t import TYPE_CHECKING\nif f(TYPE_CHECKING):\n    import a\n",
}


@pytest.mark.parametrize("case", SURE)
def test_what_is_sure_is_read(case: str) -> None:
    assert agrees(SURE[case].encode())


@pytest.mark.parametrize("case", DOUBT)
def test_what_is_in_doubt_is_left_to_ast(case: str) -> None:
    assert skim(DOUBT[case].encode()) is None


@pytest.mark.parametrize(
    ("text", "newest"),
    [
        ("x = a | b\n", ""),
        ("'''\nx: int | str\n'''\n", ""),
        ("x: int | str = 1\n", "3.10"),
        ("def f(\n    a: dict[\n        int | str\n    ],\n): ...\n", "3.10"),
        ("def f() -> int | str: ...\n", "3.10"),
        ("def f(\n    a=b | c,\n): ...\n", ""),
        ("def f():\n    return g(\n        a | b\n    )\n", ""),
        ("from __future__ import annotations\nx: int | str = 1\n", ""),
        ("def f(\n    a: Annotated[\n        int, Field(gt=1)] | None,\n): ...\n", "3.10"),
        ("def f(\n    a: Annotated[int, Field(\n        gt=1)] | None,\n): ...\n", "3.10"),
        ("def f(\n    a=1, b: int | None = 2,\n): ...\n", "3.10"),
        ("with x: y: int | str = 1\n", "3.10"),
        ("x = 1; y: int | str = 2\n", "3.10"),
        ("def f(x: int | \\\n    str): ...\n", "3.10"),
        ("x: int\ny = a | b\n", ""),
        ("def f(x: int):\n    return a | b\n", ""),
        ("def f(\n    x: int = b,\n    y=a | b,\n): ...\n", ""),
        ("match x:\n    case 1: ...\n", "3.10"),
        ("match = x\nmatch.y(z)\n", ""),
        ("try: ...\nexcept* E: ...\n", "3.11"),
        ("type X = int\n", "3.12"),
        ("if x: type X = int\n", "3.12"),
        ("x = 1; type X[T] = int\n", "3.12"),
        ("x = {1: type (y)}\n", ""),
        ("def f[T](x: T): ...\n", "3.12"),
        ("class C[T]: ...\n", "3.12"),
        ("class Config[T]: ...\n", "3.12"),
        ("x = '''\nclass C[T]: ...\ntype X = int\ny: type Z = int\n'''\n", ""),
        ("x = f'{a['b']}'\n", "3.12"),
        ('x: int | str = f"{a["b"]}"\n', "3.12"),
        ('x = {"f": {"a": 1}, "of": {"b": 2}, "rf": {"c": 3}}\n', ""),
        ("x = f\"{a['b']}\"\n", ""),
        ("x = '''\nclass C[T]: ...\n'''\ndef f(): match x:\n  case _: ...\ntry: ...\nexcept* E: ...\n", "3.11"),
    ],
)
def test_newer_syntax_is_suspected_where_it_may_be(text: str, newest: str) -> None:
    found = skim(text.encode())
    assert found is not None
    assert found.newest == newest or (not newest and not read_source("x.py", text.encode()).floor[0])
    agrees(text.encode())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("import uvicorn\nuvicorn.run(x)\n", "uvicorn.run"),
        ("from uvicorn import run\nrun(x)\n", "uvicorn.run"),
        ("from x import *\nuvicorn.run(x)\n", "uvicorn.run"),
        ("import own\napp = own.FastAPI()\n", "application"),
        ("from own import files\nfiles.StaticFiles(directory='x')\n", "StaticFiles"),
        ("import own as o\no.SettingsConfigDict(env_file='x')\n", "SettingsConfigDict"),
        ("from own import config\nconfig.load_dotenv()\n", "load_dotenv"),
        ("import sys as s\ns.path.append('x')\n", "sys.path.append"),
        ("from sys import path\npath.append('x')\n", "sys.path.append"),
        ("import sys\nsys.path.append('x')\n", "sys.path.append"),
        ("class S(B):\n    class Config:\n        env_file = '.env'\n", "Config.env_file"),
        ("class S(B):\n    class Config: x = env_file = '.env'\n", "Config.env_file"),
        ("# /// script\n# dependencies = []\n# ///\n", "/// script"),
    ],
)
def test_what_a_file_may_speak_of_is_known(text: str, word: str) -> None:
    found = skim(text.encode())
    assert found is not None
    assert word in found.words
    assert agrees(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        'if __name__ == "__main__":\n    x()\n',
        "if '__main__' == __name__: x()\n",
        'if(\n    __name__ == "__main__"\n):\n    x()\n',
        'if x:\n    y()\nelif __name__ == "__main__":\n    z()\n',
    ],
)
def test_a_main_guard_is_suspected_where_it_may_be(text: str) -> None:
    found = skim(text.encode())
    assert found is not None
    assert found.guarded


def test_facts_that_were_not_read_are_read_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
        from fastapi import FastAPI
        import sys
        sys.path.insert(0, "lib")
        app = FastAPI()
        def plain(x: int | str): ...
        """
    (tmp_path / "main.py").write_text(dedent(code), "utf-8")
    (tmp_path / "other.py").write_text("value = 1\n", "utf-8")
    skimmed, whole = load(tmp_path, Settings()), load(tmp_path, Settings())
    monkeypatch.setattr(whole.reader, "_skimmed", lambda *_: None)
    main, other = skimmed.sources["main.py"], skimmed.sources["other.py"]
    assert not main.has("defines")
    assert not main.has("floor")
    assert other.floor == ("", 0)
    assert other.calls_of("uvicorn.run", "sys.path.insert") == ()
    assert not other.may("application")
    assert [call.line for call in main.calls_of("sys.path.insert")] == [4]
    assert main.defines["app"] == "fastapi"
    assert main.floor == ("3.10", 6)
    assert skimmed.sources == whole.sources
    (tmp_path / "main.py").write_text("app = None\n", "utf-8")
    monkeypatch.setattr(disk, "KEPT_BYTES", 0)
    again = load(tmp_path, Settings()).sources["main.py"]
    (tmp_path / "main.py").write_text("changed = True\n", "utf-8")
    with pytest.raises(ProjectError, match=r"main\.py changed while it was read"):
        _ = again.defines
    assert other.at("elsewhere.py").defines == {"value": "value"}
    assert other != whole.sources["main.py"]
    assert "main.py" in repr(main)
