"""Where tools look for their settings, in the order in which they look, and what types their values have.

places: the first that is there wins. `sections` are patterns of INI sections (regular expressions on the
  whole name); `always`: the file wins even without such a section. A row without sections is pyproject.toml.
target: the table of pyproject.toml.
words, lines, commas: keys that hold lists, cut like a shell command line, at newlines, at commas and newlines.
booleans: keys that are true or false; guess: every value that looks like a truth or a number is one,
  save `strings`, and 0 and 1, which every tool takes as text for either.
options: command-line options that name the file.
since: the first version that reads pyproject.toml, by the tool's change log.
only_with: pyproject.toml is read only where such a command is run.
needs: the section without which the file does not count.
one_line: keys whose lines become one, with blanks between. list_sections: sections in which every key is a list.
percent: `%%` stands for `%`. inline_comments: ` #` and ` ;` begin a comment. rename, known: keys under another
  name, and the only keys that the table may have.
"""

TABLE = {
    "pytest": {
        "source": "https://docs.pytest.org/en/stable/reference/customize.html#initialization-determining-rootdir-and-configfile",
        "checked": "2026-11-22",
        "since": "6.0",
        "target": ["pytest", "ini_options"],
        "places": [
            {"file": "pytest.ini", "sections": ["pytest"], "always": True},
            {"file": ".pytest.ini", "sections": ["pytest"], "always": True},
            {"file": "pyproject.toml"},
            {"file": "tox.ini", "sections": ["pytest"]},
            {"file": "setup.cfg", "sections": ["tool:pytest"]},
        ],
        "words": [
            "norecursedirs", "testpaths", "python_files", "python_classes", "python_functions", "usefixtures",
            "required_plugins", "doctest_optionflags", "pythonpath",
        ],
        "lines": ["markers", "filterwarnings", "env", "env_files"],
        "one_line": ["addopts"],
        "booleans": [
            "strict", "strict_config", "strict_markers", "strict_xfail", "xfail_strict", "log_cli",
            "consider_namespace_packages", "enable_assertion_pass_hook", "junit_log_passing_tests",
            "collect_imported_tests", "asyncio_debug", "django_find_project", "mock_use_standalone_module",
        ],
        "options": ["-c", "--config-file"],
    },
    "coverage": {
        "source": "https://coverage.readthedocs.io/en/latest/config.html",
        "checked": "2026-11-22",
        "target": ["coverage"],
        "places": [
            {"file": ".coveragerc", "sections": ["(?:coverage:)?(.+)"], "always": True},
            {"file": "setup.cfg", "sections": ["coverage:(.+)"]},
            {"file": "tox.ini", "sections": ["coverage:(.+)"]},
            {"file": "pyproject.toml"},
        ],
        "commas": [
            "omit", "include", "source", "source_pkgs", "source_dirs", "plugins", "debug", "disable_warnings",
            "concurrency", "patch", "notes", "run_include", "run_omit", "report_include", "report_omit",
        ],
        "lines": [
            "exclude_lines", "exclude_also", "partial_branches", "partial_also", "partial_always", "exclude_list",
            "partial_list",
        ],
        "list_sections": ["paths"],
        "booleans": [
            "branch", "parallel", "timid", "cover_pylib", "sigterm", "relative_files", "ignore_errors",
            "show_missing", "skip_covered", "skip_empty", "show_contexts", "pretty_print",
            "include_namespace_packages",
        ],
        "strings": [
            "context", "data_file", "dynamic_context", "title", "directory", "output", "extra_css", "sort", "format",
            "core", "debug_file",
        ],
        "guess": True,
        "options": ["--cov-config", "--rcfile"],
    },
    "mypy": {
        "source": "https://mypy.readthedocs.io/en/stable/config_file.html",
        "checked": "2026-11-22",
        "since": "0.900",
        "target": ["mypy"],
        "places": [
            {
                "file": "mypy.ini",
                "sections": ["mypy", "mypy-.+", "pydantic-mypy", r"mypy\.plugins\.django-stubs"],
                "always": True,
            },
            {
                "file": ".mypy.ini",
                "sections": ["mypy", "mypy-.+", "pydantic-mypy", r"mypy\.plugins\.django-stubs"],
                "always": True,
            },
            {"file": "pyproject.toml"},
            {
                "file": "setup.cfg",
                "sections": ["mypy", "mypy-.+", "pydantic-mypy", r"mypy\.plugins\.django-stubs"],
                "needs": "mypy",
            },
        ],
        "commas": [
            "files", "packages", "modules", "plugins", "always_true", "always_false", "enable_error_code",
            "disable_error_code", "enable_incomplete_feature", "untyped_calls_exclude", "deprecated_calls_exclude",
        ],
        "strings": [
            "python_version", "platform", "mypy_path", "cache_dir", "exclude", "follow_imports",
            "custom_typing_module", "custom_typeshed_dir", "python_executable", "shadow_file", "quickstart_file",
            "junit_xml", "junit_format", "error_format",
        ],
        "guess": True,
        "options": ["--config-file"],
    },
    "isort": {
        "source": "https://pycqa.github.io/isort/docs/configuration/config_files.html",
        "checked": "2026-11-22",
        "since": "5.0",
        "target": ["isort"],
        "places": [
            {"file": ".isort.cfg", "sections": ["settings", "isort"]},
            {"file": "pyproject.toml"},
            {"file": "setup.cfg", "sections": ["isort", "tool:isort"]},
            {"file": "tox.ini", "sections": ["isort", "tool:isort"]},
        ],
        "commas": [
            "skip", "extend_skip", "skip_glob", "extend_skip_glob", "sections", "no_sections_before", "force_to_top",
            "forced_separate", "add_imports", "remove_imports", "no_lines_before", "src_paths",
            "single_line_exclusions", "extra_standard_library", "constants", "classes", "variables",
            "supported_extensions", "blocked_extensions", "treat_comments_as_code", "namespace_packages", "known_.+",
        ],
        "strings": [
            "py_version", "profile", "default_section", "import_heading_.+", "import_footer_.+", "indent",
            "comment_prefix", "line_ending", "length_sort_sections", "virtual_env", "conda_env",
        ],
        "guess": True,
        "options": ["--settings-file", "--settings-path", "--settings", "--sp"],
    },
    "pylint": {
        "source": "https://pylint.readthedocs.io/en/stable/user_guide/usage/run.html#command-line-options",
        "checked": "2026-11-22",
        "since": "2.5",
        "target": ["pylint"],
        "places": [
            {"file": "pylintrc", "sections": ["(.+)"], "always": True},
            {"file": ".pylintrc", "sections": ["(.+)"], "always": True},
            {"file": "pyproject.toml"},
            {"file": "setup.cfg", "sections": [r"pylint(?:\.(.+))?"]},
            {"file": "tox.ini", "sections": [r"pylint(?:\.(.+))?"]},
        ],
        "commas": [
            "disable", "enable", "load-plugins", "ignore", "good-names", "bad-names", "extension-pkg-allow-list",
            "extension-pkg-whitelist", "unsafe-load-any-extension-list", "ignored-modules", "ignored-classes",
            "generated-members", "defining-attr-methods", "valid-classmethod-first-arg",
            "valid-metaclass-classmethod-first-arg", "exclude-protected", "additional-builtins", "callbacks",
            "redefining-builtins-modules", "deprecated-modules", "known-third-party", "known-standard-library",
            "preferred-modules", "allow-any-import-level", "notes", "logging-modules", "overgeneral-exceptions",
            "property-classes", "signature-mutators", "contextmanager-decorators", "mixin-class-rgx-list",
            "source-roots", "spelling-ignore-words-list",
        ],
        "strings": [
            "py-version", "msg-template", "evaluation", "init-hook", ".+-rgx", ".+-rgxs", ".+-style", "indent-string",
            "indent-after-paren-text", "ignore-patterns", "ignore-paths", "fail-on", "output-format", "confidence",
        ],
        "inline_comments": True,
        "percent": True,
        "guess": True,
        "options": ["--rcfile"],
    },
    "pydocstyle": {
        "source": "https://www.pydocstyle.org/en/stable/usage.html#configuration-files",
        "checked": "2026-11-22",
        "since": "6.1",
        "target": ["pydocstyle"],
        "places": [
            {"file": "setup.cfg", "sections": ["pydocstyle", "pep257"]},
            {"file": "tox.ini", "sections": ["pydocstyle", "pep257"]},
            {"file": ".pydocstyle", "sections": ["pydocstyle", "pep257"]},
            {"file": ".pydocstyle.ini", "sections": ["pydocstyle", "pep257"]},
            {"file": ".pydocstylerc", "sections": ["pydocstyle", "pep257"]},
            {"file": ".pydocstylerc.ini", "sections": ["pydocstyle", "pep257"]},
            {"file": "pyproject.toml"},
        ],
        "inline_comments": True,
        "booleans": ["inherit", "explain", "source", "debug", "verbose", "count"],
        "options": ["--config"],
    },
    "bandit": {
        "source": "https://bandit.readthedocs.io/en/latest/config.html",
        "checked": "2026-11-22",
        "target": ["bandit"],
        "places": [
            {"file": ".bandit", "sections": ["bandit"]},
            {"file": "pyproject.toml"},
        ],
        "commas": ["exclude_dirs", "skips", "tests"],
        "rename": {"exclude": "exclude_dirs"},
        "known": ["exclude_dirs", "skips", "tests"],
        "only_with": r"bandit .*(-c|--configfile)[ =]+pyproject\.toml",
        "options": [],
    },
    "bumpversion": {
        "source": "https://callowayproject.github.io/bump-my-version/reference/configuration/",
        "checked": "2026-11-22",
        "target": ["bumpversion"],
        "places": [
            {"file": ".bumpversion.cfg", "sections": ["bumpversion", "bumpversion:file:.+", "bumpversion:part:.+"]},
            {"file": "pyproject.toml"},
            {"file": "setup.cfg", "sections": ["bumpversion", "bumpversion:file:.+", "bumpversion:part:.+"]},
        ],
        "booleans": [
            "commit", "tag", "sign_tags", "allow_dirty", "no_verify", "ignore_missing_version", "regex",
            "independent", "optional",
        ],
        "lines": ["serialize", "values"],
        "only_with": "bump-my-version",
        "options": ["--config-file"],
    },
}
