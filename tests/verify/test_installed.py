"""Files of the environment that are not what was installed are named, and what cannot be compared is said."""

from collections.abc import Callable
from pathlib import Path

import pytest
from wheels import make_wheel, record

from trueup.tools.uv import Uv, venv_program, venv_python
from trueup.verify import Context, installed
from trueup.verify.environment import MISSING

Make = Callable[..., Context]
LOCK = """version = 1
[[package]]
name = "lib"
source = { registry = "https://pypi.org/simple" }
[[package]]
name = "shop"
source = { editable = "." }
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The site-packages of an environment that holds ``lib``, drawn by hand."""
    venv = tmp_path / ".venv"
    for program in (venv_python(venv), venv / "pyvenv.cfg"):
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("uv = 0.13.9\n", "utf-8")
    (tmp_path / "uv.lock").write_text(LOCK, "utf-8")
    site = venv / "lib" / "python3.13" / "site-packages"
    put(site, "lib", {"lib.py": "x = 1\n", "lib_data/a.txt": "a", "../../../bin/lib": "#!/old/python\n"})
    return site


def put(site: Path, name: str, files: dict[str, str], more: str = "") -> Path:
    """Install files by hand, beside those of before; ``more`` are further lines of the RECORD."""
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, "utf-8")
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    place = info / "RECORD"
    lines = place.read_text("utf-8").splitlines(keepends=True) if place.exists() else [f"{info.name}/RECORD,,\n"]
    kept = "".join(line for line in lines if line.partition(",")[0] not in files)
    place.write_text(record(files) + kept + more, "utf-8")
    return info


def seen(site: Path) -> tuple[str, str, str]:
    """Status, message and evidence of the check."""
    outcome = installed.check(Context(site.parents[3], Uv("uv", "0.13.9", {})))
    return outcome.status, outcome.message, outcome.evidence


def test_what_was_installed_passes(site: Path) -> None:
    assert seen(site) == ("passed", "3 files of 1 packages are as they were installed", "")


@pytest.mark.parametrize("text", ["x = 2\n", "x = 1\n# more\n"])
def test_an_edited_file_is_named_whatever_its_size(site: Path, text: str) -> None:
    (site / "lib.py").write_text(text, "utf-8")
    assert seen(site)[:2] == ("failed", "lib: lib/python3.13/site-packages/lib.py was edited")


@pytest.mark.parametrize(("links", "told"), [(1, "another name"), (3, "3 other names")])
def test_an_edit_that_reached_the_cache_is_told(site: Path, tmp_path: Path, links: int, told: str) -> None:
    (site / "lib.py").write_text("x = 2\n", "utf-8")
    for number in range(links):
        (tmp_path / f"cached-{number}").hardlink_to(site / "lib.py")
    remark = f"(and with it {told} of the file, uv's cache as a rule: uv cache clean lib)"
    assert seen(site)[:2] == ("failed", f"lib: lib/python3.13/site-packages/lib.py was edited {remark}")


def test_a_missing_file_and_one_that_became_a_folder_are_named(site: Path) -> None:
    (site / "lib.py").unlink()
    (site / "lib_data" / "a.txt").unlink()
    (site / "lib_data" / "a.txt").mkdir()
    status, message, evidence = seen(site)
    assert status == "failed"
    assert message.startswith("lib: lib/python3.13/site-packages/lib.py is missing; ")
    assert evidence.endswith("lib_data/a.txt was edited")


def test_what_installers_write_for_themselves_is_no_drift(site: Path) -> None:
    more = "lib-1.0.dist-info/INSTALLER,sha256=x,9\n__pycache__/lib.cpython-313.pyc,sha256=x,9\n"
    put(site, "lib", {"lib.py": "x = 1\n", "../../../bin/lib": "#!/old/python\n"}, more)
    (site / "../../../bin/lib").write_text("#!/new/and/longer/python\n", "utf-8")
    assert seen(site)[0] == "passed"
    (site / "../../../bin/lib").unlink()
    assert seen(site)[:2] == ("failed", "lib: bin/lib is missing")


