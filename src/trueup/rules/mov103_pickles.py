"""What was pickled names its classes by their modules, which a move changes.

A pickle of ``models.User`` is loaded by importing ``models``. Files, caches and columns
(``PickleType``) that were written before the move cannot be read after it, unless the old names stay
importable (``sys.modules["models"] = shop.models``).

Source: https://docs.python.org/3/library/pickle.html#what-can-be-pickled-and-unpickled

Flagged:

```
main.py
    from fastapi import FastAPI

    import cache

    app = FastAPI()
cache.py
    import pickle


    def load(path):
        with open(path, "rb") as file:
            return pickle.load(file)
```

Fixed:

```
src/shop/__init__.py
src/shop/main.py
    from fastapi import FastAPI

    from shop import cache

    app = FastAPI()
src/shop/cache.py
    import pickle


    def load(path):
        with open(path, "rb") as file:
            return pickle.load(file)
```
"""

from __future__ import annotations

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import found_in, renames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    confidence="medium",
    help="what was written before the move cannot be read after it; trueup tells it before anything moves",
    no_fix="only you know what is stored: write it anew, or alias the old module names in sys.modules where it is read",
)

READS = lazy(
    r"\b((?:c?[pP]ickle|dill|cloudpickle|joblib|torch)\.loads?|shelve\.open|PickleType|pd\.read_pickle)\s*\(",
    words=("ickle", "dill", "joblib", "torch", "shelve.open"),
)


@rule.checks
def read_back(project: Project) -> Iterator[Finding]:
    """The first place in each file that reads pickles, in a project whose modules would get other names."""
    for path in project.sources if renames(project) else ():
        number, found = next(found_in(project, path, READS), (0, None))
        if found and not project.is_test(path):
            message = f"{found[1]} reads classes by names that the move changes"
            yield rule.finding(Place(path, number), message, subject=found[1])
