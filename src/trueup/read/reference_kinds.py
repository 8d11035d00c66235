"""THE TABLE: where, outside Python's import statements, own code is named.

A row is ``kind | files | where | style``. To teach trueup a new file, add a row; where command lines stand,
``command_kinds`` says.

``files`` are names, or paths from the root of the project (or of its repository) when they hold ``/``;
``*`` matches within a component and ``**`` across.

``where`` is, for a TOML, JSON, YAML or INI file, routes of keys: ``*`` is any key, ``**`` any number of
them, ``@`` stands for the keys themselves, list positions do not count. Else it is one of the words that
``reference_where.WHERE`` explains: ``lines``, ``env``, ``docker``, ``directives``, ``includes``, ``listed``,
``above``, ``hashed``, ``javascript``, ``links``, ``synced``, ``watched``, ``mako``, ``mentions``, ``idea``,
``terraform``, ``absolute``.

``style`` is how the text there names code:

=============  ==================================================================================
module         a dotted name, with or without ``:attribute``
path           a file or directory, relative to where the file lies
root           a directory that is put on the import path
source         what coverage measures: an importable name, or a path when it has a ``/``
glob           a pattern matched from where the file lies
ignore         a pattern matched at any depth, unless it has a ``/`` inside (gitignore)
line           the same, but the whole of a line
regex          a regular expression matched against paths
options        options of a command line: those of the program that the kind is named after
volume         ``./host/path:/path/in/the/image``
mention        a path that is there, in a file of which nothing else is known
section        the name of an INI section for modules (``mypy-app.*``)
versioned      the name of an INI section for a file (``bumpversion:file:app/__init__.py``)
extraction     the name of an INI section for files (``python: app/**.py``)
warnings       a warning filter: its third field is a class, its fourth a module
env            a value of the environment (``PYTHONPATH``, ``FLASK_APP``); the name is the key or before ``=``
handler        ``app/main.handler``: a path and an attribute (serverless functions)
image          a place in an image, where a volume is mounted; ``/static=/code/app/static``: what follows ``=``
up             ``..`` out of the folder where the file lies
database       the URL of a sqlite database
poetry         a package directory as Poetry's ``packages`` names it
=============  ==================================================================================

Sources of the rows: the reference pages of the tools named in the first column.
"""

from __future__ import annotations

import re
from functools import cache

from trueup.model.noun import NamedTuple
from trueup.read.command_kinds import COMMANDS
from trueup.read.reference_files import rows_for
from trueup.text.documents import is_record


class Row(NamedTuple):
    """One row of the table; ``files`` and ``where`` are alternatives."""

    kind: str
    files: tuple[str, ...]
    where: tuple[str, ...]
    style: str


