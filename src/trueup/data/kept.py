"""Distributions that an application needs though none of its files imports them.

date: 2026-11-26
`code`: a regular expression for what in its Python files asks for them; `with`: other distributions that load them
when they are there. A row with neither holds always.
"""

TABLE = {
    "kept": [
        {
            "names": [
                "uvicorn", "gunicorn", "hypercorn", "granian", "daphne", "uvicorn-worker", "fastapi-cli", "waitress",
                "mangum",
            ],
            "source": "https://fastapi.tiangolo.com/deployment/manually/",
        },
        {
            "names": ["uvloop", "httptools", "websockets", "wsproto", "watchfiles", "colorama", "h11"],
            "source": "https://www.uvicorn.org/#quickstart",
        },
        {
            "names": ["gevent", "eventlet", "setproctitle"],
            "source": "https://docs.gunicorn.org/en/stable/design.html#async-workers",
        },
        {
            "names": ["python-multipart"],
            "code": r"\b(?:Form|File|UploadFile|OAuth2PasswordRequestForm\w*)\b|\.form\(",
            "source": "https://fastapi.tiangolo.com/tutorial/request-forms/",
        },
        {
            "names": ["python-multipart"],
            "with": ["fastapi-users", "sqladmin", "mcp"],
            "source": "https://aminalaee.github.io/sqladmin/",
        },
        {
            "names": ["email-validator"],
            "code": r"\b(?:EmailStr|NameEmail|validate_email|Email\()",
            "source": "https://docs.pydantic.dev/latest/api/networks/#pydantic.networks.EmailStr",
        },
        {
            "names": ["email-validator"],
            "with": ["wtforms", "flask-wtf", "fastapi-users", "fastapi-mail"],
            "source": "https://wtforms.readthedocs.io/en/stable/validators/#wtforms.validators.Email",
        },
        {
            "names": [
                "asyncpg", "psycopg", "psycopg-binary", "psycopg2", "psycopg2-binary", "aiosqlite", "pymysql",
                "aiomysql", "asyncmy", "mysqlclient", "mysql-connector-python", "pyodbc", "aioodbc", "oracledb",
                "cx-oracle", "pymssql", "greenlet",
            ],
            "with": [
                "sqlalchemy", "sqlmodel", "databases", "alembic", "flask-sqlalchemy", "fastapi-users-db-sqlalchemy",
                "tortoise-orm", "aerich", "ormar", "gino", "piccolo", "peewee", "django", "apscheduler",
                "sqlalchemy-utils", "sqladmin", "langchain-postgres",
            ],
            "source": "https://docs.sqlalchemy.org/en/20/core/engines.html#database-urls",
        },
        {
            "names": ["cryptography"],
            "with": [
                "pyjwt", "python-jose", "authlib", "pymysql", "aiomysql", "asyncmy", "jwcrypto", "oracledb",
                "fastapi-users",
            ],
            "source": "https://pyjwt.readthedocs.io/en/stable/installation.html#cryptographic-dependencies-optional",
        },
        {
            "names": ["rsa", "pyasn1", "ecdsa", "pycryptodome"],
            "with": ["python-jose"],
            "source": "https://python-jose.readthedocs.io/en/latest/backends/index.html",
        },
        {
            "names": ["bcrypt", "argon2-cffi"],
            "with": ["passlib", "pwdlib", "fastapi-users", "flask-bcrypt", "django"],
            "source": "https://passlib.readthedocs.io/en/stable/install.html#optional-libraries",
        },
        {"names": ["setuptools"], "source": "https://setuptools.pypa.io/en/latest/pkg_resources.html"},
        {
            "names": ["pip", "wheel", "tzdata", "typing-extensions", "certifi", "urllib3", "idna"],
            "source": "https://pip.pypa.io/en/stable/user_guide/#constraints-files",
        },
        {
            "names": ["jinja2"],
            "code": r"\b(?:Jinja2Templates|render_template|TemplateResponse|to_html)\b|\.style\b",
            "source": "https://fastapi.tiangolo.com/advanced/templates/",
        },
        {
            "names": ["jinja2"],
            "with": ["fastapi-mail", "flask", "sqladmin", "pandas", "torch"],
            "source": "https://sabuhish.github.io/fastapi-mail/getting-started/",
        },
        {
            "names": ["itsdangerous"],
            "code": r"\b(?:SessionMiddleware|AuthenticationBackend)\b",
            "source": "https://www.starlette.io/middleware/#sessionmiddleware",
        },
        {
            "names": ["aiofiles"],
            "code": r"\b(?:StaticFiles|FileResponse|UploadFile)\b",
            "source": "https://www.starlette.io/release-notes/#0150",
        },
        {
            "names": ["orjson", "ujson"],
            "code": r"\b(?:ORJSONResponse|UJSONResponse)\b",
            "source": "https://fastapi.tiangolo.com/advanced/custom-response/",
        },
        {
            "names": ["httpx", "requests"],
            "code": r"\b(?:TestClient|testclient)\b",
            "source": "https://www.starlette.io/testclient/",
        },
        {
            "names": ["python-dotenv"],
            "code": r"\b(?:env_file|BaseSettings|Starlette|Flask)\b",
            "source": "https://docs.pydantic.dev/latest/concepts/pydantic_settings/#dotenv-env-support",
        },
        {
            "names": ["python-dotenv"],
            "with": ["flask", "starlette", "django-environ", "fastapi-mail"],
            "source": "https://flask.palletsprojects.com/en/stable/cli/#environment-variables-from-dotenv",
        },
        {
            "names": ["redis", "aioredis", "hiredis", "pymemcache", "kombu"],
            "with": [
                "celery", "arq", "fastapi-limiter", "fastapi-cache2", "fastapi-cache", "slowapi", "limits",
                "flask-caching", "flask-limiter", "flask-session", "aiocache", "apscheduler", "dramatiq", "rq",
                "channels-redis", "django", "fastapi-users", "taskiq-redis", "redis", "python-socketio",
                "broadcaster",
            ],
            "source": "https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html",
        },
        {
            "names": ["pymongo", "motor", "dnspython"],
            "with": ["pymongo", "motor", "beanie", "odmantic", "mongoengine", "apscheduler", "celery", "mongomock"],
            "source": "https://pymongo.readthedocs.io/en/stable/installation.html",
        },
        {
            "names": [
                "openpyxl", "xlrd", "xlsxwriter", "lxml", "html5lib", "beautifulsoup4", "pyarrow", "fastparquet",
                "tables", "tabulate", "sqlalchemy", "matplotlib", "fsspec", "s3fs", "numexpr", "bottleneck", "scipy",
                "numba",
            ],
            "with": ["pandas", "polars", "dask", "geopandas", "xarray"],
            "source": "https://pandas.pydata.org/docs/getting_started/install.html#optional-dependencies",
        },
        {
            "names": ["lxml", "html5lib"],
            "with": ["beautifulsoup4", "bs4", "feedparser", "docxtpl", "python-docx"],
            "source": "https://www.crummy.com/software/BeautifulSoup/bs4/doc/#installing-a-parser",
        },
        {
            "names": ["pillow"],
            "with": ["django", "qrcode", "reportlab", "matplotlib", "wand", "torchvision"],
            "source": "https://docs.djangoproject.com/en/stable/ref/models/fields/#imagefield",
        },
        {
            "names": ["pyyaml", "markdown"],
            "with": ["uvicorn", "gunicorn", "djangorestframework"],
            "source": "https://www.uvicorn.org/settings/#logging",
        },
        {
            "names": ["pydantic-settings", "pydantic", "starlette", "click", "rich", "anyio", "numpy", "attrs", "six"],
            "source": "https://pip.pypa.io/en/stable/topics/dependency-resolution/",
        },
        {
            "names": ["pandas"],
            "code": r"\bto_(?:pandas|dataframe)\b|\bfetch_?df\b",
            "source": "https://arrow.apache.org/docs/python/pandas.html",
        },
        {
            "names": ["pyjwt"],
            "with": [
                "flask-jwt-extended", "djangorestframework-simplejwt", "fastapi-users", "fastapi-jwt-auth", "msal",
                "async-fastapi-jwt-auth",
            ],
            "source": "https://flask-jwt-extended.readthedocs.io/en/stable/installation.html",
        },
        {
            "names": ["pytz", "python-dateutil"],
            "with": [
                "flask-babel", "babel", "pandas", "celery", "django", "apscheduler", "tortoise-orm", "flask-restx",
                "flask-restful", "croniter",
            ],
            "source": "https://python-babel.github.io/flask-babel/",
        },
        {
            "names": ["python-dateutil"],
            "with": ["alembic", "faker", "freezegun", "boto3", "botocore", "matplotlib"],
            "source": "https://alembic.sqlalchemy.org/en/latest/changelog.html#change-1.7.0",
        },
        {
            "names": ["requests"],
            "with": [
                "docker", "google-api-core", "huggingface-hub", "kubernetes", "msal", "requests-oauthlib", "safety",
                "spotipy", "stripe", "transformers", "tweepy", "twilio",
            ],
            "source": "https://github.com/docker/docker-py/blob/main/pyproject.toml",
        },
        {
            "names": ["chardet"],
            "with": ["requests", "beautifulsoup4", "aiohttp"],
            "source": "https://www.crummy.com/software/BeautifulSoup/bs4/doc/#unicode-dammit",
        },
    ],
    # What no program imports itself: a manifest with several of them lists an environment, as `pip freeze` writes it.
    "dump": {
        "names": [
            "annotated-types", "anyio", "certifi", "cffi", "charset-normalizer", "greenlet", "h11", "httpcore",
            "idna", "markdown-it-py", "markupsafe", "mdurl", "multidict", "pyasn1", "pycparser", "pydantic-core",
            "shellingham", "sniffio", "typing-extensions", "typing-inspection", "urllib3", "wcwidth", "zipp",
        ],
        "source": "https://pip.pypa.io/en/stable/cli/pip_freeze/",
    },
}
