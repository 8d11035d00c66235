"""What is not true about a project."""

from __future__ import annotations

from trueup.model.noun import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trueup.model.words import Confidence, Severity

SEVERITIES: tuple[Severity, ...] = ("critical", "error", "warning", "info")


class Finding(NamedTuple):
    """One thing that is not true.

    Its identity is ``(code, path, subject)``: the subject is a key or a name, never a line, so that
    baselines and fingerprints survive edits. ``help`` is one line on why it matters and what trueup
    would do.
    """

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    path: str
    line: int = 0
    column: int = 0
    subject: str = ""
    fixable: bool = False
    help: str = ""

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes two findings the same across runs."""
        return (self.code, self.path, self.subject)
