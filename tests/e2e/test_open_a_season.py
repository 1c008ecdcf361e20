"""J5: an operator opens a season, from the calendar's draft to the shop, in both languages.

Works on any day of the shared site, before or after the loop has moved it: it takes whatever
draft comes first, and each reader takes their own.
"""

import re
from datetime import date

from playwright.sync_api import Locator

from devtools.guide import PASSWORD, PIN, person
from tests.e2e.visitor import Visitor
from tests.factories.uploads import photo_bytes

ISSUED_ON = date(2026, 8, 1)  # before the first day of the demo of the tests


def _sign_in(visitor: Visitor, name: str, secret: str) -> None:
    visitor.open("/sign-in/?way=password")
    visitor.page.locator("input[name=username]").fill(name)
    visitor.page.locator("input[name=password]").fill(secret)
    visitor.page.locator("main form").get_by_role("button", name=visitor.said("登录")).click()
    visitor.look("signed-in")


def _yuan(pattern: str, text: str, *, group: int) -> float:
    found = re.search(pattern, text)
    assert found is not None, f"{pattern} is not in {text!r}"
    return float(found.group(group).replace(",", ""))


NUMBER = r"¥([\d,.]+)"


def _open_draft(visitor: Visitor) -> str:
    """The first draft: dates, cap and a price at or above the floor. Its title comes back."""
    visitor.open("/work/drafts/")
    known = visitor.pattern("建议 %(price)s，保底价 %(floor)s", price=NUMBER, floor=NUMBER)
    rows = visitor.page.locator("article.draft")  # what growers get is not known of every crop
    row = rows.filter(has_text=re.compile(known)).first
    floor = _yuan(known, row.inner_text(), group=2)
    row.get_by_role("link", name=visitor.said("看一看，收下")).click()
    visitor.look("draft")
    text = visitor.text()
    most = r"[\d,.]+ (kg|g)"
    assert re.search(visitor.pattern("%(most)s（%(packs)s 份）", most=most, packs=r"[\d,]+"), text)
    visitor.sees("采收")
    visitor.sees("全县收成，十次有九次够；减去已经答应出去的")
    price = float(_price(visitor).input_value())
    assert price >= floor
    return visitor.page.locator("h1").inner_text()


def _price(visitor: Visitor) -> Locator:
    return visitor.page.get_by_label(visitor.said("每份价格"))


def _price_below_floor(visitor: Visitor) -> None:
    """A price under the floor is refused beside the field, and what was typed stays."""
    right = _price(visitor).input_value()
    _price(visitor).fill("0.01")
    visitor.press("收下，存成草稿")
    below = visitor.pattern("低于保底价 %(floor)s。", floor=".*")
    assert re.search(below, visitor.page.locator(".field.err").inner_text())
    assert _price(visitor).input_value() == "0.01"
    _price(visitor).fill(right)


def _publish_refused(visitor: Visitor) -> None:
    """Without its proof it stays a draft, and the page says which proof is missing."""
    visitor.press("收下并上架")
    assert "/work/listings/LS-" in visitor.page.url
    visitor.sees("草稿")
    missing = visitor.pattern("还缺“%(proof)s”，录入后才能上架。", proof=".+")
    assert re.search(missing, visitor.text())
    assert _publish_button(visitor).count() == 0


def _publish_button(visitor: Visitor) -> Locator:
    name = visitor.said("上架")
    return visitor.page.locator("main").get_by_role("button", name=name, exact=True)


def _record_proof(visitor: Visitor) -> None:
    visitor.press("记下证明")
    visitor.sees("写上证明的编号。")
    visitor.fill("编号", "示例-2026-0801")
    visitor.fill("哪天开的", ISSUED_ON.isoformat())
    photo = visitor.page.get_by_label(visitor.said("证明的照片"))
    photo.set_input_files(
        {"name": "zheng.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7 no photograph"}
    )
    visitor.press("记下证明")
    visitor.sees("PDF 在这里打不开。把证明拍成照片再传。")
    number = visitor.page.get_by_label(visitor.said("编号"))
    assert number.input_value() == "示例-2026-0801"  # still there
    photo.set_input_files(
        {"name": "zheng.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes(size=(800, 600))}
    )
    visitor.press("记下证明")
    visitor.sees("示例-2026-0801")


def _publish(visitor: Visitor) -> None:
    _publish_button(visitor).click()
    visitor.sees("上架了，店里和日历里都看得到。")


def test_a_draft_from_the_calendar_becomes_a_listing(reader: Visitor) -> None:
    operator = person("shop_operator")

    _sign_in(reader, operator.sign_in, operator.secret)
    assert reader.page.url == f"{reader.site}{reader.prefix}/work/"
    title = _open_draft(reader)
    _price_below_floor(reader)
    _publish_refused(reader)
    _record_proof(reader)
    _publish(reader)
    listing = reader.page.url.rstrip("/").split("/")[-1]

    reader.press("在日历里看")
    assert "/calendar/" in reader.page.url
    reader.leave()
    reader.open(f"/shop/listings/{listing}/")
    assert reader.page.locator("h1").inner_text() == title
    reader.open(f"/shop/search/?q={title.split()[0]}")
    link = f"main a[href='{reader.prefix}/shop/listings/{listing}/']"
    assert reader.page.locator(link).count() > 0


def test_another_shop_cannot_open_the_listing(phone: Visitor) -> None:
    phone.open("/shop/")
    address = phone.page.locator("main a[href*='/shop/listings/LS-']").first.get_attribute("href")
    assert address is not None
    code = address.rstrip("/").split("/")[-1]

    phone.become("consumer")
    answer = phone.page.goto(f"{phone.site}/work/listings/{code}/")

    assert answer is not None
    assert answer.status == 404


def test_a_household_signs_in_with_its_card(phone: Visitor) -> None:
    card = person("household").sign_in

    _sign_in(phone, card, "135790")
    error = phone.page.locator(".field.err")
    assert error.count() == 1
    assert error.locator("input").get_attribute("aria-invalid") == "true"
    assert phone.page.locator("input[name=username]").input_value() == card
    phone.page.locator("input[name=password]").fill(PIN)
    phone.page.locator("main form").get_by_role("button", name="登录").click()
    phone.look("household")

    assert phone.page.url == f"{phone.site}/household/"


def test_keys_alone_sign_in(desk: Visitor) -> None:
    desk.open("/sign-in/?way=password")
    desk.page.locator("input[name=username]").focus()

    desk.page.keyboard.type(person("consumer").sign_in)
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.type(PASSWORD)
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(lambda url: "/sign-in/" not in url)
    desk.look("signed-in")

    assert desk.page.get_by_role("link", name="我的", exact=True).count() == 1
