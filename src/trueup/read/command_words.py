"""Which words of a command line name code, and how: the tools' own grammars, as a table.

``program | what its positional arguments are | its options``. What an argument is, is one of the styles of
``reference_kinds``, and besides:

========  =================================================================
script    a Python file (or a folder with ``__main__.py``) that is run
run       the same, where it is written as a path: a bare word is a command (``uv run app``)
slashed   a path that is written as one: a bare word is a name (``chown app:app /code/app``)
report    a slashed path behind the format that is written there (``xml:build/coverage.xml``)
package   a path, or the folder of a package, which is imported
chdir     the directory that what follows is relative to
name      no code, however it is written: an image's, a user's
inline    Python source
-         nothing that names code: a bare word here is never a path
========  =================================================================

Sources: ``--help`` and the manual page of each program.
"""

from __future__ import annotations

import re
from functools import cache

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy
from trueup.text.shell import REDIRECTION, Word, basename

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from trueup.text.shell import Command

PROGRAMS = """
python pypy py | script | -m=program -c=inline -W=- -X=-
uv poetry pipenv pdm rye hatch conda mamba | run | -m=program --module=program --directory=chdir --project=path
    -C=chdir --extra=- --group=- --package=- --with=- -p=- -n=- --name=- --python=-
uvicorn | module | --app-dir=root --reload-dir=path --reload-include=glob --reload-exclude=glob --env-file=path
    --log-config=path --host=- --port=-
gunicorn | module | -c=path --config=path --conf=path --chdir=chdir --pythonpath=root -k=module --worker-class=module
    --logger-class=module --log-config=path -b=- --bind=- -n=- --name=- -w=- -u=- -g=-
hypercorn granian daphne waitress-serve | module | -c=path --config=path --call=module --log-config=path
    --working-dir=chdir --reload-paths=path
fastapi | package | --app=- --entrypoint=module -e=module --host=- --port=- --reload-dir=path
flask quart | - | --app=appref -A=appref --env-file=path
celery | - | -A=module --app=module -I=module --include=module --workdir=chdir -Q=- -n=- -l=- -c=- -s=-
    --config=module
arq faststream taskiq huey_consumer huey_consumer.py procrastinate | module | --watch=path --app=module -a=module
    --app-dir=root --reload-dir=path -fsd=-
dramatiq | module | --path=root -P=root --watch=path -p=- -t=- -Q=-
rq rqworker rqscheduler | - | --path=root -P=root -c=module --config=module --worker-class=module -w=module
    --job-class=module
pytest py.test | path | --cov=source -p=module --ignore=path --ignore-glob=glob --deselect=path -c=path
    --config-file=path --rootdir=path --confcutdir=path --cov-config=path -k=- -m=- -n=- -o=- -W=warnings
    --import-mode=- --junitxml=slashed --junit-xml=slashed --pyargs=- -r=- --tb=-
    --cov-report=report --durations=- --maxfail=-
coverage | script | --source=source --source-pkg=module --omit=glob --include=glob --rcfile=path -m=program
mypy dmypy stubtest | path | -p=module --package=module -m=module --module=module --config-file=path --exclude=regex
    --python-version=-
pylint | appref | --rcfile=path --ignore-paths=regex --ignore=- --disable=- --enable=- --init-hook=-
ruff | path | --config=path --exclude=ignore --extend-exclude=ignore --select=- --ignore=- --extend-select=-
    --target-version=- --output-format=- --line-length=-
black isort flake8 bandit autoflake pyflakes pyupgrade pycodestyle pydocstyle vulture radon xenon | path |
    --exclude=glob --extend-exclude=glob --config=path --settings-path=path --src=root --sp=path --skip=path
    --per-file-ignores=ignore --application-import-names=module -p=module --project=module --profile=- -c=path -l=-
    --line-length=- --select=- --ignore=- --max-line-length=-
pyright basedpyright ty pyre pytype interrogate autopep8 yapf docformatter djlint refurb semgrep codespell blue
    add-trailing-comma | path | --project=path -p=path --exclude=glob --config=path
deptry pipreqs lizard ty | path | --exclude=regex --known-first-party=module
sphinx-apidoc sphinx-build sphinx-autobuild pdoc pdoc3 | path | -o=- -b=- --watch=path
lint-imports import-linter | - | --config=path
alembic | - | -c=path --config=path -m=- -n=-
aerich | - | -t=module --tortoise-orm=module -s=path -c=path
streamlit chainlit gradio mesop | path | --server.port=-
locust | - | -f=path --locustfile=path
watchfiles | path | --filter=- --ignore-paths=path
watchmedo nodemon | - | -d=path --directory=path --watch=path -w=path --filter=- --ignore-paths=path
pybabel | path | -F=path -o=path -d=path -i=path -D=- -l=- -f=-
pyinstaller nuitka cython mypyc stubgen | path | --paths=root -p=module --add-data=- --name=- -n=-
    --hidden-import=module
cd pushd chdir set-location sl | chdir |
popd pop-location | - |
chown chgrp chmod | slashed |
test [ [[ | slashed | -d=path -e=path -f=path -h=path -r=path -s=path -w=path -x=path -L=path
ls cp mv rm cat touch find tree rsync tar zip diff head tail wc du source . less mkdir rmdir ln
    install dir type copy xcopy del move attrib | path | -name=- -o=- -g=- -m=-
git | - | -C=chdir -m=- -b=-
make tox nox just invoke task | - | -C=chdir -f=path -e=- -s=-
docker docker-compose podman nerdctl | - | -v=volume --volume=volume -w=- --workdir=- -f=slashed --file=slashed
    -t=name --tag=name -u=name --user=name --name=name --network=name -e=env --env=env --env-file=path -n=-
    -c=slashed --compose-file=slashed -i=slashed
pip pip3 pipx easy_install apt apt-get apk yum dnf brew npm npx yarn pnpm node echo printf export set env sudo exec
    time nohup read declare local alias unset kubectl helm terraform heroku fly flyctl gcloud aws az ssh scp curl wget
    openssl psql pg_isready pg_dump pg_dumpall pg_restore createdb dropdb createuser mysql mysqladmin mysqldump
    mariadb mariadb-admin mongosh mongo redis-cli valkey-cli
    rabbitmqctl rabbitmq-diagnostics kafka-topics pre-commit sleep kill wait exit return shift true false eval trap
    useradd adduser addgroup groupadd usermod sed awk grep egrep sort uniq xargs tee cut tr date which command if then
    else elif fi do done while until case esac in function systemctl service supervisorctl crontab dotenv honcho
    foreman create-react-app vite bash sh zsh dash powershell pwsh cmd pm2 id: name: | - | -c=- -n=-
"""

