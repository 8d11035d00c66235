"""With which Python the jobs of CI go on running."""

from __future__ import annotations

import pytest

from trueup.model.operation import RewriteCommands
from trueup.model.python import floor_for
from trueup.model.tree import MemoryTree
from trueup.plan.rewrite_commands import rewrite_commands
from trueup.read.project import of

PROJECT = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = ["fastapi", "pytest"]\n'
STEP = "jobs:\n  t:\n    steps:\n      - uses: actions/setup-python@v5\n        with:\n          python-version: {}\n"
RUNS = "      - run: pip install -r requirements.txt\n      - run: pytest\n"
REFUSED = "Python 3.9 is set up here, and requires-python is >=3.10: uv does not run the project with that"


def rewritten(path: str, text: str, pin: str = "3.12\n", **more: str) -> tuple[str, list[tuple[int, str]]]:
    files = {"pyproject.toml": PROJECT, "src/shop/__init__.py": "", path: text, **more}
    tree = MemoryTree({**files, ".python-version": pin} if pin else files)
    lowered = rewrite_commands(of(tree), tree, RewriteCommands("X", path))
    after = lowered.changes[0].content.decode() if lowered.changes else text  # type: ignore[union-attr]
    return after, [(item.line, item.text) for item in lowered.questions]


@pytest.mark.parametrize(
    ("version", "pin", "option", "told"),
    [
        ('"3.11"', "3.12\n", " --python 3.11", []),
        ('"3.12"', "3.12.4\n", "", []),
        ('"3.11"', "", "", []),
        ("3.x", "3.12\n", "", []),
        ('"3.9"', "3.12\n", "", [(6, REFUSED)]),
        ("${{ matrix.py }}", "3.12\n", " --python ${{ matrix.py }}", []),
    ],
)
def test_a_job_keeps_the_python_that_it_sets_up(
    version: str, pin: str, option: str, told: list[tuple[int, str]]
) -> None:
    after, asked = rewritten(".github/workflows/a.yml", STEP.format(version) + RUNS, pin)
    assert after.endswith(f"&& uv sync --locked{option}\n      - run: uv run{option} pytest\n")
    assert asked == told


@pytest.mark.parametrize(
    ("above", "version", "option"),
    [
        ('env:\n  PYTHON_VERSION: "3.11"\n', "python-version: ${{ env.PYTHON_VERSION }}", "${{ env.PYTHON_VERSION }}"),
        ('env:\n  PYTHON_VERSION: "3.12"\n', "python-version: ${{ env.PYTHON_VERSION }}", ""),
        ('env:\n  PYTHON_VERSION: "3.11"\n', "python-version: 3.x", ""),
        (
            "on:\n  workflow_call:\n    inputs:\n      py:\n        type: string\n        default: '3.11'\n",
            "python-version: ${{ inputs.py }}",
            "${{ inputs.py }}",
        ),
        (
            "on:\n  workflow_call:\n    inputs:\n      py:\n        type: string\n",
            "python-version: ${{ inputs.py }}",
            "",
        ),
        ("", "python-version-file: ./runtime.txt", "3.11"),
        ("", "python-version-file: .python-version", ""),
    ],
)
def test_what_names_the_python_of_a_job_elsewhere(above: str, version: str, option: str) -> None:
    text = above + STEP.replace("python-version: {}", version) + RUNS
    after, asked = rewritten(".github/workflows/a.yml", text, **{"runtime.txt": "python-3.11.4\n"})
    option = option and f" --python {option}"
    assert after.endswith(f"&& uv sync --locked{option}\n      - run: uv run{option} pytest\n")
    assert asked == []


def test_a_version_of_a_matrix_that_the_project_refuses_is_told() -> None:
    text = STEP.format("${{ matrix.python }}").replace(
        "steps:", 'strategy:\n      matrix:\n        python: ["3.9", "3.12"]\n    steps:'
    )
    _, asked = rewritten(".github/workflows/a.yml", text + RUNS)
    assert asked == [(5, REFUSED)]
    _, asked = rewritten(".github/workflows/a.yml", text + RUNS.replace("-r requirements.txt", "black"))
    assert (5, REFUSED) not in asked  # uv does nothing in that job


