"""Somebody who uses the keyboard alone: Tab to what is wanted, type, press Enter."""

from tests.e2e.visitor import Visitor

MOST_TABS = 150
FOCUSED = """() => {
  const e = document.activeElement;
  const said = e.getAttribute("aria-label") || (e.labels && e.labels[0] && e.labels[0].textContent)
    || e.textContent || "";
  return [e.getAttribute("name") || "", said.trim(), e.getAttribute("href") || "", e.value || ""];
}"""
VISIBLE = """() => {
  const e = document.activeElement;
  const box = e.getBoundingClientRect();
  const style = getComputedStyle(e);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const shadow = style.boxShadow !== "none";
  return box.width > 0 && (ring || shadow || e.matches("[type=radio],[type=checkbox]"));
}"""


def tab_to(visitor: Visitor, wanted: str) -> None:
    """Press Tab until the focus is on a field of this name, a link or a button that says this."""
    for _press in range(MOST_TABS):
        name, said, href, _value = visitor.page.evaluate(FOCUSED)
        if name == wanted or said.startswith(wanted) or (wanted[:1] == "/" and wanted in href):
            assert visitor.page.evaluate(VISIBLE), f"the focus on {wanted} cannot be seen"
            return
        visitor.page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {wanted} on {visitor.page.url}")


def type_in(visitor: Visitor, name: str, text: str) -> None:
    """Fill a field in place of what stands in it."""
    tab_to(visitor, name)
    visitor.page.keyboard.press("Control+A")
    visitor.page.keyboard.type(text)


def press(visitor: Visitor, wanted: str) -> None:
    """Go to a link or button and press Enter; the page that follows is looked at."""
    tab_to(visitor, wanted)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    visitor.look()


def choose_next(visitor: Visitor, name: str) -> None:
    """Take the option after the first in a list, or the next of a few to pick from."""
    tab_to(visitor, name)
    visitor.page.keyboard.press("ArrowDown")


def tick(visitor: Visitor, name: str) -> None:
    """Tick a box."""
    tab_to(visitor, name)
    visitor.page.keyboard.press("Space")
    assert visitor.page.locator(f"main input[name={name}]").is_checked()
