"""Start trueup; answers ``--version`` before anything heavy is imported."""

import gc
import sys


def main() -> int:
    """Run the command line and return its exit code."""
    if sys.argv[1:] == ["--version"]:
        from trueup import __version__

        sys.stdout.write(f"trueup {__version__}\n")
        return 0
    gc.disable()  # a start makes thousands of objects that stay, and an audit no garbage that goes round in a circle
    from trueup.interfaces.cli import run
    from trueup.interfaces.patterns import recalled

    patterns = recalled()
    if sys.argv[1:2] != ["audit"]:
        gc.enable()
    code = run(sys.argv[1:])
    patterns.keep()
    gc.freeze()  # or Python looks once more, through all that is left, for garbage that goes round in a circle
    return code


if __name__ == "__main__":
    sys.exit(main())
