"""Package indexes whose files lie on another host than their pages. `files` are hosts that the index itself names."""

TABLE = {
    "index": [
        {
            "host": "pypi.org",
            "files": ["files.pythonhosted.org"],
            "source": "https://docs.pypi.org/api/index-api/",
            "checked": "2026-11-26",
        },
        {
            "host": "test.pypi.org",
            "files": ["test-files.pythonhosted.org"],
            "source": "https://packaging.python.org/en/latest/guides/using-testpypi/",
            "checked": "2026-11-26",
        },
        {
            "host": "download.pytorch.org",
            "files": ["download-r2.pytorch.org"],
            "source": "https://docs.astral.sh/uv/guides/integration/pytorch/",
            "checked": "2026-11-26",
        },
    ],
}
