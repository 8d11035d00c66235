"""A command without a network, or the reason why there is none."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from trueup.errors import ToolError
from trueup.tools import isolate
from trueup.tools.isolate import PROBE, without_network
from trueup.tools.process import Finished, run


def test_a_command_is_alone_or_it_is_said_why_not(tmp_path: Path) -> None:
    found = without_network()
    assert bool(found.prefix) is not bool(found.reason)
    done = run([*found.prefix, sys.executable, "-c", PROBE], tmp_path, timeout=30)
    assert done.ok
    assert found.reason or done.stdout == "alone\n"


def finished(code: int, out: str, err: str = "") -> Finished:
    return Finished(("unshare",), code, out, err, 0.1)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (finished(0, "alone\n"), ""),
        (finished(0, ""), "this machine does not allow it: unshare ended with 0"),
        (
            finished(1, "", "unshare: unshare failed: Operation not permitted"),
            "this machine does not allow it: unshare: unshare failed: Operation not permitted",
        ),
        (finished(1, "alone\n"), "this machine does not allow it: alone"),
        (ToolError("unshare could not be started"), "unshare could not be started"),
    ],
)
def test_what_the_machine_allows_is_tried(
    answer: Finished | ToolError, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []

    def answered(argv: list[str], *_: object, **__: object) -> Finished:
        started.append(argv)
        if isinstance(answer, ToolError):
            raise answer
        return answer

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(shutil, "which", lambda _: "/bin/unshare")
    monkeypatch.setattr(isolate, "run", answered)
    for user, options in ((0, ["--net"]), (1000, ["--map-current-user", "--keep-caps", "--net"])):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user, raising=False)
        found = without_network()
        assert (found.reason, bool(found.prefix)) == (reason, not reason)
        assert started[-1][1 : len(options) + 1] == options


def test_elsewhere_it_is_said_to_be_impossible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert without_network().reason == "unshare (util-linux) is not on the PATH"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert without_network().reason == "only Linux can take the network from a single program"
