"""Shell commands that stand in the texts of a program: of a noxfile, of tasks of invoke, of a Jenkinsfile, of PM2."""

from __future__ import annotations

import re
from posixpath import join

from trueup.model.pattern import lazy
from trueup.text.scalars import STRING
from trueup.text.shell import Word, commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trueup.text.shell import Command

SESSION_RUN = lazy(r"\bsession\.run(?:_always|_install)?\(")
# https://docs.pyinvoke.org/en/stable/api/context.html, https://docs.fabfile.org/en/latest/api/connection.html
INVOKES = lazy(r"(?m)^[ \t]*(?:from|import)[ \t]+(?:invoke|fabric)\b", words=("invoke", "fabric"))
INVOKED = lazy(
    r"\.(?:run|local|sudo)\(\s*[fFrR]?(?P<mark>\"{3}|'{3}|[\"'])(?P<text>(?:(?!(?P=mark)|\\).|\\.)*)", re.DOTALL
)
FOLDER = lazy(r"""\bdir[ \t]*\([ \t]*(?:path:[ \t]*)?(["'])([^"'\n]+)\1[ \t]*\)[ \t]*\{""", words=("dir",))
BRACE = lazy(r"[{}]")
STARTED = lazy(
    r"""\b(?:script|(?:exec_)?interpreter)["']?\s*:\s*(?P<mark>["'`])(?P<path>[^"'`\s]+[/\\](?:bin|Scripts)[/\\][\w.-]+)(?P=mark)"""
)
STEP = lazy(r"""\b(?:sh|bat)\b[ \t]*(?:\([ \t]*)?(?:script:[ \t]*)?(\"{3}|'{3}|["'])""")


def session_runs(text: str) -> Iterator[Command]:
    """The literal words of ``session.run("pytest", "--cov=app")``."""
    for match in SESSION_RUN.finditer(text):
        words: list[Word] = []
        position = match.end()
        while (found := re.compile(r"[\s,]*").match(text, position)) and (literal := STRING.match(text, found.end())):
            start, end = literal.span(literal.lastgroup or 0)
            words.append(Word(start, end, text[start:end], text[literal.start()]))
            position = literal.end()
        yield tuple(words)


def runs_of_invoke(text: str) -> Iterator[Command]:
    """The commands in the texts of ``ctx.run("pytest -q")``, in a file of invoke or fabric."""
    for match in INVOKED.finditer(text) if INVOKES.search(text) else ():
        yield from commands(text, *match.span("text"))


def programs_of_pm2(text: str) -> Iterator[Command]:
    """What an application file of PM2 starts by its path in an environment: a script or its interpreter.

    Source: https://pm2.keymetrics.io/docs/usage/application-declaration/
    """
    for match in STARTED.finditer(text):
        begin = text.rfind("\n", 0, match.start()) + 1
        if not text[begin : match.start()].lstrip().startswith("//"):
            yield (Word(*match.span("path"), match["path"], match["mark"]),)


def steps_of_jenkins(text: str) -> Iterator[tuple[int, str, tuple[Command, ...]]]:
    """The texts of ``sh`` and ``bat``, each in a shell of its own, with where it begins and in which folder.

    Source: https://www.jenkins.io/doc/pipeline/steps/workflow-basic-steps/#dir-change-current-directory
    """
    blocks = [(match.end(), _closed(text, match.end()), match[2]) for match in FOLDER.finditer(text)]
    for match in STEP.finditer(text):
        end = text.find(match[1], match.end())
        if end >= 0:
            flavour = "cmd" if match[0].startswith("bat") else "sh"
            folder = join("", *(named for begin, close, named in blocks if begin <= match.start() < close))
            yield match.start(), folder, tuple(commands(text, match.end(), end, flavour))


def _closed(text: str, begin: int) -> int:
    """Where the block ends that begins there; braces that a text or a comment holds stand in pairs, too, mostly."""
    depth = 1
    for match in BRACE.finditer(text, begin):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return match.start()
    return len(text)
