"""Editors' pictures: made anew at upload, and people in them only with consent."""

import secrets
from pathlib import PurePath
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition

from content.models.consent import StoryConsent
from core.uploads import clean_photo


def _unguessable(folder: str, filename: str) -> str:
    """A name that tells neither what is seen nor where the other sizes of it lie."""
    return f"{folder}/{secrets.token_hex(10)}{PurePath(filename).suffix.lower()}"


class SitePicture(AbstractImage):
    """A picture of the site's pages; one that shows people names the consent it stands on."""

    shows_people = models.BooleanField(
        _("认得出人"), default=False, help_text=_("照片里有能认出来的人，就勾上。")
    )
    consent = models.ForeignKey(
        StoryConsent,
        verbose_name=_("故事同意书"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pictures",
        help_text=_("认得出人的照片，要选一份写明“文字和照片”的同意书。"),
    )
    admin_form_fields = (
        "title",
        "file",
        "description",
        "collection",
        "shows_people",
        "consent",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("图片")
        verbose_name_plural = _("图片")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shows_people=False) | models.Q(consent__isnull=False),
                name="picture_of_people_has_consent",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a fresh upload only after it was made anew, without the camera's notes."""
        sent: Any = getattr(self, "file")  # noqa: B009  # an untyped field
        if sent and not sent._committed and not is_made_anew(sent.file):
            self.file = made_anew(sent.file)
        super().save(*args, **kwargs)

    def get_upload_to(self, filename: str) -> str:
        return _unguessable("original_images", filename)


def made_anew(uploaded: Any) -> Any:
    """The upload as a fresh JPEG; raises ``BadInput`` when it is no photograph."""
    photo = clean_photo(uploaded).file
    photo.made_anew = True  # type: ignore[attr-defined]  # our own mark on the file
    return photo


def is_made_anew(file: Any) -> bool:
    """Whether the file came out of ``made_anew``."""
    return getattr(file, "made_anew", False)


class SitePictureSize(AbstractRendition):
    """A picture in one size, under a name of its own."""

    image = models.ForeignKey(SitePicture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        ordering = ["image", "filter_spec"]
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="picture_size_is_made_once",
            ),
        ]

    def get_upload_to(self, filename: str) -> str:
        return _unguessable("images", filename)
