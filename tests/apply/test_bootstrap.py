"""The first lock keeps every version that can be kept, and says which could not, and why."""

import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wheels import make_wheel, offline_uv

from trueup.apply import bootstrap as module
from trueup.apply.bootstrap import (
    Bootstrapped,
    Moved,
    blame,
    bootstrap,
    compared,
    constrained,
    locked_versions,
    restore,
    settle,
    usable,
)
from trueup.errors import ProjectError, ToolError
from trueup.model.plan import Pin
from trueup.tools.uv import Uv, UvError

A, B, C, D = (Pin(name, "1.0") for name in "abcd")


def objection(text: str) -> UvError:
    """What uv would say."""
    return UvError("conflict", text, explanation=text, output=text)


class World:
    """Refuses pins that stand together in one of ``conflicts``; says the first such set by name."""

    def __init__(self, *conflicts: set[Pin], speak: Callable[[Pin], str] = lambda pin: f"{pin.name}==1.0") -> None:
        self.conflicts = conflicts
        self.speak = speak
        self.asked: list[tuple[Pin, ...]] = []
        self.accepted: tuple[Pin, ...] | None = None

    def refusal(self, kept: Sequence[Pin]) -> UvError | None:
        self.asked.append(tuple(kept))
        for conflict in self.conflicts:
            if conflict <= set(kept):
                words = sorted(self.speak(pin) for pin in conflict)
                return objection(f"Because {' and '.join(words)} contradict")
        self.accepted = tuple(kept)
        return None

    def keeps(self, *pins: Pin) -> tuple[Pin, ...]:
        """The pins that are kept in the end."""
        aside = restore(pins, settle(pins, self.refusal), self.refusal)
        return tuple(pin for pin in pins if pin not in aside)


def test_what_does_not_contradict_is_locked_at_once() -> None:
    world = World()
    assert world.keeps(A, B) == (A, B)
    assert world.asked == [(A, B)]


def test_of_two_that_contradict_the_first_stays() -> None:
    world = World({A, B})
    assert world.keeps(A, B, C) == (A, C)
    assert world.accepted == (A, C)


def test_a_version_that_cannot_be_moves_alone() -> None:
    world = World({B})
    assert world.keeps(A, B, C) == (A, C)
    assert world.asked == [(A, B, C), (A, C)]


def test_several_contradictions_are_solved_one_after_another() -> None:
    world = World({A, B}, {C, D})
    assert world.keeps(A, B, C, D) == (A, C)
    assert world.accepted == (A, C)


def test_a_refusal_that_names_nobody_costs_all_but_those_that_can_come_back() -> None:
    world = World({A}, speak=lambda _: "something")
    assert world.keeps(A, B, C) == (B, C)


def test_without_any_pin_the_objection_is_the_projects_own() -> None:
    with pytest.raises(UvError, match="contradict"):
        World(set()).keeps(A, B)


def test_after_some_attempts_no_pin_is_insisted_on() -> None:
    pins = [Pin(f"p{number}", "1.0") for number in range(20)]
    world = World(*({pin} for pin in pins))
    aside = settle(tuple(pins), world.refusal)
    assert set(aside) == set(pins)
    assert len(world.asked) == module.ATTEMPTS + 1
    assert world.accepted == ()


@given(st.lists(st.sets(st.sampled_from([A, B, C, D]), min_size=1), max_size=4))
def test_what_is_kept_is_accepted_and_nothing_more_could_be(conflicts: list[set[Pin]]) -> None:
    world = World(*conflicts)
    kept = world.keeps(A, B, C, D)
    assert world.accepted == kept
    assert world.refusal(kept) is None
    for pin in {A, B, C, D} - set(kept):
        assert world.refusal((*kept, pin)) is not None


@pytest.mark.parametrize(
    ("text", "blamed"),
    [
        ("Because fast-api==1.0 depends on x", ["fast-api"]),
        ("Because Fast_API==1.0 depends on x", ["fast-api"]),
        ("Because fast.api[all]==1.0 depends", ["fast-api"]),
        ("Because fast-api{sys_platform == 'win32'}==1.0 depends", ["fast-api"]),
        ("Failed to build `fast-api==1.0`", ["fast-api"]),
        ("Because fast-api==1.0.1 depends on my-fast-api==1.0 and fast-api-users==1.0", ["fast-api"]),
        ("Because fast-api>=2 and pin==1.0", ["pin"]),
        ("Because all versions of fast-api depend", ["fast-api"]),
        ("Because fast-api-users==1.0 and spin>2", ["fast-api", "pin"]),
    ],
)
def test_the_pins_that_uv_names_are_blamed(text: str, blamed: list[str]) -> None:
    pins = (Pin("fast-api", "1.0"), Pin("pin", "1.0"))
    assert [pin.name for pin in blame(objection(text), pins)] == blamed


