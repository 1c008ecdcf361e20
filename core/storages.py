"""Where uploads lie that have no address of their own."""

from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    """Files that only a view hands out, to those they concern."""
    return storages["private"]
