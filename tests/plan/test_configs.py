"""Settings files before, and pyproject.toml after: nothing changes in what is in force."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

from trueup.errors import PlanRefused
from trueup.model.change import Remove
from trueup.model.operation import ConsolidateConfig
from trueup.model.tree import MemoryTree, Overlay, Tree
from trueup.plan.configs import consolidate
from trueup.plan.lowered import Lowered
from trueup.read.project import of


def run(path: str, files: dict[str, str | bytes]) -> tuple[Lowered, Tree]:
    """What consolidating one file gives, and the tree afterwards; every line of what went has a fate."""
    tree = MemoryTree(files)
    lowered = consolidate(of(tree), tree, ConsolidateConfig("CFG101", path))
    after = Overlay(tree, lowered.changes)
    told = {(row.path, row.line) for row in lowered.ledger}
    for name in (path, "pyproject.toml"):
        text = tree.text(name) if tree.has(name) else ""
        left = after.text(name).splitlines() if after.has(name) else []
        for number, line in enumerate(text.splitlines(), 1):
            assert not line.strip() or line in left or (name, number) in told or (name, 0) in told, line
    return lowered, after


def moved(path: str, source: str, **more: str) -> str:
    """pyproject.toml after a file has moved there whole."""
    lowered, after = run(path, {path: source, **more})
    assert lowered.questions == ()
    assert not after.has(path)
    return after.text("pyproject.toml")


def data(path: str, source: str, **more: str) -> Any:
    """``[tool]`` after a file has moved there whole."""
    return tomllib.loads(moved(path, source, **more))["tool"]


PYTEST = """\
# head

[pytest]
# why
addopts =
    -ra
    # quiet
    -q

    -m "not slow"
markers =
    slow: takes long
    ; net
    net: needs network
testpaths = tests
python_files = test_*.py "a b.py"
xfail_strict = 1
timeout = 20
minversion = 7.0
unknown =
    one
    two
# below
"""


def test_pytest_settings_have_the_types_that_pytest_takes() -> None:
    assert (
        moved("pytest.ini", PYTEST)
        == '''\
[tool.pytest.ini_options]
# head
# why
# quiet
addopts = '-ra -q -m "not slow"'
markers = [
    "slow: takes long",
    # net
    "net: needs network",
]
testpaths = ["tests"]
python_files = [
    "test_*.py",
    "a b.py",
]
xfail_strict = true
timeout = "20"
minversion = "7.0"
unknown = """
one
two"""
# below
'''.replace("'-ra -q -m \"not slow\"'", r'"-ra -q -m \"not slow\""')
    )


def test_an_empty_file_silences_the_rest_and_so_it_stays() -> None:
    """An empty pytest.ini disables what pyproject.toml says; that must not come to life."""
    files: dict[str, str | bytes] = {
        "pytest.ini": "",
        "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "-x"  # dead\n\n[tool.black]\n',
        "tox.ini": "[tox]\nenv_list = py\n\n[pytest]\naddopts = -v\n",
        "setup.cfg": "[tool:pytest]\naddopts = -q\n",
    }
    lowered, after = run("pytest.ini", files)
    assert after.text("pyproject.toml") == "[tool.black]\n\n[tool.pytest.ini_options]\n"
    assert after.text("tox.ini") == "[tox]\nenv_list = py\n"
    assert not after.has("setup.cfg")
    assert not after.has("pytest.ini")
    assert {row.reason for row in lowered.ledger} == {"not in force: pytest reads pytest.ini"}


@pytest.mark.parametrize(
    ("path", "winner"),
    [("setup.cfg", "tox.ini"), ("tox.ini", "pyproject.toml"), (".pytest.ini", "pytest.ini")],
)
def test_what_is_not_in_force_is_dropped(path: str, winner: str) -> None:
    sections = {"setup.cfg": "[tool:pytest]\n", "pyproject.toml": "[tool.pytest.ini_options]\n"}
    source = {name: sections.get(name, "[pytest]\n") + 'addopts = "-v"\n' for name in (path, winner)}
    lowered, after = run(path, {"pyproject.toml": "", **source})
    assert not after.has(path)
    assert after.text("pyproject.toml") == source.get("pyproject.toml", "")
    assert {row.reason for row in lowered.ledger} == {f"not in force: pytest reads {winner}"}


def test_only_the_section_is_cut_out_of_a_shared_file() -> None:
    tests = "# about tests\r\n[pytest]\r\naddopts = -v\r\n\r\n"
    tox = f"# about tox\r\n[tox]\r\nenv_list = py\r\n\r\n{tests}[testenv]\r\ndeps = a\r\n"
    lowered, after = run("tox.ini", {"tox.ini": tox.encode(), "pyproject.toml": b"\xef\xbb\xbf[a]\r\n"})
    assert after.read("tox.ini") == b"# about tox\r\n[tox]\r\nenv_list = py\r\n\r\n[testenv]\r\ndeps = a\r\n"
    assert after.read("pyproject.toml") == (
        b'\xef\xbb\xbf[a]\r\n\r\n[tool.pytest.ini_options]\r\n# about tests\r\naddopts = "-v"\r\n'
    )
    assert [row.line for row in lowered.ledger] == [5, 6, 7]


def test_line_numbers_are_those_of_the_file_before_others_cut_it() -> None:
    tree = MemoryTree({"setup.cfg": "[tool:pytest]\na = 1\n[mypy]\nstrict = True\n", "pytest.ini": ""})
    project = of(tree)
    first = consolidate(project, tree, ConsolidateConfig("X", "pytest.ini"))
    second = consolidate(project, Overlay(tree, first.changes), ConsolidateConfig("X", "setup.cfg"))
    assert [(row.line, row.text) for row in second.ledger] == [(3, "[mypy]"), (4, "strict = True")]


def test_coverage_sections() -> None:
    source = """\
