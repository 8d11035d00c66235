"""What Alembic sees, before and after."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from shops import MIGRATIONS

from trueup.verify import Context
from trueup.verify.baseline import Baseline
from trueup.verify.migrations import Migrations, check, compared, look

ADDRESS = sha256(b"sqlite:///./shop.db").hexdigest()
SEEN = Migrations(("a1 after None", "b2 after a1"), (), ("item()",), {"compare_type": "True", "url": ADDRESS})
LOST = "ModuleNotFoundError: No module named 'lib'"
BARE = SEEN._replace(tables=(), options={}, env="KeyError: 'DATABASE_URL'")


@pytest.mark.parametrize(
    ("before", "now", "status", "message"),
    [
        (SEEN, SEEN, "passed", "2 revisions, as before, and env.py says the same of 1 tables"),
        (BARE, BARE, "passed", "2 revisions, as before, and env.py finds what it imports"),
        (BARE, SEEN, "passed", "2 revisions, as before, and env.py finds what it imports"),
        (SEEN, BARE, "failed", "env.py: KeyError: 'DATABASE_URL'; it ran before"),
        (SEEN, SEEN._replace(tables=("item()", "x()")), "failed", "x(): new in the metadata of env.py"),
        (SEEN, SEEN._replace(tables=()), "failed", "item(): lost from the metadata of env.py"),
        (SEEN, SEEN._replace(options={"url": ADDRESS}), "failed", "env.py: compare_type is not what it was"),
        (SEEN, SEEN._replace(revisions=SEEN.revisions[:1]), "failed", "b2 after a1: revision lost"),
        (SEEN._replace(revisions=()), Migrations(("a1 after None",)), "failed", "a1 after None: new revision"),
        (SEEN, SEEN._replace(broken=("ImportError: x",)), "failed", "env.py: ImportError: x"),
        (SEEN, Migrations(problem="no"), "failed", "Alembic cannot read its revisions: no; it could before"),
        (
            SEEN._replace(broken=("E",)),
            SEEN._replace(broken=("E",)),
            "unchecked",
            "before, an import of env.py failed: E",
        ),
    ],
)
def test_a_difference_is_named(before: Migrations, now: Migrations, status: str, message: str) -> None:
    outcome = compared(before, now)
    assert (outcome.status, outcome.message) == (status, message)


def test_alembic_is_asked(project: Callable[..., Context]) -> None:
    context = project(MIGRATIONS, requires="alembic")
    assert check(context) is None
    assert look(context.root, context.venv, context.environ) == Migrations(SEEN.revisions, (LOST,) * 2, env=LOST)
    main = context.root / "src" / "shop" / "main.py"
    main.write_text("app = 1\n", "utf-8")
    assert look(context.root, context.venv, context.environ) == SEEN
    statuses = {}
    for before in (SEEN, Migrations(), Migrations(problem="no database")):
        outcome = check(context._replace(baseline=Baseline(migrations=before)))
        assert outcome is not None
        statuses[before.problem or str(len(before.revisions))] = outcome.status
    assert statuses == {"2": "passed", "0": "failed", "no database": "unchecked"}
    (context.root / "alembic.ini").unlink()
    gone = check(context._replace(baseline=Baseline(migrations=SEEN)))
    assert gone is not None
    assert gone.message == "alembic.ini is not there any more"


def test_what_cannot_be_read_says_why(project: Callable[..., Context]) -> None:
    context = project(MIGRATIONS)
    assert look(context.root, context.venv, context.environ) == Migrations(
        problem="ModuleNotFoundError: No module named 'alembic'"
    )
    (context.root / "alembic.ini").unlink()
    assert look(context.root, context.venv, context.environ) is None


def test_without_an_environment_nothing_is_asked(project: Callable[..., Context]) -> None:
    outcome = check(project(MIGRATIONS, sync=False)._replace(baseline=Baseline(migrations=SEEN)))
    assert outcome is not None
    assert outcome.status == "unchecked"
