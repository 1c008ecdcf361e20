"""Reading an address as people send it to each other: one lump of text in any order.

What is understood goes to its field, everything else stays in the street line as it was written, so
nothing is lost; the person sees all of it before anything is sent.
"""

import re
from dataclasses import dataclass

from shop.place_search import Found, find_place

MOST_CHARACTERS = 400
_FULL_WIDTH = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: " "}
# Full-width commas and brackets are good Chinese; only letters, figures, plus and dash change.
_PLAIN = {code: text for code, text in _FULL_WIDTH.items() if chr(code) not in "，：；！？（）"}
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MOBILE = re.compile(
    r"(?<![\d*])(?:\(?(?:\+\s?|00)?86\)?[\s-]?)?(1[3-9]\d[\s-]?\d{4}[\s-]?\d{4})(?![\d*])"
)
_LABEL = re.compile(
    r"(?P<name>收货人|收件人|联系人|姓名|名字)\s*[:：]\s*"
    r"|(?:联系电话|联系方式|手机号码|手机号|手机|电话|所在地区|省市区|地区|详细地址|收货地址|收件地址|地址)\s*[:：]\s*"
)
_EDGE = " \t\n,，;；、|/。."
_BREAK = re.compile(r"[\n,，;；、|/。]+|(?<![A-Za-z.'])\s+|\s+(?![A-Za-z])")
_TAKER = re.compile(r"[(（]?收[)）]?$")
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{1,10}(?:[·•][\u3400-\u9fff]{1,10})+")
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z.'\- ]{1,38}")
_LATIN_PLACE = re.compile(
    r"^.*\b(?:road|rd|street|avenue|ave|lane|tower|building|room|floor|unit|block|district)\b\.?\s*",
    re.IGNORECASE,
)
_POLITE = re.compile(r"[\u3400-\u9fff]{1,3}(?:先生|女士|小姐|老师|师傅|阿姨|大姐|大哥)")
_PLACE_END = re.compile(r"[路街巷弄号室楼栋幢层村镇乡县区市省屯组队局厂店站社]$")
_MAYBE_PLACE_END = re.compile(
    r"[道座庄湾沟坡坪河山寺庙坝园苑府城院场校所部门口桥州家房旁边里内外]$"
)
# The name that closes a street line without a break: 人民路1号张三.
_TAIL = re.compile(
    r"(?<=[号室楼栋幢座户层元铺\d])(?![号室楼栋幢座户层元单组弄米])([\u3400-\u9fff]{2,4})$"
)
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪"
    "严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴"
    "席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄"
    "盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应"
    "台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺闫肖付"
)
_COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "夏侯",
    "司徒",
)


@dataclass(frozen=True)
class Pasted:
    """What was read; a field is empty when the text does not say it."""

    name: str = ""
    mobile: str = ""
    province_code: str = ""
    city_code: str = ""
    county_code: str = ""
    address: str = ""
    could_be: tuple[str, ...] = ()


