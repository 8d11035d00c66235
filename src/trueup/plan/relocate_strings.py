"""Strings in Python that name modules or paths: ``patch("main.send")``, ``uvicorn.run("main:app")``, ``open("app/x")``.

A place that takes nothing but a module (see ``string_places``) is rewritten; elsewhere a text is,
when it spells a dotted module of the project, wholly or with a name that the module has; what only might be
one is told. Paths are those relative to the working directory, which stays the project's root; or the folder on the
import path that alone has what is named, where the program is started; then only a file that is there is certain.
"""

from __future__ import annotations

import re
from functools import lru_cache
from posixpath import normpath, relpath

from trueup.model.span import Edit
from trueup.plan.relocate_images import in_image, mentions
from trueup.plan.string_places import takes_module, takes_path
from trueup.plan.warning_filters import filter_of, renamed
from trueup.plan.working_folder import has, has_folder, started_in
from trueup.text.naming import WILD, glob_matches, rename_path
from trueup.text.python_names import Doubt, ModuleNames, Rewrite, UnparsableError
from trueup.text.python_paths import chains
from trueup.text.python_strings import Literal, literals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.project import Project
    from trueup.plan.moves import Mover

# What takes a beginning of names as its second argument.
PREFIXED = frozenset({"iter_modules", "walk_packages"})
RUNNERS = frozenset(
    (
        *("exec", "eval", "compile", "timeit", "repeat", "Timer"),
        *("run", "Popen", "call", "check_call", "check_output", "system", "create_subprocess_shell"),
    )
)
DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[A-Za-z_]\w*(?:\.\w+)*(?:\(\))?)?(?:\.\*)?")
PATH = re.compile(r"(?:\.?[/\\])?[\w.-]+(?:[/\\][\w.*?\[\]-]*)*")
TEMPLATE = re.compile(r"(?<=/)[^/{}%\s]*(?:\{\w*\}|%[sd])[^\s]*$")
KEEPS = re.compile(
    r"(?:^|_)(?:dir|directory|path|folder|file|filename|root|logs?|uploads?|media|data)s?$", re.IGNORECASE
)
STARTED = "where the program is started in %s, it names what moves"
ENTERED = re.compile(r"(?:^|[;&|]\s*)cd\s+(?:\./)?([\w./-]+)")
SET = re.compile(r"[A-Za-z_]\w*=(?:\./)?(?P<path>[\w.-]+(?:/[\w.-]+)+)")
FIELD = re.compile(r"\{\w*\}|%[sd]")
BEHIND = re.compile(rb"(?:%s|\{[^{}\n]*\})/(?P<path>[\w./-]+)[\"']")  # a folder that is put in
FILLED = re.compile(rb"\{[^{}\n]*\}(?P<tail>[\w./-]*)[\"']")
MAY_BE = "it may be a path in a folder that moves, or something else"
LISTS = re.compile(r"module|package|plugin|import|extension|apps?(?:_|$)|router|cogs", re.IGNORECASE)
TOGETHER = "all in this list are names of modules of the project, if they mean that"
PUT_TOGETHER = "it is put together with more, if it means that"
DATABASE = re.compile(r"(?P<head>sqlite(?:\+\w+)?:///)(?P<file>[^/:?#][^:?#]*)(?P<tail>.*)", re.DOTALL)
SHELL = re.compile(
    r"(?:^|[\s/])(?:python3?\s+-m|celery\s.*?-A|uvicorn|gunicorn|hypercorn|arq|dramatiq)[\s=]+([A-Za-z_][\w.]*)"
)
DUNDER = re.compile(r"__import__\([\"']([\w.]+)")
FORMAT = re.compile(r"(?P<module>[A-Za-z_]\w*(?:\.\w+)+)\.(?:\{\w*\}|%s)")
# Whose text names a class by the label of its application, as in Tortoise and Django, or by the end of its module.
# Sources: https://tortoise.github.io/fields.html and SQLAlchemy's "Late-Evaluation of Relationship Arguments"
LABELLED = frozenset({"ForeignKeyField", "OneToOneField", "ManyToManyField", "ForeignKey", "relationship"})
ASSIGNED = re.compile(rb"[\"'][ \t]*\][ \t]*=(?!=)")
OUTSIDE = "ext://"  # an object that logging imports: https://docs.python.org/3/library/logging.config.html
SOURCE = re.compile(r"(?:^|[\s;])(?:import|from)[ \t]+([A-Za-z_][\w.]*)")
# ``shop = shop.cli:main``, alone or as a line of a text that is written like a setup.cfg
ENTRY = re.compile(r"(?m)^([ \t]*[^\s=\[\]]+[ \t]*=[ \t]*)([A-Za-z_][\w.]*)(?=[ \t]*(?:[:\[]|$))")
SCRIPTS = frozenset({"entry_points", "console_scripts", "gui_scripts"})


