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
