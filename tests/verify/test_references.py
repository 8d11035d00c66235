"""Places that name nothing: those of before may stay, and none may be added."""

from pathlib import Path

import pytest

from trueup.model.project import Dangling, Named
from trueup.tools.uv import Uv
from trueup.verify import Context
from trueup.verify.references import check

SURE = Dangling("Procfile", 1, "shop.gone:app", "there is no module shop.gone")
OTHER = SURE._replace(text="shop.lost:app")
MAYBE = Dangling("ci.sh", 2, "seed.py", "there is no seed.py", sure=False)


def checked(after: Named, before: Named | None = None) -> tuple[str, str]:
    """Status and message."""
    context = Context(Path(), Uv("uv", "0.13.0", {}), named=after, named_before=before)
    outcome = check(context._replace(moved=lambda path: path.replace("old/", "")))
    return (outcome.status, outcome.message) if outcome else ("", "")


@pytest.mark.parametrize(
    ("after", "before", "status", "said"),
    [
        (Named(0), None, "", ""),
        (Named(3), None, "passed", "3 places that name a module, script or folder were looked up"),
        (Named(3, (SURE,)), None, "failed", "1 of 3 places that name a module, script or folder name nothing"),
        (Named(3, (MAYBE,)), None, "unchecked", "; 1 may name nothing"),
        (Named(3, (SURE, MAYBE)), Named(3, (SURE, MAYBE)), "passed", "; 2 may name nothing, as before"),
        (Named(3, (SURE,)), Named(3, (SURE._replace(path="old/Procfile", text="gone:app"),)), "passed", "as before"),
        (Named(3, (MAYBE,)), Named(3), "failed", "name nothing now, and did not before"),
        (Named(3, (OTHER,)), Named(3, (SURE,)), "failed", "1 of 3"),  # one was mended, another broken
        (Named(3, (SURE, SURE._replace(line=2))), Named(3, (SURE,)), "failed", "2 of 3"),
        (Named(0), Named(2), "passed", "0 places"),
    ],
)
def test_outcomes(after: Named, before: Named | None, status: str, said: str) -> None:
    found = checked(after, before)
    assert found[0] == status
    assert said in found[1]
