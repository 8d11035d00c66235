"""The Python that a Linux distribution's own package ``python3`` is, by release.

source: https://packages.debian.org/python3, https://packages.ubuntu.com/python3, https://pkgs.alpinelinux.org/packages,
  https://docs.redhat.com/en/documentation/red_hat_enterprise_linux/9, https://docs.aws.amazon.com/linux/al2023/
date: 2026-11-30
"""

TABLE = {
    "debian": {
        **{"11": "3.9", "bullseye": "3.9", "12": "3.11", "bookworm": "3.11", "13": "3.13", "trixie": "3.13"},
        "10": "3.7",
        "buster": "3.7",
    },
    "ubuntu": {
        **{"20.04": "3.8", "focal": "3.8", "22.04": "3.10", "jammy": "3.10", "24.04": "3.12", "noble": "3.12"},
        "25.04": "3.13",
    },
    "alpine": {
        **{"3.13": "3.8", "3.14": "3.9", "3.15": "3.9", "3.16": "3.10", "3.17": "3.10", "3.18": "3.11"},
        **{"3.19": "3.11", "3.20": "3.12", "3.21": "3.12", "3.22": "3.12"},
    },
    "rockylinux": {"9": "3.9"},
    "almalinux": {"9": "3.9"},
    "amazonlinux": {"2023": "3.9"},
}
