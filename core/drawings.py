"""Which drawing, lit ground and hill colour belong to a crop; each crop has its own drawing."""

from dataclasses import dataclass

FALLBACK = "shan"

# Drawing by crop key; the file is static/img/produce/<drawing>.svg.
DRAWINGS: dict[str, str] = {
    "huajiao_dahongpao": "huajiao_gan",
    "huajiao_fresh": "huajiao",
    "olive_fresh": "ganlan",
    "olive_oil": "ganlanyou",
    "walnut_dry": "hetao",
    "walnut_fresh": "xianhetao",
    "walnut_kernel": "hetaoren",
    "ginkgo_nut": "yinxing",
    "langya_honey": "langyami",
    "mountain_honey": "fengmi",
    "cliff_honey": "yami",
    "herb_honey": "miguan",
    "apple_delicious": "pingguo",
    "apple_fuji": "fushi",
    "sweet_cherry": "yingtao",
    "cherry_native": "xiaoyingtao",
    "green_tea": "cha",
    "codonopsis": "dangshen",
    "hedysarum": "hongqi",
    "angelica": "danggui",
    "astragalus": "huangqi",
    "rhubarb": "dahuang",
    "pinellia": "banxia",
    "gastrodia": "tianma",
    "bupleurum": "chaihu",
    "black_fungus": "muer",
    "shiitake": "ganxianggu",
    "shiitake_fresh": "xianggu",
    "morel": "yangdujun",
    "morel_dry": "ganyangdujun",
    "potato": "yangyu",
    "potato_noodle": "fentiao",
    "aralia_shoot": "wulongtou",
    "garlic_purple": "dasuan",
    "persimmon": "shizi",
    "persimmon_dried": "shibing",
    "kiwifruit": "mihoutao",
    "peach": "tao",
    "bapan_pear": "li",
    "chestnut": "banli",
    "egg": "jidan",
    "chicken": "ji",
    "cured_pork": "larou",
    "tartary_buckwheat": "kuqiao",
    "broad_bean": "candou",
    "soybean": "huangdou",
    "rapeseed_oil": "caiziyou",
    "chili_dried": "lajiao",
    "chili_sauce": "lajiaojiang",
    "dried_cowpea": "doujiao",
    "fern_dried": "juecai",
    "schisandra": "wuweizi",
    "cornus": "shanzhuyu",
    "eucommia": "duzhong",
    "polyporus": "zhuling",
    "apricot_kernel": "xingren",
    "citrus": "ganju",
    "blueberry": "lanmei",
}


@dataclass(frozen=True)
class Ground:
    """The lit paper a drawing lies on and the colour of its crop's hill, as CSS classes."""

    lit: str
    hue: str


