"""Environment variables that are not handed to the project's code, nor to the tools that build it.

`names` are shell patterns; a name under [keep] stays whatever pattern it matches. [machine] is all that the project's
own code gets of the user's environment.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TABLE: dict[str, Any] = {
    "keep": {
        "names": ["PYENV_ROOT", "PYENV_SHELL", "CONDA_PKGS_DIRS"],
        "why": "they say where interpreters and caches lie; they choose none",
    },
    "drop": [
        {
            "names": ["PYTHON*", "__PYVENV_LAUNCHER__"],
            "why": "steers the interpreter: import path, start-up code, warnings, encoding",
            "source": "https://docs.python.org/3/using/cmdline.html#environment-variables",
            "checked": "2026-11-22",
        },
        {
            "names": ["VIRTUAL_ENV*", "CONDA*", "PYENV_*"],
            "why": "names an environment or interpreter other than the project's own",
            "source": "https://docs.astral.sh/uv/reference/environment/",
            "checked": "2026-11-22",
        },
        {
            "names": ["PIP_*", "SETUPTOOLS_USE_DISTUTILS"],
            "why": "changes what pip and setuptools do in builds",
            "source": "https://pip.pypa.io/en/stable/topics/configuration/#environment-variables",
            "checked": "2026-11-22",
        },
        {
            "names": ["PYTEST_*", "COVERAGE_*", "COV_CORE_*"],
            "why": "adds options, plugins or measurement to a test run",
            "source": "https://docs.pytest.org/en/stable/reference/reference.html#environment-variables",
            "checked": "2026-11-22",
        },
        {
            "names": [
                "UV_PYTHON", "UV_PROJECT_ENVIRONMENT", "UV_PROJECT", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY",
                "UV_ENV_FILE", "UV_NO_ENV_FILE", "UV_NO_SYNC", "UV_FROZEN", "UV_LOCKED", "UV_ISOLATED",
                "UV_NO_EDITABLE", "UV_DEV", "UV_NO_DEV", "UV_NO_GROUP", "UV_NO_DEFAULT_GROUPS", "UV_SYSTEM_PYTHON",
                "UV_BREAK_SYSTEM_PACKAGES", "UV_CONSTRAINT", "UV_BUILD_CONSTRAINT", "UV_OVERRIDE", "UV_EXCLUDE",
                "UV_VENV_SEED", "UV_VENV_CLEAR", "UV_RUN_RECURSION_DEPTH", "UV_RUN_MAX_RECURSION_DEPTH",
                "UV_LOG_CONTEXT", "RUST_LOG",
            ],
            "why": "makes uv look at another project or environment, skip a check, or install something else",
            "source": "https://docs.astral.sh/uv/reference/environment/",
            "checked": "2026-11-22",
        },
        {
            "names": [
                "UV_PUBLISH_*", "TWINE_*", "FLIT_*", "HATCH_INDEX_*", "PDM_PUBLISH_*", "POETRY_PYPI_TOKEN_*",
                "POETRY_HTTP_BASIC_*", "*PYPI_TOKEN", "*PYPI_API_TOKEN", "*PYPI_PASSWORD", "NPM_TOKEN",
                "NODE_AUTH_TOKEN", "CARGO_REGISTRY_TOKEN",
            ],
            "why": "credentials for publishing; no test and no build of a wheel needs them",
            "source": "https://docs.pypi.org/trusted-publishers/ and the publishing tools' own documentation",
            "checked": "2026-11-22",
        },
        {
            "names": [
                "GITHUB_TOKEN", "GH_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "ACTIONS_RUNTIME_*",
                "ACTIONS_ID_TOKEN_*", "GITLAB_TOKEN", "GL_TOKEN", "CI_JOB_TOKEN", "CI_JOB_JWT*",
                "CI_REGISTRY_PASSWORD", "CI_DEPLOY_PASSWORD", "BITBUCKET_TOKEN", "CODECOV_TOKEN", "SONAR_TOKEN",
                "SNYK_TOKEN",
            ],
            "why": "credentials of a forge or its CI",
            "source": "https://docs.github.com/actions/security-guides/automatic-token-authentication and https://docs.gitlab.com/ci/variables/predefined_variables/",
            "checked": "2026-11-22",
        },
        {
            "names": [
                "AWS_*", "AZURE_*", "ARM_CLIENT_*", "GOOGLE_APPLICATION_CREDENTIALS", "GCP_*", "CLOUDFLARE_API_*",
                "DIGITALOCEAN_*", "HEROKU_API_KEY", "VERCEL_TOKEN", "FLY_API_TOKEN", "DOCKER_PASSWORD",
                "DOCKERHUB_TOKEN", "DOCKER_AUTH_CONFIG", "KUBECONFIG", "VAULT_TOKEN",
            ],
            "why": "credentials of a cloud; a project that needs one gets it by --env or --env-file",
            "source": "the providers' own documentation of environment variables",
            "checked": "2026-11-22",
        },
    ],
    "machine": [
        {
            "names": ["PATH", "TMPDIR", "TEMP", "TMP", "TZ", "TZDIR", "USER", "LOGNAME", "USERNAME"],
            "why": "where programs and temporary files lie, the machine's time, and who asks the system for its name",
            "source": "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html",
            "checked": "2026-11-22",
        },
        {
            "names": [
                "SYSTEMROOT", "WINDIR", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "OS", "NUMBER_OF_PROCESSORS",
                "PROCESSOR_*", "PROGRAMDATA", "ALLUSERSPROFILE", "PUBLIC", "PROGRAMFILES*", "PROGRAMW6432",
                "COMMONPROGRAMFILES*", "COMMONPROGRAMW6432",
            ],
            "why": "Windows starts no program, opens no socket and finds no temporary folder without the first of them",
            "source": "https://learn.microsoft.com/windows/deployment/usmt/usmt-recognized-environment-variables",
            "checked": "2026-11-22",
        },
        {
            "names": [
                "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "NIX_LD", "NIX_LD_LIBRARY_PATH",
                "LOCALE_ARCHIVE",
            ],
            "why": "where the shared libraries of an interpreter outside of the usual folders lie",
            "source": "ld.so(8), dyld(1) and https://github.com/nix-community/nix-ld",
            "checked": "2026-11-22",
        },
        {
            "names": [
                "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR",
                "NIX_SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
            ],
            "why": "how this machine reaches the network",
            "source": "https://requests.readthedocs.io/en/latest/user/advanced/#proxies",
            "checked": "2026-11-22",
        },
    ],
}
