"""Commands of other managers said in uv, in every kind of file, and what is left to a person."""

import pytest

from trueup.model.operation import RewriteCommands
from trueup.model.span import Edit
from trueup.model.tree import MemoryTree
from trueup.plan.ci_keys import on_the_lock
from trueup.plan.command_edits import dropped
from trueup.plan.environment_commands import tell_uv
from trueup.plan.rewrite_commands import rewrite_commands
from trueup.plan.uv_commands import Target, in_uv, is_for_tools, runs_in_environment
from trueup.plan.uv_groups import extras_of
from trueup.read.project import of

PROJECT = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi", "alembic"]\n'
SYNC = "uv sync --locked"
UV = "pip install uv==0.13.9"


def rewritten(path: str, text: str, **more: str) -> tuple[str, list[str]]:
    tree = MemoryTree({"pyproject.toml": PROJECT, "src/shop/__init__.py": "", path: text, **more})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", path))
    after = lowered.changes[0].content.decode() if lowered.changes else text  # type: ignore[union-attr]
    return after, [f"{question.line}: {question.text}" for question in lowered.questions]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("pip install -r requirements.txt", "uv sync"),
        ("sudo -H pip3 install --requirement=requirements/base.txt", "uv sync"),
        ("python -m pip install -rrequirements.txt", "uv sync"),
        ("pip install -e .", "uv sync"),
        ("pip install .[dev,test]", "uv sync"),
        ("pip install poetry==1.8", UV),
        ("pip install --upgrade pip poetry", UV),
        ("pip install --user -r requirements.txt", None),
        ("pip install -t lib -r requirements.txt", None),
        ("pip install requests", None),
        ("pip install -r https://example.org/x", None),
        ("poetry install", "uv sync"),
        ("poetry install --no-dev", "uv sync --no-default-groups"),
        ("poetry install --only main --no-interaction", "uv sync --no-default-groups"),
        ("poetry install --without dev,docs", "uv sync --no-default-groups"),
        ("poetry install --with docs -E pg", "uv sync --extra pg --group docs"),
        ("poetry install --all-extras", "uv sync --all-extras"),
        ("python -m poetry install", "uv sync"),
        ("$POETRY_HOME/bin/poetry install", "uv sync"),
        ("~/.poetry/bin/poetry -q lock", "uv lock"),
        ("python3 -m poetry --no-ansi --without=dev install", "uv sync --no-default-groups"),
        ("poetry -n run pytest", "uv run pytest"),
        ("./bin/poetry install", None),
        ("tools/poetry install", None),
        ("rm -rf /opt/bin/poetry", None),
        ("poetry run pytest -q", "uv run pytest -q"),
        ("poetry run", None),
        ("poetry lock", "uv lock"),
        ("poetry build", "uv build"),
        ("poetry build -f wheel --no-interaction", "uv build --wheel"),
        ("poetry build --format=sdist -o out", "uv build --sdist --out-dir out"),
        ("poetry build --clean --output=out", "uv build --clear --out-dir out"),
        ("poetry build --local-version x", None),
        ("poetry build -f", None),
        ("pdm build --no-sdist -d out", "uv build --wheel --out-dir out"),
        ("rye build --all", None),
        ("poetry install -C api", None),
        ("poetry lock --project=api", None),
        ("poetry run x -p 1", "uv run x -p 1"),
        ("poetry add httpx", "uv add httpx"),
        ("poetry add 'httpx>=1'", None),
        ("poetry add -D httpx[http2]==0.28.1", "uv add --dev httpx[http2]==0.28.1"),
        ("poetry add --group test pytest", "uv add --group test pytest"),
        ("poetry add -E x --source y httpx", None),
        ("poetry remove -G test pytest", "uv remove --group test pytest"),
        ("pdm add -G web fastapi", "uv add --optional web fastapi"),
        ("pdm add -d -G=test pytest", "uv add --group test pytest"),
        ("poetry config virtualenvs.create false", ""),
        ("poetry export -f requirements.txt -o req.txt", "uv export --locked --no-emit-project --no-default-groups -o req.txt"),
        ("poetry export --without-hashes --dev", "uv export --locked --no-emit-project --no-hashes"),
        ("poetry export -f requirements.txt", "uv export --locked --no-emit-project --no-default-groups"),
        ("pdm export --without-hashes -f requirements", "uv export --locked --no-emit-project --no-hashes"),
        ("pdm export --prod -o req.txt", "uv export --locked --no-emit-project --no-default-groups -o req.txt"),
        ("pdm export -f setuppy", None),
        ("pdm export --expandvars", None),
        ("pip install > log.txt -r requirements.txt", None),
        ("pip install -r requirements.txt>log.txt", None),
        ("poetry run pip list", "uv pip list"),
        ("poetry run python -m pip freeze", "uv pip freeze"),
        ("pipenv run pip install -U httpx", "uv pip install -U httpx"),
        ("poetry run pip install -r requirements.txt", "uv sync"),
        ("poetry run pip install -r requirements.txt httpx", None),
        ("poetry run pip install --user httpx", None),
        ("poetry run pip install -U pip", ""),
        ("poetry run pip cache purge", None),
        ("poetry run pip-audit", "uv run pip-audit"),
        ("pip install poetry poetry-plugin-export", UV),
        ("poetry shell", None),
        ("PYTHONPATH=. poetry run pytest", "uv run pytest"),
        ("POETRY_VIRTUALENVS_CREATE=false poetry install", "uv sync"),
        ("poetry config settings.virtualenvs.create false", ""),
        ("poetry check", "uv lock --check"),
        ("poetry lock --check", "uv lock --check"),
        ("poetry show --tree", "uv tree"),
        ("poetry update", "uv sync --upgrade"),
        ("poetry update httpx", None),
        ("poetry version", "uv version"),
        ("poetry version -s", "uv version --short"),
        ("poetry version minor", "uv version --bump minor"),
        ("poetry version $V", 'uv version "$V"'),
        ("poetry publish --build", None),
        ("poetry config installer.parallel false", ""),
        ("pdm outdated", "uv pip list --outdated"),
        ("pipenv install --dev", "uv sync"),
        ("pipenv install --deploy --system", "uv sync --no-default-groups"),
        ("pipenv install requests", None),
        ("pdm sync --prod", "uv sync --no-default-groups"),
        ("npm install", None),
        ("make", None),
    ],
)  # fmt: skip
def test_in_uv(command: str, said: str | None) -> None:
    assert in_uv(command.split(), Target()) == said


def test_a_locked_target_without_tools() -> None:
    target = Target(locked=True, runtime=True, options=("--no-install-project",))
    locked = "uv sync --locked --no-default-groups"
    assert in_uv(["pip", "install", "-r", "requirements.txt"], target) == f"{locked} --no-install-project"
    assert in_uv(["pip", "install", "-r", "requirements-dev.txt"], target) == "uv sync --locked --no-install-project"
    assert in_uv(["pip", "install", "."], target) == locked


def test_a_lock_that_writes_a_list_is_asked() -> None:
    export = "uv export --locked --no-emit-project --no-default-groups --no-hashes"
    assert in_uv(["pipenv", "lock", "-r"], Target()) == export
    assert in_uv(["pipenv", "lock", "-r", "--dev"], Target()) is None  # the tools alone
    assert in_uv(["pipenv", "requirements"], Target()) == export
    assert in_uv(["pipenv", "requirements", "--dev", "--hash"], Target()) == "uv export --locked --no-emit-project"
    assert in_uv(["pipenv", "requirements", "--categories", "docs"], Target()) is None
    assert in_uv(["pipenv", "lock"], Target()) == "uv lock"