def rename_strings(mover: Mover, names: ModuleNames, path: str, data: bytes) -> Rewrite:
    """The edits of one Python file, which lies at ``path`` before the move."""
    sphinx = path.endswith("/conf.py") and not mover.is_moved(path)
    served = b"corn" in data and mover.is_moved(path)
    asked = served or b"entry_points" in data or (sphinx and b".." in data) or mentions(mover, data)
    if not asked and not _mentioned(mover, names, data):
        return Rewrite()
    try:
        found = literals(data)
        joined = [(use.line, piece) for chain in chains(data) for use in chain.uses for piece in use.pieces]
    except UnparsableError:
        return Rewrite(doubts=(Doubt(0, path, "not parsed: check the strings in it that name modules"),))
    counted, known = {piece.start for _, piece in joined}, {(line, piece.text) for line, piece in joined}
    edits: list[Edit] = []
    doubts: list[Doubt] = []
    is_config = path.endswith("apps.py") and b"AppConfig" in data  # whose name is that of Django's application
    loads = b"import_module(" in data or b"__import__(" in data
    for item in found:
        if mover.project.names_nearer(path, item.text.removeprefix("./").rstrip("/")):
            continue
        if item.call == "__import__" and item.position == 0 and names.module_of(item.text):
            rewrite = _dunder_import(names, item)
            edits += rewrite.edits
            doubts += rewrite.doubts
            continue
        if is_config and item.keys[:1] == ("name",) and names.module_of(item.text) == item.text:
            edits.append(Edit(item.start, item.end, names.new(item.text).encode()))
            continue
        if sphinx and item.text.startswith(".."):
            new, why = _from_here(mover, path.rpartition("/")[0], item)
        elif item.open:
            new, why = _beginning(mover, names, item, data)
            doubts += _behind(mover, item, data, known)
        else:
            beside = _served_beside(mover, names, path, item) if served else ""
            new, why = (beside, "") if beside else _renamed(mover, names, item, item.start in counted)
        if new is None or new == item.text:
            continue
        if loads and _holds_modules(mover, item.text):
            why = "modules are imported by the paths of their files, if they mean that: the names would begin with src"
        if why or not item.start:
            doubts.append(Doubt(item.line, item.text, why or "not a plain string: change it by hand"))
        else:
            edits.append(Edit(item.start, item.end, new.encode()))
            doubts += _put_in(mover, item, new, data)
    return Rewrite(tuple(edits), tuple(doubts))


def _behind(mover: Mover, item: Literal, data: bytes, known: set[tuple[int, str]]) -> Iterator[Doubt]:
    """A file that moves, behind a folder which is put in, and is not ``known`` to be reckoned from a file's place."""
    found = BEHIND.match(data, item.end) if not item.text and item.end else None
    named = found["path"].decode() if found else ""
    if mover.is_moved(named) and mover.tree.has(named) and (item.line, named) not in known:
        yield Doubt(item.line, named, "it may name what moves, and which folder it is in is open")


def _put_in(mover: Mover, item: Literal, new: str, data: bytes) -> Iterator[Doubt]:
    """What a stub of a top-level module lacks once its name is in a package, where pytest walks there by attributes."""
    owner, _, last = item.call.rpartition(".")
    by_call = last == "setdefault" and owner.rpartition(".")[2] == "modules"
    put = (by_call and item.position == 0) or (last == "modules[]" and ASSIGNED.match(data, item.end))
    if not put or "." in item.text or "." not in new:
        return
    walked = re.compile(rb"\.(?:set|del)attr\(\s*[\"']%b\." % re.escape(item.text).encode())
    if any(walked.search(mover.tree.read(path)) for path in mover.project.sources):
        package, _, name = new.rpartition(".")
        why = f"`monkeypatch` looks for it as the attribute {name} of {package}: set that, too, where it is put in"
        yield Doubt(item.line, item.text, why)


def _holds_modules(mover: Mover, text: str) -> bool:
    """Whether a path names a folder of modules, or all that fits a pattern in one."""
    before = re.split(r"[*?\[]", text)[0]
    folder = (before.rpartition("/")[0] if before != text else before).removeprefix("./").rstrip("/")
    return "/" in text and any(path.endswith(".py") for path in mover.tree.under(folder))


