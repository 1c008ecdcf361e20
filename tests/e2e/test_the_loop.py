"""The loop, walked in a real browser: from a reservation to the amount a household is owed.

It moves the site's day forward, so its file sorts last.
"""

import re
from decimal import Decimal

from tests.e2e import paying
from tests.e2e.visitor import Visitor

BROUGHT_KG, SOLD_KG = 21, 15  # six packs of 2.5 kg
WALK_STATION = "云岭镇站"


def _reserve(someone: Visitor) -> str:
    someone.become("consumer")
    someone.open("/demo/")
    someone.page.get_by_role("button", name="以顾客的身份去").first.click()
    someone.look("campaign")
    form = someone.page.locator("form").filter(has=someone.page.get_by_label("份数"))
    form.get_by_label("份数").fill("6")
    form.get_by_label("收货人").fill("林小满")
    form.get_by_label("手机号").fill("19900000001")
    form.get_by_label("到站点自取").check()
    stations = form.get_by_label("取货站点")
    walk_station = stations.locator("option", has_text=WALK_STATION).get_attribute("value")
    stations.select_option(value=walk_station)
    form.get_by_label("现在记下银行卡").check()
    form.get_by_role("button").last.click()
    someone.look("reserved")
    someone.sees("6 份")
    pledge = someone.page.url.removeprefix(someone.site).split("#")[0]
    someone.page.get_by_role("button", name="去付款页记卡").click()
    paying.with_card(someone, word="保存这张卡")
    return pledge


def _forecast_now(someone: Visitor) -> None:
    """Ask for a forecast of this moment, after any that is under way, and wait for it."""
    someone.become("planner")
    someone.open("/coop/demand/")
    paying.wait_for(someone, "再算一次")
    someone.press("再算一次")
    paying.wait_for(someone, "再算一次")
    someone.look("demand")


def _forecast_half_way(someone: Visitor) -> None:
    _forecast_now(someone)
    someone.sees("八成把握")
    someone.sees("正在约的预售")


def _plan(someone: Visitor) -> None:
    _forecast_now(someone)
    someone.open("/coop/plans/")
    someone.press("新排一个方案")
    someone.press("存下并开始算")
    paying.wait_for(someone, "为什么")
    someone.look("solved")
    someone.press("提交审批")
    someone.sees("这个方案是你提交的，所以由别人批。")
    assert someone.page.get_by_role("button", name="批准").count() == 0


def _approve(someone: Visitor) -> None:
    someone.become("approver")
    someone.open("/coop/plans/")
    someone.press("等你审批")
    someone.page.locator("main a[href*='/coop/plans/PN-']").first.click()
    someone.press("批准")
    someone.sees("已批准")


def _offer(someone: Visitor) -> None:
    someone.become("planner")
    someone.open("/coop/plans/")
    someone.page.locator("main a[href*='/coop/plans/PN-']").first.click()
    someone.press("发合同给农户")
    someone.sees("合同已发给农户")


def _accept(someone: Visitor) -> str:
    someone.become("household")
    someone.open("/household/")
    someone.page.locator("a[href*='/household/contracts/CT-']").first.click()
    someone.look("contract")
    code = re.search(r"CT-[0-9A-Z]+", someone.page.url)
    assert code is not None
    someone.press("签这份合同")
    someone.sees("签好了")
    return code.group()


def _weigh(someone: Visitor, contract: str) -> dict[str, str]:
    """Weigh 21 kg in; what the slip says is owed."""
    someone.become("station_keeper")
    someone.open(f"/station/weigh/{contract}/")
    someone.fill("毛重（公斤）", "22")
    someone.fill("皮重（公斤）", "1")
    someone.press("算净重")
    someone.sees("21")
    someone.press("对，记下来")
    someone.sees("WT-")
    amount = re.search(r"该付\s*¥([0-9,.]+)", someone.text())
    assert amount is not None
    return {"amount": amount.group(1).rstrip("0").rstrip(".")}  # households read 115.5 元


def _pack_and_send(someone: Visitor, order: str) -> None:
    someone.become("shop_operator")
    someone.open(f"/work/pack/?q={order}")
    someone.press("打好包了")
    someone.sees(f"{order} 打好包了")
    someone.press(f"发出 {order}")
    someone.sees(f"{order} 发出去了")


def _hand_over(someone: Visitor, order: str) -> None:
    someone.become("station_keeper")
    someone.open(f"/station/?q={order}")
    someone.open(f"/station/handover/{order}/")
    someone.sees("不要再收钱")
    someone.press("货交了")
    someone.sees(f"{order} 交出去了")


def _order_of(someone: Visitor, pledge: str) -> str:
    """The one order that the reservation became."""
    someone.become("consumer")
    someone.open(pledge)
    paying.wait_for(someone, "成功：已付款，转成订单")
    orders = set(re.findall(r"SD-[0-9A-Z]+", someone.text()))
    assert len(orders) == 1
    return orders.pop()


def _left_of(slip: dict[str, str]) -> Decimal:
    """What the cooperative still owes: the buyer paid for what she fetched."""
    return Decimal(slip["amount"]) * (BROUGHT_KG - SOLD_KG) / BROUGHT_KG


def test_the_loop_runs(phone: Visitor) -> None:
    pledge = _reserve(phone)
    _forecast_half_way(phone)
    phone.jump("到预售截止后一天")
    order = _order_of(phone, pledge)
    _plan(phone)
    _approve(phone)
    _offer(phone)
    contract = _accept(phone)
    phone.jump("到采收开始")
    slip = _weigh(phone, contract)
    _pack_and_send(phone, order)
    _hand_over(phone, order)
    phone.become("consumer")
    phone.open(f"/shop/orders/{order}/")
    phone.sees("已取货")
    phone.become("household")
    phone.open("/household/")
    phone.sees(slip["amount"])
    phone.become("planner")
    phone.open("/coop/payments/")
    phone.sees(f"¥{_left_of(slip):.2f}")
