"""The loop, walked in a real browser: from a reservation to the amount a household is owed."""

import re

import pytest

from tests.e2e.visitor import Visitor


def _wait_for(visitor: Visitor, text: str, *, tries: int = 40) -> None:
    """Look again until a job that runs beside the page is done."""
    for _try in range(tries):
        if text in visitor.text():
            return
        visitor.page.wait_for_timeout(1500)
        visitor.page.reload()
    raise AssertionError(f"never saw {text!r} on {visitor.page.url}")


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
    form.get_by_label("取货站点").select_option(index=1)
    form.get_by_role("button").last.click()
    someone.look("reserved")
    someone.sees("6 份")
    return someone.page.url.removeprefix(someone.site)


def _forecast_now(someone: Visitor) -> None:
    """Ask for a forecast of this moment, after any that is under way, and wait for it."""
    someone.become("planner")
    someone.open("/coop/demand/")
    _wait_for(someone, "再算一次")
    someone.press("再算一次")
    _wait_for(someone, "再算一次")
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
    _wait_for(someone, "为什么")
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


def _weigh(someone: Visitor, contract: str) -> None:
    someone.become("station_keeper")
    someone.open(f"/station/weigh/{contract}/")
    someone.fill("毛重（公斤）", "22")
    someone.fill("皮重（公斤）", "1")
    someone.press("算净重")
    someone.sees("21")
    someone.press("对，记下来")
    someone.sees("WT-")


def _pack_and_send(someone: Visitor) -> None:
    someone.become("shop_operator")
    someone.open("/work/pack/")
    someone.page.get_by_role("button", name="打好包").first.click()
    someone.look("packed")
    someone.page.get_by_role("button", name=re.compile("发")).first.click()
    someone.look("sent")


@pytest.mark.parametrize("width", ["phone"])
def test_the_loop_runs(request: pytest.FixtureRequest, width: str) -> None:
    someone: Visitor = request.getfixturevalue(width)

    pledge = _reserve(someone)
    _forecast_half_way(someone)
    someone.jump("到预售截止后一天")
    someone.become("consumer")
    someone.open(pledge)
    someone.sees("SD-")
    _plan(someone)
    _approve(someone)
    _offer(someone)
    contract = _accept(someone)
    someone.jump("到采收开始")
    _weigh(someone, contract)
    _pack_and_send(someone)
    someone.become("station_keeper")
    someone.open("/station/")
    someone.page.locator("a[href*='/station/handover/']").first.click()
    someone.look("handover")
    due = re.search(r"应收 ¥([0-9,.]+)", someone.text())
    assert due is not None
    someone.fill("收到多少元", due.group(1).replace(",", ""))
    someone.page.get_by_label("现金").check()
    someone.press("货交了，钱收了")
    someone.become("household")
    someone.open("/household/")
    someone.sees("还没给我")
    someone.sees("WT-")
