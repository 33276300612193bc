"""The policies that ship."""

import pytest

from hub.clock_policies import load
from hub.clocks.packs import Policies
from hub.shipped import shipped


@pytest.fixture(scope="session")
def policies() -> Policies:
    return load(shipped("policies"))
