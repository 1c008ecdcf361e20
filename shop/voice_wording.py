"""The texts of the messages about reviews, questions and updates."""

from django.utils.translation import gettext_lazy as _

from notices import texts

HOW_WAS_IT = "shop.how_was_it"
CAMPAIGN_UPDATE = "shop.campaign_update"
QUESTION_ANSWERED = "shop.question_answered"


def register() -> None:
    """Add them to the registry."""
    texts.register(
        HOW_WAS_IT,
        _(
            "【山货】%(shop)s的货寄到了吗，东西怎么样？好不好都照实写一句，"
            "别人挑的时候用得上。订单 %(code)s %(link)s"
        ),
        sample={
            "shop": "云台山货铺",
            "code": "SD-7K3F9Q2X4M",
            "link": "/shop/find-order/?code=SD-7K3F9Q2X4M",
        },
    )
    texts.register(
        CAMPAIGN_UPDATE,
        _("【山货】你约的%(title)s，山上有新进展：%(words)s 看全文 %(link)s"),
        sample={
            "title": "成县核桃 1 kg",
            "words": "这两天晴，青皮已经裂口了。",
            "link": "/presale/PS-7K3F9Q2X4M/",
        },
    )
    texts.register(
        QUESTION_ANSWERED,
        _("【山货】你问的%(title)s，村店回了，点开看：%(link)s"),
        sample={"title": "成县核桃 1 kg", "link": "/presale/PS-7K3F9Q2X4M/"},
    )