@pytest.mark.parametrize(
    ("command", "position"),
    [
        ("pytest -q", 0),
        ("PYTHONPATH=. pytest", 1),
        ("exec python main.py", 1),
        ("do pytest -q", 1),
        ("if ! pytest", 2),
        ("python -m pip list", None),
        ("python3 -m venv .venv", None),
        ("python --version", None),
        ("py -3.10 -m venv .venv", None),
        ("py -3.10 main.py", 0),
        ("python", None),
        ("ls", None),
        ("A=1", None),
    ],
)
def test_which_word_runs_in_the_environment(command: str, position: int | None) -> None:
    assert runs_in_environment(command.split(), {"pytest"}) == position


def test_what_only_makes_environments_is_no_question() -> None:
    assert is_for_tools(["pip", "install", "--upgrade", "pip", "wheel"])
    assert not is_for_tools(["pip", "install", "--upgrade", "pip", "black"])
    assert not is_for_tools(["pip", "list"])


WORKFLOW = """jobs:
  test:
    steps:
      - run: pip install -r requirements.txt  # all of it
      - run: |
          alembic upgrade head
          PYTHONPATH=. pytest
          black --check .
      - run: pip install black
"""


def test_a_workflow_gets_uv_once_and_runs_in_its_environment() -> None:
    after, told = rewritten(".github/workflows/ci.yml", WORKFLOW)
    assert f"- run: {UV} && {SYNC}  # all of it" in after
    assert "          uv run alembic upgrade head\n          PYTHONPATH=. uv run pytest\n" in after
    assert "          black --check ." in after
    assert told == ["9: `pip install black` has no plain equal in uv: rewrite it by hand"]


def test_a_workflow_that_sets_uv_up_keeps_its_way() -> None:
    text = WORKFLOW.replace("    steps:\n", "    steps:\n      - uses: astral-sh/setup-uv@v6\n")
    assert f"- run: {SYNC}  # all" in rewritten(".github/workflows/ci.yml", text)[0]


def test_words_in_a_list_are_left_to_a_person() -> None:
    text = 'services:\n  web:\n    command: ["poetry", "install", "--no-root"]\n'
    after, told = rewritten("compose.yaml", text)
    assert after == text
    assert len(told) == 1


def test_words_that_a_command_hands_over_are_no_list() -> None:
    text = 'jobs:\n  t:\n    steps:\n      - run: poetry install\n      - run: |\n          poetry run x --ids \'["1", "2"]\'\n'
    after, told = rewritten(".github/workflows/ci.yml", text)
    assert '          uv run x --ids \'["1", "2"]\'\n' in after
    assert told == []


def test_a_script_keeps_everything_else() -> None:
    text = "#!/bin/sh\r\nset -e\r\npoetry config virtualenvs.create false && poetry install\r\npoetry run alembic upgrade head\r\n"
    after, told = rewritten("run.sh", text)
    assert after == "#!/bin/sh\r\nset -e\r\nuv sync\r\nuv run alembic upgrade head\r\n"
    assert told == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pip install -r requirements.txt > /dev/null", "uv sync > /dev/null"),
        ("pip install -r requirements.txt >log.txt", "uv sync >log.txt"),
        ("pip install -r requirements.txt >/dev/null 2>&1", "uv sync >/dev/null 2>&1"),
        ("pip install -r requirements.txt &> /dev/null", "uv sync &> /dev/null"),
        ("pip install -q -r requirements.txt 2> err.log", "uv sync 2> err.log"),
        ("pip install -r requirements.txt 2>&1 | tee log.txt", "uv sync 2>&1 | tee log.txt"),
        ("pip install -r requirements.txt httpx > /dev/null", "uv sync && uv pip install httpx > /dev/null"),
        ('poetry run python x.py --ids \'["1", "2"]\'', 'uv run python x.py --ids \'["1", "2"]\''),
        ('poetry run python x.py "a, b"', 'uv run python x.py "a, b"'),
        ("poetry install >> log.txt || exit 1", "uv sync >> log.txt || exit 1"),
        ("poetry run pytest > log.txt 2>&1", "uv run pytest > log.txt 2>&1"),
        ("poetry run pip install 'httpx>=1' > log.txt", "uv pip install 'httpx>=1' > log.txt"),
        ("poetry run pip list -o > log.txt", "uv pip list --outdated > log.txt"),
        ("poetry run pip list --outdated", "uv pip list --outdated"),
        ("poetry config virtualenvs.create false > /dev/null && ls", "ls"),
        ("poetry config virtualenvs.create false > /dev/null 2>&1\nls", "ls"),
        (
            "poetry export -f requirements.txt --without-hashes > out/requirements.txt",
            "uv export --locked --no-emit-project --no-default-groups --no-hashes > out/requirements.txt",
        ),
    ],
)
def test_what_is_printed_elsewhere_goes_there_still(before: str, after: str) -> None:
    found, told = rewritten("run.sh", f"set -e\n{before}\n")
    assert found == f"set -e\n{after}\n"
    assert [item for item in told if "by hand" in item] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("V=$(poetry version -s)", "V=$(uv version --short)"),
        ('export V="$(poetry version -s)"', 'export V="$(uv version --short)"'),
        ('echo "v: $(poetry run a "$X") $(poetry run b)"', 'echo "v: $(uv run a "$X") $(uv run b)"'),
        ("V=`poetry run a -q` b", "V=`uv run a -q` b"),
        ("for x in $(poetry run a -q); do b; done", "for x in $(uv run a -q); do b; done"),
        ('poetry run a "$(poetry run b c)"', 'uv run a "$(uv run b c)"'),
        ("echo $(echo $(poetry run a))", "echo $(echo $(uv run a))"),
        ("echo 'it is $(poetry run a)'", "echo 'it is $(poetry run a)'"),
        ('echo "\\$(poetry run a)" \\`poetry', 'echo "\\$(poetry run a)" \\`poetry'),
        ('poetry run sh -c "poetry run b c"', 'uv run sh -c "uv run b c"'),
        ("ls\npip install -r requirements.txt --timeout $(poetry run a)", "ls\nuv sync"),
        ("echo a'$(poetry run a)'b`poetry run c`", "echo a'$(poetry run a)'b`uv run c`"),
        ("echo $((poetry - 1)) ` $(poetry", "echo $((poetry - 1)) ` $(poetry"),
    ],
)
def test_a_command_whose_output_is_taken_is_one(before: str, after: str) -> None:
    assert rewritten("run.sh", f"set -e\npoetry install\n{before}\n")[0] == f"set -e\nuv sync\n{after}\n"


def test_what_is_printed_on_the_way_is_asked_for() -> None:
    text = "pip install > log.txt -r requirements.txt\n"
    after, told = rewritten("run.sh", text)
    assert after == text
    assert "has no plain equal" in told[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('c.run("poetry install")', 'c.run("uv sync")'),
        (
            "ctx.run(f'poetry run pytest {x} -k \\'y\\'', pty=True)",
            "ctx.run(f'uv run pytest {x} -k \\'y\\'', pty=True)",
        ),
        ('c.run(\n    """\n    poetry lock\n    ls\n    """\n)', 'c.run(\n    """\n    uv lock\n    ls\n    """\n)'),
        ('c.run(command, "poetry install")', 'c.run(command, "poetry install")'),
        ('c.warn("poetry install")', 'c.warn("poetry install")'),
    ],
)
def test_what_a_task_of_invoke_runs_is_a_command(before: str, after: str) -> None:
    text = "from invoke import task\n\n\n@task\ndef a(c):\n    {}\n"
    assert rewritten("tasks.py", text.format(before))[0] == text.format(after)
    celery = text.replace("invoke", "celery").format(before)
    assert rewritten("tasks.py", celery)[0] == celery


def test_another_projects_requirements_are_not_ours() -> None:
    text = "pip install -r tools/requirements.txt\npip install -r requirements.txt\n"
    after, _ = rewritten("run.sh", text, **{"tools/requirements.txt": "black\n"})
    assert after == "pip install -r tools/requirements.txt\nuv sync\n"


