"""The key that signs sessions or tokens, or a password, has a value that stands in the code.

Everybody who can read the repository, an image or a back-up can sign tokens for any user; where the environment forgets
to set it, the default is used and nothing says so. A required setting without a default stops the program instead.
Texts of a known form (a live key of Stripe, a key of AWS, a token of GitHub or Slack, a private key) count wherever
they stand, and so do keys in a ``.env`` that git does not ignore. Values are never shown.

Source: https://cwe.mitre.org/data/definitions/798.html

Flagged:

```
src/shop/__init__.py
src/shop/main.py
    import os

    from fastapi import FastAPI

    SECRET_KEY = os.getenv("SECRET_KEY", "changeme")
    app = FastAPI()
```

Fixed:

```
src/shop/__init__.py
src/shop/main.py
    import os

    from fastapi import FastAPI

    SECRET_KEY = os.environ["SECRET_KEY"]
    app = FastAPI()
```
"""

from __future__ import annotations

import ast
import re
import warnings

from trueup.model.pattern import lazy
from trueup.model.span import Place
from trueup.rules import Rule
from trueup.rules.lookups import is_application, is_tooling, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.model.finding import Finding
    from trueup.model.project import Project

rule = Rule(
    __name__,
    severity="warning",
    confidence="medium",
    help="whoever reads the code can sign what it signs; a required setting stops the program instead",
    no_fix="make it required, set it in the environment, and change the secret, for the history keeps the old one",
)

