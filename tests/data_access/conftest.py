"""What several files of this folder begin with."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def registered(small_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with places and schools alone, for the intruder; not to be written to."""
    from tests.data_access.test_intruder import made_of_places

    return made_of_places(small_database, tmp_path_factory.mktemp("registered"))
