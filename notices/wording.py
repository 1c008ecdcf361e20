"""The texts of this app's own messages."""

from django.utils.translation import gettext_lazy as _

from notices import texts

CODE = "notices.code"


def register() -> None:
    """Add them to the registry."""
    texts.register(
        CODE,
        _("【山货】验证码 %(code)s，5 分钟内有效。不是你在操作，就不用理会，也别告诉别人。"),
        sample={"code": "246810"},
    )
