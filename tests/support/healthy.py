"""True projects of many kinds, none of which any check may call broken."""

from __future__ import annotations

from sabotage import HEALTHY, Case, Sabotage
from shops import write

KINDS: dict[str, dict[str, str]] = {
    "a conftest.py with fixtures": {
        "tests/conftest.py": "import pytest\n@pytest.fixture\ndef five():\n    return 5\n",
        "tests/test_five.py": "def test_five(five):\n    assert five == 5\n",
    },
    "tests in classes": {"tests/test_class.py": "class TestA:\n    def test_b(self):\n        assert True\n"},
    "tests with parameters": {
        "tests/test_p.py": "import pytest\n@pytest.mark.parametrize('x', ['a::b', 'c/d', '\\u00e9'])\ndef test_x(x):\n    assert x\n"
    },
    "skipped tests": {"tests/test_s.py": "import pytest\ndef test_s():\n    pytest.skip('not here')\n"},
    "expected failures": {"tests/test_x.py": "import pytest\n@pytest.mark.xfail\ndef test_x():\n    assert 0\n"},
    "unittest": {
        "tests/test_u.py": "import unittest\nclass T(unittest.TestCase):\n    def test_t(self):\n        self.assertTrue(1)\n"
    },
    "tests that write where they may": {"tests/test_w.py": "def test_w(tmp_path):\n    (tmp_path / 'a').touch()\n"},
    "tests that warn": {
        "tests/test_warn.py": "import warnings\ndef test_w():\n    warnings.warn('old', UserWarning)\n"
    },
    "packages within the package": {
        "src/shop/api/__init__.py": "",
        "src/shop/api/v1/__init__.py": "",
        "src/shop/api/v1/items.py": "from ...price import price\n",
        "tests/test_v1.py": "from shop.api.v1.items import price\ndef test_v1():\n    assert price() == 7\n",
    },
    "a folder without __init__.py": {"src/shop/plugins/one.py": "x = 1\n"},
    "data that code reads from its package": {
        "src/shop/texts/a.txt": "a",
        "tests/test_texts.py": "from importlib.resources import files\ndef test_a():\n"
        "    assert files('shop').joinpath('texts/a.txt').read_text() == 'a'\n",
    },
    "stubs and a marker of types": {"src/shop/py.typed": "", "src/shop/price.pyi": "def price() -> int: ...\n"},
    "a module that is run": {"src/shop/__main__.py": "from shop.serve import main\nmain()\n"},
    "scripts beside the package": {"scripts/report.py": "print('report')\n"},
    "documents and examples": {"docs/index.md": "# shop\n", "examples/use.py": "import shop\n"},
    "names beyond ASCII": {"src/shop/caf\u00e9.py": "x = 1\n", "tests/d\u00e4ta.txt": "x"},
    "an import by name": {
        "tests/test_name.py": "import importlib\ndef test_name():\n    assert importlib.import_module('shop.price')\n"
    },
    "lazy attributes": {"src/shop/lazy.py": "def __getattr__(name):\n    raise AttributeError(name)\n"},
}


def kind(files: dict[str, str]) -> Sabotage:
    """A true project with these files."""
    title = next(name for name, known in KINDS.items() if known is files)

    def do(case: Case) -> None:
        write(case.root, files)

    return Sabotage("", title, do)


ALL = (*HEALTHY, *map(kind, KINDS.values()))
