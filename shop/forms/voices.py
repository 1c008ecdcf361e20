"""What people say for everybody to read: reviews, questions, answers, updates, and covering them.

What was typed stays in its field when something is refused.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.uploads import Photo, PhotoField
from shop.forms.fields import WordsField, for_everybody
from shop.models import Score
from shop.models.review import MOST_REASON, MOST_WORDS
from shop.models.talk import MOST_QUESTION, MOST_UPDATE
from shop.public_words import clean_words

LEAST_QUESTION = 4
UNREADABLE = lazy("写几个看得见的字。")


class ReviewForm(forms.Form):
    """How it was."""

    score = forms.TypedChoiceField(
        label=lazy("东西怎么样"),
        choices=Score.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": lazy("选一个：很好、好、一般、不好或很差。"),
            "invalid_choice": lazy("选一个：很好、好、一般、不好或很差。"),
        },
    )
    text = WordsField(
        most=MOST_WORDS,
        rows=5,
        label=lazy("说两句"),
        required=False,
        help_text=lazy("味道、分量、包装、哪天到的，照实写。最多 500 字。"),
    )
    names_buyer = forms.BooleanField(label=lazy("写上我的姓，名字打星号"), required=False)


class ReplyForm(forms.Form):
    """The shop's answer to a review or a question."""

    text = WordsField(
        most=MOST_WORDS,
        rows=3,
        label=lazy("回一句"),
        help_text=lazy("谁都看得见。以后能改，改了会写明。"),
        error_messages={"required": lazy("写上要回的话。")},
    )


class QuestionForm(forms.Form):
    """Something one wants to know of a campaign."""

    text = WordsField(
        most=MOST_QUESTION,
        rows=3,
        label=lazy("想问什么"),
        help_text=lazy("问题和村店的回答谁都看得见。最多 200 字。"),
        error_messages={"required": lazy("写上要问的话。")},
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text) < LEAST_QUESTION:
            raise ValidationError(_("写得再清楚一点，村店才好答。"), code="short")
        return text


class UpdateForm(forms.Form):
    """How the campaign goes, said by the shop."""

    text = WordsField(
        most=MOST_UPDATE,
        rows=5,
        label=lazy("山上怎么样了"),
        help_text=lazy("天气、采收、晾晒、装箱，有一说一。发出去不能改，约过的人会收到一条消息。"),
        error_messages={"required": lazy("写上山上的情况。")},
    )
    photo = PhotoField(label=lazy("照片"), required=False)
    image_says = forms.CharField(
        label=lazy("照片上是什么"),
        required=False,
        max_length=80,
        help_text=lazy("一句话，看不见照片的人靠它。"),
        error_messages={"max_length": lazy("最多 80 字。")},
    )

    def clean_image_says(self) -> str:
        return for_everybody(self.cleaned_data["image_says"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        photo: Photo | None = data.get("photo")
        if photo is not None and not data.get("image_says") and "image_says" not in self.errors:
            self.add_error("image_says", _("传了照片，就写一句照片上是什么。"))
        return data


class CoverForm(forms.Form):
    """Why something is covered; everybody reads it in its place."""

    reason = forms.CharField(
        label=lazy("为什么遮住"),
        max_length=MOST_REASON,
        help_text=lazy("只遮违法的话。原因会写在原处：此条因……隐藏。"),
        error_messages={
            "required": lazy("写明原因，谁都看得见。"),
            "max_length": lazy("最多 100 字。"),
        },
    )

    def clean_reason(self) -> str:
        reason = clean_words(self.cleaned_data["reason"])
        if not reason:
            raise ValidationError(UNREADABLE, code="required")
        return reason
