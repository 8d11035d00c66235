"""Shell command lines as words with their places, for ``sh``, ``cmd`` and PowerShell.

Not a shell: no expansion, no control flow. Words are cut where the shell would cut them, so that a
word can be replaced without touching the rest. Offsets are those of the text that was given.
"""

import re
from collections.abc import Iterator

from trueup.model.noun import NamedTuple
from trueup.model.pattern import lazy

CONTINUATION = {"sh": "\\", "cmd": "^", "powershell": "`"}
LONGEST = 400  # characters of what is looked through for its end
OPENERS = {"(": ")", "{": "}"}
SHELLS = ("sh", "bash", "zsh", "dash", "ash", "ksh", "cmd", "cmd.exe", "powershell", "pwsh")
ESCAPED = lazy(r"(?s)\\.")
# Quotes in a text that is itself in quotes: those of a string of JSON, of what `bash -c "..."` runs.
NESTED = lazy(r'\\"((?:\\\\\\"|\\[^"\n]|[^"\\\n])*)\\"', words=('\\"',))
RUNNERS = (
    "watchfiles",
    "concurrently",
    "nodemon",
    "tmux",
    "pm2",
    "eval",
)  # a quoted argument with a blank is a command
PROMPT = lazy(r"(?m)^([ \t>]*)(?:\$|%|>|PS [^>\n]*>|[A-Z]:[^>\n]*>|\([\w.-]+\) ?\$)[ \t]+")
INLINE = ("-c", "-lc", "-ec", "-exc", "-euc", "-euxc", "-ic", "/c", "/k", "-command")
KEYWORDS = frozenset({"if", "then", "elif", "else", "while", "until", "do", "!"})  # a command stands behind each
SWITCHERS = ("su", "runuser", "flock", "script")  # a command stands behind their -c, wherever that is


class Word(NamedTuple):
    """``text`` stands from ``start`` to ``end``; quotes around the whole word are outside of both."""

    start: int
    end: int
    text: str
    quote: str = ""


Command = tuple[Word, ...]
REDIRECTION = r"(?:(?:\*|\d+)?(?:>>?\|?|<(?:<?<)?)|&>>?)(?P<whole>&\d|&-)?"
REDIRECTS = lazy(REDIRECTION)
PLACEHOLDER = lazy(r"<[^<>]+>")  # what a reader puts in
SUBSTITUTED = lazy(r"\s*(?:shell\s+(?=\S)|(?=\S+\s))")  # what stands before a command there
TURNS = lazy(r"\\.|['\"`]|\$\((?!\()", re.DOTALL)  # what begins or ends something in a word
BLANK = lazy(r"(?:\$\(|`)\S*\s")
PLAIN = lazy(r"""[^ \t\r\n;|()&\\'"$`^]+""")  # characters that mean nothing to any shell here


def commands(text: str, start: int = 0, end: int | None = None, flavour: str = "sh") -> Iterator[Command]:
    """The simple commands in ``text[start:end]``, cut at newlines, ``&&``, ``||``, ``;``, ``|``, ``&`` and keywords.

    The text behind ``sh -c``, and what ``$(...)`` runs, is cut too, after the command that it stands in.
    """
    end = len(text) if end is None else end
    substitutes = flavour == "sh" and (text.find("$(", start, end) >= 0 or text.find("`", start, end) >= 0)
    for words in cut(text, start, end, flavour):
        while flavour == "sh" and words and words[0].text in KEYWORDS and not words[0].quote:
            words = words[1:]
        if words:
            yield words
        within = inline(words)
        for inner in within:
            yield from commands(text, inner.start, inner.end, flavour)
        # a command without a blank is a name alone
        for word in (word for word in words if BLANK.search(word.text)) if substitutes else ():
            for begin, stop in substituted(word) if word not in within else ():
                yield from commands(text, begin, stop, flavour)


