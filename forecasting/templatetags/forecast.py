"""Amounts of the demand page: one unit for the whole page, no more places than are known."""

from django import template

from forecasting.selectors.finding import TONNE_G

register = template.Library()


@register.filter
def in_unit(weight_g: int, unit_g: int) -> str:
    """Grams in the page's unit: tonnes with one place, kilograms whole.

    >>> in_unit(1_234_000, 1_000_000), in_unit(1_234_000, 1_000)
    ('1.2', '1,234')
    """
    return f"{weight_g / unit_g:,.{1 if unit_g == TONNE_G else 0}f}"


@register.filter
def change_in(weight_g: int, unit_g: int) -> str:
    """A difference with its sign: ``+1.2``, ``−0.3``; nothing worth saying is ``0``.

    >>> change_in(1_234_000, 1_000_000), change_in(-300_000, 1_000_000), change_in(10, 1_000)
    ('+1.2', '−0.3', '0')
    """
    said = in_unit(abs(weight_g), unit_g)
    if not any(digit in said for digit in "123456789"):
        return "0"
    return f"{'+' if weight_g > 0 else '−'}{said}"
