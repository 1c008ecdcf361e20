"""The county is built once for the folder, inside a transaction that is undone at the end.

Every test here is marked ``django_db``: that makes the tables, and undoes what the test writes.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.site.visits import Visit, post_everything, visit_everything
from tests.site.world import Site, build_site


@pytest.fixture(scope="package")
def site(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The county around 28 August 2026, ten in the morning."""
    folder = tmp_path_factory.mktemp("site")
    with (
        django_db_blocker.unblock(),
        override_settings(CLOCK="tests.site.world.fixed_now", VAR_DIR=folder),
        transaction.atomic(),
    ):
        yield build_site()
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def visits(site: Site) -> list[Visit]:
    """Every address as every role saw it."""
    with transaction.atomic():
        found = visit_everything(site)
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="package")
def posts(site: Site) -> dict[str, dict[str, int]]:
    """What an empty form gets, by address and role."""
    return post_everything(site)
