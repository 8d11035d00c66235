"""Files that a program writes about a run: reports of tests, coverage and scanners. What they say was so then.

Sources: https://cyclonedx.org/docs/latest/json/ and https://spdx.github.io/spdx-spec/ (lists of components),
https://docs.oasis-open.org/sarif/sarif/v2.1.0/ (findings), https://github.com/testmoapp/junitxml (tests), and what
coverage, grype, trivy, bandit and pip-audit write.
"""

from __future__ import annotations

from trueup.model.pattern import lazy

SUFFIXES = (".json", ".xml")
NAMED = lazy(r".*\.(?:sarif(?:\.json)?|log)|(?:.*/)?htmlcov/.*")
JSON = lazy(
    r'"bomFormat"\s*:\s*"CycloneDX"|"spdxVersion"\s*:|"\$schema"\s*:\s*"[^"]*\bsarif\b|"executed_lines"\s*:\s*\['
    r'|"ArtifactName"\s*:|"vulns"\s*:\s*\[|"generated_at"\s*:\s*"\d{4}-|"report_meta"\s*:\s*\{'
    r'|"matches"\s*:\s*\[\s*\{\s*"vulnerability"\s*:',
    words=("bomFormat", "spdxV", "sarif", "executed_", "ArtifactN", "vulns", "generated_at", "report_meta", "matches"),
)
XML = lazy(
    r"<testsuites?[\s>]|<coverage\s[^<>]*\b(?:line-rate|generated)=|<(?:bom|checkstyle)\s[^<>]*(?:cyclonedx|version=)",
    words=("<testsuite", "<coverage", "<bom", "<checkstyle"),
)


def is_report(path: str, text: str) -> bool:
    """Whether a program wrote a file about a run, by its name or by what stands in it."""
    if NAMED.fullmatch(path):
        return True
    return path.endswith(SUFFIXES) and bool((JSON if path.endswith(".json") else XML).search(text))
