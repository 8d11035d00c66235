"""Which places of Python code take nothing but a module, or a name in one, or a path: tables, and what is read off
them."""

from __future__ import annotations

import re

from trueup.model.command_line import PYTHON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.text.python_strings import Literal

# What takes the path of a module as its second argument.
LOCATED = frozenset({"spec_from_file_location", "SourceFileLoader"})
# Calls whose first argument is a path, and keywords that are.
READERS = """
Path open StaticFiles Jinja2Templates FileResponse FileSystemLoader exists isfile isdir listdir join glob chdir walk
load_dotenv scandir makedirs mkdir rmtree fileConfig FileHandler RotatingFileHandler TimedRotatingFileHandler
WatchedFileHandler read_csv read_json read_excel read_parquet to_csv imread savefig iter_modules walk_packages run_path
"""
FILES = frozenset(READERS.split())
PLACES = """
directory path env_file template_folder static_folder reload_dirs cwd app_dir reload_dir filename log_file
upload_folder chdir pythonpath reload_includes reload_excludes
"""
FILE_KEYS = frozenset(PLACES.split())
TO_PATH = re.compile(r"--[\w-]*(?:dir|path|file|config)")  # an option in the words of a command
# What a call's last name is, and what takes a module there: the first argument, or these keywords.
# Sources: the reference of unittest.mock, pytest, uvicorn, importlib, pkgutil, setuptools, Jinja, Celery, RQ,
# APScheduler, Tortoise, logging.
CALLS = """
patch          target
dict           in_dict
multiple       target
setattr        target
delattr        target
import_module  name
find_spec      name
resolve_name   name
locate         path
run_module     mod_name
filterwarnings module
modules[]      name
__name__==     name
startswith     prefix
get            name
pop            name
setdefault     name
run            app
Config         app
autodiscover_tasks packages
config_from_object obj
from_object    obj
send_task      name
signature      task
enqueue        f
enqueue_call   func
add_job        func
scheduled_job  func
init           modules
register_tortoise modules
getLogger      name
init_models    models_paths
wire           packages
files          anchor
get_data       package
read_text      package
read_binary    package
open_text      package
open_binary    package
is_resource    package
resource_filename package_or_requirement
resource_string package_or_requirement
resource_stream package_or_requirement
resource_exists package_or_requirement
PackageLoader  package_name
Celery         include
conf.update    include
"""
TAKES = dict(line.split() for line in CALLS.strip().splitlines())
# Calls whose last name is too common: whose method they must be.
OWNED = """
run      uvicorn hypercorn
Config   uvicorn
patch    - mock mocker
locate   - pydoc
dict     patch
multiple patch
setattr  monkeypatch mp m
delattr  monkeypatch mp m
init     Tortoise
update   conf
modules[] sys
startswith __module__
get      modules
pop      modules
setdefault modules
files    - resources importlib_resources
get_data pkgutil
read_text resources importlib_resources
read_binary resources importlib_resources
open_text resources importlib_resources
open_binary resources importlib_resources
is_resource resources importlib_resources
"""
# What takes the package of a relative name as its second argument.
PACKAGED = frozenset({"import_module", "find_spec"})
# A ``-`` stands for no owner: ``patch("a.b")``, and not ``client.patch("a/b")``.
OWNERS = {line.split()[0]: line.split()[1:] for line in OWNED.strip().splitlines()}
# Keys, keywords and variables that hold modules; then those whose own keys are names of modules.
HOLDERS = """
include imports CELERY_IMPORTS CELERY_INCLUDE pytest_plugins wsgi_app worker_class logger_class task models () class
factory modules TORTOISE_ORM ROOT_URLCONF entrypoint
"""
KEYS = frozenset(HOLDERS.split())
SURE_KEYS = frozenset(
    {"CELERY_IMPORTS", "CELERY_INCLUDE", "pytest_plugins", "TORTOISE_ORM", "ROOT_URLCONF", "wsgi_app"}
)
# What stands around a key that may hold modules, where it does.
AROUND = frozenset({"handlers", "formatters", "filters", "loggers", "apps", "beat_schedule", "CELERY_BEAT_SCHEDULE"})
KEYED = frozenset({"loggers", "task_routes", "CELERY_ROUTES", "task_annotations"})
APPS = re.compile(r"[A-Z_]*APPS")


def takes_path(item: Literal) -> bool:
    """Whether the place that a literal stands in takes a path."""
    owner, _, last = item.call.rpartition(".")
    return (
        (last in FILES and item.position == 0 and owner != "str")
        or (last in LOCATED and item.position == 1)
        or item.keyword in FILE_KEYS
        or bool(FILE_KEYS.intersection(item.keys[:1]))
        or owner == "sys.path"
        or last == "syspath_prepend"
        or (item.text in item.among[1:] and bool(TO_PATH.fullmatch(item.among[item.among.index(item.text) - 1])))
    )


def takes_module(item: Literal) -> bool:
    """Whether the place that a literal stands in takes nothing but a module, or a name in one."""
    owner, _, last = item.call.rpartition(".")
    owners = OWNERS.get(last)
    if last in PACKAGED and (item.position == 1 or item.keyword == "package"):
        return True
    if item.text in item.among[1:] and _is_run(item.among[: item.among.index(item.text)], owner):
        return True
    fits = last in TAKES and (owners is None or (owner.rpartition(".")[2] or "-") in owners)
    if fits and not item.is_key and (item.position == 0 or item.keyword == TAKES[last]):
        return True
    if item.is_key:
        return bool(item.keys) and item.keys[0] in KEYED
    key = item.keys[0] if item.keys else ""
    if APPS.fullmatch(key):  # of Django's settings
        return True
    if key not in KEYS:
        return False
    if key in SURE_KEYS or AROUND.intersection((*item.keys, item.keyword)):
        return True
    is_list = key in ("include", "imports", "modules") and not item.keyword  # a variable of a configuration
    return is_list or "." in item.text or ":" in item.text


def _is_run(before: Sequence[str], owner: str) -> bool:
    """Whether a list runs the module that follows: ``[sys.executable, "-m", ...]``, and not ``git commit -m ...``."""
    words = [word for word in before if not word.startswith("-")]
    started = words[-1].rpartition("/")[2] if words else "" if owner == "pytest" else "python"
    return before[-1] == "-m" and (started == "run" or PYTHON.fullmatch(started) is not None)
