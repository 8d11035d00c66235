"""Settings are read from a relative ``.env``: which one depends on where the program is started.

``env_file=".env"`` (pydantic-settings, in ``SettingsConfigDict``, a dictionary or ``class Config``), Starlette's
``Config(".env")`` and ``load_dotenv(".env")`` mean the working directory. Started from elsewhere, by a service manager,
an editor or a test, the program finds no file, says nothing, and runs with its defaults. A ``load_dotenv()`` without a
path looks upwards from the calling file, and is not told.

Source: https://docs.pydantic.dev/latest/concepts/pydantic_settings/#dotenv-env-support

Flagged:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/settings.py
    from pydantic_settings import BaseSettings, SettingsConfigDict


    class Settings(BaseSettings):
        model_config = SettingsConfigDict(env_file=".env")
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```

Fixed:

```
pyproject.toml
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"

    [project]
    name = "shop"
    version = "1.0"
src/shop/__init__.py
src/shop/settings.py
    from pydantic_settings import BaseSettings


    class Settings(BaseSettings):
        secret: str
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
```
"""

from __future__ import annotations

import re

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import ABSOLUTE, is_application, own_code, relative_arguments, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="info",
    confidence="medium",
    help="started from another folder, the program runs with its defaults and says nothing",
    no_fix="hand the variables over (`uv run --env-file`, the service's settings), or name the file by a variable",
)

# In a dictionary, and the first of several files.
WRITTEN = lazy(
    r"""^[^#\n]*\b(?:env_file\s*=\s*[\[(]|model_config\b[^={}\n]*=\s*\{[^{}]*["']env_file["']\s*:\s*[\[(]?)\s*"""
    r"""["'](?P<file>[^"'\n{}]+)["']""",
    re.MULTILINE,
    words=("env_file",),
)
OF_STARLETTE = lazy(
    r"""^[^#\n]*=\s*Config\(\s*(?:env_file\s*=\s*)?["'](?P<file>[^"'\n{}]*\.env[^"'\n{}]*)["']""",
    re.MULTILINE,
    words=("Config(",),
)


@rule.checks
def relative_file(project: Project) -> Iterator[Finding]:
    """Calls of an application that name a relative file of variables."""
    if not is_application(project):
        return
    for path, call in relative_arguments(project, "SettingsConfigDict", "Config.env_file", "load_dotenv"):
        message = f"{call.name} reads {call.argument} in whatever folder the program is started from"
        yield rule.finding(Place(path, call.line), message, subject=call.argument)
    for path in own_code(project):
        text = text_of(project, path)
        given = [("env_file", found) for found in WRITTEN.finditer(text)]
        given += [("Config", found) for found in OF_STARLETTE.finditer(text)] if "starlette" in text else []
        for who, found in given:
            file = found["file"]
            if not ABSOLUTE.match(file):
                line = text.count("\n", 0, found.start("file")) + 1
                message = f"{who} reads {file} in whatever folder the program is started from"
                yield rule.finding(Place(path, line), message, subject=file)
