"""The plan written out: the Bash script gives the very tree that the plan imagines."""

import shutil
import subprocess
from pathlib import Path

from trueup.model.change import Change, Move, Remove, Run, Write
from trueup.model.plan import Pin
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.commands import PHASES, commands, net
from trueup.plan.tree_view import tree_view
from trueup.read.project import of

BASH = shutil.which("bash") or "bash"
BEFORE = {"main.py": "x\n", "pkg/a.py": "a\n", "pytest.ini": "[pytest]\n", "it's.txt": "q\n", "README.md": "r\n"}
CHANGES: list[Change] = [
    Write("main.py", b"first\n"),
    Move("main.py", "src/shop/main.py"),
    Move("pkg", "src/shop/pkg"),
    Write("src/shop/pkg/a.py", b"caf\xc3\xa9\n"),
    Write("src/shop/__init__.py", b""),
    Remove("pytest.ini"),
    Write("pyproject.toml", b"one\n"),
    Write("pyproject.toml", b"[project]\nname = 'x'\n"),
    Write("odd.bin", b"\xff\x00\r\n"),
    Write("no-newline", b"end"),
    Write("gone.txt", b"x\n"),
    Remove("gone.txt"),
    Write("it's.txt", b"TRUEUP_END\n"),
    Run(("uv", "lock"), ("uv.lock",)),
]


def test_the_net_of_changes_has_each_file_once() -> None:
    made = net(CHANGES)
    assert made.gone == (Remove("pytest.ini"), Remove("gone.txt"))
    assert [write.path for write in made.writes] == sorted({write.path for write in made.writes})
    assert {write.path: write.content for write in made.writes}["src/shop/main.py"] == b"first\n"


def test_phases_come_in_order_and_pins_are_kept() -> None:
    after = of(Overlay(MemoryTree(BEFORE), CHANGES))
    for shell, lines in commands(
        CHANGES, after, [Pin("six", "1.16.0"), Pin("a", "1", "sys_platform == 'x'")], "3.12"
    ).items():
        phases = [line.phase for line in lines]
        assert phases == sorted(phases, key=PHASES.index), shell
        assert "uv lock --python 3.12 --upgrade-package six==1.16.0" in [line.command for line in lines]


def test_bash_makes_the_imagined_tree(tmp_path: Path) -> None:
    for name, text in BEFORE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    before = MemoryTree(BEFORE)
    imagined = Overlay(before, CHANGES)
    lines = commands(CHANGES, of(imagined), (), "")["bash"]
    script = "\n".join(line.command for line in lines if line.phase in PHASES[:3] and "gone.txt" not in line.command)
    subprocess.run([BASH, "-euc", script], cwd=tmp_path, check=True)
    made = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert made == {path: imagined.read(path) for path in imagined.entries if path != "uv.lock"}


def test_a_folder_is_not_made_before_the_move_that_brings_it() -> None:
    changes = [Move("app", "src/app"), Move("worker.py", "src/app/worker.py"), Move("a.py", "src/app/new/a.py")]
    after = of(Overlay(MemoryTree({"app/__init__.py": "", "worker.py": "", "a.py": ""}), changes))
    lines = [line.command for line in commands(changes, after, (), "")["bash"] if line.phase == PHASES[1]]
    assert lines == [
        "mkdir -p src",
        "mv app src/app",
        "mv worker.py src/app/worker.py",
        "mkdir -p src/app/new",
        "mv a.py src/app/new/a.py",
    ]


def test_powershell_writes_plain_text_as_text_and_the_rest_as_bytes() -> None:
    lines = commands(CHANGES, of(Overlay(MemoryTree(BEFORE), CHANGES)), (), "")["powershell"]
    text = "\n".join(line.command for line in lines)
    assert "Move-Item -LiteralPath 'main.py' -Destination 'src/shop/main.py'" in text
    assert "(@'\n[project]\nname = 'x'\n\n'@ -replace \"`r`n\", \"`n\"))" in text
    assert "'it''s.txt'), (@'\nTRUEUP_END\n\n'@" in text
    assert "[Convert]::FromBase64String('/wANCg==')" in text


def test_the_tree_is_drawn_with_what_becomes_of_it() -> None:
    before = MemoryTree(BEFORE)
    drawn = tree_view(before, Overlay(before, CHANGES), CHANGES)
    assert drawn.splitlines() == [
        "├── src/",
        "│   └── shop/",
        "│       ├── pkg/  <- pkg",
        "│       │   └── a.py  <- pkg/a.py, what it names rewritten",
        "│       ├── __init__.py  + new",
        "│       └── main.py  <- main.py, what it names rewritten",
        "├── README.md",
        "├── it's.txt  ~ changed",
        "├── no-newline  + new",
        "├── odd.bin  + new",
        "├── pyproject.toml  + new",
        "├── pytest.ini  - removed",
        "└── uv.lock  + new, known after uv ran",
    ]


def test_a_large_folder_is_drawn_in_part() -> None:
    before = MemoryTree({f"data/{number:03}.txt": "x" for number in range(40)})
    drawn = tree_view(before, before, [])
    assert drawn.count(".txt") == 12
    assert "... 28 more, as they were" in drawn
