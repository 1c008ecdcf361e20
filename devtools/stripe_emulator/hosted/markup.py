"""The pages' HTML."""

from html import escape
from pathlib import Path
from string import Template
from typing import Any

from devtools.stripe_emulator.errors import Body
from devtools.stripe_emulator.hosted.words import TABLE

CSS = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
FRAME = Template(
    """<!doctype html><html lang="$lang"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>$title · $shop</title>
<link rel="icon" href="data:,"><style>$css</style></head><body class="$kind">
<header class="banner">$banner</header><main class="$width">$inner</main></body></html>"""
)
SHOWN_CARDS = (
    ("4242 4242 4242 4242", "card_ok"),
    ("4000 0000 0000 3220", "card_3ds"),
    ("4000 0027 6000 3184", "card_always"),
    ("4000 0000 0000 9995", "card_poor"),
    ("4000 0000 0000 0341", "card_later"),
    ("4000 0000 0000 0002", "card_no"),
)
CARD_FIELDS = (
    ("number", "cc-number", "4242 4242 4242 4242"),
    ("expiry", "cc-exp", "12/34"),
    ("cvc", "cc-csc", "123"),
    ("name", "cc-name", ""),
)
FIELD_OF = {
    "bad_number": "number",
    "bad_expiry": "expiry",
    "bad_cvc": "cvc",
    "incorrect_cvc": "cvc",
}
SIGNS = {"cny": "¥", "hkd": "HK$", "usd": "$"}


def money(amount: int, currency: str) -> str:
    """An amount as a buyer reads it.

    >>> money(123456, "cny")
    '¥1,234.56'
    """
    sign = SIGNS.get(currency, currency.upper() + " ")
    return f"{sign}{amount // 100:,}.{amount % 100:02d}"