[run]
branch = True
omit =
    # theirs
    */site-packages/*,
    tests/*
source = app
context = 5
[coverage:report]
exclude_lines =
    pragma: no cover
    def __repr__, x
fail_under = 85.5
precision = 2
[paths]
source =
    src
    */site-packages
"""
    text = moved(".coveragerc", source)
    assert tomllib.loads(text)["tool"]["coverage"] == {
        "run": {"branch": True, "omit": ["*/site-packages/*", "tests/*"], "source": ["app"], "context": "5"},
        "report": {"exclude_lines": ["pragma: no cover", "def __repr__, x"], "fail_under": 85.5, "precision": 2},
        "paths": {"source": ["src", "*/site-packages"]},
    }
    assert 'omit = [\n    # theirs\n    "*/site-packages/*",\n' in text


def test_coverage_itself_reads_the_same(tmp_path: Path) -> None:
    source = (
        "[run]\nbranch = 1\nparallel=no\nomit = a/*, b\n  c\nconcurrency = thread\ndata_file = 5\n"
        "[report]\nfail_under = 9\nprecision = 1\nshow_missing = on\nsort = 1\n"
        "exclude_also =\n  if x, y:\n  # no\n  \\.\\.\\.\n[html]\ntitle = 1.0\n[paths]\nsrc =\n  a\n  b\n"
    )
    (tmp_path / ".coveragerc").write_text(source)
    (tmp_path / "pyproject.toml").write_text(moved(".coveragerc", source))
    old, new = (
        {
            name: value
            for name, value in vars(Coverage(config_file=str(tmp_path / file)).config).items()
            if not name.startswith("_") and "config" not in name
        }
        for file in (".coveragerc", "pyproject.toml")
    )
    assert old == new
    assert old["report_omit"] is None
    assert old["run_omit"] == ["a/*", "b", "c"]


def test_coverage_reads_setup_cfg_before_pyproject() -> None:
    files: dict[str, str | bytes] = {
        "setup.cfg": "[coverage:run]\nbranch = yes\n",
        "pyproject.toml": "[tool.coverage.run]\nbranch = false\n\n[tool.coverage.report]\nfail_under = 90\n",
        "tox.ini": "[coverage:run]\nomit = a\n\n[tox]\n",
    }
    _, after = run("setup.cfg", files)
    assert tomllib.loads(after.text("pyproject.toml"))["tool"] == {"coverage": {"run": {"branch": True}}}
    assert after.text("tox.ini") == "[tox]\n"


def test_mypy_sections_are_overrides() -> None:
    source = """\
[mypy]
python_version = 3.11
plugins = pydantic.mypy, sqlalchemy
strict: True
[mypy-celery.*,redis.*]
# no types
ignore_missing_imports = True
[mypy-a]
disable_error_code =
    ; why
    misc