ENVIRONMENT = {
    "PYTHONPATH": "root",
    "MYPYPATH": "root",
    "FLASK_APP": "appref",
    "QUART_APP": "appref",
    "UVICORN_APP": "module",
    "UVICORN_APP_DIR": "root",
    "UVICORN_RELOAD_DIRS": "path",
    "UVICORN_LOG_CONFIG": "path",
    "GUNICORN_CMD_ARGS": "-",
    "APP_MODULE": "module",
    "MODULE_NAME": "module",
    "ASGI_APP": "module",
    "WSGI_APP": "module",
    "CELERY_APP": "module",
    "CELERY_CONFIG_MODULE": "module",
    "SETTINGS_MODULE": "module",
    "DJANGO_SETTINGS_MODULE": "module",
    "FASTAPI_ENTRYPOINT": "module",
    "GUNICORN_CONF": "path",
    "PRE_START_PATH": "path",
    "LOG_CONFIG": "path",
}
# Programs that start no other: what follows them are names of packages, services, users.
CLOSED = frozenset(
    {
        *("pip", "pip3", "pipx", "easy_install", "apt", "apt-get", "apk", "yum", "dnf", "brew", "npm", "yarn", "pnpm"),
        *("helm", "systemctl", "service", "supervisorctl", "useradd", "adduser", "addgroup", "groupadd", "usermod"),
        *("git", "[", "[[", "test", "chown", "chgrp"),
    }
)
CONTAINERS = frozenset(("docker", "docker-compose", "podman", "nerdctl"))
STARTING = frozenset(("run", "exec", "create"))  # behind these alone such a program starts another
TAKING = frozenset(("build", "config", "secret"))  # behind these, a path of the machine
STARTERS = frozenset({"find", "install", "source", ".", "watchfiles"})  # of what takes paths; `make install`
VERBED = ("taskiq", "faststream", "procrastinate")
REDIRECTED = lazy(rf"(?:{REDIRECTION})(?P<target>[^<>]*)")
ASSIGNMENT = lazy(r"(?:\$env:)?([A-Za-z_]\w*)\+?=")
PYTHON = lazy(r"(python|pypy|py)[\d.]*$")


class Program(NamedTuple):
    """How a program's arguments name code."""

    name: str
    positional: str
    options: dict[str, str]


class Argument(NamedTuple):
    """A piece of a command line that may name code: its bytes, in which style, and for whom."""

    start: int
    end: int
    style: str
    program: str = ""


@cache
def grammar() -> dict[str, Program]:
    """The table by program."""
    table: dict[str, Program] = {}
    for line in re.sub(r"\n +", " ", PROGRAMS.strip()).splitlines():
        names, positional, options = (cell.strip() for cell in line.split("|", 2))
        pairs = dict(option.split("=", 1) for option in options.split())
        for name in names.split():
            table[name] = Program(name, positional, pairs)
    return table


