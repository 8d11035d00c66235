"""Tell a program that is broken from one that needs something which is not here."""

from __future__ import annotations

import re

HAND_OVER = "with --env or --env-file"  # what can be mended by more variables says so
LAST = 60  # lines of a program's output that are read for its reason to end

# Each pattern's first group, where it has one, is the name of an environment variable.
VARIABLES = (
    re.compile(r"^(\w+)\n +(?:Field|field) required", re.MULTILINE),  # pydantic-settings
    re.compile(
        r"^([A-Z][A-Z0-9_]+)\n +(?:Input should be .*input_value=None|none is not an allowed value)", re.MULTILINE
    ),  # os.getenv, handed to a model of pydantic
    re.compile(r"(?:^|- )KeyError: '([A-Z][A-Z0-9_]+)'", re.MULTILINE),  # os.environ["NAME"]
    re.compile(r"KeyError: \"Config '(\w+)' is missing"),  # starlette.config
    re.compile(r"UndefinedValueError: (\w+) not found"),  # python-decouple
    re.compile(r"The (SECRET_KEY) setting must not be empty"),  # Django, of settings that read it from there
    re.compile(
        r"(?:[Ee]nvironment|[Ee]nv) variables?:? [\"'`]?([A-Z][A-Z0-9_]*)\b(?!\.{3})"
    ),  # people's words; pytest cuts them
    re.compile(r"\b([A-Z][A-Z0-9_]*)[\"'`]? (?:environment|env) variable"),
)
NO_URL = re.compile(r"Expected string or URL object, got None|Could not parse SQLAlchemy URL|got an empty DSN")
SERVICE = re.compile(
    r"Connection refused|could not connect to server|could not translate host name|Name or service not known|"
    r"Temporary failure in name resolution|getaddrinfo failed|nodename nor servname|Can't connect to MySQL|"
    r"ServerSelectionTimeoutError|Network is unreachable|password authentication failed|NoBrokersAvailable|"
    r"no such table|relation \S+ does not exist|Connect call failed|Error \d+ connecting to"
)

# What Python 3.10 to 3.13 took away, and what a version pinned before that fails with. six before 1.16 is found by it.
# Source: https://docs.python.org/3/whatsnew/3.12.html#removed, and the pages of 3.10, 3.11 and 3.13
REMOVED = re.compile(
    r"No module named '(?:(?:[\w.]+\.)?six\.moves[\w.]*|imp|distutils[\w.]*|asyn(?:core|chat)|smtpd|cgi|telnetlib"
    r"|imghdr|crypt|pipes|audioop|nntplib)'|module 'pkgutil' has no attribute 'ImpImporter'"
    r"|module 'inspect' has no attribute '(?:getargspec|formatargspec)'"
    r"|module 'asyncio' has no attribute 'coroutine'|module 'configparser' has no attribute 'SafeConfigParser'"
    r"|module 'collections' has no attribute '\w+'|cannot import name '\w+' from 'collections' "
)


def missing(output: str) -> str:
    """What a program that ended seems to need and does not have here, in words; ``""`` when nothing says so."""
    end = "\n".join(re.sub(r"^E {1,3}", "", line) for line in output.splitlines()[-LAST:])  # pytest's margin
    names = dict.fromkeys(name for pattern in VARIABLES for name in pattern.findall(end))
    if names:
        return f"it needs environment variables ({', '.join(names)}): hand them over {HAND_OVER}"
    if NO_URL.search(end):
        return f"it needs the URL of a database in its environment: hand it over {HAND_OVER}"
    if found := SERVICE.search(end):
        return f"it needs a database or service that does not answer here ({found[0]})"
    return ""


def reason(output: str) -> str:
    """The last line that says why a Python program ended: its exception, else its last words."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception|Exit|Warning)\b", line)]
    return (errors or lines or ["it said nothing"])[-1][:300]
