"""No declared dependency is lost between the old environment and the lock."""

from pathlib import Path

import pytest

from trueup.tools.uv import Uv
from trueup.verify import Context
from trueup.verify.baseline import Baseline
from trueup.verify.packages import check

LOCK = """version = 1
[[package]]
name = "fastapi"
version = "0.115.6"
[[package]]
name = "numpy"
version = "1.26.4"
[[package]]
name = "numpy"
version = "2.0.0"
[[package]]
name = "shop"
source = { editable = "." }
[[package]]
name = "requests"
version = "2.31.0"
source = { registry = "https://pypi.org/simple" }
"""


def context(root: Path, lock: str = LOCK, **before: object) -> Context:
    (root / "uv.lock").write_text(lock, "utf-8")
    return Context(root, Uv("uv", "0.13.0", {}), baseline=Baseline(**before))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("packages", "declared", "status", "message"),
    [
        ({"fastapi": "0.115.6", "shop": "1"}, ("fastapi",), "passed", "1 declared dependencies are locked, 2 packages"),
        ({"fastapi": "0.114.0"}, ("fastapi",), "passed", "1 at another version"),
        ({"numpy": "2.0.0"}, ("numpy",), "passed", "1 packages as before"),
        ({"gone": "1", "fastapi": "0.115.6"}, ("fastapi", "gone"), "failed", "not in uv.lock: gone"),
        ({"fastapi": "0.115.6"}, ("fastapi", "pywin32"), "passed", "as before"),
        (
            {"fastapi": "0.115.6", **dict.fromkeys("abcd", "1")},
            ("fastapi",),
            "passed",
            "1 packages as before; installed before, and not locked: a, b, c and 1 more",
        ),
        ({"setuptools": "75", "fastapi": "0.115.6"}, ("fastapi",), "passed", "as before"),
    ],
)
def test_what_was_declared_is_locked(
    tmp_path: Path, packages: dict[str, str], declared: tuple[str, ...], status: str, message: str
) -> None:
    outcome = check(context(tmp_path, packages=packages, declared=declared))
    assert outcome is not None
    assert outcome.status == status
    assert message in outcome.message


@pytest.mark.parametrize(
    ("accepted", "status"), [((), "failed"), (("gone",), "failed"), (("gone", "requests"), "passed")]
)
def test_what_is_lost_or_comes_from_elsewhere_must_be_accepted(
    tmp_path: Path, accepted: tuple[str, ...], status: str
) -> None:
    before = {"gone": "1", "requests": "2.31.0"}
    told = context(
        tmp_path, packages=before, declared=("gone",), direct={"requests": "git+https://example.com/requests"}
    )
    outcome = check(told._replace(accepted=accepted))
    assert outcome is not None
    assert outcome.status == status
    if not accepted:
        assert outcome.message == "declared before, and not in uv.lock: gone; --accept gone lets that be"
    elif status == "failed":
        assert "from an index now: requests (git+https://example.com/requests)" in outcome.message
    else:
        assert "accepted: gone\naccepted: requests\nnot installed before: fastapi" in outcome.evidence


FILES = """[[package]]
name = "six"
version = "1.16.0"
sdist = { url = "https://x/six.tar.gz", hash = "sha256:aa" }
wheels = [{ url = "https://x/six.whl", hash = "sha256:bb" }, { path = "six.whl" }]
"""


@pytest.mark.parametrize(
    ("version", "hashes", "accepted", "status"),
    [
        ("1.16.0", ("sha256:cc",), (), "failed"),
        ("1.16.0", ("sha256:cc",), ("six",), "passed"),
        ("1.16.0", ("sha256:cc", "sha256:bb"), (), "passed"),
        ("1.16.0", ("md5:cc",), (), "passed"),  # no hash of the lock is of that kind
        ("1.15.0", ("sha256:cc",), (), "passed"),
    ],
)
@pytest.mark.parametrize("made", [True, False])
def test_another_file_under_the_same_version_fails(
    version: str, hashes: tuple[str, ...], accepted: tuple[str, ...], status: str, made: bool, tmp_path: Path
) -> None:
    before: dict[str, object] = {"packages": {"six": "1.16.0"}} if made else {"reason": "no such hash"}
    fixed = {("six", version): frozenset(hashes)}
    outcome = check(context(tmp_path, FILES, **before)._replace(fixed=fixed, accepted=accepted))
    assert outcome is not None
    assert outcome.status == (status if made or status == "failed" else "unchecked")
    if status == "failed":
        told = "uv.lock has no file with a hash that the old manifests fix: six 1.16.0; --accept six lets that be"
        assert outcome.message == told


def test_without_a_before_there_is_nothing_to_compare(tmp_path: Path) -> None:
    assert check(context(tmp_path)) is None
    assert check(Context(tmp_path, Uv("uv", "0.13.0", {}))) is None


def test_an_old_environment_that_could_not_be_made_is_not_compared(tmp_path: Path) -> None:
    outcome = check(context(tmp_path, reason="the old environment could not be made: no network"))
    assert outcome is not None
    assert outcome[1:3] == ("unchecked", "before, the old environment could not be made: no network")


def test_a_lock_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    outcome = check(context(tmp_path, lock="[", packages={"a": "1"}))
    assert outcome is not None
    assert outcome.status == "unchecked"
