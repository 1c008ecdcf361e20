"""J1 and a reservation with the keyboard alone, and without JavaScript, in both languages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from devtools.serving import ROOT
from tests.e2e import keys
from tests.e2e.visitor import Visitor

BUYER = "林小满"
MOBILE = "19900000001"
FRESH = "accept_perishable"
PUT, ORDER, SEND, RESERVE = 0, 1, 2, 3
WORDS = {
    "": ("放进篮子", "去下单", "提交订单", "约下"),
    "/en": ("Add to basket", "To the checkout", "Place the order", "Reserve"),
}


@pytest.fixture
def plain(request: pytest.FixtureRequest, site: str, browser: Browser) -> Iterator[Visitor]:
    """Somebody on a phone whose browser runs no scripts."""
    context = browser.new_context(
        viewport={"width": 360, "height": 800}, locale="zh-CN", java_script_enabled=False
    )
    context.set_default_timeout(20_000)
    name = request.node.name.replace("[", "-").rstrip("]")
    someone = Visitor(context.new_page(), site, shots=ROOT / "shots" / "e2e" / name)
    yield someone
    someone.check_manners()
    context.close()


def _for_sale(visitor: Visitor, prefix: str) -> str:
    """The address of something in season that can be bought."""
    visitor.open(f"{prefix}/shop/?season=in_season")
    links = visitor.page.locator("main a[href*='/shop/listings/LS-']").all()
    for address in [link.get_attribute("href") for link in links]:
        visitor.page.goto(f"{visitor.site}{address}")
        if visitor.page.locator("input[name=packs]").count():
            return str(address)
    raise AssertionError("nothing in season can be bought")


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_keys_alone_buy(desk: Visitor, prefix: str) -> None:
    said = WORDS[prefix]
    address = _for_sale(desk, prefix)
    desk.open(f"{prefix}/")
    keys.press(desk, "/shop/")
    desk.open(address)

    keys.type_in(desk, "packs", "1")
    keys.press(desk, said[PUT])
    if "/basket/" not in desk.page.url:
        keys.press(desk, "/shop/basket/")
    keys.press(desk, said[ORDER])
    keys.type_in(desk, "name", BUYER)
    keys.type_in(desk, "mobile", MOBILE)
    keys.choose_next(desk, "station")
    if _is_fresh(desk):
        keys.tick(desk, FRESH)
    keys.choose_next(desk, "pay")  # the first is to pay at once; the next, on collection
    keys.press(desk, said[SEND])

    assert "/placed/" in desk.page.url
    assert re.search(r"SD-[0-9A-Z]{10}", desk.text())


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_keys_alone_reserve(desk: Visitor, prefix: str) -> None:
    desk.open(f"{prefix}/presale/")
    keys.press(desk, "/presale/PS-")

    keys.type_in(desk, "packs", "1")
    keys.type_in(desk, "name", BUYER)
    keys.type_in(desk, "mobile", MOBILE)
    keys.choose_next(desk, "station")
    if _is_fresh(desk):
        keys.tick(desk, FRESH)
    keys.press(desk, WORDS[prefix][RESERVE])

    assert "/pledges/" in desk.page.url


def _fill(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("main input[name=name]").fill(BUYER)
    page.locator("main input[name=mobile]").fill(MOBILE)
    page.locator("main select[name=station]").select_option(index=1)
    if _is_fresh(visitor):
        page.locator(f"main input[name={FRESH}]").check()


def _is_fresh(visitor: Visitor) -> bool:
    """Whether what is bought perishes, so that the form asks to confirm it."""
    return visitor.page.locator(f"main input[name={FRESH}]").count() > 0


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_without_scripts_somebody_buys(plain: Visitor, prefix: str) -> None:
    page = plain.page
    address = _for_sale(plain, prefix)
    page.goto(plain.site + address)
    page.locator("button[name=now]:visible").first.click()
    if "/checkout/" not in page.url:
        page.goto(f"{plain.site}{prefix}/shop/checkout/")
    _fill(plain)
    page.locator("main input[name=pay][value=later]").check()
    page.locator("main form button.btn.go:visible").first.click()

    assert "/placed/" in page.url
    assert re.search(r"SD-[0-9A-Z]{10}", page.content())


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_without_scripts_somebody_reserves(plain: Visitor, prefix: str) -> None:
    page = plain.page
    page.goto(f"{plain.site}{prefix}/presale/")
    page.locator("main a[href*='/presale/PS-']").first.click()
    page.locator("main input[name=packs]").fill("1")
    _fill(plain)
    page.locator("main form button.btn.go:visible").last.click()

    assert "/pledges/" in page.url


def test_without_scripts_an_address_is_picked_and_read(plain: Visitor) -> None:
    page = plain.page
    page.goto(plain.site + _for_sale(plain, ""))
    page.locator("button[name=now]:visible").first.click()
    page.locator("main input[name=fulfilment][value=delivery]").check()
    page.locator("main textarea[name=paste]").fill(
        f"{BUYER} {MOBILE} 甘肃省陇南市武都区城关镇示例路1号"
    )
    page.locator("main button[value=read]").click()

    assert page.locator("main input[name=mobile]").input_value() == MOBILE
    assert page.locator("main select[name=county_code]").input_value() == "621202"
    assert "城关镇示例路1号" in page.locator("main [name=address]").input_value()