@pytest.mark.parametrize(("folders", "where"), [(". tools", "tools"), ("*/", "*")])
def test_what_a_loop_runs_for_other_projects_stays(folders: str, where: str) -> None:
    text = f"a:\n\tfor x in {folders}; do (cd $$x && pip install -r requirements.txt); done\n"
    after, told = rewritten("Makefile", text, **{"tools/requirements.txt": "black\n"})
    assert after == text
    assert told == [
        f"2: `pip install -r requirements.txt` is run in {where}, too, and stays: give each a job of its own"
    ]


def test_what_is_run_for_another_project_too_stays() -> None:
    text = (
        "jobs:\n  t:\n    strategy:\n      matrix:\n        dir: [., tools]\n    defaults:\n      run:\n"
        "        working-directory: ${{ matrix.dir }}\n    steps:\n      - run: pip install -r requirements.txt\n      - run: pytest\n"
    )
    path = ".github/workflows/a.yml"
    after, told = rewritten(path, text, **{"tools/requirements.txt": "black\n"})
    assert after == text
    assert told == ["10: `pip install -r requirements.txt` is run in tools, too, and stays: give each a job of its own"]
    assert "uv sync" in rewritten(path, text)[0]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (b"X && b\n", b"b\n"),
        (b"a && X\n", b"a\n"),
        (b"  X\n  b\n", b"  b\n"),
        (b"X && \\\n  b", b"b"),
        (b"X \\\n  && b", b"b"),
        (b"a && \\\n  X\n", b"a\n"),
        (b"a \\\n  && X\nb\n", b"a\nb\n"),
    ],
)
def test_a_dropped_command_takes_its_joint_along(text: bytes, rest: bytes) -> None:
    edit = dropped(text, text.index(b"X"), text.index(b"X") + 1)
    assert edit is not None
    assert text[: edit.start] + edit.text + text[edit.end :] == rest


def test_where_a_gap_would_stay_nothing_is_dropped() -> None:
    assert dropped(b"run: X", 5, 6) is None
    assert dropped(b"- run: |\n    X\n- run: a\n", 13, 14) is None
    assert dropped(b"- run: |\n    X\n    a\n", 13, 14) is not None
    assert dropped(b"```sh\nX\n```\n", 6, 7) is None
    assert dropped(b"```sh\nX\na\n```\n", 6, 7) is not None
    assert dropped(b"a::\n\n  X\n\nb\n", 7, 8) is None
    assert dropped(b"  sh '''\n    X\n  '''\n", 13, 14) is None
    assert dropped(b"- run: |\n    Y\n    X\n", 19, 20, [Edit(9, 15, b"")]) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "poetry export --without-hashes > r.txt",
            "uv export --locked --no-emit-project --no-default-groups --no-hashes > r.txt",
        ),
        ('poetry lock 2>"$LOG"', 'uv lock 2>"$LOG"'),
        ('poetry lock >> "$LOG dir/a.txt" 2>&1', 'uv lock >> "$LOG dir/a.txt" 2>&1'),
        ("poetry install >/dev/null 2>&1", "uv sync >/dev/null 2>&1"),
        ("pip install -r requirements.txt > /dev/null", "uv sync > /dev/null"),
        (
            "pipenv lock --keep-outdated -r > r.txt",
            "uv export --locked --no-emit-project --no-default-groups --no-hashes > r.txt",
        ),
        ("pipenv requirements > r.txt", "uv export --locked --no-emit-project --no-default-groups --no-hashes > r.txt"),
        ("poetry run pytest < in.txt", "uv run pytest < in.txt"),
        ("poetry show &> all.txt", "uv pip list &> all.txt"),
    ],
)
def test_what_is_redirected_stays_so(before: str, after: str) -> None:
    assert rewritten("a.sh", f"{before}\nls\n") == (f"{after}\nls\n", [])
    image = f"FROM python:3.12\nRUN {before}\n"
    if "export" in after:
        assert f"{after}\n" in rewritten("Dockerfile", image)[0]


def test_a_manager_that_a_rewritten_line_goes_on_calling_is_told() -> None:
    text = '{"scripts": {"test": "concurrently \\"poetry run pytest\\"", "dev": "spawn \\"poetry run celery\\""}}\n'
    after, told = rewritten("package.json", text)
    assert '"test": "concurrently \\"uv run pytest\\""' in after
    assert told == ["1: `poetry run` stays, and what it needs goes: rewrite it by hand"]


def test_a_block_of_a_shell_keeps_a_command() -> None:
    assert dropped(b"if a; then\n  X\n  b\nfi\n", 13, 14) is not None
    assert dropped(b"if a; then\n  X\n  # b\nfi\n", 13, 14) is None
    assert dropped(b"if a; then\n  X\n\n  # b\n  c\nfi\n", 13, 14) is not None
    assert dropped(b"if a; then\n  X\nelse\n  b\nfi\n", 13, 14) is None
    assert dropped(b"if a; then\n  X\n  else\n", 13, 14) is None
    assert dropped(b"a &&\n  X\n  b\n", 7, 8) is None


def test_a_job_may_have_an_anchor() -> None:
    base = ".base: &base  # for all\n  before_script:\n    - pip install poetry\n    - poetry install\n"
    text = f"stages: [test]\n{base}test:\n  <<: *base\n  script:\n    - poetry run pytest\n"
    after, _ = rewritten(".gitlab-ci.yml", text)
    assert after.count("install uv==") == 1
    assert after.endswith("    - uv run pytest\n")


def test_a_pattern_that_still_matches_is_not_told() -> None:
    text = "jobs:\n  t:\n    steps:\n      - run: pip install -r requirements.txt\n      - with:\n          key: requirements/*.txt\n"
    path = ".github/workflows/ci.yml"
    told = "6: *.txt is still named, and goes: rewrite it by hand"
    assert rewritten(path, text, **{"requirements/docs.txt": "sphinx\n"})[1] == []
    assert rewritten(path, text)[1] == [told]


def test_what_is_installed_by_name_stays_in_a_job_of_its_own() -> None:
    steps = "    steps:\n      - run: |\n          "
    text = (
        f"jobs:\n  a:\n{steps}venv/bin/pip install -r requirements.txt\n  b:\n{steps}pip install pytest\n          a\n"
    )
    found, asked = rewritten(".github/workflows/a.yml", text, **{"pyproject.toml": GROUPS})
    assert "          pip install pytest\n          a\n" in found
    assert asked == []


def test_variables_before_a_command_stay_and_uv_is_put_in_once() -> None:
    steps = ("pip install poetry", "poetry install", "B='x y' C=2 poetry install", "A=1 poetry run pytest")
    text = "jobs:\n  t:\n    steps:\n" + "".join(f"      - run: {step}\n" for step in steps)
    after, told = rewritten(".github/workflows/ci.yml", text)
    assert after.count("pip install uv") == 1
    assert "- run: A=1 uv run pytest\n" in after
    assert f"- run: B='x y' C=2 {SYNC}\n" in after
    assert told == []


def test_a_document_may_name_what_goes() -> None:
    text = "    ```sh\n    pip install -r requirements.txt\n    ```\nIt has a requirements.txt and once ran poetry install.\n"
    assert rewritten("README.md", text.replace("    ", ""))[1] == []


