"""Commands that fill another environment than uv's own, in the words of each file's shell."""

import pytest

from trueup.model.operation import RewriteCommands
from trueup.model.tree import MemoryTree
from trueup.plan.environment_commands import ENVIRONMENT, tell_units
from trueup.plan.rewrite_commands import rewrite_commands
from trueup.read.project import of

PROJECT = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi"]\n'
LIST = "-r requirements.txt"
HOW = f"name that, or give it {ENVIRONMENT}"
FILLED = "UV_PROJECT_ENVIRONMENT=venv uv sync"


def rewritten(path: str, text: str) -> str:
    tree = MemoryTree({"pyproject.toml": PROJECT, "src/shop/__init__.py": "", path: text})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", path))
    return lowered.changes[0].content.decode() if lowered.changes else text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.sh", f"venv/bin/pip install {LIST}\n", f"{FILLED}\n"),
        ("a.sh", f"A=1 venv/bin/pip install {LIST}\n", f"A=1 {FILLED}\n"),
        ("a.sh", f'"$V"/bin/pip install {LIST}\n', 'UV_PROJECT_ENVIRONMENT="$V" uv sync\n'),
        ("a.sh", f'"$V/my env/bin/pip" install {LIST}\n', 'UV_PROJECT_ENVIRONMENT="$V/my env" uv sync\n'),
        ("a.sh", f". venv/bin/activate\npip install {LIST}\n", ". venv/bin/activate\nuv sync --active\n"),
        ("a.sh", f"cd docs\n../venv/bin/pip install {LIST}\n", f"cd docs\n{FILLED}\n"),
        ("a.sh", f"cd docs\n../.venv/bin/pip install {LIST}\n", "cd docs\nuv sync\n"),
        ("a.sh", f"cd docs\nvenv/bin/pip install {LIST}\n", "cd docs\nUV_PROJECT_ENVIRONMENT=docs/venv uv sync\n"),
        ("a.sh", f"cd $D\nvenv/bin/pip install {LIST}\n", f"cd $D\n{FILLED}\n"),
        ("a.sh", f"../venv/bin/pip install {LIST}\n", "UV_PROJECT_ENVIRONMENT=../venv uv sync\n"),
        ("a.sh", f"cd a\n../../.venv/bin/pip install {LIST}\n", "cd a\nUV_PROJECT_ENVIRONMENT=../.venv uv sync\n"),
        ("a.bat", f"cd a\\b\n..\\..\\.venv\\Scripts\\pip install {LIST}\n", "cd a\\b\nuv sync\n"),
        ("a.sh", f"# . venv/bin/activate\npip install {LIST}\n", "# . venv/bin/activate\nuv sync\n"),
        (
            "a.sh",
            f"venv/bin/pip install -U pip\nweb/bin/pip install -U pip\nvenv/bin/pip install {LIST}\n",
            f"web/bin/pip install -U pip\n{FILLED}\n",
        ),
        ("a.ps1", f"& .\\venv\\Scripts\\pip install {LIST}\n", '$env:UV_PROJECT_ENVIRONMENT = "venv"; uv sync\n'),
        ("a.bat", f"venv\\Scripts\\pip install {LIST}\n", 'set "UV_PROJECT_ENVIRONMENT=venv" && uv sync\n'),
        ("README.md", f"```\nvenv\\Scripts\\pip install {LIST}\n```\n", "```\nuv sync\n```\n"),
        *(
            ("README.md", f"{block}\nvenv\\Scripts\\python.exe -m pip install {LIST}\n```\n", f"{block}\n{said}\n```\n")
            for block, said in (
                ("```bash\nls\n```\n```powershell", '$env:UV_PROJECT_ENVIRONMENT = "venv"; uv sync'),
                ("~~~ PowerShell\nls\n~~~\n``` {.bat}", 'set "UV_PROJECT_ENVIRONMENT=venv" && uv sync'),
                ("```powershell\nls\n```\n\n```", "uv sync"),
            )
        ),
        ("README.md", f"```ps1\n.venv\\Scripts\\pip install {LIST}\n```\n", "```ps1\nuv sync\n```\n"),
        (
            "README.rst",
            f".. code-block:: pwsh\n\n    cd a\n    ..\\..\\.venv\\Scripts\\pip install {LIST}\n",
            '.. code-block:: pwsh\n\n    cd a\n    $env:UV_PROJECT_ENVIRONMENT = "..\\.venv"; uv sync\n',
        ),
        (
            "a.service",
            f"[Service]\nExecStartPre=/srv/venv/bin/pip install {LIST}\n",
            "[Service]\nExecStartPre=/usr/bin/env UV_PROJECT_ENVIRONMENT=/srv/venv uv sync\n",
        ),
        (
            "Makefile",
            f".PHONY: requirements.txt\na: requirements.txt b\n\tvenv/bin/pip install {LIST}\n"
            f"c: requirements.txt ; venv/bin/pip install {LIST}\nd: requirements.txt\n\tpip install -r $<\n",
            f".PHONY: requirements.txt\na: pyproject.toml uv.lock b\n\t{FILLED}\n"
            f"c: pyproject.toml uv.lock ; {FILLED}\nd: requirements.txt\n\tpip install -r $<\n",
        ),
    ],
)
def test_what_pip_filled_uv_fills(path: str, before: str, after: str) -> None:
    assert rewritten(path, before) == after


