"""Number, message, code: one way for signing in, looking up and being reminded.

A page makes a ``NumberProof`` for its purpose and shows it with ``<c-number-code>``. What the
browser is in the middle of stays in its session, so that the page works without script, in the
middle of a slow line, and after a look at the message on the same phone.
"""

import secrets
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.crypto import seal
from core.mobile import mask_mobile
from notices.errors import TooOften, WrongCode
from notices.forms import CodeForm, NumberForm
from notices.http import address_of, still_sealed
from notices.services import check_code, request_code
from notices.texts import language_now

ENTRY_LASTS = timedelta(minutes=15)  # after that one begins with the number again


class NumberProof:
    """One person's way from a number to its proof, in this browser, for one purpose."""

    def __init__(self, request: HttpRequest, *, purpose: str, at: datetime) -> None:
        self.request = request
        self.purpose = purpose
        self.at = at
        self.moved = False  # the page is asked for again, so that a reload sends nothing twice
        self.problem = ""  # what keeps another code from being sent
        self.number_form = NumberForm()
        self.code_form = CodeForm()

    @property
    def _key(self) -> str:
        return f"code.{self.purpose}"

    @cached_property
    def mobile(self) -> str:
        """The number a code was sent to, while it is being waited for."""
        return still_sealed(self.request.session.get(self._key), at=self.at)

    @property
    def masked(self) -> str:
        """That number as a page shows it."""
        return mask_mobile(self.mobile)

    @property
    def step(self) -> str:
        """``code`` while a code is waited for, else ``number``."""
        return "code" if self.mobile and not self.number_form.errors else "number"

    @property
    def status(self) -> int:
        """What a page answers: 422 when something typed was refused."""
        return 422 if self.number_form.errors or self.code_form.errors or self.problem else 200

    def take(self) -> str:
        """Do what was pressed; the proven number once the right code came, else nothing."""
        steps = {"number": self._send, "again": self._send_again, "other": self._begin_again}
        pressed = self.request.POST.get("step", "")
        if pressed == "code" and self.mobile:
            return self._enter()
        steps.get(pressed, self._begin_again)()
        return ""

    def _send(self) -> None:
        self.number_form = NumberForm(self.request.POST)
        if not self.number_form.is_valid():
            return
        mobile = self.number_form.cleaned_data["mobile"]
        try:
            self._request(mobile)
        except TooOften as error:
            self.number_form.add_error("mobile", str(error))

    def _send_again(self) -> None:
        if not self.mobile:
            self._begin_again()
            return
        try:
            self._request(self.mobile)
            messages.success(self.request, _("又发了一个，前一个不能用了。"))
        except TooOften as error:
            self.problem = str(error)

    def _begin_again(self) -> None:
        self._forget()
        self.moved = True

    def _request(self, mobile: str) -> None:
        nonce = self._kept().get("nonce") or secrets.token_hex(16)
        request_code(
            purpose=self.purpose,
            mobile=mobile,
            nonce=nonce,
            address=address_of(self.request),
            language=language_now(),
            at=self.at,
        )
        until = (self.at + ENTRY_LASTS).isoformat()
        note = {"mobile": seal(mobile), "nonce": nonce, "until": until}
        self.request.session[self._key] = note
        self.moved = True

    def _enter(self) -> str:
        self.code_form = CodeForm(self.request.POST)
        if not self.code_form.is_valid():
            return ""
        mobile = self.mobile
        try:
            check_code(
                purpose=self.purpose,
                mobile=mobile,
                code=self.code_form.cleaned_data["code"],
                nonce=self._kept()["nonce"],
                at=self.at,
            )
        except WrongCode as error:
            self.code_form.add_error("code", str(error))
            return ""
        self._forget()
        return mobile

    def _kept(self) -> dict[str, Any]:
        kept: dict[str, Any] = self.request.session.get(self._key, {})
        return kept

    def _forget(self) -> None:
        self.request.session.pop(self._key, None)
        self.__dict__.pop("mobile", None)
