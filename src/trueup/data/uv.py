"""uv: the version to pin, and the keys of [tool.uv].

source: what uv 0.13.9 lists when it meets a key that it does not know, and https://docs.astral.sh/uv/reference/settings/
date: 2026-11-22
The version that rewritten images and workflows pin.
"""

TABLE = {
    "version": "0.13.9",
    "settings": [
        "add-bounds", "allow-insecure-host", "audit", "build-backend", "build-constraint-dependencies", "cache-dir",
        "cache-keys", "check-url", "compile-bytecode", "concurrent-builds", "concurrent-downloads",
        "concurrent-installs", "config-settings", "config-settings-package", "conflicts", "constraint-dependencies",
        "default-groups", "dependency-groups", "dependency-metadata", "dev-dependencies", "environments",
        "exclude-dependencies", "exclude-newer", "exclude-newer-package", "extra-build-dependencies",
        "extra-build-variables", "extra-index-url", "find-links", "fork-strategy", "graalpy-install-mirror",
        "http-proxy", "https-proxy", "index", "index-strategy", "index-url", "keyring-provider", "link-mode",
        "managed", "minimum-libc-version", "native-tls", "no-binary", "no-binary-package", "no-build",
        "no-build-isolation", "no-build-isolation-package", "no-build-package", "no-cache", "no-index", "no-proxy",
        "no-sources", "no-sources-package", "offline", "override-dependencies", "package", "pip", "prerelease",
        "prerelease-package", "preview", "preview-features", "publish-url", "pyodide-install-mirror",
        "pypy-install-mirror", "python-downloads", "python-downloads-json-url", "python-install-mirror",
        "python-preference", "reinstall", "reinstall-package", "require-build-hashes", "required-environments",
        "required-version", "resolution", "sources", "system-certs", "torch-backend",
        "trusted-publishing", "upgrade", "upgrade-package", "workspace",
    ],
    # What some settings may be.
    "choices": {
        "add-bounds": ["lower", "major", "minor", "exact"],
        "fork-strategy": ["fewest", "requires-python"],
        "index-strategy": ["first-index", "unsafe-any-match", "unsafe-first-match", "unsafe-best-match"],
        "keyring-provider": ["disabled", "subprocess"],
        "link-mode": ["clone", "reflink", "copy", "hardlink", "symlink"],
        "prerelease": ["disallow", "allow", "if-necessary", "explicit", "if-necessary-or-explicit"],
        "python-downloads": ["auto", "automatic", "manual", "never"],
        "python-preference": ["only-managed", "managed", "system", "only-system"],
        "resolution": ["highest", "lowest", "lowest-direct"],
    },
    "switches": [
        "compile-bytecode", "managed", "native-tls", "no-binary", "no-build", "no-build-isolation", "no-cache",
        "no-index", "no-sources", "offline", "package", "preview", "reinstall", "system-certs", "upgrade",
    ],
    "lists": [
        "allow-insecure-host", "build-constraint-dependencies", "cache-keys", "conflicts", "constraint-dependencies",
        "dependency-metadata", "dev-dependencies", "exclude-dependencies", "extra-index-url", "find-links", "index",
        "no-binary-package", "no-build-isolation-package", "no-build-package", "override-dependencies",
        "reinstall-package", "upgrade-package",
    ],
    # Of tables within: of others uv warns in the first, refuses the file in the next two, and says nothing in the last.
    "pip": [
        "all-extras", "allow-empty-requirements", "annotation-style", "break-system-packages", "compile-bytecode",
        "config-settings", "config-settings-package", "custom-compile-command", "dependency-metadata",
        "emit-build-options", "emit-find-links", "emit-index-annotation", "emit-index-url", "emit-marker-expression",
        "exclude-newer", "exclude-newer-package", "extra", "extra-build-dependencies", "extra-build-variables",
        "extra-index-url", "find-links", "fork-strategy", "generate-hashes", "group", "index-strategy", "index-url",
        "keyring-provider", "link-mode", "no-annotate", "no-binary", "no-build", "no-build-isolation",
        "no-build-isolation-package", "no-deps", "no-emit-package", "no-extra", "no-header", "no-index", "no-sources",
        "no-sources-package", "no-strip-extras", "no-strip-markers", "only-binary", "output-file", "prefix",
        "prerelease", "python", "python-platform", "python-version", "reinstall", "reinstall-package",
        "require-build-hashes", "require-hashes", "resolution", "strict", "system", "target", "torch-backend",
        "universal", "upgrade", "upgrade-package", "verify-hashes",
    ],
    "workspace": ["exclude", "members"],
    "sources": [
        "branch", "editable", "extra", "git", "group", "index", "lfs", "marker", "package", "path", "rev",
        "subdirectory", "tag", "url", "workspace",
    ],
    "index": [
        "authenticate", "cache-control", "default", "exclude-newer", "exclude-newer-package", "explicit", "format",
        "hash-algorithm", "ignore-error-codes", "name", "publish-url", "url",
    ],
}
