"""The texts of messages about paying for an order; short, because they travel by SMS."""

from django.utils.translation import gettext_lazy as _

from notices import texts

PAID_COLLECT = "shop.order_paid_collect"
PAID_DELIVERY = "shop.order_paid_delivery"
SENT_PAID = "shop.order_sent_paid"
CANCELLED_PAID = "shop.order_cancelled_paid"
LINES_CANCELLED = "shop.order_lines_cancelled"
LINES_CANCELLED_PAID = "shop.order_lines_cancelled_paid"
REFUNDED = "shop.order_refunded"
REFUND_STUCK = "shop.order_refund_stuck"
CREDIT_BACK = "shop.order_credit_back"
RETURN_ANSWERED = "shop.order_return_answered"

_EXAMPLE = {
    "code": "SD-7K3F9Q2X4M",
    "goods": "花椒 500 g × 2",
    "total": "¥156.00",
    "refund": "¥58.00",
    "days": "8月30日—9月2日",
    "station": "云台收购站",
    "answer": "可以退",
    "reason": "雨后开裂，挑不出够好的",
    "spend": "/account/credit/",
    "link": "/shop/orders/?code=SD-7K3F9Q2X4M",
}


def register() -> None:
    """Add them to the registry."""
    for key, words in _texts().items():
        texts.register(key, words, sample=_EXAMPLE)


def _texts() -> dict[str, object]:
    return {
        PAID_COLLECT: _(
            "【山货】收到 %(total)s，订单 %(code)s 下好了：%(goods)s。预计 %(days)s到%(station)s，"
            "取货不用再付。看订单 %(link)s"
        ),
        PAID_DELIVERY: _(
            "【山货】收到 %(total)s，订单 %(code)s 下好了：%(goods)s。预计 %(days)s送到，"
            "收货不用再付。看订单 %(link)s"
        ),
        SENT_PAID: _(
            "【山货】%(goods)s 发出了，订单 %(code)s 已经付过，拿货不用再付。看订单 %(link)s"
        ),
        CANCELLED_PAID: _(
            "【山货】订单 %(code)s 取消了：%(goods)s，付的钱原路退回。看订单 %(link)s"
        ),
        LINES_CANCELLED: _(
            "【山货】村店取消了订单 %(code)s 里的%(goods)s：%(reason)s。不收钱。看订单 %(link)s"
        ),
        LINES_CANCELLED_PAID: _(
            "【山货】村店取消了订单 %(code)s 里的%(goods)s：%(reason)s。付的钱原路退回。"
            "看订单 %(link)s"
        ),
        REFUNDED: _("【山货】订单 %(code)s 退了 %(refund)s，几天内到付款的账户。看订单 %(link)s"),
        REFUND_STUCK: _(
            "【山货】订单 %(code)s 的退款 %(refund)s 原路退不回，我们会打电话问你的账号。"
            "看订单 %(link)s"
        ),
        CREDIT_BACK: _(
            "【山货】订单 %(code)s 用掉的购物金退回来 %(refund)s，下次还能用。看购物金 %(spend)s"
        ),
        RETURN_ANSWERED: _("【山货】订单 %(code)s 的退货：%(answer)s。看订单 %(link)s"),
    }