[pydantic-mypy]
init_typed = yes
[mypy.plugins.django-stubs]
django_settings_module = a.b
"""
    text = moved("mypy.ini", source)
    assert tomllib.loads(text)["tool"] == {
        "mypy": {
            "python_version": "3.11",
            "plugins": ["pydantic.mypy", "sqlalchemy"],
            "strict": True,
            "overrides": [
                {"module": ["celery.*", "redis.*"], "ignore_missing_imports": True},
                {"module": "a", "disable_error_code": ["misc"]},
            ],
        },
        "pydantic-mypy": {"init_typed": True},
        "django-stubs": {"django_settings_module": "a.b"},
    }
    assert "# no types\n[[tool.mypy.overrides]]" in text
    assert "# why\n[[tool.mypy.overrides]]" in text


def test_mypy_needs_its_own_section_in_a_shared_file() -> None:
    lowered, after = run("setup.cfg", {"setup.cfg": "[mypy-a]\nstrict = True\n[metadata]\nname = x\n"})
    assert after.text("setup.cfg") == "[metadata]\nname = x\n"
    assert not after.has("pyproject.toml")
    assert lowered.ledger[0].reason == "mypy does not read it"


def test_isort_pylint_and_pydocstyle() -> None:
    assert data(".isort.cfg", "[settings]\nprofile = black\nline_length=88\nknown_x = a,b\ncombine_as = True\n") == {
        "isort": {"profile": "black", "line_length": 88, "known_x": ["a", "b"], "combine_as": True}
    }
    source = "[MASTER]\njobs=4\n[MESSAGES CONTROL]\ndisable=a, ; why\n  b # too\n\n[FORMAT]\nmsg-template='%%s'\nx=no\n"
    assert data(".pylintrc", source) == {
        "pylint": {
            "main": {"jobs": 4},
            "messages control": {"disable": ["a", "b"]},
            "format": {"msg-template": "'%s'", "x": False},
        }
    }
    assert data("tox.ini", "[pylint.design]\nmax-args = 7\n[pydocstyle]\ninherit = false\nmatch = .*\n") == {
        "pylint": {"design": {"max-args": 7}},
        "pydocstyle": {"inherit": False, "match": ".*"},
    }


def test_bumpversion_moves_where_its_successor_is_used() -> None:
    source = "[bumpversion]\ncurrent_version = 1.0\ncommit = True\n[bumpversion:file:a.py]\nsearch = v\n"
    source += "[bumpversion:part:x]\nvalues =\n  a\n  b\n"
    assert data(".bumpversion.cfg", source, **{"requirements-dev.txt": "bump-my-version\n"}) == {
        "bumpversion": {
            "current_version": "1.0",
            "commit": True,
            "files": [{"filename": "a.py", "search": "v"}],
            "parts": {"x": {"values": ["a", "b"]}},
        }
    }
    lowered, after = run(".bumpversion.cfg", {".bumpversion.cfg": source})
    assert after.has(".bumpversion.cfg")
    assert [q.text for q in lowered.questions] == [
        ".bumpversion.cfg stays: bumpversion would not read pyproject.toml here"
    ]


def test_bandit_moves_where_it_is_told_to_read_pyproject() -> None:
    command = {"Makefile": "lint:\n\tbandit -r app -c pyproject.toml\n"}
    assert data(".bandit", "[bandit]\nexclude = tests,docs\nskips: B101\n", **command) == {
        "bandit": {"exclude_dirs": ["tests", "docs"], "skips": ["B101"]}
    }
    lowered, _ = run(".bandit", {".bandit": "[bandit]\ntargets = a\n", **command})
    assert lowered.questions[0].text == ".bandit stays: targets has no counterpart in pyproject.toml"


@pytest.mark.parametrize(
    ("path", "source", "reason", "line"),
    [
        ("pytest.ini", "[pytest]\naddopts = -v\njust words\n", "'just words' is no setting", 3),
        ("pytest.ini", "[pytest]\na = 1\n[other]\nb = 2\n", "nobody knows who reads [other]", 3),
        ("tox.ini", "[pytest]\naddopts = -v\n[testenv]\ncommands = x {[pytest]addopts}\n", "other sections take", 1),
        ("setup.cfg", "[metadata]\nname = x\n", "nothing in it belongs into pyproject.toml", 0),
        ("setup.cfg", "[mypy]\nstrict\n", "'strict' is no setting", 2),
        ("tests/pytest.ini", "[pytest]\n", "nothing in it belongs into pyproject.toml", 0),
    ],
)
def test_what_cannot_move_stays_and_is_a_question(path: str, source: str, reason: str, line: int) -> None:
    lowered, after = run(path, {path: source, "pyproject.toml": "[project]\n"})
    assert lowered.changes == ()
    assert after.text(path) == source
    (question,) = lowered.questions
    assert question.text.startswith(f"{path} stays: {reason}")
    assert question.line == line
    assert lowered.ledger[0].fate == "needs-you"


@pytest.mark.parametrize(
    ("pinned", "path", "section", "reason"),
    [
        ("mypy==0.790", "setup.cfg", "[mypy]\nstrict = True\n", "mypy 0.790 does not read pyproject.toml, 0.900 does"),
        ("pytest==5.4.3", "pytest.ini", "[pytest]\naddopts = -v\n", "pytest 5.4.3 does not read pyproject.toml, 6.0"),
        ("isort==4.3.21", ".isort.cfg", "[settings]\nline_length = 9\n", "isort 4.3.21 does not read pyproject.toml"),
        ("mypy==0.910", "mypy.ini", "[mypy]\nstrict = True\n", ""),
        ("mypy>=0.790", "mypy.ini", "[mypy]\nstrict = True\n", ""),
    ],
)
def test_settings_stay_where_the_version_that_is_pinned_finds_them(
    pinned: str, path: str, section: str, reason: str
) -> None:
    lowered, after = run(path, {path: section, "pyproject.toml": "[project]\n", "requirements.txt": f"{pinned}\n"})
    assert after.has(path) == bool(reason)
    assert [item.text for item in lowered.questions if reason in item.text] == [item.text for item in lowered.questions]
    assert len(lowered.questions) == bool(reason)


def test_the_native_table_of_pytest_is_not_mixed_with_the_old_one() -> None:
    files: dict[str, str | bytes] = {"pytest.ini": "[pytest]\n", "pyproject.toml": '[tool.pytest]\naddopts = ["-v"]\n'}
    lowered, _ = run("pytest.ini", files)
    assert "values are of other types" in lowered.questions[0].text


def test_a_broken_pyproject_refuses() -> None:
    with pytest.raises(PlanRefused, match=r"pyproject\.toml cannot take the settings of pytest\.ini"):
        run("pytest.ini", {"pytest.ini": "[pytest]\na = 1\n", "pyproject.toml": "[x"})
    assert run("absent.ini", {})[0] == Lowered()


def test_who_names_the_file_names_pyproject() -> None:
    files: dict[str, str | bytes] = {
        ".coveragerc": "[run]\nbranch = 1\n",
        "Makefile": "t:\n\tpytest --cov-config=.coveragerc && coverage report --rcfile ./.coveragerc\n",
        "noxfile.py": 's.run("coverage", "xml", "--rcfile", ".coveragerc")\n',
        "Dockerfile": "COPY .coveragerc setup.py ./\nCOPY pyproject.toml .coveragerc ./\nCOPY x/.coveragerc ./\n",
        "README.md": "See .coveragerc.\n",
    }
    lowered, after = run(".coveragerc", files)
    assert not lowered.questions
    assert after.text("Makefile") == (
        "t:\n\tpytest --cov-config=pyproject.toml && coverage report --rcfile pyproject.toml\n"
    )
    assert after.text("noxfile.py") == 's.run("coverage", "xml", "--rcfile", "pyproject.toml")\n'
    assert (
        after.text("Dockerfile") == "COPY pyproject.toml setup.py ./\nCOPY pyproject.toml ./\nCOPY x/.coveragerc ./\n"
    )


@pytest.mark.parametrize(
    ("path", "text", "after"),
    [
        ("README.md", "```\npytest -c pytest.ini\n```\n", "```\npytest -c pyproject.toml\n```\n"),
        ("docs/a.rst", "::\n\n    pytest -c pytest.ini\n", "::\n\n    pytest -c pyproject.toml\n"),
        ("README.md", "See pytest.ini.\n", "See pytest.ini.\n"),
        ("CHANGELOG.md", "`pytest -c pytest.ini`\n", "`pytest -c pytest.ini`\n"),
    ],
)
def test_documents_follow_and_need_nothing(path: str, text: str, after: str) -> None:
    lowered, tree = run("pytest.ini", {"pytest.ini": "[pytest]\naddopts = -q\n", path: text})
    assert (tree.text(path), tree.has("pytest.ini"), lowered.questions) == (after, False, ())


def test_who_names_it_otherwise_keeps_it() -> None:
    lowered, after = run("mypy.ini", {"mypy.ini": "[mypy]\n", "compose.yml": "# mypy.ini\na: ./mypy.ini:/x\n"})
    assert after.has("mypy.ini")
    assert lowered.questions[0].text == "mypy.ini stays: compose.yml:2 names mypy.ini"


FLAKE8 = """\
[flake8]
# the formatter's
max-line-length = 100
ignore =
    # blanks
    E203, E226
    W503,
