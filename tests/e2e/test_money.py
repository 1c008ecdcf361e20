"""J2, J3 and J4: pledges paid by card, by link and wallet; one that fails; a harvest that moves
and is too small.

Each runs in a copy of the built world of its own, since it moves the day.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests.e2e import paying
from tests.e2e.visitor import Visitor

BUYER, MOBILE = "林小满", "19900000001"
STATION = "云岭镇站"
CARD, LINK, NOW = "现在记下银行卡", "成团后收到链接再付", "现在付，没成团全退"
SOON = r"(8月\d+日|9月[1-8]日) 20:00"  # before the walk's campaign closes
YUAN = re.compile(r"¥([0-9,]+\.[0-9]{2})")


def _campaign_of_walk(someone: Visitor) -> str:
    """The address of the campaign that the demo walks."""
    someone.become("consumer")
    someone.open("/demo/")
    someone.page.get_by_role("button", name="以顾客的身份去").first.click()
    someone.look("campaign")
    return someone.page.url.removeprefix(someone.site).split("?")[0].split("#")[0]


def _hopeless(someone: Visitor) -> str:
    """The campaign that lacks the most, closes before the walk's and may be paid by wallet."""
    someone.open("/presale/")
    rows = someone.page.locator("main a[href*='/presale/PS-']")
    addresses = dict.fromkeys(row.get_attribute("href") or "" for row in rows.all())
    least: dict[str, int] = {}
    for address in addresses:
        someone.page.goto(someone.site + address)
        lacks = re.search(r"再约 (\d+) 份就成团", someone.text())
        if lacks and re.search(SOON, someone.text()) and NOW in someone.text():
            least[address] = int(lacks.group(1))
    return max(least, key=lambda address: least[address])


def _reserve(someone: Visitor, campaign: str, *, packs: int, way: str) -> str:
    """Reserve at a station; the address of the reservation."""
    someone.open(campaign)
    form = someone.page.locator("form").filter(has=someone.page.get_by_label("份数"))
    form.get_by_label("份数").fill(str(packs))
    form.get_by_label("收货人").fill(BUYER)
    form.get_by_label("手机号").fill(MOBILE)
    form.get_by_label("到站点自取").check()
    stations = form.get_by_label("取货站点")
    mine = stations.locator("option", has_text=STATION).first.get_attribute("value")
    stations.select_option(value=mine)
    form.get_by_label(way).check()
    form.get_by_role("button").last.click()
    someone.look("reserved")
    assert "/pledges/PL-" in someone.page.url
    return someone.page.url.removeprefix(someone.site).split("#")[0]


def _by_card(someone: Visitor, campaign: str, *, packs: int) -> str:
    pledge = _reserve(someone, campaign, packs=packs, way=CARD)
    someone.sees("记卡不扣钱")
    someone.page.get_by_role("button", name="去付款页记卡").click()
    paying.with_card(someone, word="保存这张卡")
    someone.open(pledge)
    someone.sees("卡记下了，还没扣钱")
    return pledge


def _by_wallet_now(someone: Visitor, campaign: str, *, packs: int) -> str:
    pledge = _reserve(someone, campaign, packs=packs, way=NOW)
    someone.page.get_by_role("button", name="去付款页付款").click()
    paying.with_wallet(someone, "支付宝")
    someone.open(pledge)
    someone.sees("没成团，原路全退")
    return pledge


def _amount_after(someone: Visitor, word: str) -> Decimal:
    """The first amount said after a word on the page."""
    text = someone.text()
    found = YUAN.search(text, text.index(word))
    assert found is not None, f"no amount after {word!r}"
    return Decimal(found.group(1).replace(",", ""))


def _declare_partial(someone: Visitor, campaign: str, *, percent: int) -> None:
    someone.become("shop_operator")
    someone.open(f"/work/campaigns/{campaign.rstrip('/').split('/')[-1]}/")
    someone.page.get_by_text("报减产、改日子或绝收").click()
    form = someone.page.locator("form[action$='/setback/']")
    form.get_by_label("收成").first.check()
    form.get_by_label("能发几成").fill(str(percent))
    form.get_by_label("原因").fill("六月冰雹，坐果少了四成。")
    form.get_by_role("button", name="告诉大家").click()
    someone.look("declared")
    someone.sees(f"{percent}%")


def _move_season(someone: Visitor, campaign: str, *, days: int) -> None:
    """The cooperative moves the season of a campaign's crop, on the crop's page of the calendar."""
    someone.become("planner")
    someone.open(campaign)
    goods = someone.page.locator("main a[href*='/shop/listings/LS-']").first.get_attribute("href")
    someone.page.goto(f"{someone.site}{goods}")
    links = someone.page.locator("main a[href*='/calendar/']").all()
    link = someone.page.get_by_role("link", name="改日子", exact=True)
    for address in [one.get_attribute("href") for one in links]:
        someone.page.goto(f"{someone.site}{address}")
        if link.count():
            break
    link.first.click()
    for label in ("开采", "盛期", "采完"):
        field = someone.page.get_by_label(label, exact=True)
        moved = date.fromisoformat(field.input_value()) + timedelta(days=days)
        field.fill(moved.isoformat())
    someone.fill("为什么改", "秋雨多，晒不干，往后挪五天。")
    someone.press("改好了，存下")
    someone.sees("日子改好了")


