"""Adding, ordering and removing the photographs of a listing."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from core.errors import NotAllowed
from core.uploads import Photo
from growers.models import User
from shop.models import Listing, ListingPicture

MOST_PICTURES = 8
SMALL = 480  # pixels of the longer side
OUT_OF_THE_WAY = 1000  # added to places while they are dealt anew


@transaction.atomic
def add_picture(
    *, listing: Listing, photo: Photo, caption: str, by: User | None, at: datetime
) -> ListingPicture:
    """Put a photograph behind the ones there are.

    Raises
    ------
    NotAllowed
        When the listing has as many as it may have.
    """
    Listing.objects.select_for_update().get(pk=listing.pk)  # two uploads at once wait here
    found = ListingPicture.objects.filter(listing=listing).aggregate(last=Max("place"))
    if ListingPicture.objects.filter(listing=listing).count() >= MOST_PICTURES:
        raise NotAllowed(_("最多放 %(most)d 张照片，先删掉一张。") % {"most": MOST_PICTURES})
    small = photo.shrunk(SMALL)
    return ListingPicture.objects.create(
        listing=listing,
        image=photo.file,
        small=ContentFile(small.read(), name=f"s-{small.name}"),
        width=photo.width,
        height=photo.height,
        caption=caption.strip(),
        place=0 if found["last"] is None else found["last"] + 1,
        added_by=by,
        added_at=at,
    )


@transaction.atomic
def remove_picture(*, picture: ListingPicture) -> None:
    """Take a photograph away, and its files once that is certain."""
    names = [name for name in (picture.image.name, picture.small.name) if name]
    picture.delete()
    transaction.on_commit(lambda: _delete_unused(names))


def _delete_unused(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


@transaction.atomic
def put_first(*, picture: ListingPicture) -> None:
    """Show this photograph first; the others keep their order."""
    Listing.objects.select_for_update().get(pk=picture.listing_id)
    rows = ListingPicture.objects.filter(listing=picture.listing_id)
    order = [
        picture.pk,
        *rows.exclude(pk=picture.pk).order_by("place").values_list("pk", flat=True),
    ]
    rows.update(place=F("place") + OUT_OF_THE_WAY)  # no place is held twice, not even for a moment
    for place, pk in enumerate(order):
        rows.filter(pk=pk).update(place=place)