select = C,E,F,W,B
max-complexity = 10
exclude = .git,build
per-file-ignores =
    # exports
    a.py, b.py: F401,WPS1
    tests/*:S101
count = True
"""


def test_flake8_becomes_ruff_where_nobody_runs_it() -> None:
    lowered, after = run(".flake8", {".flake8": FLAKE8})
    assert lowered.questions == ()
    assert (
        after.text("pyproject.toml")
        == """\
[tool.ruff]
exclude = [
    ".git",
    "build",
]

[tool.ruff.lint]
ignore = [
    # blanks
    "E203",
    "E226",
]
select = [
    "C",
    "E",
    "F",
    "W",
    "B",
]

[tool.ruff.lint.pycodestyle]
# the formatter's
max-line-length = 100

[tool.ruff.lint.mccabe]
max-complexity = 10

# exports
[tool.ruff.lint.per-file-ignores]
"a.py" = ["F401"]
"b.py" = ["F401"]
"tests/*" = ["S101"]
"""
    )
    notes = {row.text: (row.fate, row.reason) for row in lowered.ledger if row.reason}
    assert notes["ignore ="] == ("moved", "ruff has no rule W503")
    assert notes["per-file-ignores ="] == ("moved", "ruff has no rule WPS1")
    assert notes["count = True"] == ("dropped", "shapes flake8's output only")


def test_ruff_gets_what_flake8_does_unasked() -> None:
    tables = data("setup.cfg", "[flake8]\ndocstring-convention = google\n", **{"requirements.txt": "flake8-bugbear\n"})
    assert tables["ruff"]["lint"] == {
        "select": ["E", "F", "W", "B"],
        "pycodestyle": {"max-line-length": 79},
        "pydocstyle": {"convention": "google"},
    }


@pytest.mark.parametrize(
    ("section", "more", "reason"),
    [
        ("max-returns = 3\n", {}, "max-returns has no counterpart in ruff"),
        ("select = B950,E\n", {}, "select: ruff has no rule B950"),
        ("max-line-length = wide\n", {}, "max-line-length: is no number"),
        ("docstring-convention = all\n", {}, "docstring-convention: ruff knows no convention 'all'"),
        ("", {"Makefile": "lint:\n\tpython -m flake8 app\n"}, "Makefile:2 runs it, and flake8 cannot read"),
        ("", {"requirements-dev.txt": "x\nflake8==7\n"}, "requirements-dev.txt:2 lists it, and flake8"),
        (
            "",
            {".pre-commit-config.yaml": "repos:\n- repo: https://github.com/PyCQA/flake8\n  rev: 7\n  hooks: []\n"},
            ".pre-commit-config.yaml:1 runs it",
        ),
    ],
)
def test_flake8_stays_where_ruff_cannot_take_over(section: str, more: dict[str, str | bytes], reason: str) -> None:
    lowered, after = run(".flake8", {".flake8": "[flake8]\n" + section, **more})
    assert after.has(".flake8")
    assert not after.has("pyproject.toml")
    assert lowered.questions[0].text.startswith(f".flake8 stays: {reason}")


@pytest.mark.parametrize("table", ["[tool.ruff.lint]\n", '[tool.ruff]\nselect = ["ALL"]\nexclude = ["docs"]\n'])
def test_flake8_settings_that_nobody_reads_are_dropped(table: str) -> None:
    files: dict[str, str | bytes] = {
        ".flake8": "# old\n\n[flake8]\nignore = E1\n",
        "pyproject.toml": table,
    }
    lowered, after = run(".flake8", files)
    assert lowered.changes == (Remove(".flake8"),)
    assert {row.fate for row in lowered.ledger} == {"dropped"}
    assert after.text("pyproject.toml") == table


def test_every_translated_code_is_one_of_ruff() -> None:
    source = "[flake8]\nextend-ignore = C812,I252,T001,U100,TCH001,E800,ANN101,D203,E1,Q0,Z9\n"
    assert data(".flake8", source)["ruff"]["lint"]["extend-ignore"] == [
        *("COM812", "TID252", "T201", "ARG", "TC001", "ERA001", "D203", "E1", "Q0")
    ]


def test_pyright_moves_with_its_comments() -> None:
    source = (
        '{\n  // strict\n  "typeCheckingMode": "strict", /* soon */\n  "ignore": ["a"],\n  "x": {"y": 1}\n  // end\n}\n'
    )
    text = moved("pyrightconfig.json", source, **{"pyproject.toml": "[tool.pyright]\nignore = []\n"})
    assert text == (
        '[tool.pyright]\n# strict\n# soon\ntypeCheckingMode = "strict"\nignore = ["a"]\n\n'
        "# end\n[tool.pyright.x]\ny = 1\n"
    )


