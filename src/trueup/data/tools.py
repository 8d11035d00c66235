"""What serves the people who work on a project, not the program that runs: distribution -> dependency group.

source: each project's page on PyPI ("Framework :: Pytest", "Topic :: Software Development :: Quality
  Assurance", or its first sentence says so); stubs by PEP 561's naming rule
date: 2026-11-22
Names are normalised; * stands for anything. A row with tests = true counts only where tests need the
distribution and nothing else imports it.
"""

TABLE = {
    # Stub distributions that are imported at run time by other names than their own, or by names that begin so.
    # source: https://youtype.github.io/boto3_stubs_docs/, https://youtype.github.io/types_aioboto3_docs/,
    #   https://github.com/typeddjango/django-stubs
    "stubs": {
        "boto3-stubs": ["mypy_boto3"],
        "boto3-stubs-lite": ["mypy_boto3"],
        "boto3-stubs-full": ["mypy_boto3"],
        "types-boto3-lite": ["types_boto3"],
        "types-boto3-full": ["types_boto3"],
        "types-aioboto3": ["types_aiobotocore"],
        "types-aioboto3-lite": ["types_aioboto3", "types_aiobotocore"],
        "types-aioboto3-full": ["types_aioboto3", "types_aiobotocore"],
        "types-aiobotocore-lite": ["types_aiobotocore"],
        "types-aiobotocore-full": ["types_aiobotocore"],
        "django-stubs": ["django_stubs_ext"],
    },
    "tool": [
        {
            "group": "dev",
            "source": "https://packaging.python.org/en/latest/key_projects/",
            "names": [
                "autoflake", "autopep8", "bandit", "basedpyright", "black", "bump2version", "bump-my-version",
                "bumpversion", "commitizen", "codespell", "deptry", "docformatter", "dodgy",
                "flake8", "import-linter", "interrogate", "ipdb", "ipykernel", "ipython",
                "isort", "jupyter", "jupyterlab", "mccabe", "mypy", "nox", "pdbpp", "pdm", "pep8", "pep8-naming",
                "pip-audit", "pip-tools", "pipdeptree", "pipenv", "poethepoet", "poetry", "pre-commit",
                "prek", "pudb", "pycodestyle",
                "pydocstyle", "pyflakes", "pylint", "pyre-check", "pyright", "pytype", "pyupgrade", "radon", "refurb",
                "ruff", "safety", "taskipy", "tox", "tox-uv", "twine", "ty", "unimport", "vulture",
                "wemake-python-styleguide", "yapf",
            ],
        },
        {
            "group": "dev",
            "source": "https://pypi.org/search/?c=Framework+%3A%3A+Flake8",
            "names": ["flake8-*", "pylint-*", "ruff-*"],
        },
        {
            "group": "dev",
            "source": "https://peps.python.org/pep-0561/#stub-only-packages",
            "names": ["types-*", "*-stubs", "mypy-boto3-*"],
        },
        {
            "group": "test",
            "source": "https://docs.pytest.org/en/stable/reference/plugin_list.html",
            "names": ["pytest", "pytest-*", "anyio-pytest"],
        },
        {
            "group": "test",
            "source": "https://pypi.org/search/?c=Topic+%3A%3A+Software+Development+%3A%3A+Testing",
            "names": [
                "asgi-lifespan", "asgi-testclient", "async-asgi-testclient", "aioresponses", "coverage", "coveralls",
                "dirty-equals", "factory-boy", "fakeredis", "faker", "freezegun", "hypothesis", "inline-snapshot",
                "mixer", "mock", "model-bakery", "mongomock", "mongomock-motor", "moto", "mutmut", "nose", "nose2",
                "polyfactory", "requests-mock", "respx", "responses", "schemathesis", "selenium", "syrupy",
                "testcontainers", "testfixtures", "time-machine", "vcrpy", "webtest",
            ],
        },
        {
            "group": "docs",
            "source": "https://packaging.python.org/en/latest/key_projects/",
            "names": [
                "furo", "mkdocs", "mkdocs-*", "mkdocstrings", "mkdocstrings-*", "myst-parser", "numpydoc", "pdoc",
                "recommonmark",
            ],
        },
        {
            "group": "docs",
            "source": "https://pypi.org/search/?c=Framework+%3A%3A+Sphinx",
            "names": ["sphinx", "sphinx-*", "sphinxcontrib-*"],
        },
        {
            "group": "test",
            "tests": True,
            "source": "https://www.starlette.io/testclient/",
            "names": ["httpx", "httpx2"],
            # Test clients that need it without saying so, and libraries that use it at run time without declaring it.
            "wanted_by": ["fastapi.testclient", "starlette.testclient"],
            "kept_by": ["authlib", "httpx_oauth", "httpx_sse", "fastapi_sso", "social_core"],
        },
    ],
    # Programs for the person at the keyboard: as a dependency they bring their own into every image.
    # source: https://docs.astral.sh/uv/concepts/tools/
    "commands": [
        "ansible", "asciinema", "aws-sam-cli", "awscli", "cookiecutter", "copier", "cruft", "csvkit", "gdown", "glances",
        "huggingface-cli", "magic-wormhole", "pgcli", "pipx", "pygments-cli", "s3cmd", "speedtest-cli",
        "tldr", "virtualenv", "visidata", "wormhole", "yamllint", "youtube-dl", "yt-dlp",
    ],
    # Those of them that are started by other names, as far as these mean nothing else everywhere.
    "programs": {
        "ansible": ["ansible-galaxy", "ansible-playbook", "ansible-vault"], "aws-sam-cli": ["sam"], "awscli": ["aws"],
        "csvkit": ["csvcut", "csvgrep", "csvjoin", "csvsort", "csvsql", "csvstat", "in2csv", "sql2csv"],
        "magic-wormhole": ["wormhole"], "pygments-cli": ["pygmentize"],
        "speedtest-cli": ["speedtest"], "visidata": ["vd"],
    },
    # Indexes that serve a few packages of their own: host -> distributions.
    # source: https://docs.astral.sh/uv/guides/integration/pytorch/
    "index": {
        "download.pytorch.org": ["torch", "torchvision", "torchaudio", "torchtext", "pytorch-triton", "triton"],
    },
}