NAMED = "- run: pip install -r services/users/requirements.txt\n"
SYNCED = f"- run: {UV} && {SYNC} --project services/users\n"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (
            f"{NAMED}      - run: pytest services/users/tests\n",
            f"{SYNCED}      - run: uv run --project services/users pytest services/users/tests\n",
        ),
        (
            f"{NAMED}      - run: cd services/users && pytest\n",
            f"{SYNCED}      - run: cd services/users && uv run pytest\n",
        ),
        (
            f"{NAMED}      - run: |\n          cd $HOME/services/users/tests\n          pytest\n          pip check\n",
            f"{SYNCED}      - run: |\n          cd $HOME/services/users/tests\n          uv run pytest\n          uv pip check\n",
        ),
        (
            f"{NAMED}      - run: pytest\n        working-directory: ./services/users\n",
            f"{SYNCED}      - run: uv run pytest\n        working-directory: ./services/users\n",
        ),
        (
            "- run: (cd services/users; pip install -r requirements.txt); pytest\n",
            f"- run: (cd services/users; {UV} && {SYNC}); uv run --project services/users pytest\n",
        ),
        (
            "- run: cd services && pip install -r users/requirements.txt && pip list && pytest\n",
            f"- run: cd services && {UV} && {SYNC} --project users && "
            "uv pip list --python users/.venv && uv run --project users pytest\n",
        ),
    ],
    ids=["above", "cd", "a folder of the machine", "working-directory", "a shell of its own", "between"],
)
def test_commands_above_the_project_are_told_where_it_is(steps: str, expected: str) -> None:
    path = "../../.github/workflows/ci.yml"
    text = f"jobs:\n  t:\n    steps:\n      {steps}"
    tree = MemoryTree({"pyproject.toml": PROJECT, "src/shop/__init__.py": "", path: text, "requirements.txt": ""})
    project = of(tree)
    project.repository = "services/users"
    lowered = rewrite_commands(project, tree, RewriteCommands("X", path))
    assert lowered.changes[0].content.decode().partition("steps:\n      ")[2] == expected  # type: ignore[union-attr]


def test_the_name_of_a_file_that_goes_is_told() -> None:
    text = "jobs:\n  t:\n    steps:\n      - run: pip install -r requirements.txt\n      - with:\n          key: poetry.lock\n"
    _, told = rewritten(".github/workflows/ci.yml", text)
    assert told == ["6: poetry.lock is still named, and goes: rewrite it by hand"]


def test_neighbours_that_uv_does_not_need_go_together() -> None:
    lines = "- run: poetry config virtualenvs.a b && poetry config virtualenvs.c d && poetry install\n"
    after, _ = rewritten(".github/workflows/ci.yml", f"jobs:\n  t:\n    steps:\n      {lines}")
    assert after.endswith(f"- run: {UV} && {SYNC}\n")
    lines = "- run: poetry install && poetry config virtualenvs.a b && poetry config virtualenvs.c d\n"
    after, _ = rewritten(".github/workflows/ci.yml", f"jobs:\n  t:\n    steps:\n      {lines}")
    assert after.endswith(f"- run: {UV} && {SYNC}\n")


def test_tox_keeps_the_environment_that_it_makes_for_each_python() -> None:
    text = "[testenv]\nallowlist_externals =\n    make\n    poetry\ncommands =\n    {}\n    {}\n"
    after = text.replace("    poetry\n", "    uv\n").format(
        "uv sync --active --inexact --python {envpython}", "pytest -q"
    )
    assert rewritten("tox.ini", text.format("poetry install -v", "poetry run pytest -q"))[0] == after
    assert rewritten("tox.ini", text.format("pip install -r requirements.txt", "pytest -q"))[0] == after
    alone = "[testenv]\nallowlist_externals = poetry\ncommands = pytest\n"
    assert rewritten("tox.ini", alone)[0] == alone


def test_extras_of_an_installation_are_synced_where_no_default_group_brings_them() -> None:
    manifest = (
        '[project]\nname = "shop"\nversion = "1"\n[project.optional-dependencies]\ndev = ["a"]\ne2e = ["b"]\n'
        '[dependency-groups]\ndev = ["shop[dev]"]\n'
    )
    text = "jobs:\n  t:\n    steps:\n      - run: pip install -e '.[dev,e2e,gone]'\n"
    tree = MemoryTree({"pyproject.toml": manifest, "ci.yml": text})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", "ci.yml"))
    assert lowered.changes == ()
    tree = MemoryTree({"pyproject.toml": manifest, ".github/workflows/ci.yml": text})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", ".github/workflows/ci.yml"))
    after = lowered.changes[0].content.decode()  # type: ignore[union-attr]
    assert after.endswith(f"- run: {UV} && {SYNC} --extra e2e\n")


JOBS = """jobs:
  test:
    steps:
      - run: pip install -r requirements.txt
      - run: pytest
  deploy:
    steps:
      - run: pip install boto3
      - run: python deploy.py
  again:
    steps:
      - run: pip install -r requirements.txt
      - run: pytest
"""


def test_each_job_is_a_machine_of_its_own() -> None:
    after, _ = rewritten(".github/workflows/ci.yml", JOBS)
    assert after.count(f"- run: {UV} && {SYNC}\n") == 2
    assert after.count("- run: uv run pytest\n") == 2
    assert "- run: python deploy.py\n" in after


def test_what_is_synced_before_every_job_is_there_in_each() -> None:
    text = "before_script:\n  - pip install -r requirements.txt\ntest:\n  script:\n    - pytest\n"
    after, _ = rewritten(".gitlab-ci.yml", text)
    assert after == f"before_script:\n  - {UV} && {SYNC}\ntest:\n  script:\n    - uv run pytest\n"


def test_a_hidden_job_of_gitlab_may_be_extended() -> None:
    text = ".base:\n  script:\n    - pip install -r requirements.txt\ntest:\n  extends: .base\n  after_script:\n    - pytest\n"
    assert rewritten(".gitlab-ci.yml", text)[0].endswith("    - uv run pytest\n")


def test_an_extra_that_only_another_group_lists_is_synced() -> None:
    manifest = (
        '[project]\nname = "shop"\nversion = "1"\n[project.optional-dependencies]\ne2e = ["b"]\n'
        '[dependency-groups]\ndev = ["a"]\nend = ["shop[e2e]"]\n'
    )
    tree = MemoryTree({"pyproject.toml": manifest})
    assert extras_of(of(tree)) == {"e2e"}
    brought = manifest.replace('dev = ["a"]', 'dev = ["shop[e2e]"]')
    assert extras_of(of(MemoryTree({"pyproject.toml": brought}))) == set()
    assert extras_of(of(MemoryTree({"a.py": ""}))) == set()


MATRIX = """jobs:
  a:
    strategy: {matrix: {py: ["3.12", "3.13"]}}
    steps:
      - uses: actions/setup-python@v5
        with: {python-version: "${{ matrix.py }}"}
      - run: pip install -r requirements.txt
      - run: pytest
  b:
    steps:
      - run: pip install -r requirements.txt
"""


def test_every_python_of_a_matrix_is_used() -> None:
    after, _ = rewritten(".github/workflows/a.yml", MATRIX)
    python = "--python ${{ matrix.py }}"
    assert after == MATRIX.replace("pip install -r requirements.txt", f"{UV} && {SYNC} {python}", 1).replace(
        "run: pytest", f"run: uv run {python} pytest"
    ).replace("pip install -r requirements.txt", f"{UV} && {SYNC}")


def test_what_a_conditional_step_installs_is_not_counted_on() -> None:
    text = (
        "jobs:\n  a:\n    steps:\n      - name: x\n        if: cache != 'true'\n        run: poetry install\n"
        "      - uses: snok/install-poetry@v1\n      - run: poetry install\n      - run: poetry run pytest\n"
    )
    after, told = rewritten(".github/workflows/a.yml", text)
    assert (after.count(f"run: {UV} && {SYNC}\n"), after.count(f"run: {SYNC}\n")) == (1, 1)
    assert "      - run: uv run pytest\n" in after
    assert "      - uses: astral-sh/setup-uv@" in after
    assert not told


def test_a_job_that_only_runs_something_gets_uv() -> None:
    text = "jobs:\n  a:\n    steps:\n      - run: {}\n      - run: {}\n"
    after, _ = rewritten(".github/workflows/a.yml", text.format("pipx install poetry==1.8", "poetry run pytest"))
    assert after == text.format("pipx install uv==0.13.9", "uv run pytest")
    after, _ = rewritten(".github/workflows/a.yml", text.format("ls", "poetry run pytest"))
    assert after == text.format("ls", f"{UV} && uv run pytest")


