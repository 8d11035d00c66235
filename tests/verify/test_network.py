"""Tests that reach out are named; where the network cannot be taken away, that is said."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trueup.tools.isolate import Isolation
from trueup.tools.uv import Uv
from trueup.verify import Context, network
from trueup.verify.environment import MISSING

Make = Callable[..., Context]
# Stands for a namespace: what it starts can see that it has no network.
ALONE = (sys.executable, "-c", "import os, sys; os.environ['ALONE'] = '1'; os.execv(sys.argv[1], sys.argv[1:])")
REACHES = "import os\ndef test_out():\n    assert 'ALONE' not in os.environ\n"


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "without_network", lambda: Isolation(ALONE))


def test_without_tests_or_environment_nothing_is_run(tmp_path: Path) -> None:
    context = Context(tmp_path, Uv("uv", "0.13.9", {}), package="shop")
    assert network.check(context)[1:3] == ("unchecked", MISSING)
    assert network.check(context._replace(has_tests=False)).message == "the project has no tests"


def test_a_machine_that_does_not_allow_it_is_unchecked(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "without_network", lambda: Isolation(reason="this machine does not allow it"))
    assert network.check(project())[1:3] == ("unchecked", "this machine does not allow it")


def test_tests_that_stay_at_home_pass(project: Make) -> None:
    assert network.check(project())[1:3] == ("passed", "as with a network: 1 passed")


def test_tests_that_reach_out_are_named(project: Make) -> None:
    context = project({"tests/test_out.py": REACHES, "tests/test_bad.py": "def test_bad():\n    assert False\n"})
    outcome = network.check(context)
    assert outcome[1:3] == ("failed", "1 of 3 tests reach out: tests/test_out.py::test_out")


def test_tests_that_ask_and_do_without_an_answer_are_told(project: Make) -> None:
    asks = "import socket\ndef ask(host):\n    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:\n        one.connect((host, 9))\n"
    asks += "def test_far():\n    ask('192.0.2.1')\n    ask('192.0.2.1')\ndef test_near():\n    ask('127.0.0.1')\n    socket.getaddrinfo('localhost', 9)\n    socket.getaddrinfo(b'127.0.0.1', 9)\n"
    outcome = network.check(project({"tests/test_asks.py": asks}))
    assert outcome.status == "passed"
    told = "without an answer pass tests/test_asks.py::test_far, which ask for another machine"
    assert outcome.message == f"as with a network: 3 passed; {told}"


def test_a_test_may_replace_what_the_ear_would_use(project: Make) -> None:
    asks = "import os, socket\nfrom unittest import mock\nimport pytest\n"
    asks += "@pytest.fixture\ndef bare():\n    with mock.patch.dict(os.environ, clear=True):\n        yield\n"
    asks += "def test_bare(bare):\n    with mock.patch('builtins.open') as opened, socket.socket(type=socket.SOCK_DGRAM) as one:\n"
    asks += "        one.connect(('192.0.2.1', 9))\n    opened.assert_not_called()\n"
    outcome = network.check(project({"tests/test_asks.py": asks}))
    assert outcome.status == "passed", outcome
    assert "test_bare" in outcome.message


def test_a_test_that_fails_once_only_is_not_named(project: Make, tmp_path: Path) -> None:
    once = f"import os, pathlib\ndef test_once():\n    if 'ALONE' in os.environ:\n        mark = pathlib.Path({str(tmp_path / 'mark')!r})\n        seen = mark.exists()\n        mark.touch()\n        assert seen\n"
    assert network.check(project({"tests/test_once.py": once})).status == "passed"


def test_a_suite_that_does_not_start_without_a_network_fails(project: Make) -> None:
    hook = "import os\nif 'ALONE' in os.environ:\n    raise SystemExit(9)\n"
    outcome = network.check(project({"tests/conftest.py": hook}))
    assert (outcome.status, outcome.message.startswith("without a network ")) == ("failed", True)


def test_without_a_test_that_passes_nothing_is_compared(project: Make) -> None:
    context = project({"tests/test_shop.py": "def test_it():\n    assert False\n"})
    assert network.check(context)[1:3] == ("unchecked", "with a network no test passes: 1 failed")