def program_of(word: str) -> Program | None:
    """The program that a word starts, where the table has it."""
    name = basename(word.lstrip("@"))
    found = PYTHON.match(name)
    return grammar().get(found[1] if found else name)


def arguments(words: Command, program: Program | None = None) -> Iterator[Argument]:
    """Every word, or part of one, that may name code; the last program seen decides how it is read."""
    return iter(()) if is_of_a_revision([word.text for word in words]) else _arguments(words, program)


def _arguments(words: Command, program: Program | None) -> Iterator[Argument]:
    pending = ""
    done = False  # a script takes its own arguments: they are not the interpreter's
    for position, word in enumerate(words):
        style, pending = pending, ""
        if not word.text or style == "name":
            continue
        if style == "program":
            yield Argument(word.start, word.end, "module", program.name if program else "")
            program, done = program_of(word.text), False
        elif style:
            yield _given(word.start, word.text, style, program)
        elif not word.quote and (redirected := REDIRECTED.fullmatch(word.text)):
            start = word.start + redirected.start("target")
            pending = "" if redirected["whole"] or start < word.end else "path"
            yield Argument(start, word.end, "path")
        elif word.text.startswith("-"):
            pending = yield from _option(word, program, words[position + 1 : position + 2])
        elif match := ASSIGNMENT.match(word.text):
            yield from _assigned(word, match)
        elif word.text == "=" and position and words[position - 1].text.lower().startswith("$env:"):
            pending = environment_style(words[position - 1].text[5:])
        elif (found := program_of(word.text)) and not _is_file(words[: position + 1], program):
            program, done = found, False
        elif not done and not _is_named(words[: position + 1], program):
            style = program.positional if program else ""
            if program and program.name in VERBED and not re.search(r"[.:]", word.text):
                continue  # ``taskiq worker``, ``faststream run``: what to do
            yield Argument(word.start, word.end, style.replace("-", ""), program.name if program else "")
            done = style in ("script", "run") and word.text.endswith(".py")


def is_of_a_revision(words: list[str]) -> bool:
    """Whether the paths of a command of git are those of another revision, where nothing has moved."""
    if len(words) < 4 or words[0] != "git" or words[1] not in ("checkout", "restore", "show", "diff"):
        return False
    before = words[2 : words.index("--")] if "--" in words else []
    return any(not word.startswith("-") for word in before) or any(word.startswith("--source") for word in words)


def _is_file(words: Command, program: Program | None) -> bool:
    """Whether the last word, which is called like a program, is none: ``zip x.zip alembic``, ``docker image rm x``."""
    if program is None:
        return False
    *before, word = (word.text for word in words)
    pathed = "/" in word or "\\" in word
    inert = program.name in CONTAINERS and word != "cp" and STARTING.isdisjoint(before)
    file = program.positional == "path" and (pathed or program.name not in STARTERS)
    return word == "." or program.name in CLOSED or inert or file


def _is_named(words: Command, program: Program | None) -> bool:
    """Whether the last word is an image, a container or the like, for a path is only what is built; or a pattern that
    git looks for in every folder (https://git-scm.com/docs/gitglossary, pathspec)."""
    *before, word = (word.text for word in words)
    named = program is not None and program.name in CONTAINERS
    deep = program is not None and program.name == "git" and word.startswith("*")
    return deep or (named and TAKING.isdisjoint(before))


def _option(word: Word, program: Program | None, following: Command) -> Generator[Argument, None, str]:
    """Its value after ``=``; else the style of the word that follows."""
    name, equals, value = word.text.partition("=")
    style = program.options.get(name, "") if program else ""
    if equals and style == "name":
        return ""
    if equals:
        lead = len(value) - len(value.lstrip("\"'"))
        start = word.start + len(name) + 1 + lead
        yield _given(start, value.strip("\"'"), style, program)
        return ""
    return style if following and not following[0].text.startswith("-") else ""


def _given(start: int, value: str, style: str, program: Program | None) -> Argument:
    """The value of an option, which stands at ``start``."""
    lead = value.find(":") + 1 if style == "report" else 0
    style = "slashed" if style == "report" else style
    return Argument(start + lead, start + len(value), style, program.name if program else "")


def _assigned(word: Word, match: re.Match[str]) -> Iterator[Argument]:
    value = word.text[match.end() :]
    lead = len(value) - len(value.lstrip("\"'"))
    start = word.start + match.end() + lead
    yield Argument(start, start + len(value.strip("\"'")), environment_style(match[1], value.strip("\"'")), "=")


def environment_style(name: str, value: str = "") -> str:
    """How the value of an environment variable names code; ``""`` where nothing is known of it."""
    if value.startswith("sqlite"):
        return "database"
    upper = name.upper()
    return ENVIRONMENT.get(upper) or next(
        (style for known, style in ENVIRONMENT.items() if upper.endswith("_" + known)), ""
    )
