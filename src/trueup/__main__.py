"""Start trueup; answers ``--version`` before anything heavy is imported."""

import sys


def main() -> int:
    """Run the command line and return its exit code."""
    if sys.argv[1:] == ["--version"]:
        from trueup import __version__

        sys.stdout.write(f"trueup {__version__}\n")
        return 0
    from trueup.interfaces.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
