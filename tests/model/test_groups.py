"""Which dependency groups a sync installs."""

import pytest

from trueup.model.groups import default_groups, with_included

TABLES = {
    "dev": ["ruff", {"include-group": "test"}],
    "test": ["pytest", {"include-group": "web"}, {"include-group": "dev"}],
    "web": ["httpx"],
    "docs": ["mkdocs"],
}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (None, ["dev"]),
        ("all", ["dev", "test", "web", "docs"]),
        (["docs", "web"], ["docs", "web"]),
        ([], []),
        (["docs", 1], ["docs"]),
        ("some", []),
        (3, []),
    ],
)
def test_what_is_default(given: object, wanted: list[str]) -> None:
    assert default_groups(TABLES, given) == wanted


def test_what_is_included_comes_too_and_a_circle_ends() -> None:
    assert with_included(TABLES, ["dev"]) == ["dev", "test", "web"]
    assert with_included(TABLES, ["docs", "docs"]) == ["docs"]


@pytest.mark.parametrize(
    "groups", [None, [], {"dev": "ruff"}, {"dev": [{"include-group": 1}, {"set-phasers-to": "stun"}]}]
)
def test_what_is_written_otherwise_includes_nothing(groups: object) -> None:
    assert with_included(groups, ["dev"]) == ["dev"]
