"""What stands at the left margin of a Python file that the parser rejects: newer syntax, Python 2, templates."""

from __future__ import annotations

import re

from trueup.model.pattern import lazy
from trueup.model.source import Import, SourceFile

SIZE_CAP = 1_000_000
TOO_LARGE = "larger than 1 MB"

# The last part of the call that makes an application -> its framework.
APPLICATIONS = {
    "FastAPI": "fastapi",
    "Flask": "flask",
    "Starlette": "starlette",
    "Litestar": "litestar",
    "Quart": "quart",
    "Sanic": "sanic",
    "get_wsgi_application": "django",
    "get_asgi_application": "django",
}
# `except A, B:` is Python 3.14 (PEP 758) where B is a class by its name, and Python 2 where it is a variable.
BARE_EXCEPT = lazy(r"^[ \t]*except[ \t]+[\w.]+[ \t]*,[ \t]*(?:\w+\.)*[A-Z]\w*[ \t]*(?:,|:)", re.MULTILINE)
MARGIN = lazy(
    r"""^(?:from[ \t]+(?P<module>\.*[\w.]*)[ \t]+import[ \t]+(?P<names>\([^)]*\)|\*|[^\n;#]+)
    |import[ \t]+(?P<modules>[^\n;#]+)
    |(?P<async>async[ \t]+)?def[ \t]+(?P<function>\w+)
    |class[ \t]+(?P<class>\w+)
    |if[ \t]+(?P<guard>__name__[ \t]*==[ \t]*["']__main__["'])
    |(?P<value>\w+)[ \t]*(?::[^=\n]+)?=[ \t]*(?P<maker>[\w.]+)\()""",
    re.VERBOSE | re.MULTILINE,
)
NAME = lazy(r"([\w.]+|\*)(?:[ \t]+as[ \t]+(\w+))?")


def tolerant(path: str, data: bytes, error: str) -> SourceFile:
    """What stands at the left margin of a file that the parser rejects."""
    text = data.decode("utf-8-sig", "replace")
    imports: list[Import] = []
    defines: dict[str, str] = {}
    made: dict[str, str] = {}
    guard = position = 0
    line = 1
    for match in MARGIN.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        kind = match.lastgroup or ""
        if kind in ("names", "modules"):
            module, names = match["module"] or "", names_in(match[kind])
            level = len(module) - len(module.lstrip("."))
            imports.append(Import(line, module[level:], level, names, kind == "names"))
            defines.update({alias or name.split(".")[0]: "import" for name, alias in names if name != "*"})
        elif kind == "guard":
            guard = guard or line
        elif kind == "maker":
            made[match["value"]] = match["maker"]
            defines[match["value"]] = APPLICATIONS.get(match["maker"].rsplit(".", 1)[-1], "value")
        else:
            defines[match[kind]] = "class" if kind == "class" else "coroutine" if match["async"] else "function"
    new = BARE_EXCEPT.search(text)
    floor = ("3.14", text.count("\n", 0, new.start()) + 1) if new else ("", 0)
    return SourceFile(
        path, imports=tuple(imports), defines=defines, main_guard=guard, error=error, made=made, floor=floor
    )


def names_in(text: str) -> tuple[tuple[str, str | None], ...]:
    """The names of an import statement's list, comments left out."""
    bare = re.sub(r"#[^\n]*|[()]", "", text)
    return tuple((match[1], match[2]) for match in NAME.finditer(bare))
