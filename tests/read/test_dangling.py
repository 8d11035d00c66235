"""What files name and is not there; and what only seems to be missing."""

import pytest
from trees import tree

from trueup.errors import ProjectError
from trueup.read import project as reader
from trueup.read.dangling import read_dangling

SHOP = """
pyproject.toml
    [project]
    name = "shop"
    version = "1"
    dependencies = ["fastapi", "uvicorn", "sentry-sdk"]
.gitignore
    /dist/
    *.db
src/shop/__init__.py
    VERSION = "1"
src/shop/main.py
    from fastapi import FastAPI

    app = FastAPI()
src/shop/lazy.py
    def __getattr__(name): ...
scripts/seed.py
static/a.css
deploy/web/Dockerfile
    FROM python
"""


def named(text: str) -> list[str]:
    """What is missing in the shop with more files."""
    return [str(item) for item in read_dangling(reader.of(tree(SHOP + text))).dangling]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("web: uvicorn shop.main:app", ""),
        ("web: uvicorn shop.main:nothing", "shop.main:nothing: shop.main has no nothing"),
        ("web: uvicorn shop.server:app", "shop.server:app: shop has no module or attribute server"),
        ("web: uvicorn gone.main:app", "gone.main:app: there is no module gone.main"),
        ("web: uvicorn shop:VERSION", ""),
        ("web: uvicorn shop.lazy:anything", ""),
        ("web: gunicorn shop.main:app -k uvicorn.workers.UvicornWorker", ""),
        ("web: uvicorn sentry_sdk.asgi:app", ""),
        ("web: uvicorn main:app", "main:app: there is no module main where it is started"),
        ("web: cd src/shop && uvicorn main:app", ""),
        ("web: python -m shop.main", ""),
        ("web: python -m shop.worker", "shop.worker: shop has no module or attribute worker"),
        ("web: python -m http.server", ""),
        ("web: python scripts/seed.py", ""),
        ("web: python scripts/gone.py", "scripts/gone.py: there is no scripts/gone.py"),
        ("web: pytest -p no:cacheprovider", ""),
    ],
)
def test_commands(text: str, why: str) -> None:
    assert named(f"Procfile\n    {text}\n") == ([f"Procfile:1: {why}"] if why else [])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("COPY pyproject.toml src/ ./", ""),
        ("COPY src/shop/*.py .", ""),
        ("COPY --from=builder /app/wheel .", ""),
        ("COPY dist/shop.whl .", ""),  # git ignores it: it is built
        ("COPY $NAME .", ""),
        ("ADD https://example.com/a.tar .", ""),
        ("COPY requirements.txt .", "requirements.txt: there is no requirements.txt"),
        ("ADD /conf/app.ini /etc/", "conf/app.ini: there is no conf/app.ini"),
    ],
)
def test_images(line: str, why: str) -> None:
    assert named(f"Dockerfile\n    FROM python:3.12\n    {line}\n") == ([f"Dockerfile:2: {why}"] if why else [])


def test_build_contexts_and_working_directories() -> None:
    compose = "compose.yml\n    services:\n      a: {build: ./deploy/web}\n      b: {build: {context: ./gone}}\n"
    job = "jobs: {a: {steps: [{run: 'true', working-directory: nowhere}, {run: 'true', working-directory: scripts}]}}"
    assert named(f"{compose}.github/workflows/ci.yml\n    {job}\n") == [
        ".github/workflows/ci.yml:1: nowhere: there is no nowhere",
        "compose.yml:3: ./gone: there is no gone",
    ]


def test_what_a_command_makes_may_be_missing() -> None:
    assert named("ci.sh\n    uv export > frozen.py\n    python frozen.py\n") == []
    assert named("ci.sh\n    echo 'print(1)' > once.py && python once.py\n") == []


def test_documents_explain_and_do_not_run() -> None:
    read = "README.md\n    ```sh\n    python gone.py\n    uvicorn gone.main:app\n    ```\n"
    project = reader.of(tree(SHOP + read))
    assert read_dangling(project).dangling == ()
    assert [command.line for command in project.commands if command.where == "readme"] == [2, 3]


