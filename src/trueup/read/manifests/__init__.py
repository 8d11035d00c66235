"""Manifest formats, one file each."""
