"""What the user asks of trueup: ``[tool.trueup]`` and the command line, in one noun."""

from __future__ import annotations

from trueup.model.noun import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trueup.model.words import Severity


class Settings(NamedTuple):
    """``select`` and ``ignore`` are code prefixes; ``severity`` maps a code to another severity.

    ``package`` and ``python`` answer a plan's questions; ``prefers`` is the Python that the machine's ``UV_PYTHON``
    has uv run; ``profile`` is ``robust`` (the target of the
    documentation) or ``report`` (section 10.2 of the report as literally as works). ``tests`` are arguments for
    pytest, where not all tests are to be run. ``keep_task_names`` has a move write ``name=`` into tasks whose name
    is otherwise that of their module. ``hosts`` may serve locked files, beside those that uv's
    settings name. ``accept`` are distributions that a move to uv may lose, or take from elsewhere;
    ``warnings``: new ones may be.
    ``mute`` maps identifiers of advisories to why they do not count (``reason``), and to the last day (``until``).
    ``per_path_ignore`` maps a pattern of paths to code prefixes that are not told there.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = {}
    package: str = ""
    python: str = ""
    prefers: str = ""
    profile: str = "robust"
    tests: tuple[str, ...] = ()
    keep_task_names: bool = False
    hosts: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    mute: Mapping[str, Mapping[str, str]] = {}
    per_path_ignore: Mapping[str, Sequence[str]] = {}

    def wants(self, code: str) -> bool:
        """Whether a rule is selected: the longest matching prefix decides, ``ignore`` wins a tie."""
        chosen = max((len(p) for p in self.select if code.startswith(p)), default=-1 if self.select else 0)
        ignored = max((len(p) for p in self.ignore if code.startswith(p)), default=-1)
        return chosen > ignored

    def with_asked(self, asked: Settings) -> Settings:
        """These settings, with what a command line asked for on top."""
        return self._replace(
            select=asked.select or self.select,
            ignore=self.ignore + asked.ignore,
            package=asked.package or self.package,
            python=asked.python or self.python,
            prefers=asked.prefers,
            tests=asked.tests or self.tests,
            accept=self.accept + asked.accept,
        )
