"""Sessions over several interpreters; ``./dev test`` is the quick way on one."""

import nox

nox.options.default_venv_backend = "uv"
nox.options.sessions = ["lint", "tests"]
SYNC = ("uv", "sync", "--locked", "--active")


@nox.session(python=["3.11", "3.12", "3.13"])
def tests(session: nox.Session) -> None:
    """The tests on every supported Python."""
    session.run_install(*SYNC, external=True)
    session.run("python", "-m", "pytest", "-n", "2", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, types, layers."""
    session.run_install(*SYNC, external=True)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")


@nox.session(python="3.11")
def minimums(session: nox.Session) -> None:
    """The tests on the lowest versions that pyproject.toml admits."""
    session.install("--resolution", "lowest-direct", "-e", ".", "--group", "test")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Write docs/rules.md."""
    session.run_install(*SYNC, external=True)
    session.run("python", "docs/make.py")


@nox.session
def bench(session: nox.Session) -> None:
    """The benchmarks."""
    session.run_install(*SYNC, external=True)
    session.run("python", "benchmarks/audit.py")