def _mentioned(mover: Mover, names: ModuleNames, data: bytes) -> bool:
    """The cheap first question: whether any string begins like something that moves, or is made of several."""
    words = {*(name.split(".")[0] for name in names.renames), *(old.split("/")[0] for old, _ in mover.moves)}
    words |= {
        old.removeprefix(f"{root}/").split("/")[0] for root in mover.project.layout.roots for old, _ in mover.moves
    }
    return _beginnings(frozenset(word.removesuffix(".py") for word in words)).search(data) is not None


@lru_cache(maxsize=8)
def _beginnings(words: frozenset[str]) -> re.Pattern[bytes]:
    any_word = "|".join(re.escape(word) for word in sorted(words)).encode()
    return re.compile(
        rb"""["']\^?(?:[\w:.+]*:/*|\w+=|[^"'\n]*"""
        rb"""(?:import|from|cd|-m|-A|uvicorn|gunicorn|hypercorn|arq|dramatiq)[ \t=]+)?"""
        rb"""(?:\.{1,2}/|%%s/|\{\w*\}/)*(?:%b)(?![A-Za-z0-9_])"""
        rb"""|[\w.]["'][ \t\\]*(?:\n[ \t]*)?["'][\w.]"""
        rb"""|\b(?:uvicorn|gunicorn|hypercorn|celery[ ](?:(?!\bcelery[ ])[^\n])*?-A|python3?[ ]-m)[ \t=]+(?:%b)[.:]"""
        % (any_word, any_word)
    )


def _renamed(mover: Mover, names: ModuleNames, item: Literal, counted: bool) -> tuple[str | None, str]:
    """The text afterwards (``None``: as it is), and why that is not certain."""
    if item.keyword in SCRIPTS or SCRIPTS.intersection(item.keys):
        return ENTRY.sub(lambda found: found[1] + names.new(found[2]), item.text), ""
    last = item.call.rpartition(".")[2]
    prefix = last in PREFIXED and (item.position == 1 or item.keyword == "prefix")
    if item.text.endswith(".") and (prefix or (last == "startswith" and takes_module(item))):
        return f"{names.new(item.text[:-1])}.", ""
    if (told := _runs(mover, names, item)) is not None:
        return told
    if item.text.startswith(OUTSIDE) and names.module_of(item.text[len(OUTSIDE) :]):
        return OUTSIDE + names.new(item.text[len(OUTSIDE) :]), ""
    if found := FORMAT.fullmatch(item.text):
        known = names.module_of(found["module"]) == found["module"]
        return (names.new(found["module"]) + item.text[found.end("module") :] if known else None), PUT_TOGETHER
    if last == "filterwarnings" and item.keyword in ("", "module") and (found := filter_of(item)):
        return renamed(names, found), ""
    if found := DATABASE.fullmatch(item.text):
        new = rename_path(found["file"], mover.moves)
        return (found["head"] + new + found["tail"] if new else None), ""
    if DOTTED.fullmatch(item.text) and names.renames:
        new, why = _module(mover, names, item)
        if new is not None:
            return new, why
    if not item.joined and not counted and not item.is_key and PATH.fullmatch(item.text):
        return _path(mover, item)
    return _beginning_of_path(mover, item) if TEMPLATE.search(item.text) and not counted else (None, "")


def _runs(mover: Mover, names: ModuleNames, item: Literal) -> tuple[str, str] | None:
    """What a text tells to be run, or to be set for what is run, that names what moves."""
    last = item.call.rpartition(".")[2]
    if last in RUNNERS or "\n" in item.text:  # what is run, and what may be written into a script
        patterns = (SOURCE, SHELL, DUNDER) if last in RUNNERS else (SHELL,)
        own = [name for how in patterns for name in how.findall(item.text) if names.module_of(name)]
        if own and names.new(own[0]) != own[0]:
            return names.new(own[0]), "it is code, or a command, that imports"
        if any(mover.is_moved(folder.rstrip("/")) for folder in ENTERED.findall(item.text)):
            return "", "it is a command that goes to a folder which moves"
    if (found := SET.fullmatch(item.text)) and mover.is_moved(found["path"]) and mover.tree.has(found["path"]):
        return "", MAY_BE
    return None


