"""Packages of conda channels: what they are called on PyPI, and which are no Python packages.

source: the recipes of conda-forge (https://conda-forge.org/feedstock-outputs/), "about: home" and "source: url"
date: 2026-11-22
"""

TABLE = {
    # conda name = name on PyPI, where they differ.
    "names": {
        "brotli-python": "brotli",
        "dask-core": "dask",
        "git-python": "gitpython",
        "importlib_metadata": "importlib-metadata",
        "jupyter_client": "jupyter-client",
        "jupyter_core": "jupyter-core",
        "jupyter_server": "jupyter-server",
        "lightgbm": "lightgbm",
        "matplotlib-base": "matplotlib",
        "msgpack-python": "msgpack",
        "opencv": "opencv-python",
        "paramiko": "paramiko",
        "pillow": "pillow",
        "py-opencv": "opencv-python",
        "py-xgboost": "xgboost",
        "pydot": "pydot",
        "pytables": "tables",
        "python-build": "build",
        "python-dateutil": "python-dateutil",
        "python-duckdb": "duckdb",
        "python-graphviz": "graphviz",
        "python-kaleido": "kaleido",
        "python-snappy": "python-snappy",
        "python-tzdata": "tzdata",
        "python-xxhash": "xxhash",
        "pytorch": "torch",
        "pytorch-cpu": "torch",
        "pytorch-gpu": "torch",
        "ruamel_yaml": "ruamel-yaml",
        "seaborn-base": "seaborn",
        "sqlalchemy": "sqlalchemy",
        "tensorflow-base": "tensorflow",
        "typing_extensions": "typing-extensions",
        "uvicorn-standard": "uvicorn[standard]",
    },
    # Libraries, compilers and programs of the system: nothing on PyPI stands for them. * stands for anything.
    "system": {
        "names": [
            "_*", "binutils*", "blas", "boost-cpp", "bzip2", "c-ares", "c-compiler", "ca-certificates", "cmake",
            "compilers", "cpuonly", "cuda*", "cudatoolkit", "cudnn", "cxx-compiler", "expat", "ffmpeg", "fontconfig",
            "fortran-compiler", "freetype", "gcc*", "gdal", "geos", "gfortran*", "git", "glib", "graphviz", "gsl",
            "gxx*", "harfbuzz", "hdf5", "icu", "intel-openmp", "jpeg", "krb5", "ld_impl_*", "lerc", "lib*",
            "llvm-openmp", "lz4-c", "make", "mkl", "mpich", "ncurses", "netcdf4-c", "ninja", "nodejs", "openblas",
            "openjdk", "openjpeg", "openmpi", "openssl", "pandoc", "pcre*", "perl", "pkg-config", "postgresql",
            "proj", "pthread-stubs", "python_abi", "pytorch-cuda", "pytorch-mutex", "qt", "qt-main", "readline",
            "redis-server", "snappy", "sqlite", "tbb", "tk", "ucrt", "unixodbc", "vc", "vc14_runtime", "vs2015_runtime", "xorg-*", "xxhash", "xz", "yaml",
            "yaml-cpp", "zeromq", "zlib", "zstd",
        ],
    },
}
