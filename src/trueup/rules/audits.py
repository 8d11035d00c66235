"""What looks for known vulnerabilities in CI; no judgement here."""

from __future__ import annotations

from trueup.model.pattern import lazy

AUDIT = lazy(
    r"\b(?:pip-audit|uv\s+(?:--\S+\s+)*audit|safety\s+(?:--\S+\s+)*(?:check|scan)|osv-scanner)\b(?!\s*(?:==|>=|@))",
    words=("audit", "safety", "osv-scanner"),
)
INSTALL = lazy(r"\binstall\b|\badd\b|\bname\s*:")
ACTION = lazy(r"pypa/gh-action-pip-audit@|google/osv-scanner|pyupio/safety")


def is_audit(text: str) -> bool:
    """Whether a line runs an audit, and does not only install or name the tool."""
    return AUDIT.search(text) is not None and not INSTALL.search(text)
