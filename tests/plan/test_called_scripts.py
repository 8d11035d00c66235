"""Targets and scripts that are called beside ``uv sync``, and start programs of the environment by their names."""

import pytest

from trueup.model.operation import RewriteCommands
from trueup.model.settings import Settings
from trueup.model.tree import MemoryTree, Overlay
from trueup.plan.plan import make
from trueup.plan.rewrite_commands import rewrite_commands
from trueup.read.project import of
from trueup.steps import Bench

PROJECT = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi", "alembic"]\n'
CI = "jobs:\n  t:\n    steps:\n      - run: pip install -r requirements.txt\n      - run: {}\n"
BRINGS = "pip install uv==0.13.9"
SYNCED = f"{BRINGS} && uv sync --locked"
MAKE = (
    "PYTHON ?= venv/bin/python\nstart: test\nall: clean check\ncheck: deep\ndeep:\n\tsh scripts/test.sh\ntest:\n\tpytest\n"
    'clean:\n\trm -f x\nold:\n\t$(PYTHON) -m pytest\nbuild:\n\tdocker compose exec app sh -c "pytest"\n'
)
FILES = {
    "Makefile": MAKE,
    "scripts/test.sh": "#!/bin/sh\nset -e\nalembic upgrade head\n",
    "scripts/run": "#!/bin/sh\nuvicorn shop:app\n",
    "scripts/own.sh": "#!/bin/sh\npip install -r requirements.txt\npytest\n",
    "scripts/enters.sh": "#!/bin/sh\n. .venv/bin/activate\npytest\n",
    "scripts/other.sh": "#!/bin/sh\nls\n",
    "web/Makefile": "test:\n\tnpm test\n",
}


def rewritten(path: str, text: str) -> str:
    tree = MemoryTree({"pyproject.toml": PROJECT, "src/shop/__init__.py": "", **FILES, path: text})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", path))
    assert not lowered.questions
    return lowered.changes[0].content.decode() if lowered.changes else text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("make test", "uv run make test"),
        ("make", "uv run make"),
        ("A=1 make -s all X=1", "A=1 uv run make -s all X=1"),
        ("sh scripts/test.sh", "uv run sh scripts/test.sh"),
        ("bash -e ./scripts/test.sh -q", "uv run bash -e ./scripts/test.sh -q"),
        ("./scripts/run", "uv run ./scripts/run"),
        ("cd scripts && ./test.sh", "cd scripts && uv run ./test.sh"),
        *(
            (same, same)
            for same in (
                *("make clean", "make old", "make build", "make nothing", "make -C web test", "make -f x test"),
                *("sh scripts/own.sh", "sh scripts/enters.sh", "sh scripts/other.sh", "sh absent.sh", "echo test.sh"),
                *("cat scripts/test.sh", "bash -c 'ls'"),
            )
        ),
    ],
)
def test_what_ci_calls_finds_its_programs(before: str, after: str) -> None:
    path = ".github/workflows/ci.yml"
    wanted = CI.replace("pip install -r requirements.txt", SYNCED).format(after)
    assert rewritten(path, CI.format(before)) == wanted


def test_scripts_of_a_makefile_find_theirs() -> None:
    text = "install:\n\tpip install -r requirements.txt\nrun:\n\tsh scripts/test.sh\n"
    after = text.replace("pip install -r requirements.txt", "uv sync").replace("sh scripts", "uv run sh scripts")
    assert rewritten("Makefile", text) == after
    ci = CI.format("make run")
    tree = MemoryTree({"pyproject.toml": PROJECT, **FILES, "Makefile": text, ".github/workflows/a.yml": ci})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", ".github/workflows/a.yml"))
    assert lowered.changes[0].content.decode().endswith("run: make run\n")  # type: ignore[union-attr]


def test_scripts_that_call_each_other_end() -> None:
    more = {"a.sh": "sh b.sh\n", "b.sh": "sh a.sh\n", "x.mk": "", "Makefile": "a: b\nb: a\n\tls\n"}
    text = CI.format("sh a.sh && make")
    tree = MemoryTree({"pyproject.toml": PROJECT, **more, ".github/workflows/a.yml": text})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", ".github/workflows/a.yml"))
    assert lowered.changes[0].content.decode().endswith("run: sh a.sh && make\n")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("sudo uvicorn shop:app", "sudo .venv/bin/uvicorn shop:app"),
        ("sudo -E python3.12 -m pytest", "sudo -E .venv/bin/python -m pytest"),
        ("sudo -u www python main.py", "sudo -u www .venv/bin/python main.py"),
        ("cd docs && sudo pytest", "cd docs && sudo ../.venv/bin/pytest"),
        ("cd $X && sudo pytest", "cd $X && sudo uv run pytest"),
        ("cd .. && sudo pytest", "cd .. && sudo uv run pytest"),
        ("env A=1 pytest", "env A=1 uv run pytest"),
        ("sudo env PATH=$PATH pytest", "sudo env PATH=$PATH .venv/bin/pytest"),
        ("sudo apt-get install x", "sudo apt-get install x"),
    ],
)
def test_root_starts_what_the_environment_has_by_its_path(before: str, after: str) -> None:
    assert rewritten(".github/workflows/ci.yml", CI.format(before)) == CI.replace(
        "pip install -r requirements.txt", SYNCED
    ).format(after)