def test_a_program_that_is_no_script_is_compared(site: Path) -> None:
    put(site, "lib", {"../../../bin/tool": "\x7fELF"})
    assert seen(site)[0] == "passed"
    (site / "../../../bin/tool").write_text("\x7fELG", "utf-8")
    assert seen(site)[:2] == ("failed", "lib: bin/tool was edited")


def test_a_file_of_two_packages_may_be_either_ones(site: Path) -> None:
    put(site, "lib", {"shared.py": "a\n"})
    put(site, "shop", {"shared.py": "b\n"})
    assert seen(site)[0] == "passed"
    (site / "shared.py").write_text("c\n", "utf-8")
    assert seen(site)[0] == "failed"


def test_hard_links_are_told(site: Path, tmp_path: Path) -> None:
    (tmp_path / "cached").hardlink_to(site / "lib.py")
    found, message, _ = seen(site)
    assert found == "passed"
    assert "; 1 are hard links, into uv's cache as a rule: an edit in place reaches all who have them" in message
    (tmp_path / "cached").unlink()
    assert "hard links" not in seen(site)[1]


ONE = "-----BEGIN CERTIFICATE-----\nMIIB+/=\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("name", "installed_text", "now", "status"),
    [
        ("cacert.pem", ONE, f"{ONE}\n# of the proxy\n{ONE}", "passed"),
        ("cacert.pem", ONE, ONE + ONE + "x", "failed"),
        ("cacert.pem", ONE, ONE.replace("II", "JJ") + ONE, "failed"),
        ("cacert.pem", ONE + ONE, ONE, "failed"),
        ("cacert.pem", ONE, ONE + ONE.replace("CERTIFICATE", "PRIVATE KEY"), "failed"),
        ("other.pem", ONE, ONE + ONE, "failed"),
    ],
)
def test_certificates_behind_a_bundle_are_told_and_nothing_else_is_let_through(
    site: Path, name: str, installed_text: str, now: str, status: str
) -> None:
    put(site, "lib", {f"certs/{name}": installed_text})
    assert seen(site)[:2] == ("passed", "4 files of 1 packages are as they were installed")
    (site / "certs" / name).write_text(now, "utf-8")
    found, message, _ = seen(site)
    assert found == status
    assert message.endswith("; lib: 1 certificates were added to its cacert.pem") is (status == "passed")


@pytest.mark.parametrize("name", ["evil.pth", "sitecustomize.py", "usercustomize.py"])
def test_a_file_that_starts_with_python_must_belong_to_a_package(site: Path, name: str) -> None:
    (site / name).write_text("import os\n", "utf-8")
    assert seen(site)[:2] == ("failed", f"{name}: starts with Python, and no package lists it")
    put(site, "shop", {name: "import os\n"})
    assert seen(site)[0] == "passed"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("lib.so", True),
        ("lib/__init__.py", True),
        ("lib_data/more.pyc", True),
        ("lib_data/sitecustomize.py", True),
        ("__pycache__/lib.cpython-313.pyc", False),
        ("_virtualenv.py", False),
        ("lib_data/b.txt", False),
    ],
)
def test_a_module_that_no_package_lists_is_named(site: Path, path: str, *, told: bool) -> None:
    (site / path).parent.mkdir(parents=True, exist_ok=True)
    (site / path).write_text("", "utf-8")
    said = ("failed", f"{path}: can be imported, and no package lists it")
    assert (seen(site)[:2] == said) is told
    put(site, "shop", {path: ""})
    assert seen(site)[0] == "passed"


def test_the_start_file_of_the_environment_itself_is_known_by_its_content(site: Path) -> None:
    (site / "_virtualenv.pth").write_text("import _virtualenv", "utf-8")
    assert seen(site)[0] == "passed"
    (site / "_virtualenv.pth").write_text("import _virtualenv, evil", "utf-8")
    assert seen(site)[0] == "failed"