def substituted(word: Word) -> Iterator[tuple[int, int]]:
    """Where the commands stand that a word has the output of: in ``$(...)``, in make's ``$(shell ...)``, between
    backticks; a name alone is a variable of make."""
    text = word.text
    if word.quote == "'" or ("$(" not in text and "`" not in text):
        return
    position, quoted = 0, word.quote == '"'
    while found := TURNS.search(text, position):
        position = found.end()
        if found[0] == "'" and not quoted:
            position = _quoted(text, found.start(), len(text), "sh")
        elif found[0] == '"':
            quoted = not quoted
        elif found[0] == "`" and (end := text.find("`", position)) > 0:
            yield word.start + position, word.start + end
            position = end + 1
        elif found[0] == "$(":
            end = _expansion(text, position - 1, len(text))
            if lead := SUBSTITUTED.match(text, position, end - 1):
                yield word.start + lead.end(), word.start + end - 1
            position = end


def unredirected(words: Command) -> Command:
    """A command without where its input comes from and its output goes, if nothing else stands behind that."""
    first = next(
        (at for at, word in enumerate(words) if at and not word.quote and REDIRECTS.match(word.text)), len(words)
    )
    rest = iter(words[first:])
    for word in rest:
        redirects = REDIRECTS.match(word.text)
        if word.quote or redirects is None or PLACEHOLDER.fullmatch(word.text):
            return words
        if redirects.end() == len(word.text) and not redirects["whole"]:
            next(rest, None)
    return words[:first]


def inline(words: Command) -> list[Word]:
    """The words that are command lines themselves: what follows ``bash -c``, what ``watchfiles`` starts."""
    if any(basename(word.text) in RUNNERS for word in words[:2]):
        return [word for word in words[1:] if word.quote and " " in word.text]
    switched = any(basename(word.text) in SWITCHERS for word in words[:2])
    return [
        word
        for before, flag, word in zip(words, words[1:], words[2:], strict=False)
        if (flag.text.lower() in INLINE and basename(before.text) in SHELLS)
        or (switched and flag.text in ("-c", "--command"))
    ]


def basename(word: str) -> str:
    """``/usr/bin/python3`` and ``.venv\\Scripts\\python.exe`` as ``python3`` and ``python``."""
    name = word.replace("\\", "/").rsplit("/", 1)[-1].lower()
    return name.removesuffix(".exe")


def cut(text: str, start: int, end: int, flavour: str = "sh") -> Iterator[Command]:
    """The commands with their keywords; the patterns of ``case`` are none, nor are the words of an array."""
    piped: list[Command] = []  # commands, or the patterns before a bracket that nothing has opened
    depth = 0
    for words, separator in _pieces(text, start, end, flavour):
        depth += separator == "("
        if separator == ")" and not depth and flavour == "sh":
            piped = []
            continue
        depth -= separator == ")" and depth > 0
        piped += [words] if words else []
        if separator != "|":
            yield from piped
            piped = []


def _pieces(text: str, start: int, end: int, flavour: str) -> Iterator[tuple[Command, str]]:
    """What stands between two separators, and the second of these (``""`` at the end)."""
    words: list[Word] = []
    position = start
    continued = False  # a comment between continued lines (legal in a Dockerfile) does not end the command
    while position < end:
        character = text[position]
        if _continues(text, position, end, flavour):
            position, continued = text.index("\n", position) + 1, True
        elif character in " \t\r":
            position += 1
        elif _is_comment(text, position, words, flavour):
            position = _line_end(text, position, end) + continued
        elif _separates(text, position, end):
            array = character == "(" and text[position - 1 : position] == "=" and flavour == "sh"
            yield tuple(words), ";" if array else character
            words, continued = [], False
            position = _array(text, position, end) if array else position + 1
        else:
            word = _word(text, position, end, flavour)
            words.append(word)
            position, continued = word.end + len(word.quote), False
    yield tuple(words), ""


def _separates(text: str, position: int, end: int) -> bool:
    """Whether a command ends here: not at the ``&`` of ``2>&1`` and ``&>``, not at the braces of ``{a,b}``."""
    character = text[position]
    if character == "&":
        return text[position + 1 : position + 2] != ">" and text[position - 1 : position] != ">"
    return character in "\n;|()" or (character in "{}" and text[position + 1 : position + 2] in (*" \t\r\n;", ""))


