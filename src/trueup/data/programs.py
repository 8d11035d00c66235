"""Programs that distributions bring under other names than their own.

source: the console scripts of each distribution's wheel on PyPI
date: 2026-11-30
"""

TABLE = {
    "ansible-core": ["ansible", "ansible-playbook"],
    "bump2version": ["bumpversion"],
    "commitizen": ["cz"],
    "django": ["django-admin"],
    "fastapi-cli": ["fastapi"],
    "huey": ["huey_consumer", "huey_consumer.py"],
    "import-linter": ["lint-imports"],
    "jupyterlab": ["jupyter", "jupyter-lab"],
    "mkdocs-material": ["mkdocs"],
    "notebook": ["jupyter"],
    "pylint": ["pyreverse"],
    "pyproject-flake8": ["pflake8"],
    "pytest-cov": ["coverage"],
    "pytest-watch": ["ptw"],
    "python-dotenv": ["dotenv"],
    "python-semantic-release": ["semantic-release"],
    "rq": ["rqworker"],
    "sphinx": ["sphinx-apidoc", "sphinx-build", "sphinx-quickstart"],
    "watchdog": ["watchmedo"],
}