def project(root: Path, *dependencies: str, rest: str = "") -> None:
    """Write a manifest."""
    listed = ", ".join(f'"{text}"' for text in dependencies)
    text = f'[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = [{listed}]\n{rest}'
    root.mkdir(parents=True, exist_ok=True)
    (root / "pyproject.toml").write_bytes(text.encode())


def test_pins_are_taken_once_and_direct_ones_first(tmp_path: Path) -> None:
    project(tmp_path, "Web.App[all]>=1; python_version > '3'", "odd (>=1)")
    pins = [
        Pin("z", "1"),
        Pin("web-app", "2", path="a"),
        Pin("web-app", "2", path="b"),
        Pin("odd", "1"),
        Pin("y", "no 1"),
    ]
    taken, notes = usable(tmp_path, pins)
    assert [(pin.name, pin.path) for pin in taken] == [("web-app", "a"), ("odd", ""), ("z", "")]
    assert notes == ("y is not kept at 'no 1': that is no version",)


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_constraints_are_merged_and_the_manifest_restored(tmp_path: Path, newline: bytes) -> None:
    original = b"\xef\xbb\xbf[project] # mine\nname = 'p'\n[tool.uv]\nconstraint-dependencies = ['q<2']\n"
    original = original.replace(b"\n", newline)
    file = tmp_path / "pyproject.toml"
    file.write_bytes(original)
    seen = []

    def use() -> None:
        with constrained(tmp_path) as constrain:
            for pins in ([A, Pin("b", "2", "python_version < '3.12'")], [A]):
                constrain(pins)
                seen.append(tomllib.loads(file.read_text("utf-8"))["tool"]["uv"]["constraint-dependencies"])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        use()
    assert seen == [["q<2", "a==1.0", "b==2 ; python_version < '3.12'"], ["q<2", "a==1.0"]]
    assert file.read_bytes() == original


