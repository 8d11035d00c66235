"""Requirements that name a place instead of an index: version control, URLs, local paths.

uv wants them as a plain name plus an entry of ``[tool.uv.sources]``, so that the metadata of a wheel
stays free of direct references.
"""

from __future__ import annotations

import posixpath
import re

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.tree import Tree

_VCS = lazy(r"(git|hg|svn|bzr)\+(.+)", re.DOTALL)
_ARCHIVE = lazy(r"\.(whl|zip|tar\.gz|tgz|tar\.bz2|tbz|tar\.xz|txz|tar)$", re.IGNORECASE)
_EXTRAS = lazy(r"^(.*?)\[([\w\s,.-]*)\]$", re.DOTALL)
_COMMIT = lazy(r"[0-9a-f]{7,64}")
_VERSION = lazy(r"[vV]\d\S*|\d+(\.\d+)+\S*|[\w-]+[-_/]v?\d+(\.\d+)+\S*")
BRANCHES = ("main", "master", "develop", "development", "dev", "trunk", "stable", "HEAD")


class Direct(NamedTuple):
    """``source`` as in ``[tool.uv.sources]``; ``name`` is empty, with ``problem`` set, where nothing says it.

    ``itself`` when it is the project's own directory. ``note`` is what could not be expressed.
    """

    name: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""
    source: dict[str, object] = {}  # noqa: RUF012 - never changed; NamedTuple fields are defaults, not class state
    itself: bool = False
    note: str = ""
    problem: str = ""


def is_direct(text: str) -> bool:
    """Whether a requirement names a place: a URL, a VCS link or a path."""
    head = text.split(" ;")[0].strip()
    if re.match(r"[A-Za-z0-9][\w.-]*\s*(\[[^\]]*\])?\s*@\s", head):
        return True
    return (
        "://" in head.split("#")[0]
        or head.startswith((".", "/", "~", "file:", "\\"))
        or bool(re.match(r"[A-Za-z]:[\\/]", head))
        or bool(_ARCHIVE.search(head))
        or ("/" in head and not re.search(r"[=<>!~]=|[<>;]", head))
    )


def direct(text: str, tree: Tree, directory: str = "", *, editable: bool = False) -> Direct:
    """Read a direct requirement as pip writes it; ``directory`` is that of the file it stands in."""
    place, _, marker = text.partition(" ;")
    place, marker = place.strip(), " ".join(marker.split())
    named = re.match(r"([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?\s*@\s+(\S.*)", place, re.DOTALL)
    prefix = ""
    extras: tuple[str, ...] = ()
    if named:
        prefix, extras, place = named[1], _listed((named[2] or "").strip("[]")), named[3].strip()
    if _VCS.match(place):
        found = _from_vcs(place)
    elif "://" in place and not place.startswith("file:"):
        found = _from_url(place)
    else:
        found = _from_path(place, tree, directory, editable)
    name = prefix or found.name
    problem = "" if name else found.problem or "its name is not written, and only its files know it"
    problem = found.problem if found.problem and not found.source and not found.itself else problem
    note = found.note or ("uv cannot install it in editable mode" if editable and "git" in found.source else "")
    return found._replace(
        name=name, extras=extras or found.extras, marker=marker or found.marker, problem=problem, note=note
    )


def without_credentials(url: str) -> tuple[str, bool]:
    """The URL without user and password, and whether it had any (``git@`` is a login name, not a secret)."""
    from urllib.parse import urlsplit, urlunsplit

    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if not at or (parts.scheme.endswith("ssh") and ":" not in user):
        return url, False
    return urlunsplit(parts._replace(netloc=host)), True


def git_reference(reference: str) -> dict[str, object]:
    """A git reference as uv calls it; ``rev`` also finds branches and tags, so it is the word for doubt."""
    if not reference:
        return {}
    if _COMMIT.fullmatch(reference):
        return {"rev": reference}
    if reference in BRANCHES:
        return {"branch": reference}
    return {"tag": reference} if _VERSION.fullmatch(reference) else {"rev": reference}


def archive_name(path: str) -> str:
    """The distribution that a wheel or source archive's file name names; ``""`` where it does not."""
    from urllib.parse import unquote

    file = unquote(path.rstrip("/").rsplit("/", 1)[-1])
    stem = _ARCHIVE.sub("", file)
    if file == stem:
        return ""
    if file.lower().endswith(".whl"):
        return stem.split("-")[0].replace("_", "-") if stem.count("-") >= 4 else ""
    found = re.fullmatch(r"([A-Za-z][\w.-]*?)-v?\d[\w.!+]*", stem)
    return found[1] if found else ""


