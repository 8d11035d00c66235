"""Checks that prove a result, one file each."""
