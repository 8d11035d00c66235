"""Of which calls and applications a Python file may speak, told without a parse."""

from __future__ import annotations

from functools import cache

from trueup.model.pattern import lazy
from trueup.read.python_margin import APPLICATIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.source import Import

# What a file may speak of -> the words without one of which no line does.
WORDS: dict[str, tuple[bytes, ...]] = {
    "__import__": (b"__import__",),
    "Config.env_file": (b"env_file",),
    "load_dotenv": (b"load_dotenv",),
    "uvicorn.run": (b"uvicorn",),
    "site.addsitedir": (b"addsitedir",),
    "importlib.import_module": (b"import_module",),
    "SettingsConfigDict": (b"SettingsConfigDict",),
    "StaticFiles": (b"StaticFiles",),
    "Jinja2Templates": (b"Jinja2Templates",),
    "pip": (b"pip",),
    "sys": (b"sys",),
    "sys.path": (b"sys",),
    "from_object": (b"from_object",),
    "application": tuple(name.encode() for name in APPLICATIONS),
}
# All but the first two need an import of a module or a name -> what it may bring; or they are an attribute of another
# module.
BY_NAME: dict[str, str] = {
    **{name: name for name in ("StaticFiles", "Jinja2Templates", "SettingsConfigDict", "load_dotenv", "from_object")},
    **dict.fromkeys(APPLICATIONS, "application"),
}
BROUGHT: dict[str, tuple[str, ...]] = {
    **{name: (word,) for name, word in BY_NAME.items()},
    "uvicorn": ("uvicorn.run",),
    "site": ("site.addsitedir",),
    "importlib": ("importlib.import_module",),
    "sys": ("sys",),
    **dict.fromkeys(("os", "subprocess"), ("pip",)),  # a command of it, run from within
}
BROUGHT["*"] = tuple({word for words in BROUGHT.values() for word in words})
ATTRIBUTE = lazy(rb"\.[ \t\\\n]*+(" + b"|".join(name.encode() for name in BY_NAME) + rb")\b")
BENT = {"sys.path.insert", "sys.path.append", "sys.path.extend"}
PATH = lazy(rb"sys(?:[\s\\]|#[^\n]*+)*\.(?:[\s\\]|#[^\n]*+)*path")
NOTHING: frozenset[str] = frozenset()


def words_in(data: bytes, imports: tuple[Import, ...], told: set[str]) -> frozenset[str]:
    """The keys of ``WORDS``, ``/// script``, calls that change ``sys.path``; ``told``: see ``Signs``."""
    asked = {"__import__", "Config.env_file"} if "config" in told else {"__import__"}
    for statement in imports:
        asked |= brought(statement.module, statement.names, statement.is_from)
    asked.update(BY_NAME[hit[1].decode()] for hit in ATTRIBUTE.finditer(data))
    found = {name for name in asked if any(word in data for word in WORDS[name])}
    if "sys" in found and ("sys.path" in asked or PATH.search(data)):
        found |= BENT
    if "script" in told:
        found.add("/// script")
    return frozenset(found - {"sys"}) if found else NOTHING


@cache
def brought(module: str, names: tuple[tuple[str, str | None], ...], is_from: bool) -> frozenset[str]:
    """What an import may bring; ``sys.path`` where that is under a name that does not say so."""
    found: set[str] = set()
    for key in (module, *(name for name, _ in names)):
        found.update(BROUGHT.get(key.partition(".")[0], ()))
    if "sys" in found and "*" not in dict(names) and (is_from or any(alias for _, alias in names)):
        found.add("sys.path")
    return frozenset(found)
