"""The image in the folder of a list that installs from that list."""

import pytest

from trueup.model.lists import image_beside
from trueup.model.tree import MemoryTree
from trueup.read.project import of

COPIED = "COPY requirements.txt /tmp/list.txt\nRUN pip install -r /tmp/list.txt\n"


@pytest.mark.parametrize(
    ("path", "lines", "found"),
    [
        ("app/requirements.txt", "RUN pip install -r app/requirements.txt\n", True),
        ("app/requirements.txt", COPIED, True),
        ("app/requirements.txt", "RUN pip install -r dev.txt\n", False),
        ("app/requirements.txt", "RUN apt-get update\n", False),
        ("requirements.txt", "RUN pip install -r requirements.txt\n", False),
    ],
)
def test_the_image_installs_from_the_list(path: str, lines: str, found: bool) -> None:
    image = f"{path.removesuffix('requirements.txt')}Dockerfile"
    project = of(MemoryTree({path: "redis\n", "app/dev.txt": "pytest\n", image: f"FROM python:3.12\n{lines}"}))
    assert image_beside(project, path) == (image if found else "")