PYPROJECT = """
project       | project.scripts.* project.gui-scripts.* project.entry-points.*.* | module
fastapi       | tool.fastapi.entrypoint | module
pytest        | tool.pytest.ini_options.testpaths tool.pytest.testpaths | path
pytest        | tool.pytest.ini_options.pythonpath tool.pytest.pythonpath | root
pytest        | tool.pytest.ini_options.addopts tool.pytest.addopts | options
pytest        | tool.pytest.ini_options.filterwarnings tool.pytest.filterwarnings | warnings
pytest        | tool.pytest.ini_options.DJANGO_SETTINGS_MODULE tool.pytest.DJANGO_SETTINGS_MODULE | module
pytest        | tool.pytest.ini_options.env tool.pytest.env tool.pytest_env.* | env
coverage      | tool.coverage.run.source | source
coverage      | tool.coverage.run.source_pkgs | module
coverage      | tool.coverage.run.omit tool.coverage.run.include | glob
coverage      | tool.coverage.report.omit tool.coverage.report.include | glob
coverage      | tool.coverage.paths.* | glob
mypy          | tool.mypy.files | path
mypy          | tool.mypy.packages tool.mypy.modules tool.mypy.overrides.module | module
mypy          | tool.mypy.plugins | module
mypy          | tool.mypy.mypy_path | root
mypy          | tool.mypy.exclude | regex
ruff          | tool.ruff.src | root
ruff          | tool.ruff.include tool.ruff.exclude tool.ruff.extend-exclude | ignore
ruff          | tool.ruff.lint.exclude tool.ruff.format.exclude tool.ruff.extend-include | ignore
ruff          | tool.ruff.lint.per-file-ignores.@ tool.ruff.per-file-ignores.@ | ignore
ruff          | tool.ruff.lint.extend-per-file-ignores.@ | ignore
ruff          | tool.ruff.**.extend-immutable-calls tool.ruff.**.runtime-evaluated-base-classes | module
ruff          | tool.ruff.**.runtime-evaluated-decorators tool.ruff.**.exempt-modules | module
ruff          | tool.ruff.**.logger-objects tool.ruff.**.allowed-unused-imports | module
ruff          | tool.ruff.**.known-first-party tool.ruff.**.known-local-folder | module
isort         | tool.isort.known_first_party tool.isort.known_local_folder | module
isort         | tool.isort.src_paths | root
isort         | tool.isort.skip tool.isort.extend_skip | path
isort         | tool.isort.skip_glob tool.isort.extend_skip_glob | glob
black         | tool.black.exclude tool.black.extend-exclude tool.black.force-exclude | regex
black         | tool.black.include | regex
bandit        | tool.bandit.exclude_dirs tool.bandit.targets | path
pylint        | tool.pylint.**.ignore-paths | regex
pylint        | tool.pylint.**.source-roots | root
pylint        | tool.pylint.**.django-settings-module | module
mypy          | tool.django-stubs.django_settings_module | module
pyright       | tool.pyright.include tool.pyright.exclude tool.pyright.ignore | glob
pyright       | tool.pyright.strict | glob
pyright       | tool.pyright.extraPaths tool.pyright.executionEnvironments.extraPaths | root
pyright       | tool.pyright.executionEnvironments.root | root
basedpyright  | tool.basedpyright.include tool.basedpyright.exclude | glob
basedpyright  | tool.basedpyright.extraPaths | root
ty            | tool.ty.environment.root | root
ty            | tool.ty.src.include tool.ty.src.exclude | glob
vulture       | tool.vulture.paths | path
vulture       | tool.vulture.exclude | glob
mutmut        | tool.mutmut.paths_to_mutate tool.mutmut.tests_dir tool.mutmut.also_copy | path
mutmut        | tool.mutmut.source_paths | path
mutmut        | tool.mutmut.do_not_mutate tool.mutmut.only_mutate | glob
import-root   | tool.importlinter.root_package tool.importlinter.root_packages | module
import-linter | tool.importlinter.contracts.source_modules tool.importlinter.contracts.forbidden_modules | module
import-linter | tool.importlinter.contracts.modules tool.importlinter.contracts.layers | module
import-linter | tool.importlinter.contracts.containers tool.importlinter.contracts.ignore_imports | module
deptry        | tool.deptry.known_first_party | module
interrogate   | tool.interrogate.exclude | path
alembic       | tool.alembic.script_location | path
alembic       | tool.alembic.prepend_sys_path | root
aerich        | tool.aerich.tortoise_orm | module
aerich        | tool.aerich.src_folder | root
commitizen    | tool.commitizen.version_files | path
semantic      | tool.semantic_release.version_variables tool.semantic_release.version_toml | path
bumpversion   | tool.bumpversion.files.filename tool.bumpver.file_patterns.@ | path
autoflake     | tool.autoflake.imports | module
towncrier     | tool.towncrier.package | module
towncrier     | tool.towncrier.package_dir | root
hatch         | tool.hatch.build.packages tool.hatch.build.targets.*.packages | path
hatch-files   | tool.hatch.build.targets.*.only-include tool.hatch.build.only-include | path
hatch         | tool.hatch.build.targets.*.include tool.hatch.build.targets.*.exclude | ignore
hatch         | tool.hatch.build.include tool.hatch.build.exclude tool.hatch.build.artifacts | ignore
hatch-files   | tool.hatch.build.targets.*.force-include.@ tool.hatch.build.force-include.@ | path
hatch-files   | tool.hatch.version.path | path
uv            | tool.uv.build-backend.module-root | root
uv            | tool.uv.build-backend.module-name | module
uv            | tool.uv.build-backend.source-exclude tool.uv.build-backend.wheel-exclude | glob
discovery     | tool.setuptools.packages tool.setuptools.py-modules | module
discovery     | tool.setuptools.packages.find.include | module
setuptools    | tool.setuptools.packages.find.exclude | module
setuptools    | tool.setuptools.packages.find.where | root
setuptools    | tool.setuptools.package-dir.* | root
setuptools    | tool.setuptools.package-data.@ tool.setuptools.exclude-package-data.@ | module
setuptools    | tool.setuptools.dynamic.*.attr | module
setuptools    | tool.setuptools.dynamic.*.file | path
setuptools    | tool.setuptools_scm.version_file tool.setuptools_scm.write_to | path
pdm           | tool.pdm.package-dir tool.pdm.build.package-dir | root
pdm           | tool.pdm.build.includes tool.pdm.build.excludes tool.pdm.build.source-includes | glob
pdm           | tool.pdm.version.path tool.pdm.version.write_to | path
flit          | tool.flit.module.name | module
poetry        | tool.poetry.packages.include | poetry
poetry        | tool.poetry.include tool.poetry.exclude tool.poetry.include.path | glob
poetry        | tool.poetry.scripts.* tool.poetry.plugins.*.* | module
"""