def test_folders_that_code_expects() -> None:
    mount = 'src/shop/pages.py\n    from fastapi.staticfiles import StaticFiles\n    StaticFiles(directory="{}")\n'
    assert named(mount.format("static")) == []
    assert named(mount.format("/srv/static")) == []
    missing = "src/shop/pages.py:2: pages: there is no pages where the application is started"
    assert named(mount.format("pages")) == [missing]
    assert named(mount.format("web") + "ci.sh\n    cd deploy\n    uvicorn shop.main:app\n") == []


def test_files_that_code_opens() -> None:
    opens = 'src/shop/pages.py\n    x = open("{}")\n'
    words = "src/shop/data/words.txt\n    one\n"
    assert named(opens.format("src/shop/data/words.txt") + words) == []
    lost = "src/shop/pages.py:1: shop/data/words.txt: there is no shop/data/words.txt where the application is started"
    assert named(opens.format("shop/data/words.txt") + words) == [lost]
    assert named(opens.format("made-by-the-program.txt")) == []
    assert named(opens.format("/etc/hosts")) == []


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ('x = Path("shop/data/words.txt").read_text()', True),
        ('x = pd.read_csv("shop/data/words.txt", sep=";")', True),
        ('x = os.path.isfile("./shop/data/words.txt")', True),
        ('x = Path("src/shop/data/words.txt").read_text()', False),
        ('x = HERE / Path("shop/data/words.txt")', False),
        ('x = Path("shop") / "data"', False),
        ('Path("shop/data").mkdir()', False),
        ('x = join(HERE, Path("shop/data"))', True),
        ('# x = Path("shop/data/words.txt")', False),
        ('x = Path("written.txt").read_text()', False),
        ('Path("shop/data/words.txt").write_text("")', False),
        ('x = Path(f"shop/data/{x}.txt")', False),
    ],
)
def test_paths_that_code_reads(line: str, missing: bool) -> None:
    found = named(f"src/shop/pages.py\n    {line}\nsrc/shop/data/words.txt\n    one\n")
    assert [item.split(": ")[0] for item in found] == (["src/shop/pages.py:1"] if missing else [])


def test_a_script_of_a_collection_is_started_in_its_own_folder() -> None:
    scripts = "one/a.py\n    x = open('a.txt')\none/a.txt\ntwo/b.py\n    x = open('a.txt')\n"
    assert [str(item) for item in read_dangling(reader.of(tree(scripts))).dangling] == [
        "two/b.py:1: a.txt: there is no a.txt where the application is started"
    ]


@pytest.mark.parametrize(
    ("service", "why"),
    [
        ("env_file: .env.prod", ".env.prod: there is no .env.prod"),
        ("env_file: local.db", ""),  # git ignores it: it is made where it is needed
        ("env_file: [{path: ./gone.env, required: true}]", "./gone.env: there is no gone.env"),
        ("env_file: [{path: ./gone.env, required: false}]", ""),
        ("env_file:\n          - path: ./gone.env\n            required: false", ""),
        ("build: {context: ., dockerfile: deploy/web/Dockerfile}", ""),
        ("build: {context: deploy/web, dockerfile: Dockerfile}", ""),
        ("build: {context: ., dockerfile: gone.Dockerfile}", "gone.Dockerfile: there is no gone.Dockerfile"),
        ("volumes: ['./nginx.conf:/etc/nginx.conf:ro']", "./nginx.conf: there is no nginx.conf"),
        ("volumes: ['./static/a.css:/a.css', './data:/var/lib/data', 'named:/x.d', '/etc/hosts:/etc/hosts']", ""),
        ("extends: {file: base.yml, service: a}", "base.yml: there is no base.yml"),
    ],
)
def test_files_that_compose_reads(service: str, why: str) -> None:
    found = named(f"compose.yml\n    services:\n      a:\n        {service}\n")
    assert found == ([f"compose.yml:3: {why}"] if why else [])


def test_a_file_that_cannot_be_read_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    project = reader.of(tree(SHOP))
    read = project.tree.read

    def refused(path: str) -> bytes:
        if path == "src/shop/lazy.py":
            raise ProjectError("no", "")
        return read(path)

    monkeypatch.setattr(project.tree, "read", refused)
    assert read_dangling(project).dangling == ()


def test_what_lies_around_the_project_is_not_its_own() -> None:
    assert named("../other/Dockerfile\n    FROM python\n    COPY server.py .\n") == []


def test_a_project_without_code_names_nothing() -> None:
    found = read_dangling(reader.of(tree("Procfile\n    web: uvicorn gone:app\n")))
    assert (found.places, found.dangling) == (0, ())
