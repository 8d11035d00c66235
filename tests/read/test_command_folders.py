"""Where the commands of a script run."""

import pytest

from trueup.model.tree import MemoryTree
from trueup.read.project import of


@pytest.mark.parametrize(
    ("path", "script", "folders"),
    [
        ("run.sh", "cd backend\npip install x\ncd -\nls", ["backend", "backend", ".", "."]),
        ("run.bat", "cd /d backend\r\npip install x\r\n", ["backend", "backend"]),
        ("run.sh", "cd -P a && (cd b; ls)\nls", ["a", "a/b", "a/b", "a"]),
    ],
)
def test_a_command_runs_where_the_ones_before_it_led(path: str, script: str, folders: list[str]) -> None:
    project = of(MemoryTree({path: script, "backend/x.py": "", "requirements.txt": ""}))
    assert [command.folder for command in project.commands if command.path == path] == folders
