"""The commits of actions that workflows call most, by the number of their release line.

source: the tags of https://github.com/actions/checkout, and of the others, as the public workflows that pin them say
date: 2026-11-30
"""

TABLE = {
    "commits": {
        "actions/cache": {
            "4": ("5a3ec84eff668545956fd18022155c47e93e2684", "v4.2.3"),
            "5": ("9255dc7a253b0ccc959486e2bca901246202afeb", "v5.0.1"),
        },
        "actions/checkout": {
            "3": ("f43a0e5ff2bd294095638e18286ca9a3d1956744", "v3.6.0"),
            "4": ("11bd71901bbe5b1630ceea73d27597364c9af683", "v4.2.2"),
            "5": ("08c6903cd8c0fde910a37f88322edcfb5dd907a8", "v5.0.0"),
            "6": ("8e8c483db84b4bee98b60c0593521ed34d9990e8", "v6.0.1"),
        },
        "actions/setup-python": {
            "4": ("7f4fc3e22c37d6ff65e88745f38bd3157c663f7c", "v4.9.1"),
            "5": ("a26af69be951a213d495a4c3e4e4022e16d87065", "v5.6.0"),
            "6": ("e797f83bcb11b83ae66e0230d6156d7c80228e7c", "v6.0.0"),
            "7": ("5fda3b95a4ea91299a34e894583c3862153e4b97", "v7.0.0"),
        },
        "actions/upload-artifact": {"4": ("ea165f8d65b6e75b540449e92b4886f43607fa02", "v4.6.2")},
        "astral-sh/setup-uv": {
            "5": ("0c5e2b8115b80b4c7c5ddf6ffdd634974642d182", "v5.4.1"),
            "6": ("d0cc045d04ccac9d8b7881df0226f9e82c39688e", "v6.8.0"),
            "7": ("1e862dfacbd1d6d858c55d9b792c756523627244", "v7.1.4"),
        },
        "docker/login-action": {"3": ("74a5d142397b4f367a81961eba4e8cd7edddf772", "v3.4.0")},
    }
}