@pytest.mark.parametrize(
    ("command", "after", "told"),
    [
        ("flake8 . --count", "uv run flake8 --extend-exclude=.venv . --count", 0),
        ("flake8", "uv run flake8 --extend-exclude=.venv", 0),
        ("flake8 src", "uv run flake8 src", 0),
        ("bandit -r .", "uv run bandit -r .", 1),
        ("pylint --recursive=y .", "uv run pylint --ignore=.venv --recursive=y .", 0),
        ("pylint --recursive y ./", "uv run pylint --ignore=.venv --recursive y ./", 0),
        ("python -m pylint --recursive=yes .", "uv run python -m pylint --ignore=.venv --recursive=yes .", 0),
        ("pylint --recursive=y --ignore=venv .", "uv run pylint --recursive=y --ignore=venv .", 1),
        ("pylint --recursive=y --ignore=.venv .", "uv run pylint --recursive=y --ignore=.venv .", 0),
        ("pylint --recursive=y src", "uv run pylint --recursive=y src", 0),
        ("pylint .", "uv run pylint .", 0),
    ],
)
def test_linters_are_kept_out_of_the_environment(command: str, after: str, told: int) -> None:
    more = {"pyproject.toml": PROJECT.replace('"alembic"', '"flake8", "bandit", "pylint"')}
    text = "a:\n\tpip install -r requirements.txt\n\t{}\n"
    found, asked = rewritten("Makefile", text.format(command), **more)
    assert found == text.format(after).replace("pip install -r requirements.txt", "uv sync")
    assert len(asked) == told
    assert rewritten("Makefile", text.format(command), **more, **{".flake8": "[flake8]\nexclude = .venv\n"})[0] == (
        found if ".venv" in command else found.replace(" --extend-exclude=.venv", "").replace(" --ignore=.venv", "")
    )


@pytest.mark.parametrize(
    ("settings", "said", "told"),
    [
        ("[MAIN]\nignore=venv\nrecursive=yes\n", "uv run pylint .", 1),
        ("[MAIN]\nignore-patterns=x\nrecursive=yes\n", "uv run pylint --ignore=.venv .", 0),
        ("[MAIN]\nignore=.venv\nrecursive=yes\n", "uv run pylint .", 0),
        ("[MAIN]\nignore=venv\n", "uv run pylint .", 0),
    ],
)
def test_pylint_is_kept_out_of_the_environment_by_its_settings(settings: str, said: str, told: int) -> None:
    more = {"pyproject.toml": PROJECT.replace('"alembic"', '"pylint"'), ".pylintrc": settings}
    found, asked = rewritten("Makefile", "a:\n\tpip install -r requirements.txt\n\tpylint .\n", **more)
    assert found == f"a:\n\tuv sync\n\t{said}\n"
    assert len(asked) == told


ISORT, BLACK = "uv run isort --extend-skip=.venv .", "uv run black --extend-exclude=/.venv/ ."


@pytest.mark.parametrize(
    ("settings", "command", "after", "told"),
    [
        ('[tool.isort]\nskip = ["migrations"]\n', "isort .", ISORT, 0),
        ('[tool.isort]\nskip = ["migrations"]\n', "isort app", "uv run isort app", 0),
        ('[tool.isort]\nskip = ["migrations", ".venv"]\n', "isort .", "uv run isort .", 0),
        ('[tool.isort]\nskip = ["a"]\nskip_gitignore = true\n', "isort .", "uv run isort .", 0),
        ('[tool.isort]\nskip = ["a"]\nextend_skip = ["b"]\n', "isort .", "uv run isort .", 1),
        ('[tool.isort]\nextend_skip = ["b"]\n', "isort .", "uv run isort .", 0),
        ('[tool.ruff]\nexclude = [".venv"]\n[tool.isort]\nskip = "a"\n', "isort .", ISORT, 0),
        ("", "isort --skip a .", f"{ISORT[:-1]}--skip a .", 0),
        ("", "isort .", "uv run isort .", 0),
        ("[tool.black]\nexclude = '/migrations/'\n", "black .", BLACK, 0),
        ("[tool.black]\nexclude = ''\n", "black .", BLACK, 0),
        ("[tool.black]\nexclude = '/(venv|a)/'\n", "black --check .", f"{BLACK[:-1]}--check .", 0),
        ("[tool.black]\nexclude = 'venv'\n", "black .", "uv run black .", 0),
        ("[tool.black]\nexclude = '''\n/(\n  \\.venv\n)/\n'''\n", "black .", "uv run black .", 0),
        ("[tool.black]\nexclude = '('\n", "black .", BLACK, 0),
        ("[tool.black]\nexclude = 'a'\nextend-exclude = 'b'\n", "black .", "uv run black .", 1),
        ("[tool.black]\nextend-exclude = 'b'\n", "black .", "uv run black .", 0),
        ("", "black --exclude=a .", f"{BLACK[:-1]}--exclude=a .", 0),
        ("", "black --exclude /.venv/ .", "uv run black --exclude /.venv/ .", 0),
    ],
)
def test_formatters_whose_list_is_replaced_are_kept_out_of_the_environment(
    settings: str, command: str, after: str, told: int
) -> None:
    more = {"pyproject.toml": PROJECT.replace('"alembic"', '"isort", "black"') + settings}
    found, asked = rewritten("Makefile", f"a:\n\tpoetry run {command}\n", **more)
    assert found == f"a:\n\t{after}\n"
    assert len(asked) == told


def test_isort_has_settings_of_its_own_file() -> None:
    more = {"pyproject.toml": PROJECT.replace('"alembic"', '"isort"'), ".isort.cfg": "[settings]\nskip=migrations\n"}
    found, _ = rewritten("Makefile", "a:\n\tpoetry run isort .\n", **more)
    assert found == f"a:\n\t{ISORT}\n"


