"""The systems that images and CI jobs run on."""

import pytest
from trees import tree

from trueup.read import project as reader
from trueup.read.systems import systems

WORKFLOW = """
.github/workflows/ci.yml
    jobs:
      unit:
        strategy: {matrix: {os: [ubuntu-latest, windows-2022]}}
        runs-on: ${{ matrix.os }}
        steps: [{run: uv run pytest}]
.github/workflows/docs.yml
    jobs:
      docs: {runs-on: macos-14, steps: [{run: make html}]}
"""


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ("main.py\n    x = 1\n", ()),
        ("Dockerfile\n    FROM python:3.12-slim\n", ("linux",)),
        ("Dockerfile.dev\n    FROM mcr.microsoft.com/windows/servercore:ltsc2022\n", ()),
        (WORKFLOW, ("linux", "win32")),
    ],
)
def test_systems_are_those_of_images_and_of_jobs_that_test(files: str, found: tuple[str, ...]) -> None:
    assert systems(reader.of(tree(files))) == found
