"""Consent to a story: who gave it, for what, and until when. Without it nothing is shown."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.codes import new_code
from core.crypto import EncryptedTextField


class ConsentScope(models.TextChoices):
    WORDS = "words", _("只有文字")
    PICTURES = "pictures", _("文字和照片")


class ConsentQuerySet(models.QuerySet["StoryConsent"]):
    """Consents by whether they hold."""

    def in_force(self, on: date) -> Self:
        """Given, not past its last day and not withdrawn."""
        return self.filter(consent_holds(on))


def consent_holds(on: date, *, path: str = "") -> models.Q:
    """The condition under which a consent, reached by ``path``, holds on a day."""
    return models.Q(
        **{
            f"{path}given_on__lte": on,
            f"{path}expires_on__gte": on,
            f"{path}withdrawn_on__isnull": True,
        }
    )


def consent_code() -> str:
    """A fresh code for a consent."""
    return new_code("CS")


class StoryConsent(models.Model):  # type: ignore[django-manager-missing]  # Wagtail's are untyped
    """A person's own word that a story, or a picture, may be shown."""

    code = models.CharField(
        _("编号"), max_length=16, unique=True, default=consent_code, editable=False
    )
    given_by = EncryptedTextField(
        _("谁同意的"),
        help_text=_("姓名和怎么联系。写进去就封起来，存好以后这里不再显示。"),
    )
    scope = models.CharField(
        _("同意用什么"),
        max_length=8,
        choices=ConsentScope.choices,
        default=ConsentScope.WORDS,
        help_text=_("照片里认得出人的，必须选“文字和照片”。"),
    )
    paper = models.CharField(
        _("同意书编号"), max_length=60, help_text=_("签了字的那张纸，存在哪里、编号多少。")
    )
    given_on = models.DateField(_("哪天同意的"))
    expires_on = models.DateField(
        _("同意到哪天"), help_text=_("过了这天，故事自动撤下；想再用，要重新问一次。")
    )
    withdrawn_on = models.DateField(
        _("哪天收回的"),
        null=True,
        blank=True,
        help_text=_("本人说不愿意了，填上日期，马上撤下，不能再改回来。"),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-given_on", "code"]
        verbose_name = _("故事同意书")
        verbose_name_plural = _("故事同意书")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on__gt=models.F("given_on")),
                name="consent_lasts_a_while",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on__isnull=True)
                | models.Q(withdrawn_on__gte=models.F("given_on")),
                name="consent_is_withdrawn_after_it_is_given",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def holds(self, on: date) -> bool:
        """Whether it may be relied on that day."""
        return self.withdrawn_on is None and self.given_on <= on <= self.expires_on

    def covers_pictures(self, on: date) -> bool:
        """Whether pictures of the person may be shown that day."""
        return self.holds(on) and self.scope == ConsentScope.PICTURES

    @property
    def state(self) -> str:
        """One word for the list: in force, over or withdrawn."""
        from core import clock

        if self.withdrawn_on is not None:
            return str(_("已收回"))
        return str(_("有效")) if self.holds(clock.today()) else str(_("不在有效期"))
