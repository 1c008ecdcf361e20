"""What the demo prints: where to click, and who can sign in."""

import os
from dataclasses import dataclass

from core.words import local

PASSWORD = "longnan2026"  # noqa: S105  # of invented people on loopback
PIN = "246810"


@dataclass(frozen=True)
class Person:
    """A demo sign-in."""

    key: str
    role_zh: str
    role_en: str
    name: str
    sign_in: str
    secret: str

    @property
    def role(self) -> str:
        """What the person is, in the reader's language."""
        return local(self.role_zh, self.role_en)


PEOPLE = [
    Person("consumer", "顾客", "consumer", "林小满", "19900000001", PASSWORD),
    Person("shop_operator", "店主", "shop operator", "赵桂花", "19900000002", PASSWORD),
    Person("planner", "合作社计划员", "planner", "孙长河", "19900000003", PASSWORD),
    Person("approver", "合作社审批人", "approver", "李守义", "19900000004", PASSWORD),
    Person("station_keeper", "站点管理员", "station keeper", "周来喜", "19900000005", PASSWORD),
    Person("household", "种植户", "household (card, PIN)", "", "HH-000001", PIN),
    Person("official", "主管干部", "official", "秦建国", "19900000006", PASSWORD),
    Person("editor", "编辑", "editor", "陶玉芳", "19900000007", PASSWORD),
    Person("auditor", "审计", "auditor", "许向阳", "19900000008", PASSWORD),
]


def person(key: str) -> Person:
    """The demo sign-in of a role."""
    return next(someone for someone in PEOPLE if someone.key == key)


def where_to_click(port: int) -> str:
    """The addresses to open first."""
    base = f"http://127.0.0.1:{port}"
    provider = os.environ.get("STRIPE_API_BASE")
    books = (
        f"  {provider}/  演练的支付方自己的账（付款卡号 4242 4242 4242 4242）\n" if provider else ""
    )
    return (
        f"\n山货已经开门：{base}/\n"
        f"  {base}/demo/      跟着走一圈，能把日子往前拨\n"
        f"  {base}/calendar/  采收日历\n"
        f"  {base}/presale/   预售\n"
        f"  {base}/sign-in/   登录\n"
        f"  {base}/demo/messages/  短信收件箱（验证码在这里）\n" + books
    )


def sign_in_table() -> str:
    """Who can sign in and how, one line each."""
    lines = [f"  {p.sign_in:<12} {p.secret:<12} {p.role_zh}" for p in PEOPLE]
    return "登录（手机号或卡号、密码或 PIN）：\n" + "\n".join(lines) + "\n按 Ctrl-C 停止。\n"
