"""What a reader of screens, a key-only visitor or somebody with weak eyes would stumble over."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
_axe = Axe()


def violations(page: Page) -> list[str]:
    """One line for every rule broken and place: rule, element, why."""
    found = _axe.run(page, options=OPTIONS).response["violations"]
    return [
        f"{rule['id']}: {' '.join(node['target'][0].split())[:120]} | {_why(node)}"
        for rule in found
        for node in rule["nodes"]
    ]


def _why(node: dict[str, object]) -> str:
    return " ".join(str(node.get("failureSummary", "")).split())[:200]
