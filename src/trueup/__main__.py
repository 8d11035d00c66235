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
    audits = sys.argv[1:2] == ["audit"]
    from trueup.interfaces import modules

    imported = modules.recalled() if audits else None
    from trueup.interfaces import patterns
    from trueup.interfaces.cli import run

    compiled = patterns.recalled()
    if not audits:
        gc.enable()
    code = run(sys.argv[1:])
    compiled.keep()
    if imported:
        imported.keep()
    gc.freeze()  # or Python looks once more, through all that is left, for garbage that goes round in a circle
    return code


if __name__ == "__main__":
    sys.exit(main())