GROUPS = (
    f'{PROJECT}[dependency-groups]\ndev = [{{include-group = "test"}}]\ntest = ["pytest", "httpx"]\nx = ["mkdocs"]\n'
)
LIST = "pip install -r requirements.txt"
BARE = ("poetry install --only main", f"{SYNC} --no-default-groups")
ONLY = ("poetry install --only test", f"{SYNC} --only-group test")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (f"if [ -f requirements.txt ]; then {LIST}; fi", f"{UV} && {SYNC}", 0),
        (f'if [[ -f "requirements.txt" ]] ; then {LIST} ; fi', f"{UV} && {SYNC}", 0),
        (f"if [ -f requirements.txt ]\nthen\n  {LIST}\nfi", f"if [ -f pyproject.toml ]\nthen\n  {UV} && {SYNC}\nfi", 0),
        (f"test -e requirements.txt && {LIST}", f"test -e pyproject.toml && {UV} && {SYNC}", 0),
        (f"if [ -d web ]; then {LIST}; fi", f"if [ -d web ]; then {UV} && {SYNC}; fi", 0),
        (f"[ -f web.cfg ] && {LIST}", f"[ -f web.cfg ] && {UV} && {SYNC}", 0),
        ("if [ ! -f requirements.txt ]; then echo; fi", None, 1),
        (f"{LIST}\npip install -U pytest httpx\npytest", f"{UV} && {SYNC}\nuv run pytest", 0),
        (f"pip install flake8 pytest\n{LIST}", f"pip install flake8\n{UV} && {SYNC}", 1),
        (f"pip install pytest\npytest\n{LIST}", f"pip install pytest\npytest\n{UV} && {SYNC}", 0),
        (f"{LIST}\npip install pytest==7", f"{UV} && {SYNC}\npip install pytest==7", 1),
        (f"{LIST}\npip install mkdocs", f"{UV} && {SYNC}\npip install mkdocs", 1),
        (f"{LIST}\nif a; then\n  pip install pytest\nfi", f"{UV} && {SYNC}\nif a; then\n  {SYNC}\nfi", 0),
        (f"{LIST}\nf() {{\n  pip install pytest\n}}", f"{UV} && {SYNC}\nf() {{\n  {SYNC}\n}}", 0),
        (f"{LIST}\nf() {{\n  pip install pytest\n  a\n}}", f"{UV} && {SYNC}\nf() {{\n  a\n}}", 0),
        (f"{LIST}\na &&\n  pip install pytest", f"{UV} && {SYNC}\na &&\n  {SYNC}", 0),
        (f"{LIST}\na |\n  pip install pytest", f"{UV} && {SYNC}\na |\n  {SYNC}", 0),
        (f"{LIST}\npython -m pip install pytest flake8", f"{UV} && {SYNC}\npython -m pip install flake8", 1),
        (f"venv/bin/{LIST}\npip install pytest", f"{UV} && UV_PROJECT_ENVIRONMENT=venv {SYNC}\npip install pytest", 0),
        (f'{LIST}\npip install pytest "httpx>=1"', f'{UV} && {SYNC}\npip install pytest "httpx>=1"', 1),
        ("pip install pytest", None, 0),
        (f"{BARE[0]}\npip install pytest", f"{UV} && {BARE[1]}\npip install pytest", 1),
        (f"pip install pytest\n{BARE[0]}", f"pip install pytest\n{UV} && {BARE[1]}", 1),
        (f"{BARE[0]}\npip install fastapi pytest", f"{UV} && {BARE[1]}\npip install pytest", 1),
        (f"{ONLY[0]}\npip install fastapi", f"{UV} && {ONLY[1]}\npip install fastapi", 1),
        (f"{BARE[0]}\npoetry install\npip install pytest", f"{UV} && {BARE[1]}\n{SYNC}", 0),
    ],
)
def test_tests_for_a_list_and_what_is_installed_by_name(before: str, after: str | None, told: int) -> None:
    text = "jobs:\n  a:\n    steps:\n      - run: |\n"
    body, wanted = (
        text + "".join(f"          {line}\n" for line in lines.split("\n")) for lines in (before, after or before)
    )
    found, asked = rewritten(".github/workflows/a.yml", body, **{"pyproject.toml": GROUPS})
    assert (found, len(asked)) == (wanted, told)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            f"{LIST}\npip install mypy types-PyYAML\nmypy app",
            f"{UV} && {SYNC}\nuv pip install mypy types-PyYAML\nuv run mypy app",
            0,
        ),
        (
            f'{LIST}\npip install -q "mypy>=1" pytest\nmypy app',
            f'{UV} && {SYNC}\nuv pip install -q "mypy>=1" pytest\nuv run mypy app',
            0,
        ),
        (
            f"{LIST}\npython -m pip install pytest flake8\npython -m flake8 src",
            f"{UV} && {SYNC}\nuv pip install flake8\nuv run python -m flake8 src",
            0,
        ),
        (
            f"{LIST}\nA=1 pip install pytest-cov\npytest",
            f"{UV} && {SYNC}\nA=1 uv pip install pytest-cov\nuv run pytest",
            0,
        ),
        (
            f"pip install pip-audit\n{LIST}\npip-audit --strict",
            f"{UV} && {SYNC} && uv pip install pip-audit\nuv run pip-audit --strict",
            0,
        ),
        (
            f"pip install pytest black\n{LIST}\nblack .",
            f"{UV} && {SYNC} && uv pip install black\nuv run black .",
            0,
        ),
        (f"{LIST} mypy\nmypy app", f"{UV} && {SYNC} && uv pip install mypy\nuv run mypy app", 0),
        (f'{LIST} pytest wheel "mypy>=1" -q\nmypy', f'{UV} && {SYNC} && uv pip install "mypy>=1"\nuv run mypy', 0),
        (f"{LIST} -e ./libs/x pytest==7", f"{UV} && {SYNC} && uv pip install -e ./libs/x pytest==7", 0),
        (
            f"{LIST} mypy\npip install -e . pytest-xdist\nmypy",
            f"{UV} && {SYNC} && uv pip install mypy\n{SYNC} --inexact && uv pip install pytest-xdist\nuv run mypy",
            0,
        ),
        (f"{LIST} $MORE", f"{LIST} $MORE", 1),
        (f"{LIST} --timeout 100 -i https://pypi.org/simple", f"{UV} && {SYNC}", 0),
        (f"{LIST}\npip install awscli\naws s3 ls", f"{UV} && {SYNC}\npip install awscli\naws s3 ls", 1),
        (f"{LIST}\npip install --user mypy\nmypy a", f"{UV} && {SYNC}\npip install --user mypy\nmypy a", 1),
        (f"{LIST}\npip install pytest==7\npytest", f"{UV} && {SYNC}\npip install pytest==7\nuv run pytest", 1),
        (
            f"venv/bin/{LIST}\nvenv/bin/pip install pytest-xdist",
            f"{UV} && UV_PROJECT_ENVIRONMENT=venv {SYNC}\nuv pip install --python venv pytest-xdist",
            0,
        ),
    ],
)
def test_what_pip_installs_beside_goes_into_the_environment_of_the_sync(before: str, after: str, told: int) -> None:
    text = "jobs:\n  a:\n    steps:\n      - run: |\n{}\n  b:\n    steps:\n      - run: pip install mypy\n      - run: mypy a\n"
    lines = "\n".join(f"          {line}" for line in before.split("\n"))
    found, asked = rewritten(".github/workflows/a.yml", text.format(lines), **{"pyproject.toml": GROUPS})
    assert found == text.format("\n".join(f"          {line}" for line in after.split("\n")))
    assert len(asked) == told, asked


def test_that_scripts_need_uv_is_told_once() -> None:
    names = ("Makefile", "a.sh", "b.sh", "c.sh", "d.sh")
    files = dict.fromkeys(names, "uv sync\n") | {"README.md": "uv sync\n", "ci.sh": "pip install uv==1 && uv sync\n"}
    tree = MemoryTree({**files, "e.sh": "make\n"})
    told = [question.text for question in tell_uv(tree, (*names, "README.md", "ci.sh", "e.sh", "gone.sh"))]
    assert told == ["it calls uv, as do a.sh, b.sh, c.sh and others: uv must be where it is run"]
    assert [question.text for question in tell_uv(tree, ["a.sh", "a.sh"])] == [
        "it calls uv: uv must be where it is run"
    ]
    assert [*tell_uv(tree, ["e.sh"])] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("cache-dependency-path: requirements.txt", "cache-dependency-path: uv.lock"),
        (
            "cache-dependency-path: |\n  requirements/base.txt\n  ./requirements-dev.txt",
            "cache-dependency-path: |\n  uv.lock\n  ./uv.lock",
        ),
        (
            "key: ${{ hashFiles('**/requirements*.txt', 'poetry.lock') }}",
            "key: ${{ hashFiles('**/uv.lock', 'uv.lock') }}",
        ),
        ("paths: [\"requirements.txt\", 'src/**']", "paths: [\"uv.lock\", 'src/**']"),
        ("- requirements*.txt  # lists\n- src/**", "- uv.lock  # lists\n- src/**"),
        ('{{ checksum "Pipfile.lock" }}', '{{ checksum "uv.lock" }}'),
        ("paths: [docs/requirements.txt, environment.yml]", "paths: [docs/requirements.txt, environment.yml]"),
        (
            "key: ${{ hashFiles('kept-requirements.txt', '**/kept-*.txt') }}",
            "key: ${{ hashFiles('kept-requirements.txt', '**/kept-*.txt') }}",
        ),
        ("name: requirements.txt is read", "name: requirements.txt is read"),
        (
            "run: echo ${{ hashFiles('requirements.txt') }} && x -r requirements.txt",
            "run: echo ${{ hashFiles('uv.lock') }} && x -r requirements.txt",
        ),
        ("run: >\n  poetry\n  requirements.txt", "run: >\n  poetry\n  requirements.txt"),
        (
            "  cache-dependency-path: |\n    requirements.txt\n  run: >\n    requirements.txt",
            "  cache-dependency-path: |\n    uv.lock\n  run: >\n    requirements.txt",
        ),
        (
            "- run: uv export > requirements.txt\n- key: ${{ hashFiles('requirements.txt') }}",
            "- run: uv export > requirements.txt\n- key: ${{ hashFiles('requirements.txt') }}",
        ),
    ],
)
def test_caches_and_filters_hang_on_the_lock(before: str, after: str) -> None:
    text = "on: push\n{}\n"
    more = {"kept-requirements.txt": ""}
    assert rewritten(".github/workflows/a.yml", text.format(before), **more)[0] == text.format(after)
    assert rewritten("a.yml", text.format(before), **more)[0] == text.format(before)
    assert rewritten("azure-pipelines.yml", text.format(before), **more)[0] == text.format(after)
    assert rewritten("azure-notes.md", text.format(before), **more)[0] == text.format(before)


