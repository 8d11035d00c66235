"""Write docs/rules.md from the docstrings of the rules; ``--check`` only compares."""

import re
import sys
from pathlib import Path

from trueup.rules import catalogue

TARGET = Path(__file__).parent / "rules.md"


def text() -> str:
    """The whole page."""
    parts = ["# The rules", "", "Written by `./dev docs` from `src/trueup/rules/*.py`; do not edit.", ""]
    parts += ["| code | name | severity | fix |", "| --- | --- | --- | --- |"]
    for rule in catalogue():
        fix = "yes" if rule.fix else f"no: {rule.no_fix or 'needs a decision'}"
        parts.append(f"| [{rule.code}](#{rule.code.lower()}-{rule.name}) | {rule.name} | {rule.severity} | {fix} |")
    for rule in catalogue():
        parts += [
            "",
            f"## {rule.code} {rule.name}",
            "",
            f"*{rule.severity}, confidence {rule.confidence}, since {rule.since}.* {rule.help}",
            "",
        ]
        parts.append(re.sub(r"(?ms)^(`{3,})\n(.*?^\1)$", r"\1text\n\2", rule.documentation.strip()))
    return "\n".join(parts) + "\n"


def main() -> int:
    """Write, or compare and say so."""
    if "--check" in sys.argv[1:]:
        same = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text()
        print("docs/rules.md is up to date" if same else "docs/rules.md is stale: run ./dev docs")
        return 0 if same else 1
    TARGET.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
