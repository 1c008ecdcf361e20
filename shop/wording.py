"""The texts of the shop's messages; short, because they travel as text messages."""

from django.utils.translation import gettext_lazy as _

from notices import texts

PLACED_COLLECT = "shop.order_placed_collect"
PLACED_DELIVERY = "shop.order_placed_delivery"
SENT_COLLECT = "shop.order_sent_collect"
SENT_DELIVERY = "shop.order_sent_delivery"
ORDER_CANCELLED = "shop.order_cancelled"
PLEDGE_MADE = "shop.pledge_made"
PLEDGE_CANCELLED = "shop.pledge_cancelled"
CAMPAIGN_SUCCEEDED = "shop.campaign_succeeded"
CAMPAIGN_FAILED = "shop.campaign_failed"
CAMPAIGN_CANCELLED = "shop.campaign_cancelled"
PROMISE_MOVED = "shop.promise_moved"
SEASON_OPENED = "shop.season_opened"
PRESALE_OPENED = "shop.presale_opened"
PROOF_ENDED = "shop.proof_ended"

_ORDER = {
    "code": "SD-7K3F9Q2X4M",
    "goods": "花椒 500 g × 2",
    "total": "¥156.00",
    "days": "9月1日—9月4日",
    "station": "云台站点",
    "link": "/shop/find-order/?code=SD-7K3F9Q2X4M",
}
_PLEDGE = {
    "code": "PL-7K3F9Q2X4M",
    "order": "SD-7K3F9Q2X4M",
    "goods": "核桃 1 kg × 3",
    "deadline": "9月10日 18:00",
    "days": "9月20日—10月10日",
    "old": "9月15日—10月5日",
    "new": "9月20日—10月10日",
    "link": "/presale/pledges/?code=PL-7K3F9Q2X4M",
}
_ALERT = {
    "crop": "樱桃",
    "place": "礼县",
    "link": "/shop/?crop=ying-tao",
    "stop": "/tell-me/stop/example/",
}
_PROOF = {
    "goods": "花椒 500 g",
    "proof": "自产自销声明",
    "day": "9月1日",
    "link": "/work/listings/LS-7K3F9Q2X4M/",
}


def register() -> None:
    """Add them to the registry."""
    texts.register(
        PROOF_ENDED,
        _("【山货】%(goods)s的“%(proof)s”%(day)s到期，已自动下架。录入新的就能再上架：%(link)s"),
        sample=_PROOF,
    )
    for key, words in _orders().items():
        texts.register(key, words, sample=_ORDER)
    for key, words in _campaigns().items():
        texts.register(key, words, sample=_PLEDGE)
    for key, words in _seasons().items():
        texts.register(key, words, sample=_ALERT)


def _orders() -> dict[str, object]:
    return {
        PLACED_COLLECT: _(
            "【山货】订单 %(code)s 下好了：%(goods)s。预计 %(days)s到%(station)s，"
            "取货时付 %(total)s。看订单 %(link)s"
        ),
        PLACED_DELIVERY: _(
            "【山货】订单 %(code)s 下好了：%(goods)s。预计 %(days)s送到，"
            "收货时付 %(total)s。看订单 %(link)s"
        ),
        SENT_COLLECT: _(
            "【山货】%(goods)s 发往%(station)s了，这一两天到。"
            "取货报订单号 %(code)s 和手机号后四位，付 %(total)s。看订单 %(link)s"
        ),
        SENT_DELIVERY: _(
            "【山货】%(goods)s 寄出了，订单 %(code)s，收货时付 %(total)s。"
            "坏了当天拍照给村店，照赔。看订单 %(link)s"
        ),
        ORDER_CANCELLED: _("【山货】订单 %(code)s 取消了：%(goods)s，没有收钱。看订单 %(link)s"),
    }


def _campaigns() -> dict[str, object]:
    return {
        PLEDGE_MADE: _(
            "【山货】约好了：%(goods)s，预约号 %(code)s。%(deadline)s 截止，"
            "约够才成团，没成团一分不收。看预约 %(link)s"
        ),
        PLEDGE_CANCELLED: _("【山货】预约 %(code)s 取消了：%(goods)s，没有收过钱。看预约 %(link)s"),
        CAMPAIGN_SUCCEEDED: _(
            "【山货】成团了：%(goods)s。预约 %(code)s 转成订单 %(order)s，"
            "预计 %(days)s发货，拿到再付。看订单 %(link)s"
        ),
        CAMPAIGN_FAILED: _(
            "【山货】%(goods)s 没有约够，没成团，一分没收。预约号 %(code)s。看预约 %(link)s"
        ),
        CAMPAIGN_CANCELLED: _(
            "【山货】村店取消了这场预售：%(goods)s，一分没收。预约号 %(code)s。看原因 %(link)s"
        ),
        PROMISE_MOVED: _(
            "【山货】日子挪了：%(goods)s，原来 %(old)s，现在 %(new)s发货。"
            "不想等，截止前能取消。看预约 %(link)s"
        ),
    }


def _seasons() -> dict[str, object]:
    return {
        SEASON_OPENED: _("【山货】%(place)s的%(crop)s当季了。看货 %(link)s 不用再告诉我 %(stop)s"),
        PRESALE_OPENED: _(
            "【山货】%(place)s的%(crop)s开始预售了，先约好再采收。"
            "看货 %(link)s 不用再告诉我 %(stop)s"
        ),
    }
