"""Where the commands of a script run."""

import pytest

from trueup.model.tree import MemoryTree
from trueup.read.project import of


@pytest.mark.parametrize(
    ("path", "script", "folders"),
    [
        ("run.sh", "cd backend\npip install x\ncd -\nls", ["backend", "backend", ".", "."]),
        ("run.bat", "cd /d backend\r\npip install x\r\n", ["backend", "backend"]),
        (
            "a/run.bat",
            "cd src\\backend\r\npip install x\r\ncd ..\\..\r\nls\r\n",
            ["src/backend", "src/backend", ".", "."],
        ),
        ("a/run.bat", "cd /d %~dp0..\\b\r\nls\r\n", ["b", "b"]),
        ("a/run.bat", 'cd "%~dp0\\b"\r\nls\r\n', ["a/b", "a/b"]),
        ("run.ps1", "Set-Location $PSScriptRoot\\b\nPush-Location c\nPop-Location\nls\n", ["b", "b/c", "b", "b"]),
        ("a/run.sh", 'cd "$(dirname "$0")/.."\nls\n', [".", ".", "."]),
        ("run.sh", 'X="$(cd a && ls)"\nls\n', [".", "a", "a", "."]),
        (
            "run.sh",
            "X=`cd a; ls`; (cd b && Y=$( (cd c; ls) ); ls); ls\n",
            [".", "a", "a", "b", "b", "b/c", "b/c", "b", "."],
        ),
        ("run.sh", 'sh -c "cd a && ls"\nls\n', [".", "a", "a", "."]),
        ("run.sh", 'sh -c "(cd a && ls)"\nls\n', [".", "a", "a", "."]),
        ("run.sh", 'concurrently "cd a && ls" "ls x" "cd b; ls"; ls\n', [".", "a", "a", ".", "b", "b", "."]),
        (
            "package.json",
            r'{"scripts": {"a": "concurrently \"cd a && ls\" \"bash -c \\\"ls b\\\"\" && ls"}}',
            [".", "a", "a", ".", ".", "."],
        ),
        ("package.json", r'{"scripts": {"a": "bash -c \"cd a && ls\"", "b": "ls"}}', [".", "a", "a", "."]),
        ("run.sh", "pushd a\nls\npopd\nls\n", ["a", "a", ".", "."]),
        ("run.sh", "cd my\\ dir\nls\n", ["my\\ dir", "my\\ dir"]),
        ("run.sh", "cd -P a && (cd b; ls)\nls", ["a", "a/b", "a/b", "a"]),
    ],
)
def test_a_command_runs_where_the_ones_before_it_led(path: str, script: str, folders: list[str]) -> None:
    project = of(MemoryTree({path: script, "backend/x.py": "", "requirements.txt": ""}))
    assert [command.folder for command in project.commands if command.path == path] == folders


GITHUB = "jobs:\n  t:\n    strategy:\n      matrix:\n        {}\n    steps:\n      - run: {}\n        working-directory: {}\n"
DIR = "${{ matrix.dir }}"


@pytest.mark.parametrize(
    ("matrix", "run", "where", "folder", "also"),
    [
        ("dir: [api, worker]", "make", DIR, "api", ("worker",)),
        ("dir: [api]", "make", f"./{DIR}", "api", ()),
        ("dir: [api, ., api/]", "make", f"{DIR}/src", "api/src", ("src",)),
        ("dir: [api, worker]", f"cd {DIR}", ".", "api", ("worker",)),
        ("include: [{dir: api, os: x}, {dir: worker}]", "make", DIR, "api", ("worker",)),
        ("part: [{dir: api}]", "make", "${{matrix.part.dir}}", "api", ()),
        ("dir: ${{ fromJson(x) }}", "make", DIR, DIR, ()),
        ("os: [api]", "make", DIR, DIR, ()),
        ("dir: [api]\n        exclude: [{dir: worker}]", "make", DIR, "api", ()),
    ],
)
def test_the_folders_of_a_matrix(matrix: str, run: str, where: str, folder: str, also: tuple[str, ...]) -> None:
    text = GITHUB.format(matrix, run, where)
    command = of(MemoryTree({".github/workflows/a.yml": text})).commands[0]
    assert (command.folder, command.also) == (folder, also)


def test_the_folders_of_a_matrix_of_gitlab() -> None:
    text = "t:\n  parallel:\n    matrix:\n      - DIR: [api, worker]\n  script:\n    - cd $DIR\n    - make\n"
    found = of(MemoryTree({".gitlab-ci.yml": text})).commands
    assert [(command.folder, command.also) for command in found] == [("api", ("worker",))] * 2


CIRCLE = "version: 2.1\njobs:\n  t:\n    working_directory: {}\n    steps:\n      - run: cd {} && make\n"


@pytest.mark.parametrize(
    ("loop", "folder", "also"),
    [
        ("for x in api worker; do (cd a/$x && ls); done", "a/api", ("a/worker",)),
        ("for x in $(ALL); do (cd $$x && ls); done", "api", ("worker",)),
        ("for x in */; do (cd $$x && ls); done", "*", ()),
        ("for x in $(NONE); do (cd $$x && ls); done", "$$x", ()),
    ],
)
def test_the_folders_of_a_loop(loop: str, folder: str, also: tuple[str, ...]) -> None:
    found = of(MemoryTree({"Makefile": f"ALL := api worker\na:\n\t{loop}\n"})).commands
    assert [(command.folder, command.also) for command in found if command.text == "ls"] == [(folder, also)]


@pytest.mark.parametrize(
    ("path", "text", "folders"),
    [
        (
            ".github/workflows/a.yml",
            "env: {D: ./api}\njobs:\n  t:\n    steps:\n      - run: make\n        working-directory: ${{env.D}}/src\n",
            ["api/src"],
        ),
        (
            ".github/workflows/a.yml",
            "env: {D: a}\njobs:\n  t:\n    env:\n      D: b\n    steps:\n      - run: cd $D\n        env: {D: c}\n      - run: cd ${{ env.D }}\n",
            ["c", "b"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  t:\n    env: {D: a}\n    defaults: {run: {working-directory: '${{ env.D }}'}}\n    steps:\n      - run: make\n",
            ["a"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  t:\n    steps:\n      - run: cd a && cd ${{ github.workspace }}/b && make\n",
            ["a", "b", "b"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  t:\n    env: {D: $X}\n    steps:\n      - run: cd $D\n      - run: cd $E\n",
            ["$X", "$E"],
        ),
        (
            ".gitlab-ci.yml",
            "variables: {D: api}\nt:\n  script:\n    - cd $CI_PROJECT_DIR/$D\n    - make\n",
            ["api", "api"],
        ),
        (
            ".circleci/config.yml",
            "jobs:\n  t:\n    environment: {D: api}\n    steps:\n      - run: cd ${D} && make\n",
            ["api", "api"],
        ),
        (".circleci/config.yml", CIRCLE.format("~/shop", "api"), ["api", "api"]),
        (".circleci/config.yml", CIRCLE.format("~/repo", "~/repo/api"), ["api", "api"]),
        (".circleci/config.yml", CIRCLE.format("~/project/api", "src"), ["api/src", "api/src"]),
        (".circleci/config.yml", CIRCLE.format("~/project/api", "~/project"), [".", "."]),
    ],
)
def test_the_folders_of_variables(path: str, text: str, folders: list[str]) -> None:
    found = of(MemoryTree({path: text})).commands
    assert [command.folder for command in found] == folders