def _dunder_import(names: ModuleNames, item: Literal) -> Rewrite:
    """``__import__("a.b")`` gives ``a``, and with a ``fromlist`` the module itself."""
    if item.open:
        return Rewrite(
            doubts=(Doubt(item.line, item.text, "__import__ of a name that is put together: change it by hand"),)
        )
    top, _, rest = item.text.partition(".")
    new = names.new(top)
    if not item.alone or "." not in new:
        whole = names.new(item.text)
        return Rewrite((Edit(item.start, item.end, whole.encode()),) if item.start and whole != item.text else ())
    if not item.start or "." in rest:
        return Rewrite(
            doubts=(Doubt(item.line, item.text, "__import__ gives the outermost package: change it by hand"),)
        )
    listed = f', fromlist=["{rest or "_"}"]'
    return Rewrite((Edit(item.start, item.end, new.encode()), Edit(item.end + 1, item.end + 1, listed.encode())))


def _served_beside(mover: Mover, names: ModuleNames, path: str, item: Literal) -> str:
    """What ``uvicorn.run("main:app")`` in ``app/main.py`` must say, which ``python app/main.py`` found beside itself;
    ``""`` where it names something else, or the file has to be started so."""
    name, colon, rest = item.text.partition(":")
    folder = path.rpartition("/")[0]
    if not colon or folder in mover.project.layout.roots or names.module_of(name) or not takes_module(item):
        return ""
    there = f"{folder}/{name.replace('.', '/')}.py"
    module = mover.script(there) if there in mover.project.sources and not mover.finds_beside(path) else None
    return f"{module}:{rest}" if module else ""


def _beginning(mover: Mover, names: ModuleNames, item: Literal, data: bytes) -> tuple[str | None, str]:
    """What a text begins with, of which the rest is not known: whole names, where nothing but such a text fits."""
    name = item.text[:-1]
    if item.text.endswith(".") and DOTTED.fullmatch(name) and names.module_of(name) == name:
        if takes_module(item):
            return f"{names.new(name)}.", ""
        kept = re.escape(item.keys[0]) if item.keys and not item.is_key else ""
        imported = kept and re.search(rf"(?:import_module|__import__)\(\s*(?:\w+\.)*{kept}\b".encode(), data)
        return (f"{names.new(name)}.", PUT_TOGETHER) if "." in name or imported else (None, "")
    filled = FILLED.match(data, item.end) if item.start else None
    return _beginning_of_path(mover, item, f"*{filled['tail'].decode()}" if filled else "")


def _beginning_of_path(mover: Mover, item: Literal, rest: str = "") -> tuple[str | None, str]:
    """The same of a path, and of its ``rest``: sure where a path is taken, or a folder within another holds no code; it
    may be one where there are files that it fits."""
    if found := DATABASE.fullmatch(item.text):
        folder = found["file"].rpartition("/")[0]
        new = rename_path(folder, mover.moves)
        return (found["head"] + new + found["file"][len(folder) :] if new else None), ""
    folder = TEMPLATE.sub("", item.text).rpartition("/")[0]
    if folder.startswith("/") and not item.joined and takes_path(item):
        new, why = in_image(mover, item._replace(text=folder), is_path=True)
        return (new + item.text[len(folder) :] if new and not why else None), ""
    plain = folder.removeprefix("./")
    base = started_in(mover, plain)
    pattern = FIELD.sub("*", item.text.removeprefix("./")) + rest
    named = re.search(r"\*[^*/]*\.\w+$", pattern) and any(glob_matches(pattern, path) for path in mover.files)
    taken, within = takes_path(item), "/" in plain
    new = rename_path(folder, mover.moves, base) if folder and not item.joined else None
    if not new or not has_folder(mover, plain, base) or (base and (new.startswith("..") or not taken)):
        return None, ""
    code = any(path.endswith(".py") for path in mover.tree.under(plain))
    if not (taken or within or named or not code):
        return None, ""
    sure = STARTED % base if base else "" if taken or (within and not code) else MAY_BE
    return f"{new}{item.text[len(folder) :]}", sure


