"""The errors that end a command, each with its exit code.

::

    TrueupError
    ├── UsageError          2   the command line or [tool.trueup] is wrong
    ├── ProjectError        3   the project, or a file of it, cannot be read
    ├── ToolError           3   a tool is missing, or did not answer
    ├── PlanRefused         4   stale, conflicting or unsafe: nothing was written
    ├── ApplyFailed         5   a step or a check failed: the tree is as it was
    └── RollbackIncomplete  6   the journal is kept; the message says where

Exit 0 is "true", 1 is "findings" or "the plan has changes", 130 is "interrupted" (143 and so on: by which signal).
The command line is the only catcher.
"""


class TrueupError(Exception):
    """A problem said in one line: what, where, and what to do.

    ``message`` names what is wrong and where; ``hint`` is the next step for the user, or empty.
    """

    exit_code = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}: {self.hint}" if self.hint else self.message


class Interrupted(KeyboardInterrupt):
    """Ended from outside; ``exit_code`` is 128 and the number of the signal."""

    def __init__(self, message: str = "", exit_code: int = 130) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code


class UsageError(TrueupError):
    """The command line or the settings ask for something that is not there."""

    exit_code = 2


class ProjectError(TrueupError):
    """The project cannot be read."""

    exit_code = 3


class ToolError(TrueupError):
    """A tool is missing, too old, or did not answer."""

    exit_code = 3


class PlanRefused(TrueupError):
    """The plan must not be applied; nothing was written."""

    exit_code = 4


class ApplyFailed(TrueupError):
    """Applying failed and was undone; the tree is as it was."""

    exit_code = 5


class RollbackIncomplete(TrueupError):
    """Something could not be put back; the journal is kept."""

    exit_code = 6