def test_constraints_are_written_where_the_tables_of_tools_do_not_stand_together(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(
        "[tool.black]\nx = 1\n[project]\nname = 'p'\n[tool.isort]\ny = 1\n[dependency-groups]\n[tool.z]\n", "utf-8"
    )
    with constrained(tmp_path) as constrain:
        constrain([A])
        assert tomllib.loads(file.read_text("utf-8"))["tool"]["uv"] == {"constraint-dependencies": ["a==1.0"]}


def test_a_manifest_that_cannot_be_read_is_a_project_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[[", "utf-8")
    with pytest.raises(ProjectError, match="cannot be read"), constrained(tmp_path):
        pass


def test_versions_are_compared_as_versions() -> None:
    pins = (Pin("a", "1.0"), Pin("b", "2"), Pin("c", "3"), Pin("d", "4"))
    result = compared(pins, {pins[1]: "it must"}, {"a": {"1.0.0"}, "b": {"2.1", "2.5"}, "d": {"5"}})
    assert result.moved_pins == (
        Moved(pins[1], "2.1, 2.5", "it must"),
        Moved(pins[3], "5", "uv chose another version once the pin was no constraint any more"),
    )
    assert result.notes == ("c 3 was pinned, but nothing that is declared requires it",)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """An index on disk: app 1 and 2 want exactly lib 1 and 2; tool stands alone."""
    house = tmp_path / "house"
    for version in ("1.0", "2.0"):
        make_wheel(house, "app", version, f"lib=={version}")
        make_wheel(house, "lib", version)
        make_wheel(house, "tool", version)
    return house


@pytest.fixture
def uv(tmp_path: Path, house: Path) -> Uv:
    """The real uv, which knows only that index."""
    return offline_uv(house, tmp_path / "cache")


def run(root: Path, uv: Uv, *pins: Pin) -> tuple[Bootstrapped, dict[str, str]]:
    """Bootstrap; the result, and the versions that are locked."""
    manifest = (root / "pyproject.toml").read_bytes()
    result = bootstrap(root, pins, uv, python=sys.executable)
    assert (root / "pyproject.toml").read_bytes() == manifest
    uv.lock_check(root)
    uv.sync_check(root)
    return result, {name: "".join(versions) for name, versions in locked_versions(root).items() if name != "p"}


def test_old_versions_are_kept_also_of_what_is_not_declared(tmp_path: Path, uv: Uv) -> None:
    project(tmp_path, "app", "tool")
    said: list[str] = []
    result = bootstrap(
        tmp_path, [Pin("lib", "1.0"), Pin("tool", "1.0")], uv, python=sys.executable, progress=said.append
    )
    assert result == Bootstrapped()
    assert locked_versions(tmp_path) == {"app": {"1.0"}, "lib": {"1.0"}, "tool": {"1.0"}, "p": {"1"}}
    assert "constraints" not in (tmp_path / "uv.lock").read_text("utf-8")
    assert said == ["uv lock, 2 of 2 pinned versions kept", "uv lock", "uv sync --locked"]
    assert (tmp_path / ".venv").is_dir()


def test_a_pin_that_must_move_is_told_with_the_reason(tmp_path: Path, uv: Uv) -> None:
    project(tmp_path, "app", "tool")
    result, locked = run(tmp_path, uv, Pin("lib", "1.0"), Pin("app", "2.0"), Pin("tool", "1.0"), Pin("gone", "1"))
    assert locked == {"app": "2.0", "lib": "2.0", "tool": "1.0"}
    assert [(moved.pin.name, moved.version) for moved in result.moved_pins] == [("lib", "2.0")]
    assert "depends on lib==2.0 and lib==1.0" in result.moved_pins[0].why
    assert result.notes == ("gone 1 was pinned, but nothing that is declared requires it",)


def test_an_existing_lock_and_existing_constraints_hold(tmp_path: Path, uv: Uv) -> None:
    project(tmp_path, "lib==1.0", "tool==1.0")
    uv.lock(tmp_path, python=sys.executable)
    project(tmp_path, "lib", "tool", "app", rest='[tool.uv]\nconstraint-dependencies = ["tool<2"]\n')
    result, locked = run(tmp_path, uv, Pin("tool", "2.0"))
    assert locked == {"app": "1.0", "lib": "1.0", "tool": "1.0"}
    assert [moved.pin.name for moved in result.moved_pins] == ["tool"]


def test_what_only_the_lock_had_may_go_without_a_word(tmp_path: Path, uv: Uv) -> None:
    project(tmp_path, "lib", "tool")
    uv.lock(tmp_path, python=sys.executable)
    project(tmp_path, "lib")
    assert run(tmp_path, uv) == (Bootstrapped(), {"lib": "2.0"})


def test_requirements_that_cannot_be_met_are_an_error_and_the_manifest_is_as_it_was(tmp_path: Path, uv: Uv) -> None:
    project(tmp_path, "app==1.0", "lib==2.0")
    before = (tmp_path / "pyproject.toml").read_bytes()
    with pytest.raises(UvError) as caught:
        bootstrap(tmp_path, [Pin("lib", "2.0")], uv, python=sys.executable)
    assert caught.value.kind == "conflict"
    assert (tmp_path / "pyproject.toml").read_bytes() == before


def test_no_network_is_not_mistaken_for_a_conflict(tmp_path: Path, uv: Uv) -> None:
    del uv.environ["UV_NO_INDEX"]
    project(tmp_path, "nowhere-to-be-found")
    with pytest.raises(UvError, match="no network") as caught:
        bootstrap(tmp_path, [Pin("nowhere-to-be-found", "1")], uv, python=sys.executable)
    assert caught.value.kind == "network"


def test_a_member_of_a_workspace_above_is_refused(tmp_path: Path, uv: Uv) -> None:
    project(tmp_path, rest='[tool.uv.workspace]\nmembers = ["inner"]\n')
    inner = tmp_path / "inner"
    project(inner)
    (inner / "pyproject.toml").write_text('[project]\nname = "q"\nversion = "1"\nrequires-python = ">=3.11"\n', "utf-8")
    with pytest.raises(ToolError, match="workspace"):
        bootstrap(inner, [], uv, python=sys.executable)
