"""Hooks of pre-commit that call another manager, which uv has the like of or not.

Source: https://github.com/astral-sh/uv-pre-commit, whose tags are uv's versions, and
https://python-poetry.org/docs/pre-commit-hooks/
"""

from __future__ import annotations

import re

from trueup.model.span import Edit, splice
from trueup.plan.uv_commands import uv_version

# A repository of which nothing but the lock is checked.
LOCKS = re.compile(
    rb"(?m)^(?P<lead>[ \t]*-[ \t]+repo:[ \t]*)"
    rb"(?P<repo>[\"']?https://github\.com/python-poetry/poetry(?:\.git)?/?[\"']?)[ \t]*\r?$"
    rb"(?:\n[ \t]*#[^\n]*)*\n(?P<rev>[ \t]+rev:[ \t]*)(?P<version>[^\s#]++)[^\n]*"
    rb"(?:\n[ \t]*#[^\n]*)*\n[ \t]+hooks:[ \t]*\r?"
    rb"(?P<hooks>(?:\n(?P<item>[ \t]*-[ \t]+)id:[ \t]*poetry-(?:check|lock)[ \t]*\r?"
    rb"(?:\n[ \t]+args:[ \t]*\[[ \t]*[\"']?--(?:lock|check|no-update)[\"']?[ \t]*\][ \t]*\r?)?)+)"
    rb"(?=\n[ \t]*-[ \t]+repo:|\n[^ \t-]|\s*\Z)"
)
HOOK = re.compile(rb"\bpoetry-(?:check|lock|export|install)\b")


def on_the_lock_of_uv(data: bytes) -> bytes:
    """The settings of pre-commit in which uv checks the lock that Poetry did; as they are where another place names
    those hooks, too, or they do more."""
    found = LOCKS.search(data)
    if found is None or len(HOOK.findall(data)) != len(HOOK.findall(found["hooks"])):
        return data
    said = b"\n" + found["item"] + b"id: uv-lock" + (b"\r" if found["hooks"].endswith(b"\r") else b"")
    edits = [
        Edit(*found.span("repo"), b"https://github.com/astral-sh/uv-pre-commit"),
        Edit(*found.span("version"), uv_version().encode()),
        Edit(*found.span("hooks"), said),
    ]
    return splice(data, edits)
