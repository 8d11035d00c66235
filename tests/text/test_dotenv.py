"""Env files, as people write them."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trueup.errors import UsageError
from trueup.text.dotenv import read_env_file


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A=1\nB = two words \n", {"A": "1", "B": "two words"}),
        ("# comment\n\nexport A=1 # why\nB=a#b\nC= # nothing", {"A": "1", "B": "a#b", "C": ""}),
        ('A=\'it is # \\n raw\'\nB="x\\ty\\"" # end', {"A": "it is # \\n raw", "B": 'x\ty"'}),
        ('KEY="-----BEGIN\nabc\n-----END"\nNEXT=1\r\n', {"KEY": "-----BEGIN\nabc\n-----END", "NEXT": "1"}),
        ("\ufeffA=ü\r\nB=$A${A}\r\n", {"A": "ü", "B": "$A${A}"}),
        ("A=", {"A": ""}),
    ],
)
def test_env_files_are_read(tmp_path: Path, text: str, values: dict[str, str]) -> None:
    (tmp_path / ".env").write_bytes(text.encode())
    assert read_env_file(tmp_path / ".env") == values


@example(" \n")
@given(st.text())
def test_any_value_can_be_written_in_double_quotes(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    file = tmp_path_factory.mktemp("env") / ".env"
    quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r")
    file.write_bytes(f'A="{quoted}"\nB=2\n'.encode())
    assert read_env_file(file) == {"A": value, "B": "2"}


@pytest.mark.parametrize("text", ["hunter2-secret", "A=1\n=hunter2", "A=1\nB='hunter2", 'A=1\nB="hunter2" and more'])
def test_a_bad_line_is_named_and_its_value_is_not(tmp_path: Path, text: str) -> None:
    (tmp_path / ".env").write_text(text, "utf-8")
    with pytest.raises(UsageError) as caught:
        read_env_file(tmp_path / ".env")
    assert f".env:{len(text.splitlines())}" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_an_env_file_that_cannot_be_read_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "utf16").write_bytes("A=1".encode("utf-16"))
    for name in ("missing", "utf16"):
        with pytest.raises(UsageError, match="cannot be read"):
            read_env_file(tmp_path / name)
