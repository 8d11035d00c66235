"""Hatch environments: their dependencies are dependency groups.

Source: https://hatch.pypa.io/latest/config/environment/overview/. Scripts, matrices and features are
Hatch's own and stay with it.
"""

from __future__ import annotations

from trueup.model.project import Manifest, Requirement, SourceLine
from trueup.read.manifests._pep508 import requirement
from trueup.read.manifests._toml import account, comment_of, comments, leaves, line_of, load, strings, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.document import Document
    from trueup.model.tree import Tree

PATH = "pyproject.toml"
BASE = ("tool", "hatch", "envs")
_LISTS = ("dependencies", "extra-dependencies")
_ALONE = {*_LISTS, "detached", "skip-install"}


def read(tree: Tree) -> Iterator[Manifest]:
    """The manifest of ``[tool.hatch.envs]``, where an environment lists dependencies and nothing of Hatch's own."""
    document = load(tree, PATH)
    if document is None or document.error:
        return
    plain = [name for name, env in table(document, *BASE).items() if isinstance(env, dict) and _is_plain(env)]
    if plain:
        yield _read(document, plain)


def _is_plain(env: dict[str, object]) -> bool:
    return any(strings(env.get(key)) for key in _LISTS) and not set(env) - _ALONE


def _read(document: Document, plain: list[str]) -> Manifest:
    requirements: list[Requirement] = []
    lines: list[SourceLine] = []
    groups: dict[str, tuple[str, ...]] = {}
    for name in plain:
        group = "dev" if name == "default" else name
        groups[group] = ()
        for key in _LISTS:
            for number, text in enumerate(strings(document.get(*BASE, name, key))):
                at = (*BASE, name, key, number)
                comment = comment_of(document, *at)
                try:
                    item = requirement(text, PATH, line_of(document, *at), group=group, comment=comment)
                except ValueError as problem:
                    lines += account(document, at, kind="unreadable", reason=str(problem))
                    continue
                requirements.append(item)
        lines += account(document, (*BASE, name), to=f"dependency-groups.{group}")
    for name, env in table(document, *BASE).items():
        if name not in plain:
            for leaf in leaves(env, (*BASE, name)):
                lines += account(document, leaf, kind="kept", reason="Hatch reads it")
    lines += [line for name in plain for line in comments(document, (*BASE, name))]
    return Manifest(PATH, "hatch", tuple(requirements), tuple(lines), groups=groups)
