"""Where the environment of an image lies that uv makes, and what there is to make it with.

It lies in ``/opt/venv``, so that a volume mounted over the working directory does not hide it; beside the code where
another user than root makes it, or where its programs are started by their paths there.
"""

from __future__ import annotations

import re
from posixpath import join, normpath

from trueup.plan.image_stages import base_of, beneath, installs
from trueup.text.docker import shell_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trueup.model.command_line import CommandLine
    from trueup.plan.image_stages import Stage
    from trueup.plan.uv_commands import Target

PLACE = "/opt/venv"
IN_PROJECT = re.compile(
    r"(?:VIRTUALENVS|VENV)_IN_PROJECT[= ][\"']?(?:true|1)|virtualenvs\.in-project\s+[\"']?true", re.I
)
STARTED = re.compile(r"(?P<place>/?(?:[\w.-]+/)*\.venv)/bin/[\w.-]+")
STARTING = ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK")
SETTINGS = "UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy"
OWN_PYTHON = "UV_PYTHON_DOWNLOADS=never"
UV_PYTHON = "UV_PYTHON_INSTALL_DIR=/opt/python"  # where other users than root can read it, too
UV_BRINGS = f"uv brings Python to ~/.local/share/uv: a stage that copies the environment needs that, too ({UV_PYTHON})"
# Images that come without Python, and what puts one in: https://hub.docker.com/_/debian
BARE = re.compile(r"(?:\S*/)?(?:debian|ubuntu|alpine)(?:[:@]\S*)?", re.I)
PYTHON = re.compile(
    r"(?<![\w./-])(?:python[\d.]*|py3-pip|pip[\d.]*|pipx|poetry|(?:micro)?mamba|\w*conda\d?|pyenv)(?![\w.])", re.I
)

ENVIRONMENT = re.compile(r"-m\s+venv\b|\bvirtualenv\s|VIRTUAL_ENV|uv\s+venv")
# Images that run by a Python of their own what is installed for that, and know of no other environment:
# https://airflow.apache.org/docs/docker-stack/build.html, https://docs.aws.amazon.com/lambda/latest/dg/python-image.html,
# https://learn.microsoft.com/en-us/azure/azure-functions/functions-how-to-custom-container
RUNS_ITS_OWN = re.compile(
    r"(?:^|/)(?:tiangolo|jupyter|jupyterhub|rayproject)/|(?:^|/)apache/(?:airflow|superset|spark|beam)|astro-runtime|astronomer"
    r"|lambda[/-]python|azure-functions/python|aws-glue|(?:^|/)(?:prefecthq/prefect|locustio/locust|mlflow/mlflow|odoo)(?:[:@]|$)",
    re.I,
)


def has_its_own(base: str, stage: str) -> bool:
    """Whether a stage makes an environment itself, or is from an image that starts a Python of its own."""
    return bool(RUNS_ITS_OWN.search(base) or ENVIRONMENT.search(stage))


def started_beside(text: str, stages: Iterable[Stage], commands: Iterable[CommandLine]) -> str:
    """The environment in a project's folder whose programs an image, or a service, starts by their paths; ``""``."""
    for stage in stages:
        for item, folder in stage.inside:
            for words in shell_commands(text, item) if item.keyword in STARTING else ():
                if found := next(filter(None, (STARTED.fullmatch(word.text) for word in words)), None):
                    return normpath(join(folder, found["place"]))
    return next(_in_scripts(text, stages, commands), "")


def _in_scripts(text: str, stages: Iterable[Stage], commands: Iterable[CommandLine]) -> Iterator[str]:
    """The same of services, and of scripts: by whole paths, or from the folder where a script of the image runs."""
    folders = [join(folder, ".venv") for stage in stages for _, folder in stage.inside]
    in_project = IN_PROJECT.search(text) is not None
    for item in (item for item in commands if item.where in ("compose", "shell")):
        own = in_project and item.where == "shell"
        for found in filter(None, map(STARTED.fullmatch, item.argv)):
            if found["place"] in folders:
                yield found["place"]
            elif own and found["place"] in (".venv", "./.venv"):
                yield folders[-1]


def place_of(text: str, stage: Stage, beside: str, target: Target) -> str:
    """Where the environment of a stage lies: ``beside``, if that is named, and in a folder that it works in."""
    if beside and any(join(folder, ".venv") == beside for _, folder in stage.inside):
        return beside
    runs = ((item, here) for item, here in stage.inside if item.keyword == "RUN")
    filled = (each for each in runs if any(installs(words, target) for words in shell_commands(text, each[0])))
    item, here = next(filled, stage.inside[-1] if stage.inside else (stage.origin, ""))
    return join(here, ".venv") if stage.is_of_user(item.end) else PLACE


def settings(text: str, every: Sequence[Stage], stage: Stage, place: str, beside: str, version: str) -> list[str]:
    """The variables of a stage that uv fills: its environment, whose programs come first; ``version`` is that of a
    Python unlike the pin."""
    outside = [f"UV_PROJECT_ENVIRONMENT={place}"] if place in (PLACE, beside) or stage.of_user else []
    python = UV_PYTHON if lacks_python(text, every, stage) else OWN_PYTHON
    return [f"ENV {' '.join([*outside, *version.split(), python, SETTINGS])}", f'ENV PATH="{place}/bin:$PATH"']


def lacks_python(text: str, every: Sequence[Stage], stage: Stage) -> bool:
    """Whether a stage is built from an image without Python, and nothing seen puts one in."""
    brings = (item for item in beneath(every, stage) if item.keyword in ("RUN", "COPY", "ADD"))
    return bool(BARE.fullmatch(base_of(every, stage).words[0].text)) and not any(
        PYTHON.search(text, item.start, item.end) for item in brings
    )


def keeps_environment(text: str, stage: Stage) -> bool:
    """Whether a later stage copies the environment that lies beside the code."""
    taken = rf"--from=(?:{'|'.join(map(re.escape, stage.names))})\s+"
    beside = r"\S*\.venv\b" if not IN_PROJECT.search(text) else r"\S"
    return bool(re.search(taken + beside, text, re.IGNORECASE))
