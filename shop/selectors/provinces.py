"""Names of provinces by the first two digits of GB/T 2260."""

from shop.models import ZoneProvince


def province_name(code: str) -> str:
    """``甘肃省`` for ``62``; empty when it is not known."""
    if not code:
        return ""
    found = ZoneProvince.objects.filter(province_code=code).values_list("name_zh", flat=True)
    return found.first() or ""
