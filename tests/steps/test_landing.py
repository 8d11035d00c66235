"""What is looked at once more before anything lands."""

from pathlib import Path

import pytest

from trueup.errors import PlanRefused
from trueup.model.settings import Settings
from trueup.plan.plan import make
from trueup.read import project as reader
from trueup.steps import Bench
from trueup.steps.landing import transact
from trueup.tools.uv import Uv

FILES = {"main.py": "from fastapi import FastAPI\napp = FastAPI()\n", "requirements.txt": "fastapi\n"}


@pytest.mark.parametrize(
    ("path", "text"), [("main.py", "# mine\n"), ("requirements.txt", "fastapi\nrequests\n"), ("pyproject.toml", "")]
)
def test_an_edit_made_during_the_proof_is_never_overwritten(tmp_path: Path, path: str, text: str) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, "utf-8")
    project = reader.load(tmp_path, Settings())
    made = make(Bench(project), project.tree)
    (tmp_path / path).write_text(text, "utf-8")
    with pytest.raises(PlanRefused, match=f"changed since the plan was made: {path}"):
        transact(project, made, made.changes, "", Uv("no-uv", "0.11.0", {}), lambda _: None)
    assert (tmp_path / path).read_text("utf-8") == text
    assert sorted(item.name for item in tmp_path.iterdir()) == sorted({*FILES, path})
