"""Two models of the same name are told apart in the OpenAPI document by their modules, which a move changes.

FastAPI calls a model ``Item`` as long as there is one; two of them become ``api__v1__Item`` and
``api__v2__Item``. After the move they are ``shop__api__v1__Item`` and so on, and clients that are
generated from the document no longer compile. Another name for one of the two, or a title of its own, keeps
them apart before and after.

Source: https://fastapi.tiangolo.com/how-to/separate-openapi-schemas/

Flagged:

```
main.py
    from fastapi import FastAPI

    import orders
    import users

    app = FastAPI()
orders.py
    from pydantic import BaseModel


    class Item(BaseModel):
        price: int
users.py
    from pydantic import BaseModel


    class Item(BaseModel):
        name: str
```

Fixed:

```
main.py
    from fastapi import FastAPI

    import orders
    import users

    app = FastAPI()
orders.py
    from pydantic import BaseModel


    class Order(BaseModel):
        price: int
users.py
    from pydantic import BaseModel


    class Item(BaseModel):
        name: str
```
"""

from __future__ import annotations

import re
from collections import Counter

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import is_asgi, is_renamed, lines, renames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    confidence="medium",
    help="clients generated from the OpenAPI document see other names; trueup tells it before anything moves",
    no_fix="only you know who reads the document: give one of the two another name, then no move changes either",
)

CLASS = lazy(r"class\s+(\w+)\s*\(([^)]*)\)\s*:")
MODELS = frozenset({"BaseModel", "SQLModel"})


@rule.checks
def told_apart_by_module(project: Project) -> Iterator[Finding]:
    """The second of two pydantic models of one name, in an application whose modules would get other names."""
    if not is_asgi(project) or not renames(project):
        return
    places = [
        (found[1], bases(found[2]), Place(path, number))
        for path in sorted(project.sources)
        if not project.is_test(path)
        for number, line in lines(project, path)
        if (found := CLASS.match(line))
    ]
    models = set(MODELS)
    while more := {name for name, parents, _ in places if parents & models} - models:
        models |= more
    seen: dict[str, Place] = {}
    twice = {name for name, count in Counter(name for name, _, _ in places).items() if count > 1}
    for name, parents, place in places:
        if name not in twice or not parents & models or not is_taken(project, name, place.path):
            continue
        first = seen.setdefault(name, place)
        if first.path != place.path and (is_renamed(project, first.path) or is_renamed(project, place.path)):
            message = f"the model {name} is also in {first}: OpenAPI tells them apart by modules that the move renames"
            yield rule.finding(place, message, subject=name)


def is_taken(project: Project, name: str, path: str) -> bool:
    """Whether another file imports a model, or its module; or it lies with the application or its routes."""
    stem = path.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]
    own = project.sources[path]
    if own.may("application") or any("APIRouter" in dict(item.names) for item in own.imports):
        return True
    for other, source in project.sources.items():
        for item in source.imports if other != path else ():
            names = dict(item.names)
            if stem in names or any(
                module.rpartition(".")[2] == stem for module in (names if not item.is_from else ())
            ):
                return True
            if item.module.rpartition(".")[2] == stem and (name in names or "*" in names):
                return True
    return False


def bases(text: str) -> set[str]:
    """The last names of the bases of a class."""
    return {base.strip().rpartition(".")[2] for base in re.sub(r"\[.*?\]", "", text).split(",")}
