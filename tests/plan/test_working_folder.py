"""Paths relative to the working directory, where the program is started in its folder and not in the project's."""

import pytest
from moves import moved

IN_SRC = {
    "src/main.py": "from fastapi import FastAPI\nimport bot\napp = FastAPI()\n",
    "src/assets/__init__.py": "",
    "src/assets/a.txt": "",
    "src/assets/more/d.txt": "",
    "src/static/loc-api.py": "",
    "src/static/b.txt": "",
    "src/tests/c.txt": "",
    "src/tests/test_a.py": "import bot\n",
}
TOLD = "where the program is started in src, it names what moves"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("open('assets/a.txt')", "open('shop/assets/a.txt')", ""),
        ("Path('./assets')", "Path('./shop/assets')", f"{TOLD}: ./assets"),
        ("open(f'assets/{name}')", "open(f'shop/assets/{name}')", f"{TOLD}: assets/"),
        ("glob('assets/*.txt')", "glob('shop/assets/*.txt')", f"{TOLD}: assets/*.txt"),
        ("Path('static')", "Path('static')", ""),
        ("open('tests/c.txt')", "open('tests/c.txt')", ""),
        ("log('assets')", "log('assets')", ""),
        ("include('assets/more/')", "include('assets/more/')", ""),
    ],
)
def test_a_path_that_only_the_folder_on_the_import_path_has(before: str, after: str, told: str) -> None:
    tree, lowered = moved({**IN_SRC, "src/bot.py": f"{before}\n"})
    assert tree.text("src/shop/bot.py") == f"{before if told else after}\n"
    assert [question.text for question in lowered.questions] == [told] * bool(told)


def test_a_path_that_the_root_has_is_not_one_of_src() -> None:
    tree, lowered = moved({**IN_SRC, "assets/d.txt": "", "src/bot.py": "open('assets/a.txt')\nPath('assets')\n"})
    assert tree.text("src/shop/bot.py") == "open('assets/a.txt')\nPath('assets')\n"
    assert not lowered.questions