def test_caches_of_a_project_that_lies_deeper_are_named_from_the_top() -> None:
    tree = MemoryTree({"pyproject.toml": PROJECT, "../web/requirements.txt": ""})
    text = b"paths: [api/requirements.txt, web/requirements.txt, requirements.txt, '**/requirements-dev.txt']\n"
    wanted = b"paths: [api/uv.lock, web/requirements.txt, requirements.txt, '**/uv.lock']\n"
    assert on_the_lock(tree, "../.github/workflows/a.yml", text, "api") == wanted
    assert on_the_lock(tree, "../.github/workflows/a.yml", b"paths: ['**/requirements.txt']\n", "api") == (
        b"paths: ['**/requirements.txt']\n"
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".gitea/workflows/a.yml", "jobs:\n  a:\n    steps:\n      - run: X\n  b:\n    steps:\n      - run: X\n"),
        (".circleci/config.yml", "jobs:\n  a:\n    steps:\n      - run: X\n  b:\n    steps:\n      - run: X\n"),
        (".drone.yml", "steps:\n- name: a\n  commands:\n  - X\n- image: b\n  commands:\n  - X\n"),
        (".woodpecker/a.yml", "steps:\n  a:\n    commands:\n      - X\n  b:\n    commands:\n      - X\n"),
        ("compose.yml", 'services:\n  a:\n    command: sh -c "X"\n  b:\n    command: sh -c "X"\n'),
    ],
)
def test_each_machine_brings_uv(path: str, text: str) -> None:
    found, asked = rewritten(path, text.replace("X", "pip install -r requirements.txt"))
    assert found == text.replace("X", f"{UV} && {SYNC}")
    assert not asked


def test_no_password_is_repeated() -> None:
    address = "https://bob:secret@h.example/simple"
    _, told = rewritten("Makefile", f"PIP = pip\na:\n\t$(PIP) install -i {address} x\n")
    assert told == [
        "3: `$(PIP) install -i https://***@h.example/simple x` has no plain equal in uv: rewrite it by hand"
    ]
    image = f"FROM python:3.12\nRUN pip install -r requirements.txt && pip install -i {address} --root /x y\n"
    assert "secret" not in " ".join(rewritten("Dockerfile", image)[1])


def test_what_tox_runs_is_no_variable() -> None:
    text = "[testenv]\ndeps = ruff\n[testenv:f]\ncommands = {}ruff format . --check\n"
    assert rewritten("tox.ini", text.format("poetry run "))[0] == text.format("")


@pytest.mark.parametrize(
    "text",
    [
        "    entrypoint: [pip, install, fastapi]\n",
        '    entrypoint: ["pip", "install", "fastapi"]\n',
        "    entrypoint:\n      - pip\n      - install\n      - fastapi\n",
        "    entrypoint:\n      - pip\n      - install\n      - -r\n      - requirements.txt\n",
    ],
)
def test_a_list_of_words_is_no_line(text: str) -> None:
    lines = '    command: sh -c "pip install -r requirements.txt"\n'
    found, told = rewritten("compose.yml", f"services:\n  a:\n{lines}{text}")
    assert found.endswith(text)
    assert told


def test_targets_of_a_makefile_come_in_any_order() -> None:
    text = "run:\n\t{}python -m app\ninstall:\n\t{}\ntest:\n\t{}pytest\n"
    after, _ = rewritten("Makefile", text.format("", "pip install -r requirements.txt", ""))
    assert after == text.format("uv run ", "uv sync", "uv run ")
    apart = text.format("", "venv/bin/pip install -r requirements.txt", "")
    assert rewritten("Makefile", apart)[0] == text.format("", "UV_PROJECT_ENVIRONMENT=venv uv sync", "")


def test_a_sentence_that_names_another_manager_is_told_once() -> None:
    text = "# x\n`pip install my-requests`.\nFirst `poetry install`, then `poetry run x`; `pip install my-requests` is no list.\n```sh\npoetry install\n```\n"
    tree = MemoryTree({"pyproject.toml": '[project]\nname = "x"\nversion = "1"\n', "README.md": text, "uv.lock": ""})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", "README.md"))
    after = lowered.changes[0].content.decode()  # type: ignore[union-attr]
    assert after == text.replace("\npoetry install", "\nuv sync")
    told = [(question.line, question.text) for question in lowered.questions]
    assert told == [(3, "a sentence says `poetry install`: say it anew by hand")]


@pytest.mark.parametrize(("given", "told"), [("$1", 1), ("$(version)", 1), ("${TAG#v}", 0), ("1.2.0", 0), ("patch", 0)])
def test_that_poetry_bumped_by_what_a_variable_held_is_told(given: str, told: int) -> None:
    after, questions = rewritten("a.sh", f"poetry version {given}\n")
    assert after.startswith("uv version ")
    assert len(["--bump patch" in question for question in questions]) == told


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("Makefile", "a:\n\tpip install -r requirements.txt\n\t@pip install -r dev.txt\n", "a:\n\tuv sync\n"),
        ("a.sh", "pip install -r requirements.txt && \\\n  pip install -r requirements.txt\nx\n", "uv sync\nx\n"),
        ("Makefile", "a:\n\tpoetry install\nb:\n\tpoetry install\n", "a:\n\tuv sync\nb:\n\tuv sync\n"),
        ("a.sh", "poetry install\nrm -r .venv\npoetry install\n", "uv sync\nrm -r .venv\nuv sync\n"),
        ("a.sh", "poetry install\npoetry install -E pg\n", "uv sync\nuv sync --extra pg\n"),
    ],
)
def test_two_lists_are_synced_at_once(path: str, before: str, after: str) -> None:
    said, _ = rewritten(path, before.replace("dev.txt", "requirements-dev.txt"))
    assert said == after


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("pip check", "uv pip check", 0),
        ("python3 -m pip list --outdated", "uv pip list --outdated", 0),
        ("pip freeze > x", "uv pip freeze > x", 0),
        ("pip freeze > requirements.txt", "pip freeze > requirements.txt", 1),
        ("pip freeze --user", "pip freeze --user", 0),
        ("pip freeze | xargs pip uninstall -y", "pip freeze | xargs pip uninstall -y", 1),
        ("pip checkout", "pip checkout", 0),
        ("npm list", "npm list", 0),
    ],
)
def test_pip_looks_where_uv_has_installed(before: str, after: str, told: int) -> None:
    text = "install:\n\tpip install -r requirements.txt\nlook:\n\t{}\nmore:\n\ttrue\n"
    found, asked = rewritten("Makefile", text.format(before))
    assert found == text.replace("pip install -r requirements.txt", "uv sync").format(after)
    assert len(asked) == told
    alone = text.replace("pip install -r requirements.txt", "true").format(before)
    assert rewritten("Makefile", alone) == (alone, [])
    tail = f"install:\n\tpip install -r requirements.txt\nlook:\n\t{before}"
    assert rewritten("Makefile", tail)[0].endswith(f"\t{after}")


