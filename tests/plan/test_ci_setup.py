"""What sets another manager up in a workflow."""

import pytest

from trueup.model.span import splice
from trueup.plan.ci_setup import actions, caches

PATH = ".github/workflows/a.yml"
STEPS = "jobs:\n  a:\n    steps:\n{}      - run: make\n"


def of_uv(text: str, path: str = PATH) -> str:
    """The text with what sets uv up."""
    data = text.encode()
    return splice(data, [*actions(path, data), *caches(path, data)]).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("      - uses: Gr1N/setup-poetry@v8\n", "      - {}\n        {}\n          {}\n"),
        (
            "      - name: Install Poetry\n        uses: abatilo/actions-poetry@v2\n        with:\n          x: 1\n",
            "      - name: Install uv\n        {}\n        {}\n          {}\n",
        ),
        ("      -   uses: snok/install-poetry@v1\r\n", "      -   {}\r\n          {}\r\n            {}\r\n"),
    ],
)
def test_the_action_of_uv_stands_for_another_managers(before: str, after: str) -> None:
    said = after.format(
        "uses: astral-sh/setup-uv@1e862dfacbd1d6d858c55d9b792c756523627244  # v7.1.4", "with:", 'version: "0.13.9"'
    )
    assert of_uv(STEPS.format(before)) == STEPS.format(said)


@pytest.mark.parametrize(
    "step",
    [
        "      - uses: snok/install-poetry@v1\n        if: steps.cache.outputs.hit != 'true'\n",
        "      - uses: pdm-project/setup-pdm@v4\n        with:\n          python-version: '3.12'\n",
        "      - uses: JRubics/poetry-publish@v1\n",
        "      # why\n      - id: x\n        uses: snok/install-poetry@v1\n",
        "      - uses: actions/cache@v4\n        with:\n          path: ~/.cache\n          cache: poetry\n",
        "      - uses: actions/setup-python@v5\n        with:\n          cache: pip\n",
    ],
)
def test_what_says_more_or_another_thing_stays(step: str) -> None:
    assert of_uv(STEPS.format(step)) == STEPS.format(step)


def test_a_cache_goes_with_what_it_hangs_on() -> None:
    step = "      - uses: actions/setup-python@v5\n        with:\n          cache: poetry\n"
    path = "          cache-dependency-path: poetry.lock\n"
    bare = STEPS.format(step.partition("        with:")[0])
    assert of_uv(STEPS.format(step + path)) == bare
    assert of_uv(STEPS.format(f"{step}          python-version: 3\n")) == STEPS.format(
        "      - uses: actions/setup-python@v5\n        with:\n          python-version: 3\n"
    )
    assert of_uv(STEPS.format(step), "tests/a.yml") == STEPS.format(step)


@pytest.mark.parametrize(
    "step",
    [
        "      - uses: snok/install-poetry@v1\n        with:\n#          version: 1.5\n          x: true\n",
        "      - uses: snok/install-poetry@v1  # pinned because of x\n",
        "      - uses: snok/install-poetry@v1\n        with:\n          plugins: poetry-dynamic-versioning\n",
        "      - uses: snok/install-poetry@v1\n        with:\n          virtualenvs-path: ~/venvs\n",
    ],
)
def test_a_step_of_which_more_is_said_stays(step: str) -> None:
    assert of_uv(STEPS.format(step)) == STEPS.format(step)


def test_a_comment_is_nothing_that_with_could_hold() -> None:
    step = "      - uses: actions/setup-python@v5\n        with:\n          # keep it fast\n          cache: poetry\n"
    said = of_uv(STEPS.format(step))
    assert said == STEPS.format("      - uses: actions/setup-python@v5\n          # keep it fast\n")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Install Poetry 1.8.2", "Install uv"),
        ("Set up Poetry (v1.8) for Python 3.12", "Set up uv for Python 3.12"),
        ("poetry version ${{ env.POETRY_VERSION }}", "uv"),
        (
            "Poetry on ${{ matrix.os }} ${{ matrix.python-version }}",
            "uv on ${{ matrix.os }} ${{ matrix.python-version }}",
        ),
        ("Poetry ${{ matrix.python-version }}", "uv ${{ matrix.python-version }}"),
    ],
)
def test_the_version_of_another_manager_is_none_of_uv(name: str, said: str) -> None:
    step = "      - name: {}\n        uses: snok/install-poetry@v1\n"
    assert f"      - name: {said}\n        uses: astral-sh/" in of_uv(STEPS.format(step.format(name)))
