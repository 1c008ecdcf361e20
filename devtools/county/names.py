"""Invented names: people, villages, shops. Nobody and no place is meant."""

import numpy as np

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
GIVEN = "秀云春兰玉芳建国志强小梅桂花永红文军海燕雪琴德福平安守义来喜长河丰收明远向阳立新"
VILLAGE_HEADS = "柳石枣槐泉岭沟坪湾松青红白云龙凤金银高下上前"
VILLAGE_TAILS = ["家坪", "沟", "坝里", "湾", "岭上", "河口", "台子", "梁", "院", "崖下"]
TOWNSHIP_HEADS = ["云岭", "青崖", "柳河", "石泉", "松坪", "红沟", "金坝", "雪山", "月湾", "桑园"]
SHOP_TAILS = ["山货铺", "土产店", "乡味", "农家小店", "好物铺"]
RELATIONS = ["户主", "配偶", "子女", "父母", "孙辈", "子女"]


def person(rng: np.random.Generator) -> str:
    """A made-up name of two or three characters."""
    given = "".join(GIVEN[i] for i in rng.choice(len(GIVEN), size=int(rng.integers(1, 3))))
    return SURNAMES[int(rng.integers(len(SURNAMES)))] + given


def village(index: int) -> str:
    """A made-up village name, different for each index below 220."""
    head = VILLAGE_HEADS[index % len(VILLAGE_HEADS)]
    return head + VILLAGE_TAILS[(index // len(VILLAGE_HEADS) + index) % len(VILLAGE_TAILS)] + "村"


def township(index: int) -> str:
    """A made-up township name."""
    round_, place = divmod(index, len(TOWNSHIP_HEADS))
    return TOWNSHIP_HEADS[place] + ("" if round_ == 0 else "东西南北"[round_ % 4]) + "镇"


def mobile(number: int) -> str:
    """A number of the unassigned 199-0000 block, for invented people."""
    return f"1990000{number:04d}" if number < 10_000 else f"199{number:08d}"