def _details(fragment: str) -> dict[str, str]:
    from urllib.parse import parse_qsl

    return dict(parse_qsl(fragment))


def _path_of(link: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(link).path


def _from_vcs(place: str) -> Direct:
    found = _VCS.match(place)
    kind, link = (found[1], found[2]) if found else ("", "")
    link, _, fragment = link.partition("#")
    details = _details(fragment)
    name, extras = _split_extras(details.get("egg", ""))
    if kind != "git":
        return Direct(name, extras, problem=f"uv cannot install from {kind}")
    address, at, reference = link.rpartition("@")
    if not at or "/" not in address.partition("://")[2]:
        address, reference = link, ""
    address, secret = without_credentials(address)
    source: dict[str, object] = {"git": address, **git_reference(reference)}
    if "subdirectory" in details:
        source["subdirectory"] = details["subdirectory"]
    note = "its credentials are not written down; let git's credential helper hold them" if secret else ""
    return Direct(re.split(r"[<>=!~]", name)[0], extras, source=source, note=note)


def _from_url(place: str) -> Direct:
    link, _, fragment = place.partition("#")
    details = _details(fragment)
    name, extras = _split_extras(details.get("egg", ""))
    link, secret = without_credentials(link)
    source: dict[str, object] = {"url": link}
    if "subdirectory" in details:
        source["subdirectory"] = details["subdirectory"]
    note = "its credentials are not written down; a netrc file or keyring can hold them" if secret else ""
    return Direct(name or archive_name(_path_of(link)), extras, source=source, note=note)


def _from_path(place: str, tree: Tree, directory: str, editable: bool) -> Direct:
    from urllib.parse import unquote

    path, extras = _split_extras(place.partition("#egg=")[0])
    path, _, fragment = path.partition("#")
    path = unquote(re.sub(r"^file:(//(localhost)?(?=/))?", "", path)).replace("\\", "/")
    if path.startswith(("/", "~")) or re.match(r"[A-Za-z]:", path):
        return Direct(archive_name(path), extras, problem=f"{path} is a path of one machine")
    inside = _find(tree, path, directory)
    if inside == "":
        return Direct("", extras, itself=True)
    if inside is None:
        return Direct("", extras, problem=f"{path} is not in the project")
    if tree.has(inside):
        return Direct(archive_name(inside), extras, source={"path": inside})
    source: dict[str, object] = {"path": inside, "editable": True} if editable else {"path": inside}
    details = _details(fragment)
    if "subdirectory" in details:
        source["path"] = f"{inside}/{details['subdirectory']}"
    return Direct(local_name(tree, str(source["path"])), extras, source=source)


def _find(tree: Tree, path: str, directory: str) -> str | None:
    """Where a relative path leads: from the project's root, else from the file's directory; ``""`` is the root."""
    for base in dict.fromkeys(("", directory)):
        joined = posixpath.normpath(posixpath.join(base, path))
        if joined == ".":
            return ""
        if tree.has(joined) or tree.has_dir(joined):
            return joined
    return None


def local_name(tree: Tree, directory: str) -> str:
    """The name that the package in ``directory`` gives itself; ``""`` where nothing says it plainly."""
    import tomllib

    pyproject, cfg, script = (f"{directory}/{name}" for name in ("pyproject.toml", "setup.cfg", "setup.py"))
    if tree.has(pyproject):
        try:
            data = tomllib.loads(tree.text(pyproject))
        except (tomllib.TOMLDecodeError, RecursionError, ValueError):
            data = {}
        tool = data.get("tool")
        for table in (data.get("project"), tool.get("poetry") if isinstance(tool, dict) else None):
            if isinstance(table, dict) and isinstance(table.get("name"), str):
                return str(table["name"])
    for path, pattern in ((cfg, r"^name\s*=\s*([\w.-]+)\s*$"), (script, r"""\bname\s*=\s*["']([\w.-]+)["']""")):
        found = re.search(pattern, tree.text(path), re.MULTILINE) if tree.has(path) else None
        if found:
            return found[1]
    return ""


def _split_extras(text: str) -> tuple[str, tuple[str, ...]]:
    found = _EXTRAS.match(text.strip())
    return (found[1], _listed(found[2])) if found else (text.strip(), ())


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
