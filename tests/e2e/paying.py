"""What somebody types and presses on the payment company's pages; the emulator's, here."""

from tests.e2e.visitor import Visitor

GOOD = "4242 4242 4242 4242"
OPEN_S = 40


def with_card(someone: Visitor, *, word: str, number: str = GOOD) -> None:
    """Fill in a card, press the button that says ``word``, and come back to the shop."""
    page = someone.page
    page.wait_for_url("**/c/pay/**")
    page.get_by_label("卡号", exact=True).fill(number)
    page.get_by_label("有效期（月/年）").fill("12/34")
    page.get_by_label("卡背面三位数").fill("123")
    page.get_by_role("button", name=word).click()
    _back(someone)


def with_wallet(someone: Visitor, name: str) -> None:
    """Choose a wallet, say yes in it, and come back to the shop."""
    page = someone.page
    page.wait_for_url("**/c/pay/**")
    if page.locator("label.way").count():  # with one way left there is nothing to choose
        page.locator("label.way", has_text=name).click()
    page.get_by_role("button", name="付 ¥").click()
    page.get_by_role("button", name="确认付款").click()
    _back(someone)


def _back(someone: Visitor) -> None:
    someone.page.wait_for_url(f"{someone.site}/**")
    someone.look("back")


def wait_for(someone: Visitor, text: str, *, tries: int = OPEN_S) -> None:
    """Look again until a job that runs beside the page is done."""
    for _try in range(tries):
        if text in someone.text():
            someone.look()
            return
        someone.page.wait_for_timeout(1500)
        someone.page.reload()
    raise AssertionError(f"never saw {text!r} on {someone.page.url}")