INI = """
pytest        | pytest.ini .pytest.ini tox.ini | pytest.testpaths | path
pytest        | setup.cfg | tool:pytest.testpaths | path
pytest        | pytest.ini .pytest.ini tox.ini | pytest.pythonpath | root
pytest        | setup.cfg | tool:pytest.pythonpath | root
pytest        | pytest.ini .pytest.ini tox.ini | pytest.addopts | options
pytest        | setup.cfg | tool:pytest.addopts | options
pytest        | pytest.ini .pytest.ini tox.ini | pytest.filterwarnings | warnings
pytest        | pytest.ini .pytest.ini tox.ini | pytest.DJANGO_SETTINGS_MODULE | module
pytest        | setup.cfg | tool:pytest.DJANGO_SETTINGS_MODULE | module
pytest        | pytest.ini .pytest.ini tox.ini | pytest.env | env
coverage      | .coveragerc | run.source | source
coverage      | .coveragerc | run.source_pkgs | module
coverage      | .coveragerc | paths.* | glob
coverage      | setup.cfg tox.ini | coverage:paths.* | glob
coverage      | .coveragerc | run.omit run.include report.omit report.include | glob
coverage      | setup.cfg tox.ini | coverage:run.source | source
coverage      | setup.cfg tox.ini | coverage:run.omit coverage:run.include coverage:report.omit | glob
mypy          | mypy.ini .mypy.ini setup.cfg | mypy.files | path
mypy          | mypy.ini .mypy.ini setup.cfg | mypy.packages mypy.modules mypy.plugins | module
mypy          | mypy.ini .mypy.ini setup.cfg | mypy.mypy_path | root
mypy          | mypy.ini .mypy.ini setup.cfg | mypy.exclude | regex
mypy          | mypy.ini .mypy.ini setup.cfg | @ | section
flake8        | .flake8 setup.cfg tox.ini | flake8.exclude flake8.extend-exclude flake8.per-file-ignores | ignore
flake8        | .flake8 setup.cfg tox.ini | flake8.application-import-names | module
isort         | .isort.cfg setup.cfg tox.ini | settings.known_first_party isort.known_first_party | module
isort         | .isort.cfg setup.cfg tox.ini | settings.src_paths isort.src_paths | root
isort         | .isort.cfg setup.cfg tox.ini | settings.skip isort.skip | path
bandit        | .bandit setup.cfg tox.ini | bandit.exclude bandit.targets | path
pylint        | .pylintrc pylintrc setup.cfg | MASTER.ignore-paths MAIN.ignore-paths | regex
mutmut        | setup.cfg | mutmut.paths_to_mutate mutmut.tests_dir mutmut.also_copy mutmut.source_paths | path
mutmut        | setup.cfg | mutmut.do_not_mutate mutmut.only_mutate | glob
discovery     | setup.cfg | options.packages options.py_modules | module
setuptools    | setup.cfg | options.packages.find.where | root
setuptools    | setup.cfg | options.package_dir | root
setuptools    | setup.cfg | options.entry_points.* | module
setuptools    | setup.cfg | metadata.version | module
bumpversion   | setup.cfg .bumpversion.cfg | @ | versioned
import-root   | .importlinter setup.cfg | importlinter.root_package importlinter.root_packages | module
import-linter | .importlinter setup.cfg | *.source_modules *.forbidden_modules *.modules | module
import-linter | .importlinter setup.cfg | *.layers *.containers *.ignore_imports | module
alembic       | alembic.ini | alembic.script_location alembic.version_locations | path
alembic       | alembic.ini | alembic.prepend_sys_path | root
alembic       | alembic.ini | *.sqlalchemy.url | database
babel         | babel.cfg *babel*.cfg babel*.ini | @ | extraction
aerich        | aerich.ini | aerich.tortoise_orm | module
logging       | *.ini *.conf *.cfg | *.qualname *.class | module
tox           | tox.ini setup.cfg | *.changedir | path
tox           | tox.ini | *.setenv *.set_env | env
uwsgi         | uwsgi.ini *uwsgi*.ini | uwsgi.module uwsgi.wsgi | module
uwsgi         | uwsgi.ini *uwsgi*.ini | uwsgi.chdir uwsgi.wsgi-file uwsgi.file | path
uwsgi         | uwsgi.ini *uwsgi*.ini | uwsgi.pythonpath | root
uwsgi         | uwsgi.ini *uwsgi*.ini | uwsgi.static-map uwsgi.static-map2 uwsgi.check-static | image
supervisor    | supervisor*.conf **/*supervisor*/*.conf **/*supervisor*/*.ini | program:*.environment | env
supervisor    | supervisor*.conf **/*supervisor*/*.conf **/*supervisor*/*.ini | program:*.directory | path
systemd       | *.service | Service.Environment | env
systemd       | *.service | Service.WorkingDirectory | path
"""

