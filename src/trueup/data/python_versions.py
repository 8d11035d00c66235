"""Python's feature releases: when each appeared, and when its security support ends.

source: https://devguide.python.org/versions/ and the release schedule PEPs (PEP 494 for 3.6 to PEP 790 for 3.15)
date: 2026-11-22
An end given by the schedule only as a month is the last day of that month.
"""

TABLE = {
    "3.6": {
        "released": "2016-12-23",
        "end": "2021-12-23",
    },
    "3.7": {
        "released": "2018-06-27",
        "end": "2023-06-27",
    },
    "3.8": {
        "released": "2019-10-14",
        "end": "2024-10-07",
    },
    "3.9": {
        "released": "2020-10-05",
        "end": "2025-10-31",
    },
    "3.10": {
        "released": "2021-10-04",
        "end": "2026-10-31",
    },
    "3.11": {
        "released": "2022-10-24",
        "end": "2027-10-31",
    },
    "3.12": {
        "released": "2023-10-02",
        "end": "2028-10-31",
    },
    "3.13": {
        "released": "2024-10-07",
        "end": "2029-10-31",
    },
    "3.14": {
        "released": "2025-10-07",
        "end": "2030-10-31",
    },
    "3.15": {
        "released": "2026-10-01",
        "end": "2031-10-31",
    },
}
