"""Plain specifiers and requirements: what is read without ``packaging`` is what ``packaging`` says."""

from itertools import product

import pytest
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from trueup.model.versions import holds, is_plain, is_requirement, joined

CLAUSES = [
    f"{sign}{number}"
    for sign, number in product(
        ("==", "!=", ">=", "<=", ">", "<", "~="),
        ("3", "3.9", "3.10", "3.9.0", "3.9.4", "3.*", "3.9.*", "3.9.4.0", "03.9"),
    )
]
RELEASES = [(3, minor, patch) for minor in (8, 9, 10) for patch in (0, 3, 4, 5)]


@pytest.mark.parametrize("specifier", [*CLAUSES, "", ">=3.9,<3.10", " >= 3.9", ">=3.9, !=3.9.4 ,<4", "~=3.9,!=3.9.*"])
def test_a_plain_specifier_holds_what_packaging_says(specifier: str) -> None:
    if not is_plain(specifier):
        return
    allowed = SpecifierSet(specifier)
    for release in RELEASES:
        assert holds(specifier, release) == allowed.contains(".".join(map(str, release))), release


def test_most_clauses_are_plain_and_none_that_packaging_refuses() -> None:
    plain = [clause for clause in CLAUSES if is_plain(clause)]
    for clause in plain:
        SpecifierSet(clause)
    assert len(plain) > 40
    for wrong in ("^3.9", ">=3.9a1", "===3.9", "~=3", ">=3.*", "3.9", "==3.9.*.1"):
        assert not is_plain(wrong)
    with pytest.raises(InvalidSpecifier):
        SpecifierSet("~=3")


SPELT = [
    f"{name}{extras}{specifier}{marker}"
    for name, extras, specifier, marker in product(
        ("a", "uvicorn", "python-jose", "zope.interface", "a_b", "-a", "a-", "a b"),
        ("", "[standard]", "[a,b-c]", "[]", "[a,]"),
        ("", "==1.0", ">=1,<2", "==1.*", "~=1.4", "~=1", ">=1.*", "==1.0.post1"),
        ("", ' ; python_version < "3.9"', " ; sys_platform == 'win32'", " ; python_version", ' ; extra == "x"'),
    )
]


def test_what_is_surely_a_requirement_is_one() -> None:
    sure = [text for text in SPELT if is_requirement(text)]
    for text in sure:
        Requirement(text)
    refused = 0
    for text in set(SPELT) - set(sure):
        try:
            Requirement(text)
        except InvalidRequirement:
            refused += 1
    assert len(sure) > 200
    assert refused > 400


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (">=0.105.0,<0.106", ">=0.105.0,<0.106.0", ">=0.105.0,<0.106"),
        (">=3.9,<4", "<3.13", ">=3.9,<3.13"),
        (">=1", ">1.0,!=1.5", ">1.0,!=1.5"),
        ("<2", "<=2.0", "<2"),
        ("~=1.4", ">=1.4.2", "~=1.4,>=1.4.2"),
        ("", ">=1", ">=1"),
        (">=1a1", ">=2", ">=1a1,>=2"),
    ],
)
def test_bounds_are_joined_by_what_they_mean(one: str, other: str, both: str) -> None:
    assert joined(one, other) == both
    allowed = SpecifierSet(one) & SpecifierSet(other)
    for number in ("0.105.3", "0.106", "1.0", "1.4.1", "1.4.5", "1.5", "2.0", "3.12", "3.13", "4"):
        assert SpecifierSet(both).contains(number) == allowed.contains(number)