OTHERS = """
dockerfile   | Dockerfile* *.Dockerfile dockerfile* *.dockerfile Containerfile* | docker | path
ignore       | .gitignore .hgignore .railwayignore .cfignore .funcignore | lines | ignore
dockerignore | .dockerignore *.dockerignore .gcloudignore .slugignore .vercelignore .ebignore | lines | line
attributes   | .gitattributes | words | ignore
codeowners   | CODEOWNERS | words | ignore
script       | *.sh *.bash *.zsh *.ksh *.ps1 *.bat *.cmd | above | up
pip          | *requirements*.txt *requirements*.in *constraints*.txt | listed | path
pip          | requirements/*.txt requirements/*.in | listed | path
editorconfig | .editorconfig | @ | ignore
lefthook     | lefthook.y*ml .lefthook.y*ml | *.commands.*.glob *.jobs.glob *.commands.*.root *.jobs.root | glob
idea         | .idea/**.xml .idea/*.iml .run/**.xml *.run.xml | idea | path
terraform    | *.tf *.tofu | terraform | path
nginx        | *nginx*.conf nginx/**.conf *.nginx | absolute | mention
make         | Makefile makefile GNUmakefile *.mk | assignments | path
environment  | .env .env.* *.env .envrc .flaskenv | env | env
compose      | *compose*.y*ml | services.*.volumes | volume
compose      | *compose*.y*ml | services.*.volumes.source | path
compose      | *compose*.y*ml | services.*.volumes.target services.*.tmpfs | image
compose      | *compose*.y*ml | services.*.env_file services.*.env_file.path | path
compose      | *compose*.y*ml | include include.path services.*.extends.file secrets.*.file configs.*.file | path
compose      | *compose*.y*ml | services.*.develop.watch.path | path
compose      | *compose*.y*ml | services.*.develop.watch.target services.*.working_dir | path
compose      | *compose*.y*ml | services.*.environment services.*.environment.* | env
compose      | *compose*.y*ml | services.*.build.args services.*.build.args.* | env
compose      | *compose*.y*ml | services.*.build | path
compose      | *compose*.y*ml | services.*.build.context services.*.build.dockerfile | path
github       | .github/workflows/*.y*ml | on.*.paths on.*.paths-ignore | glob
github       | .github/workflows/*.y*ml | defaults.run.working-directory | path
github       | .github/workflows/*.y*ml | jobs.*.defaults.run.working-directory jobs.*.steps.working-directory | path
github       | .github/workflows/*.y*ml .github/actions/**/action.y*ml | env.* jobs.*.env.* jobs.*.steps.env.* | env
github       | .github/workflows/*.y*ml | jobs.*.steps.with.context jobs.*.steps.with.file | path
github       | .github/workflows/*.y*ml | jobs.*.steps.with.working-directory jobs.*.steps.with.path | path
github       | .github/workflows/*.y*ml | jobs.*.steps.with.src jobs.*.steps.with.paths jobs.*.steps.with.targets | path
github       | .github/labeler.y*ml | * | glob
github       | .github/workflows/*.y*ml | jobs.*.steps.with.filters jobs.*.steps.with.files | glob
github       | .github/workflows/*.y*ml .github/actions/**/action.y*ml | hashed | glob
gitlab       | .gitlab-ci.yml .gitlab/**.yml | *.rules.changes *.rules.changes.paths *.only.changes | glob
gitlab       | .gitlab-ci.yml .gitlab/**.yml | *.except.changes *.artifacts.paths *.cache.paths | glob
gitlab       | .gitlab-ci.yml .gitlab/**.yml | variables.* *.variables.* | env
dependabot   | .github/dependabot.y*ml | updates.directory updates.directories | path
pre-commit   | .pre-commit-config.yaml | files exclude repos.hooks.files repos.hooks.exclude | regex
codecov      | codecov.y*ml .codecov.y*ml .github/codecov.y*ml | ignore **.paths | glob
sonar        | sonar-project.properties | sonar | path
vscode       | .vscode/launch.json | configurations.module | module
vscode       | .vscode/launch.json | configurations.program | path
vscode       | .vscode/launch.json | configurations.cwd configurations.envFile | path
vscode       | .vscode/launch.json | configurations.pathMappings.localRoot | path
vscode       | .vscode/launch.json | configurations.pathMappings.remoteRoot | image
vscode       | .vscode/launch.json .vscode/settings.json | configurations.env.* terminal.integrated.env.*.* | env
vscode       | .vscode/settings.json | python.analysis.extraPaths python.autoComplete.extraPaths | root
vscode       | .vscode/settings.json | python.testing.pytestArgs mypy.targets | path
vscode       | *devcontainer.json .devcontainer/**.json | **.python.analysis.extraPaths | root
vscode       | *devcontainer.json .devcontainer/**.json | **.python.testing.pytestArgs **.mypy.targets | path
pyright      | pyrightconfig.json | include exclude ignore strict | glob
pyright      | pyrightconfig.json | extraPaths executionEnvironments.root executionEnvironments.extraPaths | root
serverless   | serverless.y*ml | functions.*.handler | handler
serverless   | serverless.y*ml | package.patterns package.include package.exclude functions.*.package.patterns | glob
sam          | template.y*ml | Resources.*.Properties.Handler | handler
sam          | template.y*ml | Resources.*.Properties.CodeUri | path
zappa        | zappa_settings.json zappa_settings.y*ml zappa_settings.toml | *.app_function *.django_settings | module
beanstalk    | .ebextensions/*.config | option_settings.**.WSGIPath option_settings.value | module
skaffold     | skaffold.y*ml | build.artifacts.context | path
skaffold     | skaffold.y*ml | build.artifacts.sync.manual.src build.artifacts.sync.infer | glob
skaffold     | skaffold.y*ml | build.artifacts.*.dependencies.paths build.artifacts.*.dependencies.ignore | glob
skaffold     | skaffold.y*ml | build.artifacts.sync.manual.strip | path
skaffold     | skaffold.y*ml | build.artifacts.sync.manual.dest | image
vercel       | vercel.json | builds.src rewrites.destination routes.dest | path
vercel       | vercel.json | functions.@ | glob
azure        | function.json | scriptFile | path
fly          | fly.toml | env.* | env
hypercorn    | hypercorn.toml *hypercorn*.toml | application_path | module
fly          | fly.toml | mounts.destination statics.guest_path | image
kubernetes   | k8s/**.y*ml kubernetes/**.y*ml | **.volumeMounts.mountPath **.workingDir | image
kubernetes   | deploy/**.y*ml helm/**.y*ml | **.volumeMounts.mountPath **.workingDir | image
kubernetes   | chart/**.y*ml charts/**.y*ml manifests/**.y*ml | **.volumeMounts.mountPath **.workingDir | image
fly          | fly.toml | build.dockerfile | path
render       | render.y*ml | services.rootDir services.dockerContext services.dockerfilePath | path
render       | render.y*ml | services.buildFilter.paths services.buildFilter.ignoredPaths | glob
railway      | railway.json railway.toml | build.watchPatterns | ignore
ruff         | ruff.toml .ruff.toml | src | root
ruff         | ruff.toml .ruff.toml | include exclude extend-exclude | ignore
ruff         | ruff.toml .ruff.toml | lint.exclude lint.per-file-ignores.@ per-file-ignores.@ | ignore
ruff         | ruff.toml .ruff.toml | **.known-first-party | module
pm2          | ecosystem.config.js ecosystem.config.cjs ecosystem.config.json pm2*.js* | javascript | path
logging      | log*.y*ml *log*.y*ml | loggers.@ handlers.*.class formatters.*.class | module
logging      | log*.y*ml *log*.y*ml | formatters.*.() filters.*.() handlers.*.() | module
logging      | log*.json *log*.json | loggers.@ handlers.*.class formatters.*.() | module
mkdocs       | mkdocs.y*ml | watch | path
mkdocs       | mkdocs.y*ml | plugins.*.handlers.python.paths plugins.mkdocstrings.handlers.python.paths | root
docs         | **.rst docs/**.md doc/**.md | directives | module
docs         | **.rst docs/**.md doc/**.md | includes | path
docs         | *.md *.markdown *.mdx *.mdc .cursorrules | links | path
tilt         | Tiltfile *.tilt | synced | mounted
tilt         | Tiltfile *.tilt | watched | path
vscode       | *devcontainer.json .devcontainer/**.json | synced | mounted
ecs          | *task*def*.json ecs*.json ecs/**.json .aws/**.json | **.containerDefinitions.workingDirectory | image
ecs          | *task*def*.json ecs*.json ecs/**.json .aws/**.json | **.mountPoints.containerPath | image
mention      | *.ts *.mts *.js *.mjs *.cjs *.json *.yml *.yaml *.toml | mentions | mention
mention      | *.tf *.hcl *.nix *.xml *.conf Tiltfile | mentions | mention
alembic      | **.mako | mako | module
"""