@pytest.mark.parametrize(
    ("source", "more", "reason"),
    [
        ("{", {}, "line 1: Expecting"),
        ("[]", {}, "it holds no settings"),
        ('{"a": 1}', {"x.yml": "a: pyrightconfig.json\n"}, "x.yml:1 names it"),
    ],
)
def test_pyright_stays(source: str, more: dict[str, str | bytes], reason: str) -> None:
    lowered, after = run("pyrightconfig.json", {"pyrightconfig.json": source, **more})
    assert after.has("pyrightconfig.json")
    assert lowered.questions[0].text.startswith(f"pyrightconfig.json stays: {reason}")


def test_pyright_values_that_toml_lacks_refuse() -> None:
    with pytest.raises(PlanRefused, match="no form for None"):
        run("pyrightconfig.json", {"pyrightconfig.json": '{"a": null}'})


def test_comments_behind_the_items_of_a_list_stay_beside_them() -> None:
    source = (
        "[MASTER]  ; of pylint\ndisable=\n    C0114, # missing-module-docstring\n    # two of a kind\n"
        "    C0115,C0116, ; docs\n    R0903\nmax-args=7  # enough\n"
    )
    text = moved(".pylintrc", source)
    assert text == (
        "[tool.pylint.main]\n# of pylint\ndisable = [\n"
        '    "C0114",  # missing-module-docstring\n    # two of a kind\n    # docs\n    "C0115",\n    "C0116",\n'
        '    "R0903",\n]\n# enough\nmax-args = 7\n'
    )
    assert '"R0903",  # few\n' in moved(".pylintrc", "[MASTER]\r\ndisable=C0114,  # a\r\n  R0903, # few\r\n")