def _wait_until_chosen(someone: Visitor, campaign: str) -> None:
    """Everybody chose: nothing is open on the operator's page any more."""
    someone.become("shop_operator")
    someone.open(f"/work/campaigns/{campaign.rstrip('/').split('/')[-1]}/")
    someone.sees("采收日历报的")
    for _try in range(paying.OPEN_S):
        if "选到" not in someone.text():
            return
        someone.page.wait_for_timeout(1500)
        someone.page.reload()
    raise AssertionError("the moved season is still being chosen")


def _choose(someone: Visitor, pledge: str, *, told: str, choice: str) -> None:
    someone.become("consumer")
    someone.open(pledge)
    paying.wait_for(someone, "去选怎么办")
    someone.press("去选怎么办")
    someone.sees(told)
    someone.sees("不要了，全退")
    someone.page.get_by_label(choice).check()
    someone.press("就这样办")
    someone.sees(f"照“{choice}”办了")


def _choose_partial(someone: Visitor, pledge: str) -> Decimal:
    """Take what there is; the amount that comes back."""
    _choose(someone, pledge, told="收成少了", choice="发一部分，退一部分")
    return _amount_after(someone, "退回")


def _choose_credit(someone: Visitor, pledge: str) -> None:
    """Keep the rest as credit; it is in the account with its path."""
    _choose(someone, pledge, told="收成少了", choice="发一部分，其余换购物金")
    someone.press("看购物金")
    someone.sees("没发的换成购物金")
    assert _amount_after(someone, "现在有") == _amount_after(someone, "没发的换成购物金") > 0


@dataclass(frozen=True)
class Made:
    """The two campaigns and what was reserved in them, by address."""

    walk: str
    hopeless: str
    by_card: str
    by_link: str
    failing_card: str
    failing_wallet: str
    paid_for_nothing: Decimal


def _all_are_reserved(someone: Visitor) -> Made:
    """By card, by link and by wallet; one more by card is cancelled again."""
    walk = _campaign_of_walk(someone)
    hopeless = _hopeless(someone)
    by_card = _by_card(someone, walk, packs=4)
    by_link = _reserve(someone, walk, packs=3, way=LINK)
    someone.sees("成团后发付款链接")
    cancelled = _by_card(someone, walk, packs=1)
    someone.press("不要了，取消这份预约")
    someone.open(cancelled)
    someone.sees("这份预约取消了")
    return Made(
        walk=walk,
        hopeless=hopeless,
        by_card=by_card,
        by_link=by_link,
        failing_card=_by_card(someone, hopeless, packs=1),
        failing_wallet=_by_wallet_now(someone, hopeless, packs=1),
        paid_for_nothing=_amount_after(someone, "收到"),
    )


def _success_is_collected(someone: Visitor, made: Made) -> Decimal:
    """The card is charged by itself, the link is paid; what the card paid."""
    someone.become("consumer")
    someone.open(made.by_card)
    paying.wait_for(someone, "成功：已付款，转成订单")
    total = _amount_after(someone, "已付")
    assert len(set(re.findall(r"SD-[0-9A-Z]+", someone.text()))) == 1
    someone.open(made.by_link)
    paying.wait_for(someone, "成团了，请付款")
    someone.press("去付款")
    someone.page.get_by_role("button").last.click()
    paying.with_wallet(someone, "微信支付")
    someone.open(made.by_link)
    paying.wait_for(someone, "成功：已付款，转成订单")
    return total


def _failure_is_given_back(someone: Visitor, made: Made) -> None:
    """No card was charged, and the wallet has everything back."""
    someone.open(made.failing_card)
    paying.wait_for(someone, "没有成团，一分没收")
    someone.open(made.failing_wallet)
    paying.wait_for(someone, "未达成，已全额退回")
    assert _amount_after(someone, "未达成，已全额退回") == made.paid_for_nothing
    someone.open(made.hopeless)
    someone.sees("没有成团，差")


def _season_moves(someone: Visitor, made: Made) -> None:
    """The calendar moves the promise, and both backers wait."""
    someone.jump("往后一天")  # all is paid: the campaign goes on to growing
    _move_season(someone, made.walk, days=5)
    someone.jump("往后一天")  # the next tick declares it
    for pledge in (made.by_card, made.by_link):
        _choose(someone, pledge, told="日子往后挪了", choice="愿意等")
    someone.jump("往后一天")
    _wait_until_chosen(someone, made.walk)


def _harvest_is_short(someone: Visitor, made: Made, *, total: Decimal) -> None:
    """Six tenths are sent: one takes credit for the rest, the other has it back to the fen."""
    _declare_partial(someone, made.walk, percent=60)
    _choose_credit(someone, made.by_link)
    back = _choose_partial(someone, made.by_card)
    assert back > 0
    someone.open(made.by_card)
    paying.wait_for(someone, "已退回")
    assert _amount_after(someone, "已退回") == back
    assert abs(back - total * Decimal("0.4")) < Decimal("0.05")


def test_money_of_presales(own_world: Visitor) -> None:
    made = _all_are_reserved(own_world)

    own_world.jump("到预售截止后一天")

    total = _success_is_collected(own_world, made)
    _failure_is_given_back(own_world, made)
    _season_moves(own_world, made)
    _harvest_is_short(own_world, made, total=total)