@cache
def reference_rows() -> tuple[Row, ...]:
    """The rows that say where a setting names code."""
    tables = (*_rows(INI), *_rows(OTHERS))
    inside = [[kind, "pyproject.toml", *rest] for kind, *rest in _cells(PYPROJECT)]
    return (*(_row(cells) for cells in inside), *tables)


@cache
def command_rows() -> tuple[Row, ...]:
    """The rows that say where a command line stands."""
    return tuple(_row([*cells, "command"]) for cells in _cells(COMMANDS))


def shells_for(path: str) -> list[Row]:
    """Those of them that are about a file; one whose name has a suffix is no script that only its first line tells.

    What a changelog says was so: it has no command to be run.
    """
    rows = _named_rows() if "." in path.rpartition("/")[2] else command_rows()
    return [] if is_record(path) else rows_for(path, rows)


@cache
def _named_rows() -> tuple[Row, ...]:
    return tuple(row for row in command_rows() if row.where != ("shebang",))


def _cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def _rows(table: str) -> tuple[Row, ...]:
    return tuple(_row(cells) for cells in _cells(table))


COMPOSE_FOLDERS = "**/*compose*/*.y*ml"  # docker-compose/redis.yaml


def _row(cells: list[str]) -> Row:
    kind, files, where, style = cells
    routes = where.split()
    if kind == "compose":  # what services share stands under a key of its own, with an anchor
        files += f" {COMPOSE_FOLDERS}"
        routes += [route.replace("services.*", "x-*", 1) for route in routes]
    return Row(kind, tuple(files.split()), tuple(routes), style)


@cache
def glob_route(where: str) -> re.Pattern[str]:
    """A route of the table as a regular expression on keys joined by dots; ``@`` has been taken off."""
    parts = re.split(r"(\.?\*\*\.?|\*)", where)
    return re.compile("".join(_route_part(part) for part in parts))


def _route_part(part: str) -> str:
    if "**" in part:
        return r"(?:.*\.)?" if part.endswith(".") and not part.startswith(".") else r"(?:\..*)?\.?"
    return ".+?" if part == "*" else re.escape(part)