@pytest.mark.parametrize(
    ("above", "image", "option"),
    [
        ("", "  image: python:3.11\n", " --python 3.11"),
        ("image: python:3.11\n", "", " --python 3.11"),
        ("default:\n  image: python:3.11-slim\n", "", " --python 3.11"),
        ("image: python:3.11\n", "  image: python:3.12\n", ""),
        ("other:\n  image: python:3.11\n", "", ""),
    ],
)
def test_the_image_of_a_job_of_gitlab_is_its_python(above: str, image: str, option: str) -> None:
    text = f"{above}t:\n{image}  script:\n    - pip install -r requirements.txt\n    - pytest\n"
    after, _ = rewritten(".gitlab-ci.yml", text)
    assert after.endswith(f"&& uv sync --locked{option}\n    - uv run{option} pytest\n")


def test_several_versions_that_no_option_tells_apart_are_told() -> None:
    text = 'jobs:\n  t:\n    strategy:\n      matrix:\n        python: ["3.10", "3.12"]\n    container: python:${{ matrix.python }}\n    steps:\n'
    after, asked = rewritten(".github/workflows/a.yml", text + RUNS)
    assert after.endswith("&& uv sync --locked\n      - run: uv run pytest\n")
    assert asked == [(5, "Python 3.10 and 3.12 are set up here, and uv takes 3.12 in all: give it `--python`")]
    text = "python:\n  - '3.10'\n  - '3.12'\ninstall: pip install -r requirements.txt\nscript: pytest\n"
    after, asked = rewritten(".travis.yml", text)
    assert after.endswith(
        "uv sync --locked --python $TRAVIS_PYTHON_VERSION\nscript: uv run --python $TRAVIS_PYTHON_VERSION pytest\n"
    )
    assert asked == []


def test_the_matrix_of_azure_is_used() -> None:
    text = (
        "strategy:\n  matrix:\n    a:\n      python.version: '3.10'\n    b:\n      python.version: '3.12'\nsteps:\n"
        "- task: UsePythonVersion@0\n  inputs:\n    versionSpec: '$(python.version)'\n"
        "- script: pip install -r requirements.txt\n- script: pytest\n"
    )
    after, asked = rewritten("azure-pipelines.yml", text)
    assert after.endswith(
        "uv sync --locked --python $(python.version)\n- script: uv run --python $(python.version) pytest\n"
    )
    assert asked == []
    project = of(MemoryTree({"requirements.txt": "fastapi\n", "app.py": "", "azure-pipelines.yml": text}))
    assert floor_for(project) == "3.10"


@pytest.mark.parametrize(
    ("path", "text", "option"),
    [
        (
            ".gitlab-ci.yml",
            "t:\n  image: python:${PY}-slim\n  parallel:\n    matrix:\n      - PY: ['3.10', '3.12']\n  script:\n    - {}\n    - {}\n",
            "${PY}",
        ),
        (
            ".circleci/config.yml",
            "jobs:\n  t:\n    parameters: {python-version: {type: string}}\n    docker:\n"
            "      - image: cimg/python:<< parameters.python-version >>\n    steps:\n      - run: {}\n      - run: {}\n"
            "workflows:\n  w:\n    jobs:\n      - t:\n          matrix:\n            parameters:\n              python-version: ['3.10', '3.12']\n",
            "<< parameters.python-version >>",
        ),
        (
            ".woodpecker.yml",
            "matrix:\n  PYTHON_VERSION:\n    - '3.10'\n    - '3.12'\nsteps:\n  t:\n    image: python:${PYTHON_VERSION}\n"
            "    commands:\n      - {}\n      - {}\n",
            "${PYTHON_VERSION}",
        ),
    ],
)
def test_the_matrix_of_an_image_is_used(path: str, text: str, option: str) -> None:
    def written(install: str, run: str) -> str:
        return text.replace("{}", install, 1).replace("{}", run, 1)

    after, asked = rewritten(path, written("pip install -r requirements.txt", "pytest"))
    synced = f"pip install uv==0.13.9 && uv sync --locked --python {option}"
    assert after == written(synced, f"uv run --python {option} pytest")
    assert asked == []
    project = of(MemoryTree({"requirements.txt": "fastapi\n", "app.py": "", path: text}))
    assert floor_for(project) == "3.10"


