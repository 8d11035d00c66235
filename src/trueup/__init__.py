"""trueup: bring a Python project's environment into line with a declared target, and prove it."""

__version__ = "0.1.0"