@pytest.mark.parametrize(
    ("run", "told"),
    [
        ("sudo make all", True),
        ("sudo make other", False),
        ("sudo make a.x", True),
        ("make all", False),
        ("sudo ./deploy.sh", True),
        ("sudo poetry run pytest", True),
        ("sudo -E uv run pytest", True),
        ("sudo sh -c 'uv sync && ls'", True),
        ("sudo apt-get install uv", False),
        ("sudo chown -R uv .", False),
        ("sudo mv uv /usr/local/bin", False),
        ("sudo ls", False),
    ],
)
def test_what_runs_uv_as_root_is_told(run: str, told: bool) -> None:
    recipes = "all::\n\tpip install -r requirements.txt\n$(X): ; pytest\nother:\n\tls\n%.x: all\n\tls\n"
    files = {
        "requirements.txt": "fastapi\npytest\n",
        "main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
        "Makefile": recipes,
        "deploy.sh": "pip install -r requirements.txt\npytest\n",
        "a.sh": f"pip install -r requirements.txt\n{run}\n",
    }
    tree = MemoryTree(files)
    questions = make(Bench(project := of(tree, Settings(), "shop")), project.tree).questions
    assert [item.path for item in questions if "as root" in item.text] == (["a.sh"] if told else [])


def test_a_recipe_belongs_to_the_rule_above_it() -> None:
    text = "test:\n\tls\n$(X):\n\tpytest\nall:: a.x\n%.x:\n\tpytest\n.PHONY: test\n"
    for run, after in (("make test", "make test"), ("make all", "uv run make all"), ("make", "make")):
        tree = {"Makefile": text, ".github/workflows/ci.yml": CI.format(run)}
        project = of(MemoryTree({"pyproject.toml": PROJECT, **tree}))
        lowered = rewrite_commands(project, project.tree, RewriteCommands("X", ".github/workflows/ci.yml"))
        assert lowered.changes[0].content.decode().endswith(f"- run: {after}\n")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("recipe", "steps", "after"),
    [
        (
            "pip install -r requirements.txt",
            ["make install", "python -c 1", "python -m pip show x", "make test", "ls"],
            [f"{BRINGS} && make install", "uv run python -c 1", "uv pip show x", "make test", "ls"],
        ),
        ("sh install.sh", ["make", "pytest -q"], [f"{BRINGS} && make", "uv run pytest -q"]),
        ("sh install.sh", ["make test", "pytest -q"], ["make test", "pytest -q"]),
        (
            "env/bin/pip install -r requirements.txt",
            ["make install", "python -c 1"],
            [f"{BRINGS} && make install", "python -c 1"],
        ),
        (
            "docker compose exec web pip install -r requirements.txt",
            ["make install", "pytest"],
            ["make install", "pytest"],
        ),
        ("pip install tox", ["make install", "tox"], ["make install", "tox"]),
    ],
)
def test_a_job_that_only_calls_what_installs_gets_uv(recipe: str, steps: list[str], after: list[str]) -> None:
    makefile = f"install:\n\t{recipe}\ntest:\n\tpython -m pytest\n"
    files = {"Makefile": makefile, "install.sh": "pip install -r requirements.txt\n", "requirements.txt": "fastapi\n"}
    path, jobs = ".github/workflows/ci.yml", "jobs:\n  t:\n    steps:\n" + "      - run: {}\n" * len(steps)
    tree = MemoryTree({"pyproject.toml": PROJECT, "src/shop/__init__.py": "", **files, path: jobs.format(*steps)})
    called = "install.sh" if recipe == "sh install.sh" else "Makefile"
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", called))
    assert Overlay(tree, lowered.changes).text(path) == jobs.format(*after)
    assert not [question for question in lowered.questions if question.path == path]


def test_a_job_of_another_python_is_told_of_what_it_calls() -> None:
    job = (
        "jobs:\n  t:\n    steps:\n      - uses: actions/setup-python@v5\n        with:\n          python-version: {}\n"
    )
    ci = job.format("${{ matrix.python }}") + "      - run: make install\n"
    files = {"Makefile": "install:\n\tpip install -r requirements.txt\n", ".github/workflows/ci.yml": ci}
    tree = MemoryTree({"pyproject.toml": PROJECT, "requirements.txt": "fastapi\n", **files})
    (question,) = rewrite_commands(of(tree), tree, RewriteCommands("X", "Makefile")).questions
    assert (question.path, question.line) == (".github/workflows/ci.yml", 7)


@pytest.mark.parametrize(
    ("uses", "run"), [("./.github/actions/setup", "uv run pytest"), ("./.github/actions/x", "pytest")]
)
def test_a_job_that_uses_an_action_of_its_own_has_what_that_brings(uses: str, run: str) -> None:
    action = "runs:\n  using: composite\n  steps:\n    - run: pip install -r requirements.txt\n      shell: bash\n"
    job = "jobs:\n  t:\n    steps:\n      - uses: {}\n      - run: {}\n"
    path, other = ".github/actions/setup/action.yml", ".github/workflows/a.yml"
    files = {"pyproject.toml": PROJECT, "src/shop/__init__.py": "", path: action, other: job.format(uses, "pytest")}
    tree = MemoryTree(files)
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", path))
    assert Overlay(tree, lowered.changes).text(other) == job.format(uses, run)