GROUNDS: dict[str, Ground] = {
    "huajiao": Ground("red", "f-pepper"),
    "huajiao_gan": Ground("red", "f-pepper"),
    "ganlan": Ground("oil", "f-olive"),
    "ganlanyou": Ground("oil", "f-olive"),
    "hetao": Ground("nut", "f-nut"),
    "xianhetao": Ground("leaf", "f-nut"),
    "hetaoren": Ground("nut", "f-nut"),
    "yinxing": Ground("gold", "f-honey"),
    "fengmi": Ground("gold", "f-honey"),
    "miguan": Ground("gold", "f-honey"),
    "langyami": Ground("leaf", "f-honey"),
    "yami": Ground("gold", "f-honey"),
    "pingguo": Ground("red", "f-apple"),
    "fushi": Ground("leaf", "f-apple"),
    "yingtao": Ground("red", "f-cherry"),
    "xiaoyingtao": Ground("leaf", "f-cherry"),
    "cha": Ground("leaf", "f-tea"),
    "dangshen": Ground("root", "f-root"),
    "hongqi": Ground("root", "f-root"),
    "danggui": Ground("root", "f-root"),
    "huangqi": Ground("root", "f-root"),
    "dahuang": Ground("root", "f-root"),
    "banxia": Ground("root", "f-root"),
    "tianma": Ground("root", "f-root"),
    "chaihu": Ground("root", "f-root"),
    "muer": Ground("nut", "f-fungus"),
    "xianggu": Ground("nut", "f-fungus"),
    "ganxianggu": Ground("gold", "f-fungus"),
    "yangdujun": Ground("nut", "f-fungus"),
    "ganyangdujun": Ground("root", "f-fungus"),
    "yangyu": Ground("nut", "f-farm"),
    "fentiao": Ground("oil", "f-farm"),
    "wulongtou": Ground("leaf", "f-tea"),
    "dasuan": Ground("root", "f-berry"),
    "shizi": Ground("gold", "f-apple"),
    "shibing": Ground("red", "f-apple"),
    "mihoutao": Ground("leaf", "f-tea"),
    "tao": Ground("red", "f-peach"),
    "li": Ground("oil", "f-olive"),
    "banli": Ground("nut", "f-nut"),
    "jidan": Ground("nut", "f-farm"),
    "ji": Ground("gold", "f-farm"),
    "larou": Ground("red", "f-farm"),
    "kuqiao": Ground("oil", "f-grain"),
    "candou": Ground("leaf", "f-grain"),
    "huangdou": Ground("gold", "f-grain"),
    "caiziyou": Ground("gold", "f-grain"),
    "lajiao": Ground("red", "f-pepper"),
    "lajiaojiang": Ground("red", "f-pepper"),
    "doujiao": Ground("leaf", "f-tea"),
    "juecai": Ground("leaf", "f-tea"),
    "wuweizi": Ground("red", "f-cherry"),
    "shanzhuyu": Ground("red", "f-cherry"),
    "duzhong": Ground("root", "f-root"),
    "zhuling": Ground("root", "f-fungus"),
    "xingren": Ground("nut", "f-nut"),
    "ganju": Ground("gold", "f-honey"),
    "lanmei": Ground("oil", "f-berry"),
    FALLBACK: Ground("nut", "f-tea"),
}


# Colour of a crop's blossom by drawing, as a CSS class; white when not said.
BLOSSOMS: dict[str, str] = {
    "tao": "rose",
    "pingguo": "rose",
    "fushi": "rose",
    "xiaoyingtao": "rose",
    "xingren": "rose",
    "candou": "iris",
    "huangdou": "iris",
    "doujiao": "iris",
    "chaihu": "gold",
    "yangyu": "iris",
    "dasuan": "iris",
    "tianma": "gold",
    "caiziyou": "gold",
    "shanzhuyu": "gold",
    "hongqi": "gold",
    "huangqi": "gold",
    "mihoutao": "cream",
    "shizi": "cream",
    "shibing": "cream",
    "banli": "cream",
    "huajiao": "cream",
    "huajiao_gan": "cream",
    "hetao": "leaf",
    "xianhetao": "leaf",
    "hetaoren": "leaf",
    "yinxing": "leaf",
    "dangshen": "leaf",
    "banxia": "leaf",
    "duzhong": "leaf",
    "ganlan": "cream",
    "ganlanyou": "cream",
    "dahuang": "rose",
}
# What never flowers waits in the mist instead.
FLOWERLESS = frozenset(
    {
        "muer",
        "xianggu",
        "ganxianggu",
        "yangdujun",
        "ganyangdujun",
        "zhuling",
        "juecai",
        "jidan",
        "ji",
        "larou",
        FALLBACK,
    }
)


def blossom_of(crop_key: str) -> str:
    """The colour of a crop's blossom; ``mist`` for what has none.

    >>> blossom_of("peach"), blossom_of("egg"), blossom_of("sweet_cherry")
    ('rose', 'mist', 'white')
    """
    name = drawing_name(crop_key)
    return "mist" if name in FLOWERLESS else BLOSSOMS.get(name, "white")


def drawing_name(crop_key: str) -> str:
    """The drawing of a crop; the mountain when the crop is not known.

    >>> drawing_name("walnut_dry")
    'hetao'
    """
    return DRAWINGS.get(crop_key, FALLBACK)


def drawing_for(crop_key: str) -> str:
    """The static path of a crop's drawing.

    >>> drawing_for("walnut_dry")
    'img/produce/hetao.svg'
    """
    return f"img/produce/{drawing_name(crop_key)}.svg"


def ground_for(crop_key: str) -> Ground:
    """The lit ground and hill colour of a crop.

    >>> ground_for("walnut_dry").lit
    'nut'
    """
    return GROUNDS[drawing_name(crop_key)]