class Page:
    """Writes pages in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words = TABLE[language]

    def say(self, key: str, **facts: Any) -> str:
        """A sentence, safe in HTML."""
        told = {"shop": self.words["shop"], **facts}
        return escape(self.words[key].format(**told))

    def frame(self, title: str, inner: str, *, kind: str = "", narrow: bool = False) -> str:
        """A whole page."""
        facts = {"lang": self.words["lang"], "title": self.say(title), "shop": self.say("shop")}
        facts |= {"banner": self.say("banner"), "css": CSS, "kind": kind, "inner": inner}
        return FRAME.substitute(facts, width="narrow" if narrow else "")

    def checkout(self, session: Body, lines: list[Body], form: dict[str, str], problem: str) -> str:
        """The page of an open session."""
        title = "pay_title" if session["mode"] == "payment" else "save_title"
        return self.frame(title, self._summary(session, lines) + self._form(session, form, problem))

    def _summary(self, session: Body, lines: list[Body]) -> str:
        other = "en" if self.language == "zh" else "zh"
        top = f'<p class="top"><span class="shop">{self.say("shop")}</span>'
        top += f'<a href="?lang={other}" lang="{other}">{self.say("other")}</a></p>'
        if session["mode"] == "setup":
            text = f"<h1>{self.say('save_for')}</h1><p>{self.say('save_note')}</p>"
            return f"<section>{top}{text}</section>"
        total = money(session["amount_total"], session["currency"])
        rows = "".join(self._line(line) for line in lines)
        rows += f"<li><b>{self.say('total')}</b><b>{total}</b></li>"
        head = f'<h1>{self.say("pay_to")}</h1><p class="amount">{total}</p>'
        return f'<section>{top}{head}<ul class="lines">{rows}</ul></section>'

    def _line(self, line: Body) -> str:
        many = self.say("each", quantity=line["quantity"])
        amount = money(line["amount_total"], line["currency"])
        name = escape(line["description"])
        return f"<li><span>{name}<small>{many}</small></span><span>{amount}</span></li>"

    def _form(self, session: Body, form: dict[str, str], problem: str) -> str:
        paying = session["mode"] == "payment"
        ways = session["payment_method_types"]
        parts = [self._problem(problem), self._ways(ways, form) if len(ways) > 1 else ""]
        if len(ways) == 1:
            parts.append(f'<input type="hidden" name="way" value="{ways[0]}">')
        if "card" in ways:
            parts.append(self._card_fields(form, problem, required=len(ways) == 1))
        known = (session["customer_details"] or {}).get("email") or form.get("email", "")
        parts.append(self._field("email", "email", "", known, kind="email"))
        amount = money(session["amount_total"], session["currency"]) if paying else ""
        parts.append(f"<button>{self.say('pay' if paying else 'save', amount=amount)}</button>")
        lang, cards = f"?lang={self.language}", self._cards(shown=problem == "bad_number")
        inner = f'<form class="chooses" method="post" action="{lang}">{"".join(parts)}</form>'
        return f'<section class="card">{inner}{self._leave(session, paying)}{cards}</section>'

    def _problem(self, problem: str) -> str:
        return (
            f'<p class="problem" role="alert" id="problem">{self.say(problem)}</p>'
            if problem
            else ""
        )

    def _ways(self, ways: list[str], form: dict[str, str]) -> str:
        chosen = form.get("way", ways[0])
        rows = ""
        for way in ways:
            mark = {"card": "VISA · 银联", "alipay": "支", "wechat_pay": "微"}[way]
            tick = " checked" if way == chosen else ""
            facts = f'name="way" id="way-{way}" value="{way}"{tick}'
            rows += f'<label class="way"><input type="radio" {facts}>'
            rows += (
                f'{self.say(way)}<span class="mark {way}" aria-hidden="true">{mark}</span></label>'
            )
        return f"<fieldset><legend>{self.say('ways')}</legend>{rows}</fieldset>"

    def _card_fields(self, form: dict[str, str], problem: str, *, required: bool) -> str:
        bad = FIELD_OF.get(problem)
        fields = {
            name: self._field(name, auto, hint, form.get(name, ""), bad=name == bad, must=required)
            for name, auto, hint in CARD_FIELDS
        }
        pair = f'<div class="pair">{fields["expiry"]}{fields["cvc"]}</div>'
        return f'<div class="of-card">{fields["number"]}{pair}{fields["name"]}</div>'

    def _field(
        self,
        name: str,
        auto: str,
        hint: str,
        value: str,
        *,
        kind: str = "text",
        bad: bool = False,
        must: bool = False,
    ) -> str:
        digits = ' list="cards"' if name == "number" else ""
        digits += ' inputmode="numeric"' if name in ("number", "expiry", "cvc") else ""
        wrong = ' aria-invalid="true" aria-describedby="problem" autofocus' if bad else ""
        needed = " required" if must and name != "name" else ""
        facts = f'name="{name}" type="{kind}" autocomplete="{auto}" placeholder="{hint}"'
        return (
            f'<label class="field">{self.say(name)}<input {facts} value="{escape(value)}"'
            f"{digits}{wrong}{needed}></label>"
        )

    def _leave(self, session: Body, paying: bool) -> str:
        if not session["cancel_url"]:
            return ""
        url, words = escape(session["cancel_url"]), self.say("back" if paying else "back_save")
        return f'<p class="leave"><a href="{url}">{words}</a></p>'

    def _cards(self, *, shown: bool) -> str:
        rows = "".join(f"<dt>{number}</dt><dd>{self.say(key)}</dd>" for number, key in SHOWN_CARDS)
        listed = "".join(f'<option value="{number}">' for number, _key in SHOWN_CARDS)
        inner = f"<summary>{self.say('test_cards')}</summary><dl>{rows}</dl>"
        opened = " open" if shown else ""
        return f'<datalist id="cards">{listed}</datalist><details{opened}>{inner}</details>'

    def asks(self, intent: Body, method: Body, *, shop_back: str = "") -> str:
        """The bank's or the wallet's question."""
        kind = method["type"]
        amount = money(intent["amount"], intent["currency"]) if "amount" in intent else ""
        if kind == "card":
            title, key = "bank_title", "bank_ask" if amount else "bank_ask_save"
            note = f'<p class="quiet">{self.say("card_ends", last4=method["card"]["last4"])}</p>'
            yes, no = "yes_bank", "no_bank"
        else:
            title, key, yes, no = kind, "wallet_ask", "yes_wallet", "no_wallet"
            code = CODE if kind == "wechat_pay" else ""
            note = f'{code}<p class="quiet">{self.say("scan")}</p>'
        head = f"<h1>{self.say(title)}</h1><p>{self.say(key, amount=amount)}</p>"
        if amount:
            head += f'<p class="amount">{amount}</p>'
        form = f'<form method="post" action="?lang={self.language}">'
        form += f'<button name="answer" value="yes">{self.say(yes)}</button>'
        form += f'<button class="plain" name="answer" value="no">{self.say(no)}</button></form>'
        inner = f'<section class="card">{head}{note}{form}</section>{shop_back}'
        return self.frame(title, inner, kind=f"{kind}-page", narrow=True)

    def says(self, title: str, text: str, *, back: str = "", done: bool = False) -> str:
        """A page that only tells."""
        mark = '<p class="done" aria-hidden="true">✓</p>' if done else ""
        link = f'<p><a href="{escape(back)}">{self.say("to_shop")}</a></p>' if back else ""
        inner = f"{mark}<h1>{self.say(title)}</h1><p>{text}</p>{link}"
        return self.frame(title, f'<section class="card">{inner}</section>', narrow=True)


# A drawing that only looks like a code to scan.
CODE = (
    '<svg class="code" viewBox="0 0 21 21" aria-hidden="true" fill="currentColor"><path d="'
    "M0 0h7v7H0zM1 1v5h5V1zM2 2h3v3H2zM14 0h7v7h-7zM15 1v5h5V1zM16 2h3v3h-3zM0 14h7v7H0z"
    "M1 15v5h5v-5zM2 16h3v3H2zM9 0h2v2H9zM11 3h1v3h-1zM9 5h1v3H9zM0 9h2v1H0zM4 9h3v2H4z"
    "M9 10h3v2H9zM14 9h2v3h-2zM18 9h3v2h-3zM9 14h2v3H9zM13 14h3v2h-3zM18 14h2v2h-2z"
    'M11 18h3v3h-3zM16 18h1v3h-1zM18 19h3v2h-3z" fill-rule="evenodd"/></svg>'
)
