"""Is the lock what the manifest asks for, and the environment what the lock says?"""

import os
import sys
from collections.abc import Callable

import pytest

from trueup.tools.uv import Uv, UvError, venv_python
from trueup.verify import Context, environment, lock

Make = Callable[..., Context]


def edit(context: Context, old: str, new: str) -> None:
    """Replace text in the manifest."""
    manifest = context.root / "pyproject.toml"
    manifest.write_text(manifest.read_text("utf-8").replace(old, new), "utf-8")


def without_network(context: Context) -> Context:
    """The same, with an empty cache and no index on disk."""
    environ = {
        name: value for name, value in context.uv.environ.items() if name not in ("UV_FIND_LINKS", "UV_NO_INDEX")
    }
    cache = {"UV_CACHE_DIR": str(context.root.parent / "empty")}
    return context._replace(uv=Uv(context.uv.executable, context.uv.version, environ | cache))


def test_a_fresh_lock_passes_and_a_stale_one_fails(project: Make) -> None:
    context = project(sync=False)
    assert lock.check(context).status == "passed"
    edit(context, '["lib"]', '["lib>=1.5"]')
    stale = lock.check(context)
    assert (stale.status, "does not fit pyproject.toml" in stale.message) == ("failed", True)
    assert environment.check(context).message == environment.MISSING


def test_a_manifest_that_may_only_be_touched_is_no_drift(project: Make) -> None:
    context = project()
    manifest = context.root / "pyproject.toml"
    later = manifest.stat().st_mtime + 60
    os.utime(manifest, (later, later))
    outcome = environment.check(context)
    assert outcome[1:3] == ("unchecked", environment.TOUCHED)
    edit(context, 'version = "1.0"', 'version = "1.1"')
    context.uv.lock(context.root)
    assert environment.check(context).status == "failed"
    manifest.write_text("[tool.x]\n", "utf-8")
    assert not environment.only_a_newer_manifest(context, " - shop==1.0\n")


def test_no_lock_fails(project: Make) -> None:
    context = project(sync=False)
    (context.root / "uv.lock").unlink()
    assert lock.check(context).status == "failed"


def test_requirements_that_contradict_fail(project: Make) -> None:
    context = project(sync=False)
    edit(context, '["lib"]', '["lib>9"]')
    outcome = lock.check(context)
    assert (outcome.status, "cannot all be met" in outcome.message) == ("failed", True)


def test_a_broken_manifest_fails(project: Make) -> None:
    context = project(sync=False)
    (context.root / "pyproject.toml").write_text("[[", "utf-8")
    assert "uv cannot read the project" in lock.check(context).message


def test_without_network_a_stale_lock_cannot_be_judged(project: Make) -> None:
    context = without_network(project(sync=False))
    edit(context, '["lib"]', '["nowhere"]')
    with pytest.raises(UvError) as caught:
        lock.check(context)
    assert caught.value.kind == "network"


def test_the_interpreter_is_that_of_the_environment_where_there_is_one(project: Make) -> None:
    context = project(sync=False)._replace(python=sys.executable)
    assert lock.interpreter(context) == sys.executable
    assert lock.interpreter(context._replace(python="")) == ""
    assert lock.interpreter(project()) == str(venv_python(project().venv))


def test_a_synced_environment_passes_and_drift_fails(project: Make) -> None:
    context = project()
    assert environment.check(context).status == "passed"
    context.uv.pip_install(venv_python(context.venv), "lib==1.0", cwd=context.root)
    drifted = environment.check(context)
    assert (drifted.status, "lib" in drifted.message) == ("failed", True)
    assert "- lib==1.0" in drifted.evidence


def test_without_a_lock_the_environment_cannot_be_judged(project: Make) -> None:
    context = project()
    (context.root / "uv.lock").unlink()
    outcome = environment.check(context)
    assert (outcome.status, outcome.message) == ("unchecked", "there is no fresh lock to compare it with")


def test_another_problem_is_passed_on(project: Make) -> None:
    context = project()
    (context.root / "pyproject.toml").write_text("[[", "utf-8")
    with pytest.raises(UvError):
        environment.check(context)


def test_changes_are_counted() -> None:
    assert environment.changes("Would install\n + a==1\n - b==1\n + b==2\n ~ c==1\n + d==1\n") == (
        "+ a==1, - b==1, + b==2 and 2 more"
    )
    assert environment.changes("Would replace environment") == "uv would make it anew"
