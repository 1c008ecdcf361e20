"""Forms of the editors' desk: consents, whose giver is never shown again, and pictures."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.images.forms import BaseImageForm

from content.models.pictures import made_anew
from core import clock
from core.errors import BadInput


class ConsentForm(WagtailAdminModelForm):
    """Who gave it is typed once and sealed; a withdrawal stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["given_by"].widget = forms.TextInput(attrs={"autocomplete": "off"})
        self.was_withdrawn = self.instance.withdrawn_on
        if self.instance.pk:
            self.initial["given_by"] = ""
            self.fields["given_by"].required = False
            self.fields["given_by"].help_text = _("已经封存，不再显示。写错了才在这里重写。")
        if self.was_withdrawn:
            self.fields["withdrawn_on"].disabled = True

    def clean_given_by(self) -> str:
        """What was typed, else what was sealed before."""
        typed: str = self.cleaned_data.get("given_by", "").strip()
        return typed or self.instance.given_by

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        given, expires = cleaned.get("given_on"), cleaned.get("expires_on")
        if given and expires and expires <= given:
            self.add_error("expires_on", _("到期要晚于同意的那天。"))
        withdrawn = cleaned.get("withdrawn_on")
        if withdrawn and not self.was_withdrawn:
            if given and withdrawn < given:
                self.add_error("withdrawn_on", _("收回不能早于同意的那天。"))
            if withdrawn > clock.today():
                self.add_error("withdrawn_on", _("收回是马上算数的，写今天或更早的日子。"))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Note who wrote a new one down."""
        if not self.instance.pk:
            self.instance.recorded_by = self.for_user
        return super().save(commit)


class PictureForm(BaseImageForm):
    """A picture made anew on the way in; people in it need a consent to pictures."""

    def clean_file(self) -> Any:
        """The upload as a fresh JPEG, without the place a phone writes into it."""
        sent = self.cleaned_data.get("file")
        if not isinstance(sent, UploadedFile):
            return sent
        try:
            return made_anew(sent)
        except BadInput as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("shows_people"):
            return cleaned
        consent = cleaned.get("consent")
        if consent is None or not consent.covers_pictures(clock.today()):
            self.add_error("consent", _("选一份有效的、写明“文字和照片”的同意书。"))
        return cleaned
