"""What ``[tool.trueup]`` asks for is held against the rules that there are."""

from pathlib import Path

import pytest

from trueup.errors import UsageError
from trueup.model.settings import Settings
from trueup.steps import read


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('ignore = ["LAY101", "ZZZ1"]', "ZZZ1"),
        ('select = ["QQQ"]', "QQQ"),
        ('severity = {QQQ9 = "error"}', "QQQ9"),
        ('per-path-ignore = {"tests/**" = ["ZZ"]}', "ZZ"),
        ('ignore = ["LAY", "DEP101"]', ""),
    ],
)
def test_codes_that_no_rule_has(line: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.trueup]\n{line}\n", "utf-8")
    (tmp_path / "main.py").write_text("", "utf-8")
    if not code:
        assert read(tmp_path, Settings()).settings.ignore == ("LAY", "DEP101")
        return
    with pytest.raises(UsageError, match=f"names {code}, and no rule begins with that"):
        read(tmp_path, Settings())
