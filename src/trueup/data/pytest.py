"""pytest's own settings and markers, and those of plugins in wide use.

source: https://docs.pytest.org/en/stable/reference/reference.html and each plugin's documentation
date: 2026-11-22
"""

TABLE = {
    "settings": [
        "addopts", "cache_dir", "collect_imported_tests", "confcutdir", "consider_namespace_packages",
        "console_output_style", "disable_test_id_escaping_and_forfeit_all_rights_to_community_support",
        "doctest_encoding", "doctest_optionflags", "empty_parameter_set_mark", "enable_assertion_pass_hook",
        "faulthandler_timeout", "filterwarnings", "junit_duration_report", "junit_family", "junit_log_passing_tests",
        "junit_logging", "junit_suite_name", "log_auto_indent", "log_cli", "log_cli_date_format", "log_cli_format",
        "log_cli_level", "log_date_format", "log_file", "log_file_date_format", "log_file_format", "log_file_level",
        "log_file_mode", "log_format", "log_level", "markers", "minversion", "norecursedirs", "python_classes",
        "python_files", "python_functions", "pythonpath", "required_plugins", "strict", "strict_config",
        "strict_markers", "strict_xfail", "testpaths", "tmp_path_retention_count", "tmp_path_retention_policy",
        "truncation_limit_chars", "truncation_limit_lines", "usefixtures", "verbosity_assertions",
        "verbosity_test_cases", "xfail_strict",
    ],
    "markers": ["parametrize", "skip", "skipif", "xfail", "usefixtures", "filterwarnings", "tryfirst", "trylast"],
    # setting of a plugin = the distribution that registers it
    "plugin_settings": {
        "DJANGO_CONFIGURATION": "pytest-django",
        "DJANGO_SETTINGS_MODULE": "pytest-django",
        "django_debug_mode": "pytest-django",
        "django_find_project": "pytest-django",
        "asyncio_debug": "pytest-asyncio",
        "asyncio_default_fixture_loop_scope": "pytest-asyncio",
        "asyncio_default_test_loop_scope": "pytest-asyncio",
        "asyncio_mode": "pytest-asyncio",
        "bdd_features_base_dir": "pytest-bdd",
        "env": "pytest-env",
        "env_files": "pytest-dotenv",
        "env_override_existing_values": "pytest-dotenv",
        "looponfailroots": "pytest-xdist",
        "mock_traceback_monkeypatch": "pytest-mock",
        "mock_use_standalone_module": "pytest-mock",
        "qt_api": "pytest-qt",
        "timeout": "pytest-timeout",
        "timeout_func_only": "pytest-timeout",
        "timeout_method": "pytest-timeout",
    },
    # marker = the distribution that registers it
    "plugins": {
        "anyio": "anyio",
        "asyncio": "pytest-asyncio",
        "benchmark": "pytest-benchmark",
        "django_db": "pytest-django",
        "dependency": "pytest-dependency",
        "flaky": "flaky",
        "freeze_time": "pytest-freezer",
        "order": "pytest-order",
        "playwright": "pytest-playwright",
        "timeout": "pytest-timeout",
        "vcr": "pytest-vcr",
        "xdist_group": "pytest-xdist",
    },
}
