"""Which namespace a name belongs to, by what is joined to a path that the name keeps."""

from time import process_time

import pytest

from trueup.text.python_paths import chains

BASE = "BASE = Path(__file__).parent\n"


def joined(source: str) -> list[str]:
    """What is joined to the only place that climbs."""
    (chain,) = (chain for chain in chains(source.encode()) if chain.levels)
    return sorted(piece.text for use in chain.uses for piece in use.pieces)


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    return BASE / 'x'\n",
        "class A:\n    X = BASE / 'x'\n    def f(self): return BASE / 'y'\n",
        "class A:\n    BASE = BASE / 'x'\n    def f(self): return BASE / 'y'\n",
        "def f():\n    key = lambda BASE: BASE / 'no'\n    return BASE / 'x'\n",
        "def f():\n    def g(BASE): return BASE / 'no'\n    return BASE / 'x'\n",
        "def f():\n    x = [BASE / 'no' for BASE in y]\n    return BASE / 'x'\n",
        "def f():\n    x = [z for BASE in (BASE / 'x',) for z in BASE / 'no']\n",
        "def f(BASE=BASE / 'x', *, other=BASE / 'y'):\n    return BASE / 'no'\n",
        "f = lambda BASE=BASE / 'x': BASE / 'no'\n",
        "@d(BASE / 'x')\ndef f(BASE: g(BASE / 'y')) -> h(BASE / 'z'):\n    return BASE / 'no'\n",
        "@d(BASE / 'x')\nclass A(f(BASE / 'y'), key=BASE / 'z'):\n    BASE = 1\n",
        "def f():\n    for BASE in y: pass\n    return BASE / 'no'\nBASE / 'x'\n",
        "def f():\n    from y import BASE\n    return BASE / 'no'\nBASE / 'x'\n",
        "def f():\n    import BASE.y\n    return BASE / 'no'\nBASE / 'x'\n",
        "def f():\n    def BASE(): pass\n    return BASE / 'no'\nBASE / 'x'\n",
        "def f():\n    class BASE: pass\n    return BASE / 'no'\nBASE / 'x'\n",
        "def f():\n    match y:\n        case {'a': BASE}: pass\n    return BASE / 'no'\nBASE / 'x'\n",
        "def f():\n    match y:\n        case {**BASE}: pass\n    return BASE / 'no'\nBASE / 'x'\n",
        "def f():\n    match y:\n        case [*BASE]: pass\n    return BASE / 'no'\nBASE / 'x'\n",
        "def f():\n    try: pass\n    except E as BASE: pass\n    return BASE / 'no'\nBASE / 'x'\n",
        "def f():\n    if any((BASE := z) for z in y): return BASE / 'no'\nBASE / 'x'\n",
        "def f(BASE):\n    def g(): return BASE / 'no'\n    class A:\n        X = BASE / 'no'\nBASE / 'x'\n",
        "def f():\n    global BASE\n    x = BASE / 'x'\n    BASE = y\n",
    ],
)
def test_a_place_of_the_module_is_read_where_no_nearer_name_is(source: str) -> None:
    assert joined(BASE + source) == [name for name in ("x", "y", "z") if f"'{name}'" in source]


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    global BASE\n    {}def g():\n    return BASE / 'x'\nBASE / 'y'\n",
        "def f():\n    def g():\n        global BASE\n        {}    return BASE / 'x'\nBASE / 'y'\n",
        "def f():\n    {}    def g(): return BASE / 'x'\n    return [BASE / 'y' for z in a]\nBASE / 'no'\n",
        "def f():\n    def g():\n        nonlocal BASE\n        {}    BASE = 1\n    return BASE / 'x'\nBASE / 'no'\n",
        "class A:\n    {}    X = BASE / 'x'\n    def f(self): return BASE / 'no'\nBASE / 'no'\n",
        "class A:\n    {}    X = [BASE / 'no' for z in BASE / 'x']\n",
        "if a:\n    {}else:\n    BASE = b\ndef f(): return BASE / 'x'\n",
    ],
)
def test_a_place_is_read_where_its_name_is_seen(source: str) -> None:
    assert joined(source.replace("{}", BASE)) == [name for name in ("x", "y") if f"'{name}'" in source]


@pytest.mark.parametrize(
    "source",
    [
        f"{BASE}def f():\n" + "".join(f"    a{at} = BASE / 'x{at}'\n" for at in range(1500)),
        f"{BASE}X = [\n" + "".join(f"    f(BASE, 'x{at}'),\n" for at in range(1500)) + "]\n",
    ],
)
def test_many_uses_take_no_time_each_for_all(source: str) -> None:
    begun = process_time()
    assert len(chains(source.encode())[0].uses) == 1500
    assert process_time() - begun < 3