def _module(mover: Mover, names: ModuleNames, item: Literal) -> tuple[str | None, str]:
    plain = item.text.removesuffix(".*")
    name = plain.partition(":")[0]
    module = names.module_of(name)
    if not module or name.endswith(".py") or item.text in mover.kept or item.text in explicit_names(mover.project):
        return None, ""
    new = names.new(name) + item.text[len(name) :]
    if item.text.endswith(".*") and any(one.startswith(f"{plain}.") for one in explicit_names(mover.project)):
        return new, "tasks that it fits are named by hand, and keep their names"
    if takes_module(item):
        return new, ""
    if len(item.among) > 1 and not item.is_key and all(names.module_of(text) == text for text in item.among):
        if any("." in text for text in item.among):
            return new, ""
        return (new, TOGETHER) if LISTS.search(item.keys[0] if item.keys else "") else (None, "")
    if item.call == "str.join" and module == name:
        return new, "it is joined to the name of a module, if it means that"
    rest = (name[len(module) :] + "." + plain.partition(":")[2]).strip(".")
    attribute = rest.partition(".")[0]
    known = not attribute or attribute in _defines(mover, module, submodules=":" not in plain)
    if "/" in item.text or not known or ("." not in name and ":" not in item.text):
        return None, ""
    if "." in module or ":" in item.text:
        return new, ""
    if item.call.rpartition(".")[2] in LABELLED:
        return None, ""
    return new, "it spells a name in a module of the project, if it means that"


def _path(mover: Mover, item: Literal) -> tuple[str | None, str]:
    """A path relative to the working directory, or a place in an image; and why it is not certain that it is one."""
    if item.text.startswith("/"):
        return in_image(mover, item, is_path=takes_path(item))
    plain = item.text.replace("\\", "/").removeprefix("./").rstrip("/")
    base = started_in(mover, plain)
    whole = f"{base}/{plain}" if base else plain
    if not mover.is_moved(WILD.split(whole)[0].rpartition("/")[0] if WILD.search(plain) else whole):
        return None, ""
    fixed = WILD.split(item.text, maxsplit=1)[0].rpartition("/")[0] if WILD.search(item.text) else item.text
    renamed = rename_path(fixed, mover.moves, base)
    if base and (not renamed or renamed.startswith("..")):
        return None, ""
    why = _why_path(mover, item, base, plain)
    return (None, "") if why is None else (renamed and renamed + item.text[len(fixed) :], why)


def _why_path(mover: Mover, item: Literal, base: str, plain: str) -> str | None:
    """Why a text may be no such path, ``""`` where it is one, ``None`` where it likely is none."""
    folder, _, last = plain.rpartition("/")
    is_folder = has_folder(mover, plain, base)
    there = has(mover, plain, base)
    listed = len(item.among) > 1 and all(has(mover, text, base) for text in item.among)
    keeps = KEEPS.search("".join(item.keys[:1])) is not None
    made = "/" in folder and "." in last and has_folder(mover, folder, base)  # a file of a folder that is there
    if listed and any("." in text or "/" in text for text in item.among):
        sure = True  # a list of files and folders, each of which is there
    elif folder:
        sure = takes_path(item) or (keeps and is_folder) or (there and not is_folder) or made
    else:
        sure = there and takes_path(item)
    if sure:
        return STARTED % base if base and (is_folder or not there) else ""
    may_be = (is_folder or keeps) if folder and not base else (keeps and is_folder)
    return MAY_BE if may_be else None


def _from_here(mover: Mover, folder: str, item: Literal) -> tuple[str | None, str]:
    """A path in Sphinx's settings, whose folder is the working directory while they are read."""
    target = normpath(f"{folder}/{item.text}")
    if target == "." and item.call.rpartition(".")[2] in ("abspath", "resolve", "realpath", "Path"):
        return "../src", "code that was imported from there lies in src/ now, and is installed"
    if target.startswith("..") or not mover.is_moved(target) or not PATH.fullmatch(item.text.lstrip("./")):
        return None, ""
    return relpath(rename_path(target, mover.moves) or target, folder), ""


def _defines(mover: Mover, module: str, *, submodules: bool) -> set[str]:
    """The names that a module of the project has: what it defines or imports, perhaps its submodules."""
    found: set[str] = set()
    stem = module.replace(".", "/")
    for path, source in mover.project.sources.items():
        for root in mover.project.layout.roots:
            base = f"{root}/{stem}" if root else stem
            if path in (f"{base}.py", f"{base}/__init__.py"):
                found |= set(source.defines)
            elif submodules and path.startswith(f"{base}/"):
                found.add(path[len(base) + 1 :].split("/")[0].removesuffix(".py"))
    return found


@lru_cache(maxsize=1)
def explicit_names(project: Project) -> frozenset[str]:
    """Names that tasks are given by hand (``@task(name="tasks.add")``), which no move changes."""
    named = re.compile(r"(?:task|actor|job)\([^)]*?\bname\s*=\s*[\"']([\w.]+)[\"']")
    return frozenset(match for path in project.sources for match in named.findall(project.tree.text(path)))
