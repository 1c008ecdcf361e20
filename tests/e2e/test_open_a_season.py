"""J5: an operator opens a season, from the calendar's draft to the shop.

Works on any day of the shared site, before or after the loop has moved it: it takes whatever
draft comes first, and each width takes its own.
"""

import re
from datetime import date

from devtools.guide import PASSWORD, PIN, person
from tests.e2e.visitor import Visitor
from tests.factories.uploads import photo_bytes

ISSUED_ON = date(2026, 8, 1)  # before the first day of the demo of the tests


def _sign_in(visitor: Visitor, name: str, secret: str) -> None:
    visitor.open("/sign-in/?way=password")
    visitor.page.locator("input[name=username]").fill(name)
    visitor.page.locator("input[name=password]").fill(secret)
    visitor.page.locator("main form").get_by_role("button", name="登录").click()
    visitor.look("signed-in")


def _yuan(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    assert found is not None, f"{pattern} is not in {text!r}"
    return float(found.group(1).replace(",", ""))


def _open_draft(visitor: Visitor) -> str:
    """The first draft: dates, cap and a price at or above the floor. Its title comes back."""
    visitor.open("/work/drafts/")
    rows = visitor.page.locator("article.draft").filter(has_text="建议")
    known = rows.filter(has_text="保底价 ¥")  # what growers get is not known of every crop
    known.first.get_by_role("link", name="看一看，收下").click()
    visitor.look("draft")
    text = visitor.text()
    assert re.search(r"采收\s+\d+\s*月\s*\d+\s*日", text)
    assert re.search(r"最多卖\s+[\d,.]+ (kg|g)（[\d,]+ 份）", text)
    assert "十次有九次够" in text
    floor = _yuan(r"保底价\s+¥([\d,.]+)", text)
    price = float(visitor.page.get_by_label("每份价格").input_value())
    assert price >= floor
    return visitor.page.locator("h1").inner_text()


def _price_below_floor(visitor: Visitor) -> None:
    """A price under the floor is refused beside the field, and what was typed stays."""
    price = visitor.page.get_by_label("每份价格")
    right = price.input_value()
    price.fill("0.01")
    visitor.press("收下，存成草稿")
    assert "低于保底价" in visitor.page.locator(".field.err").inner_text()
    assert price.input_value() == "0.01"
    price.fill(right)


def _publish_refused(visitor: Visitor) -> None:
    """Without its proof it stays a draft, and the page says which proof is missing."""
    visitor.press("收下并上架")
    text = visitor.text()
    assert "/work/listings/LS-" in visitor.page.url
    assert "草稿" in text
    assert re.search(r"还缺“.+”，录入后才能上架", text)
    assert visitor.page.get_by_role("button", name="上架", exact=True).count() == 0


def _record_proof(visitor: Visitor) -> None:
    visitor.press("记下证明")
    assert "写上证明的编号" in visitor.text()
    visitor.fill("编号", "示例-2026-0801")
    visitor.fill("哪天开的", ISSUED_ON.isoformat())
    visitor.page.get_by_label("证明的照片").set_input_files(
        {"name": "zheng.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7 no photograph"}
    )
    visitor.press("记下证明")
    visitor.sees("把证明拍成照片再传")
    assert visitor.page.get_by_label("编号").input_value() == "示例-2026-0801"  # still there
    visitor.page.get_by_label("证明的照片").set_input_files(
        {"name": "zheng.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes(size=(800, 600))}
    )
    visitor.press("记下证明")
    visitor.sees("示例-2026-0801")


def _publish(visitor: Visitor) -> None:
    visitor.page.locator("main").get_by_role("button", name="上架", exact=True).click()
    visitor.sees("上架了，店里和日历里都看得到。")


def test_a_draft_from_the_calendar_becomes_a_listing(visitor: Visitor) -> None:
    operator = person("shop_operator")

    _sign_in(visitor, operator.sign_in, operator.secret)
    assert visitor.page.url == f"{visitor.site}/work/"
    title = _open_draft(visitor)
    _price_below_floor(visitor)
    _publish_refused(visitor)
    _record_proof(visitor)
    _publish(visitor)
    listing = visitor.page.url.rstrip("/").split("/")[-1]

    visitor.press("在日历里看")
    assert "/calendar/" in visitor.page.url
    visitor.leave()
    visitor.open(f"/shop/listings/{listing}/")
    assert visitor.page.locator("h1").inner_text() == title
    visitor.open(f"/shop/search/?q={title.split()[0]}")
    assert visitor.page.locator(f"main a[href='/shop/listings/{listing}/']").count() > 0


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
