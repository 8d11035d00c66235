"""Project code gets what every machine has, an empty home folder, and nothing of one person's shell."""

import os
import subprocess
import sys
from pathlib import Path

from trueup.tools.hermetic import common_path, hermetic, withheld

SHELL = {
    "HOME": "/home/me",
    "SystemRoot": "C:\\Windows",
    "TMPDIR": "/tmp",
    "https_proxy": "http://proxy:3128",
    "LC_ALL": "de_DE.UTF-8",
    "LANG": "de_DE.UTF-8",
    "DATABASE_URL": "postgres://of-mine",
    "UV_CACHE_DIR": "/cache",
}


def paths(*entries: str) -> str:
    """A ``PATH``."""
    return os.pathsep.join(entries)


def test_of_the_shell_what_the_machine_has_is_kept(tmp_path: Path) -> None:
    found = hermetic(SHELL, tmp_path, windows=False)
    home = Path(found.pop("HOME"))
    assert home.parent == tmp_path
    assert not any(home.iterdir())
    assert found.pop("LANG").endswith(".UTF-8")
    assert found == {"SystemRoot": "C:\\Windows", "TMPDIR": "/tmp", "https_proxy": "http://proxy:3128"}


def test_each_start_has_a_home_folder_of_its_own(tmp_path: Path) -> None:
    assert hermetic(SHELL, tmp_path)["HOME"] != hermetic(SHELL, tmp_path)["HOME"]


def test_windows_finds_its_folders_below_the_home_folder(tmp_path: Path) -> None:
    found = hermetic({"USERPROFILE": "C:\\Users\\me", "APPDATA": "C:\\Users\\me\\AppData"}, tmp_path, windows=True)
    home = Path(found["USERPROFILE"])
    assert found["HOMEDRIVE"] + found["HOMEPATH"] == str(home)
    for name in ("APPDATA", "LOCALAPPDATA"):
        assert Path(found[name]).is_dir()
        assert Path(found[name]).is_relative_to(home)


def test_what_lies_in_a_home_folder_leaves_the_path(tmp_path: Path) -> None:
    top, mine = str(tmp_path / "bin"), str(tmp_path / "me")
    assert common_path(paths(f"{mine}{os.sep}bin", top, "", ".", f"{mine}-too"), mine) == paths(top, f"{mine}-too")
    assert common_path(paths(top, mine), tmp_path.anchor) == paths(top, mine)
    assert common_path(top, "") == top


def test_a_program_starts_in_it(tmp_path: Path) -> None:
    code = "import locale, pathlib; print(pathlib.Path.home()); print(locale.getpreferredencoding(False))"
    environ = hermetic(os.environ, tmp_path)
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert Path(done.stdout.split()[0]).samefile(environ["HOME"])


def test_what_is_withheld_is_known_by_name(tmp_path: Path) -> None:
    names = withheld({**SHELL, "PATH": paths("/home/me/bin", str(tmp_path))}, {"LC_ALL": "C"})
    assert names == ("DATABASE_URL", "HOME", "PATH", "UV_CACHE_DIR")
    assert withheld({"PATH": str(tmp_path), "HOME": "/home/me"}, {}) == ("HOME",)