@pytest.mark.parametrize(
    ("block", "then", "told"),
    [
        ("", "venv\\Scripts\\python -m shop", True),
        ("powershell", "venv\\Scripts\\python -m shop", False),
        ("", "venv\\Scripts\\uvicorn shop:app", True),
        ("", ".venv\\Scripts\\python -m shop", False),
        ("", "venv/bin/python -m shop", False),
    ],
)
def test_an_environment_of_windows_that_nothing_fills_is_told(block: str, then: str, told: bool) -> None:
    text = f"```{block}\nvenv\\Scripts\\pip install {LIST}\n{then}\n```\n"
    tree = MemoryTree({"pyproject.toml": PROJECT, "src/shop/__init__.py": "", "README.md": text})
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", "README.md"))
    assert [question.line for question in lowered.questions] == ([2] if told else [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("P := ~/.poetry/bin/poetry\na:\n\t$(P) run pytest\n", "P := ~/.poetry/bin/poetry\na:\n\tuv run pytest\n"),
        ("R = poetry run\nA = $(R) alembic\na:\n\t$(A) head\n", "R = uv run\nA = $(R) alembic\na:\n\t$(A) head\n"),
        ("R ?= $(HOME)/.local/bin/poetry run black\na:\n\t$(R) .\n", "R ?= uv run black\na:\n\t$(R) .\n"),
        ('a:\n\t"$(HOME)/bin/poetry" -n run black .\n', "a:\n\tuv run black .\n"),
        ("a:\n\tpython3 -m poetry run black .\n", "a:\n\tuv run black .\n"),
        ("R = $(shell which poetry) run\n", "R = $(shell which poetry) run\n"),
        ("R = poetry running\n", "R = poetry running\n"),
        ("a:\n\t./bin/poetry run black .\n", "a:\n\t./bin/poetry run black .\n"),
    ],
)
def test_a_manager_is_known_behind_a_path_and_a_name(before: str, after: str) -> None:
    assert rewritten("Makefile", before) == after


def test_what_is_installed_beside_a_sync_goes_where_pip_put_it() -> None:
    text = f"cd docs\n../venv/bin/pip install {LIST}\n../venv/bin/pip install sphinx-book-theme\n"
    said = f"cd docs\n{FILLED}\nuv pip install --python ../venv sphinx-book-theme\n"
    assert rewritten("a.sh", text) == said


@pytest.mark.parametrize(
    ("own", "after"),
    [
        ("", "uv run ruff check"),
        ("deps = ruff\n", "ruff check"),
        ("commands_pre = poetry install\n", "ruff check"),
        ("commands_pre = poetry --no-interaction install\n", "ruff check"),
        ("commands_pre = python -m pip -q install ruff\n", "ruff check"),
        ("commands_pre = {[testenv]commands}\n", "ruff check"),
        ("commands_pre = {[testenv]deps}\n", "uv run ruff check"),
        ("skip_install = true\n", "uv run ruff check"),
    ],
)
def test_what_an_environment_of_tox_has_not_uv_finds(own: str, after: str) -> None:
    text = "[testenv]\nallowlist_externals = poetry\ncommands =\n    poetry install\n[testenv:lint]\n"
    before = f"{text}{own}commands = poetry run ruff check\n"
    found = rewritten("tox.ini", before)
    assert "allowlist_externals = uv\n" in found
    assert found.endswith(f"\ncommands = {after}\n")
    every = before.replace("commands =\n    poetry install\n", "deps = -r requirements.txt\n")
    assert rewritten("tox.ini", every).endswith("\ncommands = ruff check\n")