@pytest.mark.parametrize(
    ("above", "tag", "option"),
    [
        ("", "$CI_COMMIT_SHA", ""),
        ("", "${TAG}", ""),
        ("", "$PYTHON_VERSION", " --python $PYTHON_VERSION"),
        ("variables:\n  TAG: '3.11'\n", "$TAG", " --python $TAG"),
        ("variables:\n  PYTHON: 3.11-slim\n", "${PYTHON}", ""),
    ],
)
def test_the_tag_of_an_image_of_ones_own_is_no_python(above: str, tag: str, option: str) -> None:
    text = f"{above}t:\n  image: registry.test/python:{tag}\n  script:\n    - pip install -r requirements.txt\n    - pytest\n"
    after, _ = rewritten(".gitlab-ci.yml", text)
    assert after.endswith(f"&& uv sync --locked{option}\n    - uv run{option} pytest\n")


CIRCLE = (
    "executors:\n  py:\n    docker:\n      - image: cimg/python:{}\ncommands:\n  in:\n    steps:\n"
    "      - run: pip install -r requirements.txt\njobs:\n  t:\n{}    steps:\n{}      - run: pytest\n"
)
INSTALLS = "      - run: pip install -r requirements.txt\n"


@pytest.mark.parametrize(
    ("tag", "job", "steps", "option"),
    [
        ("3.11", "    executor: py\n", INSTALLS, " --python 3.11"),
        ("3.12", "    executor: py\n", INSTALLS, ""),
        ("3.11", "    executor:\n      name: py\n", INSTALLS, " --python 3.11"),
        ("3.11", "    executor: py\n", "      - in\n", " --python 3.11"),
        ("3.11", "    docker:\n      - image: cimg/python:3.10\n", INSTALLS, " --python 3.10"),
        ("<< parameters.v >>", "    executor: {name: py, v: << parameters.v >>}\n", INSTALLS, ""),
        (
            "<< parameters.py >>",
            "    executor:\n      name: py\n      py: << parameters.py >>\n",
            INSTALLS,
            " --python << parameters.py >>",
        ),
        ("<< parameters.py >>", "    executor:\n      name: py\n      py: '3.11'\n", INSTALLS, " --python 3.11"),
    ],
)
def test_a_job_of_circleci_has_the_python_of_its_executor(tag: str, job: str, steps: str, option: str) -> None:
    after, _ = rewritten(".circleci/config.yml", CIRCLE.format(tag, job, steps))
    assert after.endswith(f"      - run: uv run{option} pytest\n")
    assert steps != INSTALLS or f"      - run: pip install uv==0.13.9 && uv sync --locked{option}\n" in after


@pytest.mark.parametrize(
    ("above", "job", "after"),
    [
        (".b:\n  image: python:3.11\n", "  extends: .b\n  script:\n    - {}\n", "{uv}uv sync --locked --python 3.11"),
        (
            ".b:\n  image: python:3.11\n",
            "  extends:\n    - .b\n  script:\n    - {}\n",
            "{uv}uv sync --locked --python 3.11",
        ),
        (".b: &b\n  image: python:3.11\n", "  <<: *b\n  script:\n    - {}\n", "{uv}uv sync --locked --python 3.11"),
        (".b:\n  image: python:3.11\n", "  script:\n    - {}\n", "{uv}uv sync --locked"),
        (".b:\n  script:\n    - {}\n", "  script:\n    - {}\n", "{uv}uv sync --locked"),
        (".b:\n  before_script:\n    - {}\n", "  extends: .b\n  script:\n    - {}\n", "uv sync --locked"),
        ("before_script:\n  - {}\n", "  script:\n    - {}\n", "uv sync --locked"),
        ("before_script:\n  - {}\n", "  before_script: []\n  script:\n    - {}\n", "{uv}uv sync --locked"),
        (
            ".b:\n  before_script:\n    - {}\n",
            "  before_script:\n    - !reference [.b, before_script]\n  script:\n    - {}\n",
            "uv sync --locked",
        ),
    ],
)
def test_a_job_of_gitlab_has_what_it_extends(above: str, job: str, after: str) -> None:
    text = (above + "t:\n" + job).replace("{}", "pip install -r requirements.txt")
    assert rewritten(".gitlab-ci.yml", text)[0].endswith(f"    - {after.format(uv='pip install uv==0.13.9 && ')}\n")
    later = ("t:\n" + job + above).replace("{}", "pip install -r requirements.txt")
    assert f"    - {after.format(uv='pip install uv==0.13.9 && ')}\n" in rewritten(".gitlab-ci.yml", later)[0]
