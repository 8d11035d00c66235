"""A small project with a real environment, made without network."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from shops import make_shop, world

from trueup.tools.uv import Uv
from trueup.verify import Context


@pytest.fixture(scope="session")
def uv(tmp_path_factory: pytest.TempPathFactory) -> Uv:
    """The real uv, which knows the distributions of the shop's world."""
    return world(tmp_path_factory.mktemp("world"))


@pytest.fixture
def project(tmp_path: Path, uv: Uv) -> Callable[..., Context]:
    """Make the shop, locked and synced; what the checks know of it."""

    def make(
        files: Mapping[str, str] = MappingProxyType({}),
        *,
        sync: bool = True,
        exclude: tuple[str, ...] = (),
        left_out: tuple[str, ...] = (),
        more: Mapping[str, str] = MappingProxyType({}),
        requires: str = "lib",
    ) -> Context:
        root = tmp_path / "shop"
        make_shop(root, files, exclude=exclude, left_out=left_out, more=more, requires=(requires,))
        uv.lock(root)
        if sync:
            uv.sync(root)
        return Context(root, uv, package="shop", app="shop.main:app", script="serve")

    return make