@pytest.mark.parametrize(
    ("own", "runs", "after"),
    [
        ("", "fastapi run", "fastapi run"),
        ("", "python -m fastapi run", "python -m fastapi run"),
        ("", "python -m shop.main", "python -m shop.main"),
        ("", "python main.py", "python main.py"),
        ("", "python -m pytest", "uv run python -m pytest"),
        ("skip_install = true\n", "fastapi run", "uv run fastapi run"),
        ("package = skip\n", "fastapi run", "uv run fastapi run"),
    ],
)
def test_what_tox_installs_with_the_package_is_there(own: str, runs: str, after: str) -> None:
    text = f"[tox]\nisolated_build = true\n[testenv]\n{own}commands = "
    assert rewritten("tox.ini", f"{text}poetry run {runs}\n") == f"{text}{after}\n"
    text = f"[tox]\nskipsdist = True\n[testenv]\n{own}commands = "
    assert rewritten("tox.ini", f"{text}poetry run fastapi run\n") == f"{text}uv run fastapi run\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("TOOLS = black \\\n\tpytest\nb:\n\tpytest\n", "TOOLS = black \\\n\tpytest\nb:\n\tuv run pytest\n"),
        ("b: one \\\n    pytest\n\tpytest\n", "b: one \\\n    pytest\n\tuv run pytest\n"),
        ("b: one  # two; pytest\n", "b: one  # two; pytest\n"),
        ("$(X:.c=.o) b: one ; pytest\n", "$(X:.c=.o) b: one ; uv run pytest\n"),
        ("b: X = http://x; pytest\n", "b: X = http://x; pytest\n"),
        ("X := $(shell a; pytest)\n", "X := $(shell a; uv run pytest)\n"),
        ("X = $(shell \\\n  pytest) $(Y)\n", "X = $(shell \\\n  uv run pytest) $(Y)\n"),
        ("b: one\n\techo $(shell pytest) $(pytest x)\n", "b: one\n\techo $(shell uv run pytest) $(uv run pytest x)\n"),
        ("X = $(notshell pytest)\n", "X = $(notshell pytest)\n"),
        ("b c d:: one; @pytest\n", "b c d:: one; @uv run pytest\n"),
    ],
)
def test_what_is_a_recipe_of_make(before: str, after: str) -> None:
    text = "a:\n\tpip install -r requirements.txt\n"
    assert rewritten("Makefile", text + before) == "a:\n\tuv sync\n" + after


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("a b: requirements.txt", "a b: pyproject.toml uv.lock"),
        ("a:: x requirements.txt", "a:: x pyproject.toml uv.lock"),
        ("$(X:.c=.o): requirements.txt", "$(X:.c=.o): pyproject.toml uv.lock"),
        (".venv: requirements.txt", ".venv: pyproject.toml uv.lock"),
        ("a: x \\\n    requirements.txt", "a: x \\\n    pyproject.toml uv.lock"),
        (".PHONY: requirements.txt", ".PHONY: requirements.txt"),
        ("X := requirements.txt", "X := requirements.txt"),
        ("a: X = requirements.txt", "a: X = requirements.txt"),
    ],
)
def test_what_a_target_of_make_hangs_on(head: str, said: str) -> None:
    text = "{}\nb:\n\t{}\n"
    assert rewritten("Makefile", text.format(head, f"pip install {LIST}")) == text.format(said, "uv sync")


