"""Disk to Project: the only readers. They run nothing and follow no link."""