INSTALLS = "pip install -r requirements.txt\npip install -r requirements-dev.txt"


@pytest.mark.parametrize(
    ("script", "after", "told"),
    [
        (f"{INSTALLS} --no-binary lxml\n", "uv sync\n", ["2: `--no-binary lxml` was told to pip"]),
        (f"{INSTALLS} --extra-index-url https://x/simple\n", "uv sync\n", ["2: pip was told of the index"]),
        ("uv sync\ntest -d a || mkdir a\n", "uv sync\ntest -d a || mkdir a\n", []),
        ("poetry add uvicorn --extras 'a b'\n", "uv add --extra a --extra b uvicorn\n", []),
        ("poetry add -E a,b uvicorn\n", "uv add --extra a --extra b uvicorn\n", []),
        ('"$HOME/My Tools/bin/poetry" run pytest -q\n', "uv run pytest -q\n", []),
        ("poetry install\npip list -o\n", "uv sync\nuv pip list --outdated\n", []),
        ("poetry install\ncat seed.py | python -\n", "uv sync\ncat seed.py | uv run python -\n", []),
        ("poetry install\ncurl -sSL https://x | python -\n", "uv sync\ncurl -sSL https://x | python -\n", []),
        ('poetry install\nmake ""\n', 'uv sync\nmake ""\n', []),
    ],
)
def test_what_a_script_says_comes_out_whole(script: str, after: str, told: list[str]) -> None:
    scripts = f'{PROJECT}[project.scripts]\ntest = "shop:main"\n'
    said, questions = rewritten("a.sh", script, Makefile="all:\n\ttrue\n", **{"pyproject.toml": scripts})
    assert said == after
    found = [each for each in questions if "uv must be where it is run" not in each]
    assert [each[: len(start)] for each, start in zip(found, told, strict=True)] == told


OTHERS = {"services/other/pyproject.toml": '[tool.poetry]\nname = "other"\n'}


def test_what_another_project_needs_stays() -> None:
    uses = "jobs:\n  a:\n    steps:\n      - uses: snok/install-poetry@v1\n      - run: ./services/other/ci.sh\n"
    script = {"services/other/ci.sh": "cd services/other\npoetry install\n"}
    assert "snok/install-poetry" in rewritten(".github/workflows/a.yml", uses, **OTHERS, **script)[0]
    make = "RUN = poetry run\na:\n\tcd services/other && $(RUN) pytest\n"
    assert rewritten("Makefile", make, **OTHERS)[0] == make
    assert "RUN = uv run" in rewritten("Makefile", make)[0]


SET_UP = "jobs:\n  a:\n    steps:\n      - uses: astral-sh/setup-uv@v5\n      - run: {}\n      - run: {}\n"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("Makefile", "x:\n\tuv pip install -r requirements.txt\n", "x:\n\tuv sync\n"),
        ("Makefile", "x:\n\tuv pip sync requirements.txt requirements-dev.txt\n", "x:\n\tuv sync\n"),
        ("Makefile", "x:\n\tuv pip install -e .\n", None),
        ("Makefile", "x:\n\tuv pip install requests\n", None),
        ("README.md", "```sh\nuv venv\nuv pip install -r requirements.txt\n```\n", "```sh\nuv venv\nuv sync\n```\n"),
        (
            ".github/workflows/a.yml",
            SET_UP.format("uv pip install --system -r requirements.txt", "pytest"),
            SET_UP.format("uv sync --locked", "uv run pytest"),
        ),
        (
            "Dockerfile",
            "FROM python:3.12\nRUN uv pip install --system -r requirements.txt\n",
            "FROM python:3.12\nRUN uv export --locked --no-default-groups --no-emit-project -q -o requirements.txt && "
            "uv pip install --system -r requirements.txt\n",
        ),
        (
            "Dockerfile",
            "FROM python:3.12\nRUN X=1 uv pip sync requirements.txt\nRUN uv pip install requests\n",
            "FROM python:3.12\nRUN X=1 uv export --locked --no-default-groups --no-emit-project -q -o requirements.txt "
            "&& X=1 uv pip sync requirements.txt\nRUN uv pip install requests\n",
        ),
    ],
)
def test_uvs_own_pip_reads_lists_as_pip_does(path: str, before: str, after: str | None) -> None:
    found, asked = rewritten(path, before)
    assert found.replace("COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/\n", "") == (after or before)
    assert not [text for text in asked if "by hand" in text]


JENKINS = """
stage('a') {{
    steps {{
        dir("infra/misc") {{
            sh 'pip install -r requirements.txt'
            dir('deep') {{ sh 'pip install -r requirements.txt' }}
        }}
        sh '{}'
    }}
}}
"""


def test_a_jenkinsfile_goes_into_folders() -> None:
    """What is installed there is another list."""
    others = {"infra/misc/requirements.txt": "ovh\n", "infra/misc/deep/requirements.txt": "x\n"}
    after, _ = rewritten("Jenkinsfile", JENKINS.format("pip install -r requirements.txt"), **others)
    assert after == JENKINS.format(f"{UV} && {SYNC}")


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("source $here/$virtualenvPath", " --active"),
        ('. "$VENV_ACTIVATE"', " --active"),
        ("source $here/settings.sh", ""),
        ("#source $here/$virtualenvPath", ""),
        ("source .venv/bin/activate", ""),
        ("source venv/bin/activate", " --active"),
    ],
)
def test_an_environment_that_a_variable_names_is_filled(line: str, option: str) -> None:
    after, _ = rewritten("install.sh", f"{line}\npip install -r requirements.txt\n")
    assert after == f"{line}\nuv sync{option}\n"


def test_a_part_of_a_makefile_runs_where_that_lies() -> None:
    text = "install:\n\tpip install -r requirements.txt\nrun:\n\tpython tools/x.py\n"
    after, _ = rewritten("makefiles/server.mk", text, **{"requirements.txt": "fastapi\n", "tools/x.py": ""})
    assert after == "install:\n\tuv sync\nrun:\n\tuv run python tools/x.py\n"


@pytest.mark.parametrize(("path", "keeps"), [("ci.sh", " --inexact"), ("Makefile", "")])
def test_a_sync_keeps_the_extras_of_one_before_it(path: str, keeps: str) -> None:
    manifest = f'{PROJECT}[project.optional-dependencies]\nmaps = ["geopandas"]\n'
    text = "a:\n\tpip install .[maps]\nb:\n\tpip install -r requirements.txt\n"
    text = text if path == "Makefile" else "pip install .[maps]\npip install -r requirements.txt\n"
    after, _ = rewritten(path, text, **{"pyproject.toml": manifest})
    assert "uv sync --extra maps\n" in after
    assert after.endswith(f"uv sync{keeps}\n")


def test_a_development_container_has_what_ran_before_in_it() -> None:
    text = (
        '{\n  "postStartCommand": "pytest",\n  "postCreateCommand": "pip install -r requirements.txt",\n'
        '  "updateContentCommand": {"a": "pip install -r requirements.txt"},\n  "onCreateCommand": "pytest"\n}\n'
    )
    assert rewritten(".devcontainer/devcontainer.json", text)[0] == (
        f'{{\n  "postStartCommand": "uv run pytest",\n  "postCreateCommand": "{SYNC}",\n'
        f'  "updateContentCommand": {{"a": "{UV} && {SYNC}"}},\n  "onCreateCommand": "pytest"\n}}\n'
    )
