"""Which check notices what: ``./dev sabotage [WORD ...]`` (only rows whose check or text holds one of the words).

Every row of ``tests/support/sabotage.py`` breaks one thing of a true project. Its own check must notice, no other may
fail; true projects raise nothing. Needs no network. Exits 1 where a check is wrong.
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
from healthy import ALL  # type: ignore[import-not-found]  # noqa: E402
from sabotage import SABOTAGES, broken, server, table  # type: ignore[import-not-found]  # noqa: E402
from shops import world  # type: ignore[import-not-found]  # noqa: E402


def main() -> int:
    """Break, ask, and print the table."""
    words = [word.lower() for word in sys.argv[1:]]
    known = (*ALL, *SABOTAGES)
    chosen = [one for one in known if not words or any(word in one.title.lower() for word in words)]
    rows = []
    with (
        tempfile.TemporaryDirectory(prefix="trueup-sabotage-", ignore_cleanup_errors=True) as scratch,
        server() as alive,
    ):
        uv = world(Path(scratch, "world"))
        for number, one in enumerate(chosen):
            print(f"{number + 1}/{len(chosen)} {one.title}", file=sys.stderr, flush=True)
            folder = Path(scratch, str(number))
            folder.mkdir()
            rows.append(broken(one, folder, uv, alive))
            for name in rows[-1].wrong:
                print(f"   {name}: {rows[-1].messages.get(name, 'was not made')}", file=sys.stderr, flush=True)
    print(table(rows))
    wrong = sum(bool(row.wrong) for row in rows)
    print(f"\n{len(rows) - wrong} of {len(rows)} as they should be")
    print("X failed, ? could not be checked, . passed, - not concerned")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
