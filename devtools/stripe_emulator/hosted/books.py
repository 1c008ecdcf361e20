"""The provider's own books on one page, for whoever wants to compare."""

from datetime import datetime
from zoneinfo import ZoneInfo

from devtools.stripe_emulator.control import totals
from devtools.stripe_emulator.errors import Body
from devtools.stripe_emulator.hosted.markup import Page, money
from devtools.stripe_emulator.world import World

SHOWN = 50
SHANGHAI = ZoneInfo("Asia/Shanghai")
COLUMNS = ("col_at", "col_amount", "col_way", "col_state", "col_back")


def page(world: World, page: Page) -> str:
    """What was taken, given back and kept, and the latest charges."""
    sums = "".join(
        f"<li><span>{page.say(name)}</span><b>{_signed(amount)}</b></li>"
        for name, amount in totals(world).items()
    )
    waiting = world.store.db.execute("SELECT count(*) FROM delivery").fetchone()[0]
    told = f'<p class="problem">{page.say("waiting", count=waiting)}</p>' if waiting else ""
    top = f'<h1>{page.say("books_title")}</h1><p class="quiet">{page.say("books_note")}</p>'
    left = f'<section class="card">{top}{told}<ul class="lines">{sums}</ul></section>'
    return page.frame("books_title", left + _recent(world, page))


def _recent(world: World, page: Page) -> str:
    rows = world.store.find("charge", most=SHOWN)
    if not rows:
        return f'<section class="card"><p>{page.say("nothing")}</p></section>'
    head = "".join(f'<th scope="col">{page.say(name)}</th>' for name in COLUMNS)
    body = "".join(_row(page, row) for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    label = page.say("recent")
    box = f'<div class="books" tabindex="0" role="region" aria-label="{label}">{table}</div>'
    return f'<section class="card"><h2>{label}</h2>{box}</section>'


def _row(page: Page, row: Body) -> str:
    at = datetime.fromtimestamp(row["created"], SHANGHAI).strftime("%m-%d %H:%M")
    back = money(row["amount_refunded"], row["currency"]) if row["amount_refunded"] else ""
    way = page.say(row["payment_method_details"]["type"])
    cells = (at, money(row["amount"], row["currency"]), way, page.say(row["status"]), back)
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _signed(amount: int) -> str:
    return ("−" if amount < 0 else "") + money(abs(amount), "cny")