def plain_text(text: str) -> str:
    """Full-width figures and letters made plain, characters nobody sees taken out."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_PLAIN)


def read_pasted(text: str) -> Pasted:
    """Read a lump of text into the fields of an address.

    >>> read_pasted("张三 13800138000 甘肃省陇南市武都区城关镇人民路1号").address
    '城关镇人民路1号'
    """
    text = plain_text(text)[:MOST_CHARACTERS].strip(_EDGE)
    mobile = _MOBILE.search(text)
    place = _place_outside(text, mobile)
    pieces = _pieces(text, _cuts(text, mobile, place))
    name = _name_in(pieces)
    street = " ".join(filter(None, (piece.text.strip(_EDGE) for piece in pieces)))
    return Pasted(
        name=name,
        mobile=re.sub(r"\D", "", mobile[1]) if mobile else "",
        province_code=place.province_code if place else "",
        city_code=place.city_code if place else "",
        county_code=place.county_code if place else "",
        address=re.sub(r"\s*\n\s*|[ \t]{2,}", " ", street),
        could_be=place.could_be if place else (),
    )


def _place_outside(text: str, mobile: re.Match[str] | None) -> Found | None:
    """The place, looked for with the mobile number and the labels blotted out."""
    blot = text
    for found in [*([mobile] if mobile else []), *_LABEL.finditer(text)]:
        blot = blot[: found.start()] + "\n" * (found.end() - found.start()) + blot[found.end() :]
    return find_place(blot)


@dataclass
class _Piece:
    """A run of text between what was understood; the edges say what it stands beside."""

    text: str
    labelled: bool = False
    by_mobile: bool = False
    after_place: bool = False
    is_last: bool = False


@dataclass(frozen=True)
class _Cut:
    start: int
    end: int
    kind: str


def _cuts(text: str, mobile: re.Match[str] | None, place: Found | None) -> list[_Cut]:
    cuts = [
        _Cut(label.start(), label.end(), "name" if label["name"] else "label")
        for label in _LABEL.finditer(text)
    ]
    if mobile:
        cuts.append(_Cut(mobile.start(), mobile.end(), "mobile"))
    if place:
        cuts.append(_Cut(place.start, place.end, "place"))
    return sorted(cuts, key=lambda cut: cut.start)


def _pieces(text: str, cuts: list[_Cut]) -> list[_Piece]:
    """The text between the cuts; a place written over two lines may hold a label."""
    pieces, at, before = [], 0, ""
    for cut in [*cuts, _Cut(len(text), len(text), "")]:
        if cut.start >= at:
            piece = _Piece(text[at : cut.start], labelled=before == "name")
            piece.by_mobile = "mobile" in (before, cut.kind)
            piece.after_place = before == "place"
            piece.is_last = not cut.kind
            pieces.append(piece)
            before = cut.kind
        at = max(at, cut.end)
    return pieces


def _name_in(pieces: list[_Piece]) -> str:
    """The likeliest name; it is taken out of its piece."""
    best: tuple[int, _Piece, str] | None = None
    for piece in pieces:
        for rank, words in _candidates(piece):
            if best is None or rank > best[0]:
                best = (rank, piece, words)
    if best is None:
        return ""
    _rank, piece, words = best
    head, _found, tail = (
        piece.text.rpartition(words)
        if piece.text.strip(_EDGE).endswith(words)
        else piece.text.partition(words)
    )
    piece.text = f"{head.rstrip(_EDGE)} {tail.lstrip(_EDGE)}"
    return _TAKER.sub("", words).strip()


def _candidates(piece: _Piece) -> list[tuple[int, str]]:
    runs = [run for run in _BREAK.split(piece.text.strip(_EDGE)) if run.strip(_EDGE)]
    parts = [_LATIN_PLACE.sub("", run) for run in runs]
    glued = piece.after_place and not piece.by_mobile and piece.text[:1] not in _EDGE
    found = [
        (_rank(part, piece, place, len(parts)), part)
        for place, part in enumerate(parts)
        if _is_name(part, sure=piece.labelled and place == 0) and not (glued and place == 0)
    ]
    may_close = piece.by_mobile or piece.is_last
    last = _TAIL.search(parts[-1]) if parts and may_close else None
    if last and _has_surname(last[1]) and not _PLACE_END.search(last[1]):
        found.append((2, last[1]))
    return found


def _rank(part: str, piece: _Piece, place: int, parts: int) -> int:
    if piece.labelled and place == 0:
        return 9
    rank = 2 if _has_surname(part) or _POLITE.fullmatch(part) or part.isascii() else 0
    rank += 2 if piece.by_mobile and place in (0, parts - 1) else 0
    return rank + (0 if piece.after_place and place == 0 else 1)


def _is_name(part: str, *, sure: bool) -> bool:
    bare = _TAKER.sub("", part).strip()
    if _LATIN_NAME.fullmatch(bare) or _POLITE.fullmatch(bare):
        return True
    if not _HAN_NAME.fullmatch(bare):
        return False
    if sure or "·" in bare:
        return True
    return not _PLACE_END.search(bare) and (_has_surname(bare) or not _MAYBE_PLACE_END.search(bare))


def _has_surname(words: str) -> bool:
    if words.startswith(_COMPOUND):
        return 3 <= len(words) <= 4
    return words[0] in _SURNAMES and len(words) <= 3
