"""J1: somebody buys what is in season and pays when they fetch it, in both languages.

Runs before the loop (files run by name), on the day the world was built: the loop moves that day.
"""

import re

from playwright.sync_api import Locator

from tests.e2e.visitor import Visitor

BUYER = "林小满"
MOBILE = "19900000001"
PACKS = 2
RETURNS = ("支持七日无理由退货（未拆封）", "鲜活易腐，不支持无理由退货；坏了照赔")
NO_NUMBER = ("写上手机号。", "写上手机号，到货好通知你。")


class Shopper:
    """A visitor whose every page is read for the households behind the goods."""

    def __init__(self, visitor: Visitor, households: set[str]) -> None:
        self.visitor = visitor
        self.households = households

    def reads(self, name: str = "") -> str:
        """Read the page as it stands: no household may be named on it, not even in the source."""
        self.visitor.look(name)
        source = self.visitor.page.content()
        assert not re.search(r"HH-\w+", source), self.visitor.page.url
        named = [name for name in self.households if name in source]
        assert named == [], f"{self.visitor.page.url} names {named}"
        return self.visitor.text()


def _households(visitor: Visitor) -> set[str]:
    """Heads of households, as the printed contracts name them; lists only show surnames."""
    visitor.become("planner")
    visitor.open("/coop/contracts/")
    links = visitor.page.locator("main a[href*='CT-']").evaluate_all(
        "found => found.map(link => link.getAttribute('href'))"
    )
    names = set()
    for code in sorted(set(re.findall(r"CT-[0-9A-Z]+", " ".join(links))))[:3]:
        visitor.open(f"/contracts/{code}/print/")
        names |= set(re.findall(r"甲方）：(\S+?)，户号", visitor.text()))
    visitor.leave()
    assert names, "no contract names its household"
    return names


def _offer(visitor: Visitor) -> str:
    """Something of the walk's shop that can be bought now: the address of its page."""
    visitor.become("shop_operator")
    visitor.open("/work/listings/")
    rows = visitor.page.locator("tbody tr").filter(
        has_text=re.compile(r"当季|尾季"), has=visitor.page.locator(".ok")
    )
    stocked = [row for row in rows.all() if _packs_left(row) >= PACKS]
    assert stocked, "the walk's shop has nothing in season"
    code = re.search(r"LS-[0-9A-Z]+", stocked[0].inner_text())
    assert code is not None
    visitor.leave()
    return f"/shop/listings/{code.group()}/"


def _packs_left(row: Locator) -> int:
    return int(row.locator("td[data-label='能卖']").inner_text())


def _station(visitor: Visitor) -> str:
    """The name of the keeper's station."""
    visitor.become("station_keeper")
    visitor.open("/station/")
    name = visitor.page.locator(".almanac").inner_text().split("·")[-1].strip()
    visitor.leave()
    return name


def _look_around(shopper: Shopper) -> None:
    """The front page says what is in season; one press leads to it."""
    visitor = shopper.visitor
    visitor.open("/")
    assert visitor.said("当季") in shopper.reads("home")
    visitor.page.locator(".tiles a").first.click()
    shopper.reads("first-tile")
    visitor.open("/shop/?season=in_season")
    shopper.reads("in-season")


def _choose(shopper: Shopper, address: str) -> None:
    """The listing page says what a buyer wants to know; two packs go into the basket."""
    visitor = shopper.visitor
    visitor.open(address)
    text = shopper.reads("listing")
    assert re.search(r"¥\s?[\d.]+/500 g", text)
    assert visitor.said("产地") in text
    assert any(visitor.said(rule) in text for rule in RETURNS)
    visitor.fill("要几份", str(PACKS))
    visitor.press("放进篮子")
    visitor.open("/shop/basket/")
    assert visitor.said("山货 %(n)s 份", n=PACKS) in shopper.reads("basket")