SECRET = lazy(r"(?:[a-z0-9]+_)*(?:secret|secret_?key|(?:jwt|signing|encryption|session)_key)", re.IGNORECASE)
PASSWORD = lazy(
    r"(?:[A-Z0-9]+_)*(?:SMTP|MAIL|EMAIL|DB|DATABASE|POSTGRES|MYSQL|REDIS|MONGO\w*|RABBITMQ|ADMIN|ROOT|SUPERUSER)_PASSWORD"
)
WORDS = ("secret", "jwt_key", "signing_key", "encryption_key", "session_key", "_password")
SET = lazy(r"(?:secret|secret_?key|(?:jwt|signing|encryption|session)_key|_password)[\"']?\]?\s*[:=,]")
FORMS = (
    ("a live key of Stripe", lazy(r"\bsk_live_[0-9A-Za-z]{8,}", words=("sk_live_",))),
    ("a key of AWS", lazy(r"\bAKIA(?![0-9A-Z]*EXAMPLE)[0-9A-Z]{16}\b", words=("AKIA",))),
    ("a token of GitHub", lazy(r"\bgh[pousr]_[0-9A-Za-z]{36}", words=("ghp_", "gho_", "ghu_", "ghs_", "ghr_"))),
    ("a token of Slack", lazy(r"\bxox[abprs]-[0-9A-Za-z-]{10,}", words=("xox",))),
    (
        "a password in an address",
        lazy(
            r"\b(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|amqp|mssql)(?:\+\w+)?://[\w.%-]+:"
            r"(?=[^@\s\"'{}$<]{0,40}\d)(?!\d{1,6}@)(?!(?:pass|p@ss|test|example|secret|admin|root|user|guest|postgres|change)\w*@)"
            r"[^@\s\"'{}$<]{8,}@",
            words=("://",),
        ),
    ),
    ("a private key", lazy(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*\S{40}", words=("PRIVATE KEY-----",))),
)
VARIABLES = lazy(r"\.env(?:\.(?:prod(?:uction)?|live|staging))?|prod(?:uction)?\.env")
GIVEN = lazy(
    r"""\s*(?:export\s+)?(?P<name>\w+)\s*=\s*["']?(?P<value>(?=\S*\d)(?=\S*[A-Za-z])[^\s"'#${}<>]{16,})["']?\s*$"""
)
PLACEHOLDER = lazy(r"change|example|your|placeholder|insecure|dummy|secret|password|test|x{4}|1234|abc", re.IGNORECASE)
GIVES = lazy(r"[\"']|[(\\]\s*(?:#.*)?$")  # a text, or a bracket that stays open
NOT_A_VALUE = lazy(r"[$<{%/].*|.*(?:://|^arn:).*|[\W_]*", re.DOTALL)
ASIDE = lazy(r"(?:^|[/_])(?:test\w*|dev|development|local|examples?|samples?|demo|seeds?|mocks?|fixtures?)(?=[/_.])")
ASIDE_CLASS = lazy(r"Test|Dev|Local|Mock|Fake|Example")
READERS = ("getenv", "get", "config", "str", "Config", "setdefault")
TEXTS = lazy(r"\b(?:str|bytes|Secret\w*|Final|ClassVar|Any|Annotated)\b")
WRAPPERS = ("Field", "SecretStr", "Secret", "SecretBytes", "str", "field")


@rule.checks
def secret_in_code(project: Project) -> Iterator[Finding]:
    """Names of keys that an application's own code gives a text, or a text as default."""
    if not is_application(project):
        return
    yield from in_variables(project)
    for path, source in project.sources.items():
        if project.is_test(path) or is_tooling(path) or ASIDE.search(path):
            continue
        text = text_of(project, path)
        for what, form in FORMS:
            if found := form.search(text):
                line = text.count("\n", 0, found.start()) + 1
                yield rule.finding(Place(path, line), f"{what} stands in the code", subject=what)
        hits = hits_in(text)
        if not hits or source.error:
            continue
        told = set[str | int]()
        for name, line in secrets(parsed(text), hits):
            if not told.intersection((name.lower(), line)):
                told.update((name.lower(), line))
                yield rule.finding(Place(path, line), f"{name} has a value that stands in the code", subject=name)


def in_variables(project: Project) -> Iterator[Finding]:
    """Files of variables that git does not ignore, with a key or password that looks made, not like a placeholder."""
    for path in project.tree.called(VARIABLES):
        if path.startswith("../") or project.is_test(path) or project.tree.entries[path].ignored:
            continue
        for number, line in enumerate(text_of(project, path).splitlines(), 1):
            found = GIVEN.match(line)
            if found and is_key(found["name"]) and not PLACEHOLDER.search(found["value"]):
                message = f"{found['name']} has a value in {path}, which git does not ignore"
                hint = "whoever reads the repository can sign what it signs: ignore the file, and change the secret"
                yield rule.finding(Place(path, number), message, subject=found["name"], help=hint)
                break


def hits_in(text: str) -> list[int]:
    """The lines on which the name of a key may be given a text, or may begin to; most files have none."""
    low = text.lower()
    if not any(word in low for word in WORDS):
        return []
    named = (
        (number, line)
        for number, line in enumerate(low.split("\n"), 1)
        if any(word in line for word in ("secret", "_key", "_password"))
    )
    return [number for number, line in named if SET.search(line) and GIVES.search(line)]


def parsed(text: str) -> ast.AST:
    """A file that the reader could parse, parsed again for its values."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def secrets(module: ast.AST, hits: list[int]) -> Iterator[tuple[str, int]]:
    """Names with their lines; plain assignments count at module and class level, the rest everywhere."""
    pending: list[tuple[ast.AST, bool]] = [(module, False)]
    while pending:
        node, local = pending.pop(0)
        if isinstance(node, ast.ClassDef) and (ASIDE_CLASS.search(node.name) or is_enum(node)):
            continue
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if isinstance(node, ast.AnnAssign) and not TEXTS.search(ast.unparse(node.annotation)):
                continue
            for name in (name_of(target) for target in targets if not (local and isinstance(target, ast.Name))):
                if name and node.value is not None and gives_text(name, node.value):
                    yield name, node.lineno
        elif isinstance(node, ast.Call):
            yield from of_call(node)
        local = local or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        pending += [(child, local) for child in ast.iter_child_nodes(node) if spans(child, hits)]


def spans(node: ast.AST, hits: list[int]) -> bool:
    """Whether any of those lines lies in a node; what has no lines of its own may hold some."""
    first = getattr(node, "lineno", 0)
    return not first or any(first <= line <= node.end_lineno for line in hits)  # type: ignore[attr-defined]


def is_enum(node: ast.ClassDef) -> bool:
    """Whether a class lists labels, not values."""
    return any("Enum" in ast.unparse(base) for base in node.bases)


def of_call(node: ast.Call) -> Iterator[tuple[str, int]]:
    """Defaults of what is read from the environment, and arguments that are keys."""
    if called(node) in READERS and node.args:
        name = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
        if isinstance(name, str) and is_key(name) and is_text(name, default_of(node)):
            yield name, node.lineno
    for item in node.keywords:
        if item.arg and is_key(item.arg) and is_text(item.arg, item.value):
            yield item.arg, node.lineno


def name_of(target: ast.expr) -> str:
    """The name that an assignment sets, where it is that of a key: a name, an attribute or an item."""
    name = ""
    if isinstance(target, ast.Name):
        name = target.id
    elif isinstance(target, ast.Attribute):
        name = target.attr
    elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        name = str(target.slice.value)
    return name if is_key(name) else ""


def is_key(name: str) -> bool:
    """Whether a name is that of a key, or of the password of a service or an administrator."""
    return bool(SECRET.fullmatch(name) or PASSWORD.fullmatch(name))


def gives_text(name: str, value: ast.expr) -> bool:
    """Whether a value is a text, maybe wrapped or as the last resort behind ``or``; readers are seen as calls."""
    if isinstance(value, ast.BoolOp):
        return is_text(name, value.values[-1])
    if isinstance(value, ast.Call) and called(value) in WRAPPERS:
        return is_text(name, value.args[0] if value.args else keyword(value, "default"))
    if isinstance(value, ast.Call) and called(value) in READERS:
        return is_text(name, default_of(value))
    return is_text(name, value)


def default_of(node: ast.Call) -> ast.expr | None:
    """The default that a reader of the environment is given."""
    return node.args[1] if len(node.args) > 1 else keyword(node, "default")


def keyword(node: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument."""
    return next((item.value for item in node.keywords if item.arg == name), None)


def called(node: ast.Call) -> str:
    """The last part of the name that is called."""
    function = node.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def is_text(name: str, value: ast.expr | None) -> bool:
    """Whether a value is a text that is no reference, and not the name of the setting itself."""
    if isinstance(value, ast.Call) and called(value) in WRAPPERS and value.args:
        value = value.args[0]
    if not isinstance(value, ast.Constant) or not isinstance(value.value, (str, bytes)):
        return False
    text = value.value.decode("latin-1") if isinstance(value.value, bytes) else value.value
    label = name.lower().endswith("session_key") and text.isidentifier()  # under which a session holds something
    return not label and not NOT_A_VALUE.fullmatch(text) and text.lower() != name.lower()