def test_comments_behind_the_codes_of_flake8_stay_too() -> None:
    source = (
        "[flake8]\nmax-line-length = 99  # wide\nignore =\n    E203, # black\n    W503, # a break\n    E501,\n"
        "per-file-ignores =\n    # api\n    __init__.py: F401  # exported\n"
    )
    text = moved(".flake8", source)
    assert all(f"{note}\n" in text for note in ('"E203",  # black', "# wide", "# W503: a break", "# api\n# exported"))


def test_a_hash_is_a_value_where_the_tool_reads_no_comment_behind_it() -> None:
    assert data(".coveragerc", "[report]\nexclude_lines =\n    x # pragma: no cover\n")["coverage"]["report"] == {
        "exclude_lines": ["x # pragma: no cover"]
    }
    assert data(".pydocstyle", "[pydocstyle]\nmatch = x.py  # all\n")["pydocstyle"] == {"match": "x.py"}


def test_keys_that_only_a_dead_table_has_are_told() -> None:
    dead = '[tool.pytest.ini_options]\nenv = ["A=1"]\naddopts = "-q"\nasyncio_mode = "auto"\n'
    lowered, after = run("pytest.ini", {"pytest.ini": "[pytest]\naddopts = -ra\n", "pyproject.toml": dead})
    assert after.text("pyproject.toml") == '[tool.pytest.ini_options]\naddopts = "-ra"\n'
    (told,) = lowered.questions
    assert (told.path, told.line) == ("pyproject.toml", 1)
    assert told.text == (
        "[tool.pytest.ini_options] was not in force, as pytest read pytest.ini, and goes; only there stood env, asyncio_mode"
    )
    dead = '[tool.ruff]\nline-length = 1\n[tool.ruff.lint]\nselect = ["E"]\nisort.known-first-party = ["x"]\n'
    lowered, _ = run("ruff.toml", {"ruff.toml": "line-length = 2\nlint.select = ['F']\n", "pyproject.toml": dead})
    (told,) = lowered.questions
    assert told.text.endswith("only there stood lint.isort.known-first-party")


