"""Where the locked files come from, and that each is fixed by a hash."""

from collections.abc import Callable
from pathlib import Path

import pytest

from trueup.tools.uv import Uv
from trueup.verify import Context, sources

Make = Callable[..., Context]
HASH = 'hash = "sha256:12f65c9b470abda6dc35cf8e63cc574b1c52b11df2c86030af0ac09b01b13ea9"'
PYPI = 'registry = "https://pypi.org/simple"'
FILE = f'wheels = [{{ url = "https://files.pythonhosted.org/packages/a/idna-3.6-py3-none-any.whl", {HASH} }}]'
COMMIT = "0123456789abcdef0123456789abcdef01234567"
MANIFEST = '[project]\nname = "shop"\nversion = "1"\n'
CORP = '[[tool.uv.index]]\nname = "corp"\nurl = "https://corp.example/simple"\n'


def seen(
    root: Path, source: str, files: str = FILE, manifest: str = "", own: str = "", *hosts: str, **environ: str
) -> tuple[str, str]:
    """Status and message for a lock that holds ``idna 3.6``; ``own`` is the text of ``uv.toml``."""
    package = f'[[package]]\nname = "idna"\nversion = "3.6"\nsource = {{ {source} }}\n{files}\n'
    itself = '[[package]]\nname = "shop"\nversion = "1"\nsource = { editable = "." }\n'
    (root / "uv.lock").write_text(f"version = 1\n{package}{itself}", "utf-8")
    (root / "pyproject.toml").write_text(MANIFEST + manifest, "utf-8")
    if own:
        (root / "uv.toml").write_text(own, "utf-8")
    outcome = sources.check(Context(root, Uv("uv", "0.13.9", environ), hosts=hosts))
    return outcome.status, outcome.message


def at(place: str) -> str:
    """A locked file on another host."""
    return f'wheels = [{{ url = "https://{place}/idna-3.6-py3-none-any.whl", {HASH} }}]'


def test_hashed_files_of_pypi_pass(tmp_path: Path) -> None:
    assert seen(tmp_path, PYPI) == ("passed", "every file that is downloaded is fixed by a hash: 1 from pypi.org")


@pytest.mark.parametrize(
    ("source", "files", "message"),
    [
        (PYPI, 'wheels = [{ url = "https://files.pythonhosted.org/a.whl" }]', "idna 3.6: 1 of 1 files have no hash"),
        (PYPI, f'{FILE}\nsdist = {{ url = "https://pypi.org/a.tar.gz" }}', "idna 3.6: 1 of 2 files have no hash"),
        (PYPI, 'wheels = [{ url = "https://pypi.org/a.whl", hash = "md5:1" }]', "idna 3.6: 1 of 1 files have no hash"),
        (PYPI, "", "idna 3.6: no file of it is locked"),
        (PYPI, at("evil.example"), "idna 3.6: a file lies on evil.example, which the project does not ask"),
        (PYPI, at("files.pythonhosted.org.evil.example"), "a file lies on files.pythonhosted.org.evil.example"),
        (PYPI, at("files.pythonhosted.org@evil.example"), "a file lies on evil.example"),
        (PYPI, at("[evil"), "a file lies on an address that cannot be read"),
        ('registry = "https://evil.example/simple"', FILE, "idna 3.6: comes from evil.example, which the project"),
        ('git = "https://evil.example/idna#' + COMMIT + '"', "", "idna 3.6: comes from evil.example"),
        ('git = "https://pypi.org/idna?rev=main"', "", "idna 3.6: from git without a commit"),
        ('url = "https://evil.example/idna-3.6.whl"', f"wheels = [{{ {HASH} }}]", "idna 3.6: comes from evil.example"),
    ],
)
def test_what_is_not_fixed_or_from_elsewhere_fails_and_is_named(
    tmp_path: Path, source: str, files: str, message: str
) -> None:
    status, said = seen(tmp_path, source, files)
    assert (status, message in said) == ("failed", True), said


