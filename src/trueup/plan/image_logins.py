"""Login shells, which set PATH anew: what an image says by ENV alone is lost in them, ``/usr/local/bin`` is not.

Source: ``/etc/profile`` of Debian and Alpine, which reads ``/etc/profile.d/*.sh`` at its end
"""

from __future__ import annotations

import re
from itertools import pairwise

from trueup.plan.image_files import run_inside
from trueup.plan.image_stages import base_of, beneath, is_root
from trueup.text.docker import instructions
from trueup.text.shell import basename

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from trueup.model.project import Project
    from trueup.plan.image_stages import Stage
    from trueup.text.docker import Instruction

SHELL = re.compile(r"(?:ba|z|da|k|a)?sh")
LOGIN = re.compile(r"--login|-[a-z]*l[a-z]*")
SWITCHES = ("su", "runuser")
SHEBANG = re.compile(r"#!.*\b(?:ba|z|da|k|a)?sh[ \t]+(?:--login|-[a-z]*l)")
OFFICIAL = re.compile(r"(?:docker\.io/)?(?:library/)?[\w.-]+(?:[:@]\S+)?")  # which begin as root
LOST = "a login shell sets PATH anew and does not find {}/bin: name that in /etc/profile.d, or start it without -l"


def log_in(project: Project, path: str, text: str) -> bool:
    """Whether something is started by a login shell in the image of a Dockerfile, or may be."""
    inside = run_inside(project, path)
    said = [tuple(word.text for word in item.words) for item in instructions(text) if item.keyword == "SHELL"]
    scripts = {item.path for item in inside if item.where == "shell"}
    return any(map(_logs_in, (*said, *(item.argv for item in inside)))) or any(
        SHEBANG.match(project.tree.text(script)) for script in scripts
    )


def _logs_in(argv: Sequence[str]) -> bool:
    for at, word in enumerate(argv):
        name, rest = basename(word), argv[at + 1 :]
        if name in SWITCHES and any(each == "-" or LOGIN.fullmatch(each) for each in rest):
            return True
        behind = pairwise((word, *rest)) if SHELL.fullmatch(name) else ()
        for before, option in behind:
            if not option.startswith(("-", "+")) and before not in ("-o", "+o", "-O", "+O"):
                break
            if LOGIN.fullmatch(option):
                return True
    return False


def remembered(every: Sequence[Stage], behind: Instruction, place: str, told: list[tuple[int, str]]) -> list[str]:
    """The line behind an instruction that has login shells find the programs of an environment, too; where it may not
    be root who writes it, that is told."""
    stage = next(each for each in reversed(every) if each.origin.begin <= behind.begin)
    users = [item for item in beneath(every, stage) if item.keyword == "USER" and item.begin < behind.begin]
    if not OFFICIAL.fullmatch(base_of(every, stage).words[0].text) or (users and not is_root(users[-1])):
        told.append((behind.line, LOST.format(place)))
        return []
    return [f"RUN echo 'PATH=\"{place}/bin:$PATH\"' > /etc/profile.d/venv.sh"]