@pytest.mark.parametrize(
    ("name", "files", "said"),
    [
        ("extra", {}, "extra 1.0: put in by hand (an unknown program), uv.lock does not name it"),
        ("extra", {"INSTALLER": "pip\n"}, "extra 1.0: put in by hand (pip), uv.lock does not name it"),
        ("extra", {"direct_url.json": '{"url": "file:///x"}'}, "(an unknown program from file:///x), uv.lock does not"),
        ("lib", {"direct_url.json": '{"url": "file:///x"}'}, "lib 1.0: put in by hand (an unknown program from file"),
        ("lib", {"direct_url.json": "[]"}, ""),
        ("shop", {"direct_url.json": '{"url": "file:///x", "dir_info": {"editable": true}}'}, ""),
        ("pip", {}, "pip 1.0: put in by hand"),
    ],
)
def test_packages_that_the_lock_does_not_explain_are_named(
    site: Path, name: str, files: dict[str, str], said: str
) -> None:
    info = put(site, name, {f"{name}_module.py": ""})
    for path, text in files.items():
        (info / path).write_text(text, "utf-8")
    status, message, _ = seen(site)
    assert (status, said in message) == ("failed" if said else "passed", True), message


def test_pip_belongs_to_an_environment_that_was_made_with_it(site: Path) -> None:
    put(site, "pip", {})
    for text, status in (("uv = 0.13.9\nseed = true\n", "passed"), ("home = /x\n", "passed"), ("uv = 1\n", "failed")):
        (site.parents[2] / "pyvenv.cfg").write_text(text, "utf-8")
        assert seen(site)[0] == status, text
    (site.parents[2] / "pyvenv.cfg").unlink()
    assert seen(site)[0] == "failed"


def no_record(site: Path) -> None:
    (site / "lib-1.0.dist-info" / "RECORD").unlink()


def no_hash(site: Path) -> None:
    (site / "lib-1.0.dist-info" / "RECORD").write_text("lib.py,,\n", "utf-8")


def outside(site: Path) -> None:
    put(site, "lib", {}, "../../../../elsewhere.py,sha256=x,1\n")


def no_lock(site: Path) -> None:
    (site.parents[3] / "uv.lock").unlink()


def old_form(site: Path) -> None:
    (site / "shop.egg-link").write_text("/x\n", "utf-8")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (no_record, "lib: it has no RECORD that can be read"),
        (no_hash, "lib: lib/python3.13/site-packages/lib.py has no hash in its RECORD"),
        (outside, "lib: ../../../../elsewhere.py lies outside the environment"),
        (no_lock, "there is no uv.lock that says what belongs here"),
        (old_form, "shop: it has no RECORD that can be read"),
    ],
)
def test_what_cannot_be_compared_is_never_green(site: Path, damage: Callable[[Path], None], said: str) -> None:
    damage(site)
    assert seen(site)[:2] == ("unchecked", said)


def test_without_an_environment_nothing_is_compared(tmp_path: Path) -> None:
    context = Context(tmp_path, Uv("uv", "0.13.9", {}))
    assert installed.check(context)[1:3] == ("unchecked", MISSING)
    venv_python(context.venv).parent.mkdir(parents=True)
    venv_python(context.venv).touch()
    assert installed.check(context)[1:3] == ("unchecked", "no site-packages lies in .venv")


def test_many_findings_are_counted() -> None:
    assert installed.said(["a", "b", "c", "d", "e"]) == "a; b; c; and 2 more"


def test_what_uv_installed_passes_until_it_is_edited(project: Make, uv: Uv, tmp_path: Path) -> None:
    context = project()
    python = venv_python(context.venv)
    assert installed.check(context).status == "passed"
    module = installed.site_packages(context.venv)[0] / "lib.py"
    kept = module.read_text("utf-8")
    module.write_text(kept.replace("2.0", "2.1"), "utf-8")
    edited = installed.check(context)
    assert (edited.status, "lib: " in edited.message, "lib.py was edited" in edited.message) == ("failed", True, True)
    uv.sync_check(context.root, python=str(python))  # uv itself does not see it
    module.write_text(kept, "utf-8")
    make_wheel(tmp_path / "house", "extra", "1.0")
    uv.pip_install(python, next((tmp_path / "house").glob("*.whl")), cwd=tmp_path)
    outcome = installed.check(context)
    assert outcome.status == "failed"
    assert outcome.message.startswith("extra 1.0: put in by hand (uv from file://")
    assert venv_program(context.venv, "serve").exists()