@pytest.mark.parametrize(
    ("source", "files", "manifest"),
    [
        ('registry = "https://corp.example/simple"', at("corp.example"), CORP),
        (PYPI, at("corp.example"), '[tool.uv]\nextra-index-url = ["https://corp.example/simple"]\n'),
        (PYPI, at("corp.example"), '[tool.uv]\nindex-url = "https://corp.example/simple"\n'),
        ('git = "https://corp.example/i?rev=1#' + COMMIT + '"', "", 'dependencies = ["idna @ git+https://corp.example/i"]'),
        ('git = "ssh://git@corp.example/i#' + COMMIT + '"', "", '[tool.uv.sources]\nidna = { git = "ssh://git@corp.example/i" }'),
        ('url = "https://corp.example/i.whl"', f"wheels = [{{ {HASH} }}]", '[tool.uv.sources]\nidna = [{ url = "https://corp.example/i.whl" }]'),
        ('path = "vendor/idna.whl"', "wheels = [{ filename = 'idna.whl' }]", ""),
        ('registry = "vendor"', 'wheels = [{ path = "idna-3.6-py3-none-any.whl" }]', ""),
        ('registry = "https://download.pytorch.org/whl/cpu"', at("download-r2.pytorch.org"), '[[tool.uv.index]]\nurl = "https://download.pytorch.org/whl/cpu"\nexplicit = true\n'),
    ],
)  # fmt: skip
def test_what_the_project_asks_for_passes(tmp_path: Path, source: str, files: str, manifest: str) -> None:
    assert seen(tmp_path, source, files, manifest)[0] == "passed"


def test_uv_toml_variables_and_settings_of_trueup_name_hosts_too(tmp_path: Path) -> None:
    files = at("corp.example")
    assert seen(tmp_path, PYPI, files)[0] == "failed"
    assert seen(tmp_path, PYPI, files, "", "", "corp.example")[0] == "passed"
    assert seen(tmp_path, PYPI, files, UV_INDEX="https://corp.example/simple")[0] == "passed"
    assert seen(tmp_path, PYPI, files, UV_INDEX="corp=https://corp.example/simple")[0] == "passed"
    assert seen(tmp_path, PYPI, files, UV_DEFAULT_INDEX="https://corp.example/simple?a=b")[0] == "passed"
    assert seen(tmp_path, PYPI, files, "", '[[index]]\nurl = "https://corp.example/simple"\n')[0] == "passed"


def test_members_of_the_lock_say_where_they_take_packages_from(tmp_path: Path) -> None:
    (tmp_path / "member").mkdir()
    wanted = '[project]\nname = "member"\ndependencies = ["idna @ https://corp.example/i.whl"]\n'
    member = '\n[[package]]\nname = "member"\nsource = { editable = "member" }\n'
    given = 'url = "https://corp.example/i.whl"', f"wheels = [{{ {HASH} }}]{member}"
    assert seen(tmp_path, *given)[0] == "failed"
    (tmp_path / "member" / "pyproject.toml").write_text(wanted, "utf-8")
    assert seen(tmp_path, *given) == (
        "passed",
        "every file that is downloaded is fixed by a hash: 1 from corp.example, 1 from local paths",
    )


@pytest.mark.parametrize(
    ("manifest", "confused"),
    [
        (CORP, True),
        (CORP + "explicit = true\n", False),
        (CORP + '[tool.uv.sources]\nidna = { index = "corp" }\n', False),
        (CORP + "default = true\n", True),
        ("", False),
    ],
)
def test_a_package_that_another_index_could_give_is_told(tmp_path: Path, manifest: str, confused: bool) -> None:
    status, message = seen(tmp_path, PYPI, FILE, manifest)
    assert (status, "1 could be given by another index, too" in message) == ("passed", confused)


def test_the_strategy_says_who_can_step_in(tmp_path: Path) -> None:
    corp = 'registry = "https://corp.example/simple"'
    assert "too" not in seen(tmp_path, corp, at("corp.example"), CORP)[1]
    strategy = '[tool.uv]\nindex-strategy = "unsafe-best-match"\n'
    assert "too" in seen(tmp_path, corp, at("corp.example"), strategy + CORP)[1]


@pytest.mark.parametrize(("name", "text"), [("uv.lock", "[["), ("pyproject.toml", "[["), ("uv.toml", "[[")])
def test_what_cannot_be_read_is_unchecked(tmp_path: Path, name: str, text: str) -> None:
    assert seen(tmp_path, PYPI)[0] == "passed"
    (tmp_path / name).write_text(text, "utf-8")
    outcome = sources.check(Context(tmp_path, Uv("uv", "0.13.9", {})))
    assert (outcome.status, "cannot be read" in outcome.message) == ("unchecked", True)
    (tmp_path / "uv.lock").unlink()
    assert sources.check(Context(tmp_path, Uv("uv", "0.13.9", {})))[1:3] == ("unchecked", "there is no uv.lock")


def test_a_folder_of_wheels_is_told_to_have_no_hashes(project: Make) -> None:
    outcome = sources.check(project(sync=False))
    assert outcome[1:3] == (
        "passed",
        "every file that is downloaded is fixed by a hash: 2 from local folders, without hashes",
    )
