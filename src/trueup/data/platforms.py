"""Who reads a requirements file by itself, or by its name, and is no Dockerfile, workflow or script.

date: 2026-11-22
file = a glob of the path; always = read without being named there.
"""

TABLE = {
    "reader": [
        {
            "file": "*environment*.y*ml",
            "who": "conda",
            "source": "https://docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-environments.html",
        },
        {
            "file": "app.yaml",
            "always": "requirements.txt",
            "who": "Google App Engine",
            "source": "https://cloud.google.com/appengine/docs/standard/python3/specifying-dependencies",
        },
        {
            "file": "host.json",
            "always": "requirements.txt",
            "who": "Azure Functions",
            "source": "https://learn.microsoft.com/en-us/azure/azure-functions/functions-reference-python#package-management",
        },
        {
            "file": "serverless.y*ml",
            "always": "requirements.txt",
            "who": "Serverless",
            "source": "https://www.serverless.com/plugins/serverless-python-requirements",
        },
        {
            "file": ".readthedocs.y*ml",
            "who": "Read the Docs",
            "source": "https://docs.readthedocs.com/platform/stable/config-file/v2.html#python-install",
        },
        {"file": "tox.ini", "who": "tox", "source": "https://tox.wiki/en/latest/config.html#deps"},
        {"file": "noxfile.py", "who": "nox", "source": "https://nox.thea.codes/en/stable/config.html"},
        {"file": "*.py", "who": "the code itself", "source": "https://docs.python.org/3/library/functions.html#open"},
    ],
}
