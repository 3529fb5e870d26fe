"""Fixtures for all tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the top folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Return the folder `shared` beside the checkout; skip where there is none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("there is no folder `shared` beside the checkout")
    return folder


def find_program(name: str, package: str | None = None) -> str:
    """Return the path of the program `name`; where it is missing skip, or fail in CI (CI=true)."""
    path = shutil.which(name)
    if path is not None:
        return path
    reason = f"{name} is not installed" + (f" (Debian package {package})" if package else "")
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; .ci/run installs what the tests need", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def needs_program() -> Callable[..., str]:
    """Return `find_program`: `rapper = needs_program("rapper")`."""
    return find_program
