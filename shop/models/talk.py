"""What is said around a pre-sale campaign: the shop's updates, people's questions, its answers."""

from typing import Any, cast

from django.conf import settings
from django.db import models

from shop.models.campaign import Campaign
from shop.models.review import MOST_WORDS, Hideable

MOST_UPDATE = 1000
MOST_QUESTION = 200


class CampaignUpdate(Hideable):
    """How it goes, dated, with a picture if there is one. Posted once and not rewritten."""

    code = models.CharField(max_length=16, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="updates")
    text = models.CharField(max_length=MOST_UPDATE)
    image = models.FileField(upload_to="updates/", blank=True)
    small = models.FileField(upload_to="updates/", blank=True)
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    image_says = models.CharField(max_length=80, blank=True)  # for who cannot see the picture
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)  # every backer has been told

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        constraints = [
            *cast(list[Any], Hideable.Meta.constraints),
            models.CheckConstraint(condition=~models.Q(text=""), name="campaignupdate_has_words"),
            models.CheckConstraint(
                condition=models.Q(image="") | ~models.Q(image_says=""),
                name="campaignupdate_picture_is_described",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "-at"]), models.Index(fields=["told_at"])]

    def __str__(self) -> str:
        return self.code


class CampaignQuestion(Hideable):
    """Somebody asks, the shop answers; everybody reads both."""

    code = models.CharField(max_length=16, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="questions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    mobile = models.CharField(max_length=20, blank=True)  # told when the answer is there
    name = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")  # to tell the asker in
    text = models.CharField(max_length=MOST_QUESTION)
    at = models.DateTimeField()
    answer = models.CharField(max_length=MOST_WORDS, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, blank=True)  # the answer was rewritten

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        constraints = [
            *cast(list[Any], Hideable.Meta.constraints),
            models.CheckConstraint(condition=~models.Q(text=""), name="campaignquestion_has_words"),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="campaignquestion_answer_has_time",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "-at"])]

    def __str__(self) -> str:
        return self.code