def _check_out(shopper: Shopper, station: str) -> str:
    """Name, mobile and station are enough; the order's code is shown."""
    visitor = shopper.visitor
    visitor.press("去下单")
    visitor.press("提交订单")
    assert any(visitor.said(asked) in shopper.reads("refused") for asked in NO_NUMBER)
    visitor.fill("收货人", BUYER)
    visitor.fill("手机号", MOBILE)
    visitor.page.get_by_label(visitor.said("到站点自取")).check()
    _pick_station(visitor, station)
    _pay_on_collection(visitor)
    visitor.press("提交订单")
    text = shopper.reads("placed")
    code = re.search(r"SD-[0-9A-Z]+", text)
    assert code is not None
    assert re.search(visitor.pattern("一张单，取货或收货时付 %(total)s。", total=".+"), text)
    return code.group()


def _pay_on_collection(visitor: Visitor) -> None:
    """Where one can pay at once, say that one pays later."""
    later = visitor.page.get_by_label(visitor.said("拿到货再付"))
    if later.count():
        later.check()


def _pick_station(visitor: Visitor, station: str) -> None:
    select = visitor.page.get_by_label(visitor.said("取货站点"), exact=True)
    names = select.locator("option").all_inner_texts()
    select.select_option(label=next(name for name in names if station in name))


def _find(shopper: Shopper, code: str) -> str:
    """The order, found by its code and mobile in a browser that never saw it."""
    visitor = shopper.visitor
    visitor.leave()
    visitor.open("/shop/find-order/")
    visitor.press("用订单号")
    visitor.fill("订单号", code)
    visitor.fill("手机号", MOBILE)
    visitor.press("查一查")
    return shopper.reads("order")


def _done(shopper: Shopper) -> str:
    """The steps that the order page calls done or present, joined."""
    steps = shopper.visitor.page.locator("main .steps li:not(.next)")
    return " ".join(steps.all_inner_texts())


def _hand_over(visitor: Visitor, code: str) -> None:
    visitor.become("station_keeper")
    visitor.open("/station/")
    visitor.press(f"交货 {code}")
    due = re.search(r"应收 ¥([0-9,.]+)", visitor.text())
    assert due is not None
    visitor.fill("收到多少元", due.group(1).replace(",", ""))
    visitor.page.get_by_label("现金").check()
    visitor.press("货交了，钱收了")


def _pack(visitor: Visitor, code: str) -> None:
    visitor.become("shop_operator")
    visitor.open("/work/pack/")
    visitor.page.locator(f"[id='{code}']").get_by_role("button", name="打好包了").click()
    visitor.look("packed")


def _send(visitor: Visitor, code: str) -> None:
    visitor.become("shop_operator")
    visitor.open("/work/pack/")
    visitor.press(f"发出 {code}")


def test_a_guest_buys_and_pays_when_fetching(reader: Visitor) -> None:
    with reader.in_chinese():
        shopper = Shopper(reader, _households(reader))
        address = _offer(reader)
    station = _station(reader)

    _look_around(shopper)
    _choose(shopper, address)
    code = _check_out(shopper, station)
    to_pay = reader.pattern("取货时付 %(due)s，现金或扫码。", due=".+")
    assert re.search(to_pay, _find(shopper, code))

    with reader.in_chinese():
        _pack(reader, code)
    _find(shopper, code)
    assert reader.said("已打包") in _done(shopper)

    with reader.in_chinese():
        _send(reader, code)
    _find(shopper, code)
    assert reader.said("已发往站点") in _done(shopper)

    with reader.in_chinese():
        _hand_over(reader, code)
    text = _find(shopper, code)
    facts = {"when": ".+", "paid": ".+", "means": re.escape(reader.said("现金"))}
    assert re.search(reader.pattern("%(when)s 已付 %(paid)s（%(means)s）。", **facts), text)


def test_a_strange_mobile_finds_no_order(phone: Visitor) -> None:
    phone.open("/shop/find-order/")

    phone.press("用订单号")
    phone.fill("订单号", "SD-7K3F9Q2X")
    phone.fill("手机号", "19900000009")
    phone.press("查一查")

    assert phone.page.url.endswith("/shop/find-order/")
    assert phone.page.locator(".error, .errors, [role='alert']").count() > 0
