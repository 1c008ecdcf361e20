"""Chinese place names in Latin letters: the name by its sound, the kind of place in English.

``武都区`` is Wudu District, ``成县`` Cheng County, ``柳家坪村`` Liujiaping Village. A machine reads
most names right; those it does not, as people there say them, stand in ``READINGS``.
"""

import re
from functools import cache

# What ends a name, longest first, and its English.
KINDS = {
    "特别行政区": "",
    "维吾尔自治区": "",
    "自治区": "",
    "社区居民委员会": "Community",
    "社区居委会": "Community",
    "居民委员会": "Community",
    "村民委员会": "Village",
    "居委会": "Community",
    "村委会": "Village",
    "自治州": "Prefecture",
    "自治县": "County",
    "自治旗": "Banner",
    "地区": "Prefecture",
    "林区": "Forestry District",
    "街道": "Subdistrict",
    "民族乡": "Township",
    "社区": "Community",
    "省": "",
    "盟": "League",
    "市": "",
    "经济技术开发区": "Development Zone",
    "经济开发区": "Development Zone",
    "开发区": "Development Zone",
    "新区": "New Area",
    "市辖区": "Urban districts",
    "区": "District",
    "县": "County",
    "旗": "Banner",
    "镇": "Town",
    "乡": "Township",
    "村": "Village",
}
# What stands behind a place's name when it is a shop, a station or a cooperative.
ORGANISATIONS = {
    "农民专业合作社": "Farmers' Cooperative",
    "山货合作社": "Mountain Goods Cooperative",
    "合作社": "Cooperative",
    "收购站": "Collection Station",
    "站": "Station",
    "外运仓": "Metropolitan Hub",
    "县级仓": "County Hub",
    "仓": "Hub",
    "计划区": "Planning Area",
    "山货铺": "Mountain Goods",
    "农家小店": "Farm Shop",
    "土产店": "Local Produce",
    "好物铺": "Fine Goods",
    "乡味": "Country Flavours",
    "村店": "Village Shop",
    "店": "Shop",
    "铺": "Shop",
}
NUMBERED = re.compile(r"(\d+)号$")
READINGS = {
    "武都": "Wudu",
    "宕昌": "Tanchang",
    "东乡族": "Dongxiang",
    "西和": "Xihe",
    "佛崖": "Foya",
    "柏林": "Bailin",
    "内蒙古": "Inner Mongolia",
    "西藏": "Tibet",
    "香港": "Hong Kong",
    "澳门": "Macao",
    "陕西": "Shaanxi",
    "台湾": "Taiwan",
    "哈尔滨": "Harbin",
    "呼和浩特": "Hohhot",
    "乌鲁木齐": "Urumqi",
    "拉萨": "Lhasa",
    "齐齐哈尔": "Qiqihar",
    "鄂尔多斯": "Ordos",
    "喀什": "Kashgar",
}
# The peoples an autonomous place is named after; maps leave them out.
PEOPLES = (
    "回|藏|羌|彝|苗|侗|壮|瑶|土家|布依|傣|景颇|白|傈僳|哈尼|蒙古|朝鲜|维吾尔|哈萨克|柯尔克孜|撒拉|保安|东乡"
    "|裕固|土|满|黎|畲|仡佬|水|仫佬|毛南|各|纳西|怒|独龙|普米|拉祜|佤|布朗|锡伯|塔吉克|达斡尔|鄂温克|鄂伦春"
)
OF_PEOPLES = re.compile(rf"(?<=..)(?:(?:{PEOPLES})族|蒙古|哈萨克|柯尔克孜)+$")
VOWELS = ("a", "e", "o")


@cache
def place_in_latin(chinese: str) -> str:
    """A place's name as English maps write it; what is not Chinese stays as it is.

    >>> place_in_latin("武都区"), place_in_latin("成县"), place_in_latin("西安市")
    ('Wudu District', 'Cheng County', "Xi'an")
    >>> place_in_latin("柳家坪村"), place_in_latin("云岭镇站")
    ('Liujiaping Village', 'Yunling Town Station')
    """
    if chinese.isascii():
        return chinese
    if number := NUMBERED.search(chinese):
        return f"{place_in_latin(chinese[: number.start()])} No. {number[1]}"
    for ending, kind in ORGANISATIONS.items():
        place = chinese.removesuffix(ending)
        if place not in (chinese, ""):
            return f"{place_in_latin(place)} {kind}"
    name, kind = _parted(chinese)
    return " ".join(part for part in (_sounded(name), kind) if part)


def _parted(chinese: str) -> tuple[str, str]:
    for ending, kind in KINDS.items():
        if chinese == ending and len(ending) > 2:
            return "", kind
        name = chinese.removesuffix(ending)
        if name not in (chinese, ""):
            return OF_PEOPLES.sub("", name), kind
    return chinese, ""


def _sounded(name: str) -> str:
    if not name:
        return ""
    if name in READINGS:
        return READINGS[name]
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(name)
    joined = "".join(
        f"'{syllable}" if n and syllable.startswith(VOWELS) else syllable
        for n, syllable in enumerate(syllables)
    )
    return joined[:1].upper() + joined[1:]
