"""A program that is broken is told from one that needs something which is not here."""

import pytest

from trueup.verify.needs import missing, reason

SETTINGS = """Traceback (most recent call last):
  File "app/settings.py", line 9, in <module>
    settings = Settings()
pydantic_core._pydantic_core.ValidationError: 2 validation errors for Settings
database_url
  Field required [type=missing, input_value={}, input_type=dict]
SECRET_KEY
  Field required [type=missing, input_value={}, input_type=dict]
"""
IN_PYTEST = "\n".join(f"E   {line}" for line in SETTINGS.splitlines())


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (SETTINGS, "environment variables (database_url, SECRET_KEY)"),
        (IN_PYTEST, "environment variables (database_url, SECRET_KEY)"),
        (
            "MAIL_FROM\n  Input should be a valid string [type=string_type, input_value=None, input_type=NoneType]",
            "(MAIL_FROM)",
        ),
        ("MAIL_FROM\n  none is not an allowed value (type=type_error.none.not_allowed)", "(MAIL_FROM)"),
        ("  File os.py\nKeyError: 'SECRET_KEY'", "(SECRET_KEY)"),
        ("ERROR tests/test_a.py - KeyError: 'SECRET_KEY'", "(SECRET_KEY)"),
        ("KeyError: \"Config 'DEBUG' is missing, and has no default.\"", "(DEBUG)"),
        ("decouple.UndefinedValueError: SMTP_HOST not found. Declare it as envvar", "(SMTP_HOST)"),
        ("django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.", "(SECRET_KEY)"),
        ('environs.EnvError: Environment variable "TOKEN" not set', "(TOKEN)"),
        (
            "Missing environment variable: DATABASE_URL\nERROR x - Missing environment variable: DATA...",
            "(DATABASE_URL)",
        ),
        ("ValueError: Database URL is missing. Please set the 'URL' environment variable.", "(URL)"),
        ("sqlalchemy.exc.ArgumentError: Expected string or URL object, got None", "the URL of a database"),
        (
            "psycopg2.OperationalError: connection failed: Connection refused",
            "does not answer here (Connection refused)",
        ),
        ("socket.gaierror: [Errno -2] Name or service not known", "Name or service not known"),
        ("sqlite3.OperationalError: no such table: users", "no such table"),
    ],
)
def test_what_is_missing_is_named(said: str, words: str) -> None:
    assert words in missing(said)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "ModuleNotFoundError: No module named 'shop'",
        "KeyError: 'lower'",
        "AttributeError: module 'shop.main' has no attribute 'app'",
        "RuntimeError: Directory 'static' does not exist",
        "sqlite3.OperationalError: unable to open database file",
        "KeyError: 'OLD_NEWS'" + "\n" * 100 + "SyntaxError: invalid syntax",
    ],
)
def test_what_is_broken_is_not_excused(said: str) -> None:
    assert missing(said) == ""


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            "Traceback\n  File x\nModuleNotFoundError: No module named 'x'\nmore\n",
            "ModuleNotFoundError: No module named 'x'",
        ),
        ("a.b.CustomError: one\nValueError: two\n", "ValueError: two"),
        ("just words\n\n", "just words"),
        ("", "it said nothing"),
    ],
)
def test_the_reason_is_the_last_exception_else_the_last_words(said: str, line: str) -> None:
    assert reason(said) == line
