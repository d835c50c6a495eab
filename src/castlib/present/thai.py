"""Numbers, intervals and lists as Thai pages write them."""

import math
from collections.abc import Sequence
from datetime import date

from castlib import lazy

MISSING = "–"


def number(value: float | int | None, decimals: int = 2) -> str:
    """Return a number with thousands separated, and a dash for a missing one.

    >>> number(1234.5), number(float("nan"))
    ('1,234.50', '–')
    """
    if value is None or value != value:
        return MISSING
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text


def interval(low: float, high: float, decimals: int = 2) -> str:
    """Return a confidence interval in square brackets.

    >>> interval(3.512, 3.987)
    '[3.51, 3.99]'
    """
    if math.isnan(low) or math.isnan(high):
        return MISSING
    return f"[{number(low, decimals)}, {number(high, decimals)}]"


def p_value(p: float) -> str:
    """Return a p value in APA form, with its sign.

    >>> p_value(0.0432), p_value(0.00001), p_value(1.0)
    ('= .043', '< .001', '> .999')
    """
    if math.isnan(p):
        return MISSING
    if p < 0.001:
        return "< .001"
    if p > 0.999:
        return "> .999"
    return "= " + f"{p:.3f}".removeprefix("0")


def percent(part: float, whole: float, decimals: int = 1) -> str:
    """Return a share as a percentage, and a dash where there is no whole.

    >>> percent(3, 8)
    '37.5'
    """
    return number(100 * part / whole, decimals) if whole else MISSING


def listed(items: Sequence[str]) -> str:
    """Return items as a Thai list.

    >>> listed(["ก", "ข", "ค"])
    'ก ข และค'
    """
    if len(items) < 2:
        return "".join(items)
    return " ".join(items[:-1]) + " และ" + items[-1]


def month(day: date) -> str:
    """Return a short Thai month and Buddhist year.

    >>> month(date(2022, 11, 1))
    'พ.ย. 65'
    """
    short = "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.".split()
    return f"{short[day.month - 1]} {(day.year + 543) % 100}"


__getattr__, __dir__ = lazy.offered(__name__)
