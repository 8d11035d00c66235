"""The words that a fact of the model may be.

A module apart, which annotations alone name and ``plan.file`` reads: to import ``typing`` is part of the start, and an
audit of a small project is mostly start.
"""

from typing import Literal

Severity = Literal["critical", "error", "warning", "info"]
Confidence = Literal["high", "medium", "low"]
Status = Literal["passed", "failed", "unchecked"]
Style = Literal["module", "path", "glob", "command", "stem"]
ProjectKind = Literal["application", "library", "workspace", "scripts", "none"]
LayoutKind = Literal[
    "loose",  # application modules lie at the project's root
    "package",  # one package at the root, imported by its own name
    "packages",  # several top-level packages (and maybe modules) at the root
    "src-package",  # `src` itself is the import package: `from src.x import y`
    "src-path",  # `src` is a bare folder on sys.path: its modules are top level
    "two-names",  # one file is imported under two names (`models` and `app.models`)
    "installed",  # a real src layout: src/<package>/, imported as <package>
    "workspace",  # several projects in one repository, none of them at the root
    "module",  # a single-module library
    "namespace",  # a namespace package, flat
    "scripts",  # unrelated scripts, no application
    "template",  # a template of projects, and nothing else
    "none",  # no Python
]
