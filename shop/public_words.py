"""Words that everybody will read: freed of what cannot be seen, and of people's numbers.

Text is kept as text and escaped where it is shown, so a script stays a harmless sentence. What is
taken out here is what no eye can check: marks that turn the direction of writing, letters without
width, control characters, piles of accents. What is refused is what would harm its writer or
somebody else: telephone and identity numbers, however they are spaced or spelled.
"""

import re
import unicodedata

JOINER = "\u200d"  # holds a family emoji together
EMOJI_STYLE = "\ufe0f"
BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5"  # letters that look like nothing
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
PILE = re.compile(f"({MARK}{{2}}){MARK}+")
BLANK_LINES = re.compile(r"\n{3,}")
BLANKS = re.compile(r"[^\S\n]+")

SPELLED = str.maketrans("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
APART = r"[\s\-—–_.·•、,，*()（）/|~+]{0,3}"
MOBILE = re.compile(rf"(?<!\d)(?:(?:00)?86{APART})?(1{APART}[3-9](?:{APART}\d){{9}})(?!\d)")
RUNS = re.compile(r"\d+")
# How a mobile number is spaced: 138 0013 8000, 1380 013 8000; else evenly, up to three by three.
SAID_IN = ([3, 4, 4], [4, 3, 4], [4, 4, 3], [3, 3, 5], [3, 2, 6], [3, 8], [5, 6], [6, 5], [7, 4])
LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[\s\-—–)）]{0,2}[2-9]\d{6,7}(?!\d)")
IDENTITY = re.compile(rf"(?<!\d)[1-9](?:{APART}\d){{16}}{APART}[\dXx](?!\d)")


def clean_words(typed: str) -> str:
    """The text without what cannot be seen; what is left reads as it looks.

    >>> clean_words("  好\\u200b吃\\u202e  得很 ")
    '好吃 得很'
    """
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    seen = "".join(char for place, char in enumerate(text) if _is_seen(text, place, char))
    text = PILE.sub(r"\1", unicodedata.normalize("NFC", seen))
    lines = (BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _is_seen(text: str, place: int, char: str) -> bool:
    if char == "\n":
        return True
    if char == JOINER:
        return _is_picture(text[place - 1 : place]) and _is_picture(text[place + 1 : place + 2])
    return unicodedata.category(char) not in UNSEEN and char not in BLANK_LETTERS


def _is_picture(char: str) -> bool:
    return char == EMOJI_STYLE or (char != "" and unicodedata.category(char) in {"So", "Sk"})


def holds_mobile(text: str) -> bool:
    """Whether a telephone number stands in the text, also spelled or spaced out.

    >>> holds_mobile("打我电话 138-0013-8000"), holds_mobile("一三八零零一三八零零零")
    (True, True)
    >>> holds_mobile("2026年8月28日买的，13.5元一斤")
    False
    """
    plain = _figures(text)
    return LANDLINE.search(plain) is not None or any(
        _is_one_number(found.group(1)) for found in MOBILE.finditer(plain)
    )


def holds_identity(text: str) -> bool:
    """Whether an identity number stands in the text.

    >>> holds_identity("身份证11010519491231002X")
    True
    """
    return IDENTITY.search(_figures(text)) is not None


def _figures(text: str) -> str:
    """Full-width and spelled figures as plain ones."""
    return unicodedata.normalize("NFKC", text).translate(SPELLED)


def _is_one_number(found: str) -> bool:
    """Figures as people space a mobile number; a price beside a date is not one."""
    runs = [len(run) for run in RUNS.findall(found)]
    evenly = max(runs) <= 3 and len(set(runs[1:-1])) == 1
    return max(runs) >= 9 or runs in SAID_IN or evenly