def test_a_list_of_tables_that_goes_is_told_by_each() -> None:
    each = '[[tool.mypy.overrides]]\nmodule = "{}"\n{} = true\n'
    dead = each.format("a.*", "ignore_errors") + each.format("b.*", "ignore_errors") + each.format("b.*", "follow")
    lowered, _ = run("mypy.ini", {"mypy.ini": "[mypy-b.*]\nignore_errors = True\n", "pyproject.toml": dead})
    (told,) = lowered.questions
    assert told.text.endswith(
        "only there stood overrides[a.*].module, overrides[a.*].ignore_errors, overrides[b.*].follow"
    )


RUFF = """\
# of ruff

# wide
line-length = 99
lint.select = ["E"]  # errors

[lint.per-file-ignores]
"x.py" = ["E501"]

[ "format" ]
quote-style = 'single'
"""


def test_a_file_of_ruff_moves_as_it_is() -> None:
    text = moved("ruff.toml", RUFF, **{"pyproject.toml": '[project]\nname = "x"\n\n[tool.ruff]\nline-length = 1\n'})
    assert text == (
        '[project]\nname = "x"\n\n# of ruff\n\n[tool.ruff]\n# wide\nline-length = 99\nlint.select = ["E"]  # errors\n\n'
        '[tool.ruff.lint.per-file-ignores]\n"x.py" = ["E501"]\n\n[ tool.ruff."format" ]\nquote-style = \'single\'\n'
    )
    assert data(".ruff.toml", "# no keys\n[lint]\nselect = ['E']\n")["ruff"] == {"lint": {"select": ["E"]}}
    assert "--config pyproject.toml" in run(
        "ruff.toml", {"ruff.toml": RUFF, "run.sh": "ruff check --config ruff.toml\n"}
    )[1].text("run.sh")


@pytest.mark.parametrize(
    "more",
    [
        {"tests/ruff.toml": 'extend = "../ruff.toml"\n'},
        {".ruff.toml": ""},
        {".pre-commit-config.yaml": "repos:\n- hooks:\n  - id: ruff\n    args: [--config, ruff.toml]\n"},
        {"ruff.toml": "line-length = \n"},
        {"ruff.toml": 'extend = "pyproject.toml"\n'},
        {".vscode/settings.json": '{"ruff.configuration": "${workspaceFolder}/ruff.toml"}'},
    ],
)
def test_a_file_of_ruff_that_others_name_stays(more: dict[str, str]) -> None:
    lowered, _ = run("ruff.toml", {"ruff.toml": RUFF, **more})
    assert not lowered.changes
    assert "nothing in it" not in lowered.questions[0].text


def test_ruffs_own_file_that_extends_pyproject_stays_however_it_says_so() -> None:
    lowered, _ = run(
        "ruff.toml", {"ruff.toml": 'extend = "./pyproject.toml"\nline-length = 100\n', "pyproject.toml": ""}
    )
    assert [question.text for question in lowered.questions] == ["ruff.toml stays: it extends pyproject.toml"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("noxfile.py", 'f"--config={ROOT}/ruff.toml"\n'),
        ("Makefile", "a:\n\tcd src && ruff check --config ../ruff.toml\n"),
    ],
)
def test_ruffs_own_file_stays_where_another_folder_names_it(path: str, text: str) -> None:
    lowered, after = run("ruff.toml", {"ruff.toml": "line-length = 100\n", "pyproject.toml": "", path: text})
    assert after.has("ruff.toml")
    assert [question.path for question in lowered.questions] == ["ruff.toml"]