def _continues(text: str, position: int, end: int, flavour: str) -> bool:
    """Whether a line continuation stands here."""
    if text[position] != CONTINUATION[flavour]:
        return False
    rest = text[position + 1 : position + 3]
    return position + 1 < end and (rest.startswith("\n") or rest == "\r\n")


def _is_comment(text: str, position: int, words: list[Word], flavour: str) -> bool:
    if flavour == "cmd":
        return not words and (text.startswith("::", position) or text[position : position + 4].lower() == "rem ")
    return text[position] == "#"


def _line_end(text: str, position: int, end: int) -> int:
    newline = text.find("\n", position, end)
    return end if newline < 0 else newline


def _word(text: str, start: int, end: int, flavour: str) -> Word:
    position = start
    while position < end and text[position] not in " \t\r\n" and (position == start or not _ends(text, position)):
        if _continues(text, position, end, flavour):
            break
        plain = PLAIN.match(text, position, end)
        position = plain.end() if plain else _step(text, position, end, flavour)
    position = max(position, start + 1)
    quote = text[start]
    if flavour == "sh" and quote == "\\" and (nested := NESTED.match(text, start, end)) and nested.end() == position:
        return Word(*nested.span(1), nested[1], '\\"')
    if quote in "'\"" and position - start >= 2 and text[position - 1] == quote:
        inside = text[start + 1 : position - 1]
        bare = ESCAPED.sub("", inside) if quote == '"' and flavour == "sh" else inside
        if quote not in bare:
            return Word(start + 1, position - 1, inside, quote)
    return Word(start, position, text[start:position])


def _ends(text: str, position: int) -> bool:
    return text[position] in ";|()" or (text[position] == "&" and text[position - 1] != ">")


def _step(text: str, position: int, end: int, flavour: str) -> int:
    """The position behind the next unit: a character, an escape, a quoted part or an expansion."""
    character = text[position]
    if character == "\\" and flavour == "sh":
        nested = NESTED.match(text, position, end)
        return nested.end() if nested else min(position + 2, end)
    if character in "'\"":
        return _quoted(text, position, end, flavour)
    if character == "`" and flavour == "sh":
        behind = text.find("`", position + 1, min(end, position + LONGEST)) + 1
        return behind if behind and "\n" not in text[position:behind] else position + 1
    if character == "$" and text[position + 1 : position + 2] in OPENERS:
        return _expansion(text, position + 1, end)
    return position + 1


def _quoted(text: str, position: int, end: int, flavour: str) -> int:
    quote = text[position]
    here = position + 1
    while here < end and text[here] != quote:
        here += 2 if text[here] == "\\" and quote == '"' and flavour == "sh" else 1
    return min(here + 1, end) if here < end else position + 1


def _array(text: str, position: int, end: int) -> int:
    """Behind the words of an array; one too long to be looked through ends at its first bracket."""
    behind = _expansion(text, position, end)
    return behind if behind > position + 1 else text.find(")", position, end) + 1 or position + 1


def _expansion(text: str, position: int, end: int) -> int:
    """Behind ``$(...)``, ``${...}`` or ``${{ ... }}``; behind the opener where it is never closed."""
    opener = text[position]
    closer = OPENERS[opener]
    depth = 0
    for here in range(position, min(end, position + LONGEST)):
        depth += (text[here] == opener) - (text[here] == closer)
        if depth == 0:
            return here + 1
    return position + 1


def spoken(text: str) -> str:
    """What a person types in a session, with blanks for prompts and, where the first line has one, for answers."""
    blank = PROMPT.sub(lambda found: " " * len(found[0]), text)
    lines = text.splitlines(keepends=True)
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "")
    if not re.match(r"[ \t]*\$[ \t]", first):
        return blank
    command, place, kept = "", 0, list[str]()
    for line in lines:
        goes_on = command.rstrip().endswith("\\") or "<<" in command or any(command.count(mark) % 2 for mark in "\"'")
        command = command + line if goes_on else line if PROMPT.match(line) else ""
        kept.append(blank[place : place + len(line)] if command else re.sub(r"[^\r\n]", " ", line))
        place += len(line)
    return "".join(kept)
