"""Where the jobs of a file of CI, or the services of a compose file, begin: each is a machine of its own."""

from __future__ import annotations

import re

KEY = re.compile(rb"(?m)^  [A-Za-z_][\w-]*:[ \t]*\r?$")
STAGE = re.compile(rb"(?m)^[ \t]*-[ \t]+(?:name|image):|^  (?!commands|environment|settings|when)[\w-]+:[ \t]*\r?$")
JOBS = (
    *((where, KEY) for where in (".github/workflows/", ".gitea/workflows/", ".forgejo/workflows/", ".circleci/")),
    (".drone", STAGE),
    (".woodpecker", STAGE),
    (".gitlab-ci", re.compile(rb"(?m)^[A-Za-z_.][\w. -]*:[ \t]*\r?$")),
    ("bitbucket-pipelines", re.compile(rb"(?m)^[ \t]*-[ \t]+step:")),
    ("azure-pipelines", re.compile(rb"(?m)^[ \t]*-[ \t]+job:")),
    ("compose", KEY),
)
NOWHERE = re.compile(rb"(?!)")


def jobs_of(path: str) -> re.Pattern[bytes]:
    """What a job of this file begins with."""
    return next((jobs for where, jobs in JOBS if where in path), NOWHERE)
