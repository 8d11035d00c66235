"""Syntax, format-preserving; knows nothing of projects."""