@pytest.mark.parametrize(
    ("path", "text", "below", "folder"),
    [
        ("package.json", '{"scripts": {"a": "venv/bin/uvicorn x:app"}}\n', "", "venv"),
        ("package.json", '{"scripts": {"a": ".venv/bin/uvicorn x:app"}}\n', "", ""),
        ("../package.json", '{"scripts": {"a": "cd api && ../.venv/bin/python x.py"}}\n', "api", "../.venv"),
        ("../package.json", '{"scripts": {"a": ".venv/bin/python api/x.py"}}\n', "api", "../.venv"),
        ("../package.json", '{"scripts": {"a": "cd api && .venv/bin/python x.py"}}\n', "api", ""),
        ("Makefile", "a:\n\tenv/bin/pytest\n", "", "env"),
        ("Makefile", "b:\n\tUV_PROJECT_ENVIRONMENT=env uv sync\na:\n\tenv/bin/pytest\n", "", ""),
        ("Makefile", "b:\n\tenv/bin/pip install tox\na:\n\tenv/bin/tox\n", "", ""),
        ("Makefile", "a:\n\ttools/bin/pytest\n", "", ""),
        ("run.service", "[Service]\nExecStart=/srv/x/venv/bin/uvicorn x:app\n", "", "/srv/x/venv"),
        ("README.md", "```\nvenv/bin/uvicorn x:app\n```\n", "", ""),
        ("ecosystem.config.js", 'a = [{script: "x.py", interpreter: "./venv/bin/python"}]\n', "", "venv"),
        ("pm2.json", '[{"script": "/opt/bin/x"}, {"interpreter": "env/bin/python", "script": "x.py"}]\n', "", "env"),
        ("ecosystem.config.json", '{"apps": [{"script": "env/bin/uvicorn"}]}\n', "", "env"),
        ("deploy/pm2.config.js", "a = [{script: 'C:\\x\\venv\\Scripts\\uvicorn.exe'}]\n", "", "C:\\x\\venv"),
        ("ecosystem.config.js", 'a = [{script: ".venv/bin/uvicorn"}, {script: "bin/x"}]\n', "", ""),
        ("ecosystem.config.js", 'a = [{\n  // interpreter: "venv/bin/python",\n}]\n', "", ""),
        (".pre-commit-config.yaml", "repos:\n- repo: local\n  hooks:\n  - {id: a, entry: env/bin/mypy}\n", "", "env"),
    ],
)
def test_what_starts_from_an_environment_that_nothing_fills_is_told(
    path: str, text: str, below: str, folder: str
) -> None:
    project = of(MemoryTree({"pyproject.toml": PROJECT, "x.py": "", "api/x.py": "", path: text}))
    project.repository = below
    told = [question.text for question in tell_units(project)]
    assert told == ([f"it starts what {folder} holds, and `uv sync` fills .venv: {HOW}={folder}"] if folder else [])


def test_what_pm2_starts_in_an_image_has_the_environment_of_the_image() -> None:
    image = 'FROM keymetrics/pm2\nCOPY ecosystem.config.js .\nCMD ["pm2-runtime", "ecosystem.config.js"]\n'
    files = {"pyproject.toml": PROJECT, "ecosystem.config.js": 'a = [{script: "venv/bin/uvicorn"}]\n'}
    assert list(tell_units(of(MemoryTree(files))))
    assert not list(tell_units(of(MemoryTree({**files, "Dockerfile": image}))))


def test_an_environment_beside_the_project_is_filled_where_it_lies() -> None:
    script = "python -m venv .venv && .venv/bin/pip install -r api/requirements.txt\n"
    tree = MemoryTree({"pyproject.toml": PROJECT, "../a.sh": script})
    project = of(tree)
    project.repository = "api"
    change = rewrite_commands(project, tree, RewriteCommands("X", "../a.sh")).changes[0]
    assert change.content.decode() == script.replace(  # type: ignore[union-attr]
        ".venv/bin/pip install -r api/requirements.txt", "UV_PROJECT_ENVIRONMENT=../.venv uv sync --project api"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("python3 -m venv venv\nsource venv/bin/activate", "python3 -m venv .venv\nsource .venv/bin/activate"),
        (
            "py -3.12 -m venv --clear env\nenv\\Scripts\\activate",
            "py -3.12 -m venv --clear .venv\n.venv\\Scripts\\activate",
        ),
        ("virtualenv ./venv\n. ./venv/bin/activate", "virtualenv ./.venv\n. ./.venv/bin/activate"),
        ("python -m venv .venv\nsource .venv/bin/activate", "python -m venv .venv\nsource .venv/bin/activate"),
        ("python -m venv tools\nsource tools/bin/activate", "python -m venv tools\nsource tools/bin/activate"),
        (
            "python -m venv /opt/venv\nls my-venv/bin/x x/venv/bin",
            "python -m venv /opt/venv\nls my-venv/bin/x x/venv/bin",
        ),
    ],
)
def test_a_document_has_its_reader_make_the_environment_that_uv_fills(before: str, after: str) -> None:
    text = "```\n{}\npip install -r requirements.txt\n```\nOr `{}`.\n"
    line, new = before.partition("\n")[2], after.partition("\n")[2]
    said = text.format(after, new).replace("pip install -r requirements.txt", "uv sync")
    assert rewritten("README.md", text.format(before, line)) == said


def test_a_document_that_fills_an_environment_by_its_path_goes_on_to_do_so() -> None:
    text = "```\npython -m venv venv\n{}\n```\n"
    before = text.format("venv/bin/pip install -r requirements.txt")
    assert rewritten("README.md", before) == text.format("UV_PROJECT_ENVIRONMENT=venv uv sync")
