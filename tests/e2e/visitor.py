"""A person with a browser: clicks, reads, and notices English, sideways scroll and strangers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils import translation
from playwright.sync_api import Error, Locator, Page, Request, Response, expect

# Units, codes (a proof shows the last six characters of one) and names that a Chinese page
# rightly carries in Latin letters.
LATIN_ALLOWED = re.compile(
    r"^(kg|g|mL|L|km|cm|PIN|ID|English|GB|T|DB|AQSIQ|MOA|XLSX|CSV|PDF|JPG|PNG|WebP|HEIC|QR|Ctrl|C|"
    r"[A-Z]{2}-[0-9A-Z-]*|[A-Z]{1,2}|S\d+|x|v\d+|[0-9a-f]{6,}|[0-9A-Z]{6})$"
)
PAYING = re.compile(
    r"http://127\.0\.0\.1:\d+/(c|authenticate)/"
)  # the payment company's pages, emulated
SAMPLE_NUMBER = re.compile(r"示例-[0-9A-Z-]+")  # as it stands on the paper of a proof
CHINESE = re.compile(r"[\u3400-\u9fff]+")
# What a page says in its own language: its text and the labels read out, less what a part marked
# with another language says.
READ_PAGE = """() => {
  const own = document.documentElement.lang.slice(0, 2);
  const foreign = [...document.querySelectorAll("[lang]")].filter(
    e => e !== document.documentElement && !e.lang.startsWith(own));
  const hidden = foreign.map(e => [e, e.style.display]);
  hidden.forEach(([e]) => { e.style.display = "none"; });
  const labels = [...document.querySelectorAll("[aria-label],[placeholder],[title],img[alt]")]
    .filter(e => !foreign.some(f => f.contains(e)))
    .flatMap(e => ["aria-label", "placeholder", "title", "alt"].map(a => e.getAttribute(a)));
  const text = document.body.innerText;
  hidden.forEach(([e, was]) => { e.style.display = was; });
  return [text, ...labels.filter(Boolean)].join(" ");
}"""
WORD = re.compile(r"(?<![0-9A-Za-z])[A-Za-z][A-Za-z0-9-]*")


class Visitor:
    """Wraps a page; every page it opens is checked as a reader would."""

    def __init__(self, page: Page, site: str, *, shots: Path, prefix: str = "") -> None:
        self.page = page
        self.site = site
        self.shots = shots
        self.prefix = prefix  # "/en" for somebody who reads English
        self.count = 0
        self.strangers: list[str] = []
        self.broken: list[str] = []
        page.on("request", self._note_request)
        page.on("response", self._note_response)
        page.on("pageerror", self._note_error)

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")) and not PAYING.match(
            request.url
        ):
            self.strangers.append(request.url)

    def _note_response(self, response: Response) -> None:
        if response.status >= 500:
            self.broken.append(f"{response.status} {response.url}")

    def _note_error(self, error: Error) -> None:
        """What a script broke; that the browser gave up fading one page into another is its own."""
        if "ViewTransition" not in str(error):
            self.broken.append(str(error))

    def check_manners(self) -> None:
        """No page called a stranger or broke."""
        assert self.strangers == [], self.strangers
        assert self.broken == [], self.broken

    def open(self, path: str) -> None:
        self.page.goto(self.site + self.prefix + path)
        self.look()

    @contextmanager
    def in_chinese(self) -> Iterator[None]:
        """What happens meanwhile happens on the Chinese pages."""
        was, self.prefix = self.prefix, ""
        yield
        self.prefix = was

    def said(self, sentence: str, **facts: object) -> str:
        """A sentence of the site in the visitor's language, its gaps filled with ``facts``."""
        with translation.override("en" if self.prefix else "zh-hans"):
            return translation.gettext(sentence) % facts if facts else translation.gettext(sentence)

    def pattern(self, sentence: str, **facts: str) -> str:
        """The regular expression of a sentence, in the visitor's language, for the gaps' ones."""
        gaps = {name: f"<{name}>" for name in facts}
        plain = re.escape(self.said(sentence, **gaps))
        for name, fact in facts.items():
            plain = plain.replace(re.escape(f"<{name}>"), fact)
        return plain

    def look(self, name: str = "") -> None:
        """Read the page as it is now: no English, no sideways scroll; keep a photograph."""
        self.page.wait_for_load_state("load")
        self.count += 1
        self.shots.mkdir(parents=True, exist_ok=True)
        file = f"{self.count:02d}{'-' + name if name else ''}.png"
        self.page.screenshot(path=self.shots / file, full_page=True)
        foreign = self.foreign_words()
        assert not foreign, f"{self.page.url} says {foreign}"
        wide = self.sideways()
        assert wide <= 0, f"{self.page.url} scrolls sideways by {wide} px"

    def sideways(self) -> int:
        """Pixels the page can be pushed to the side."""
        found: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return found

    def foreign_words(self) -> list[str]:
        """Words in the language that the page is not in, but for what is marked as such."""
        said = f"{self.page.evaluate(READ_PAGE)} {self.page.title()}"
        if self.page.evaluate("document.documentElement.lang").startswith("en"):
            return CHINESE.findall(SAMPLE_NUMBER.sub(" ", said))
        return [word for word in WORD.findall(said) if not LATIN_ALLOWED.match(word)]

    def press(self, name: str, *, exact: bool = False) -> None:
        """Press the first button or link that says ``name``."""
        self.target(self.said(name), exact=exact).click()
        self.look()

    def target(self, name: str, *, exact: bool = False) -> Locator:
        button = self.page.get_by_role("button", name=name, exact=exact)
        link = self.page.get_by_role("link", name=name, exact=exact)
        return button.or_(link).locator("visible=true").first

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(self.said(label)).first.fill(text)

    def sees(self, text: str) -> None:
        expect(self.page.locator("body")).to_contain_text(self.said(text))

    def text(self) -> str:
        found: str = self.page.evaluate("document.body.innerText")
        return found

    def become(self, role: str) -> None:
        """Sign in as one of the demo's people, by its name on the walk page."""
        self.page.goto(self.site + "/demo/")
        self.page.locator(f"form[action='/demo/sign-in/{role}/'] button").last.click()
        self.page.wait_for_load_state("load")

    def leave(self) -> None:
        """Forget who is signed in."""
        self.page.context.clear_cookies()

    def jump(self, label: str) -> None:
        """Move the demo's day."""
        self.page.goto(self.site + "/demo/")
        self.page.get_by_role("button", name=re.compile(label)).click(timeout=120_000)
        self.page.wait_for_load_state("load")
        self.look("jump")
