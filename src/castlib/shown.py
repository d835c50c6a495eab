"""How results and regions show themselves in a notebook: their values in a table, their frames under it.

Nothing is computed or hidden here: what is shown rounded is whole in the attribute whose name stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from html import escape
from numbers import Integral, Real

# what a result's fields are called on a page; one without a Thai name goes by its own
NAMES = {
    "alpha": "สัมประสิทธิ์แอลฟา",
    "adj_r2": "R² ปรับแล้ว",
    "bartlett_chi2": "Bartlett χ²",
    "bartlett_df": "องศาอิสระของ Bartlett",
    "bartlett_p": "p ของ Bartlett",
    "chi2": "χ²",
    "checks": "การตรวจข้อตกลงเบื้องต้น",
    "chosen": "วิธีที่เลือก",
    "ci": "ช่วงความเชื่อมั่น",
    "clusters": "จำนวนกลุ่ม (อำเภอ)",
    "clusters_for_power": "จำนวนกลุ่มที่ต้องใช้เพื่ออำนาจการทดสอบ",
    "clusters_needed": "จำนวนกลุ่มที่ต้องใช้",
    "cluster_size": "จำนวนคนต่อกลุ่ม",
    "coefficients": "สัมประสิทธิ์",
    "communalities": "ความร่วมกัน (communality)",
    "design_effect": "ผลของแบบแผนการสุ่ม",
    "df": "องศาอิสระ",
    "effect": "ขนาดอิทธิพล",
    "effect_name": "ขนาดอิทธิพลชนิด",
    "effect_size": "ขนาดอิทธิพล",
    "effective_n": "n ประสิทธิผล",
    "errors": "ค่าคลาดเคลื่อนแบบ",
    "f": "F",
    "f_df": "องศาอิสระของ F",
    "f_p": "p ของ F",
    "fit": "ดัชนีความสอดคล้อง",
    "groups": "แต่ละกลุ่ม",
    "heywood": "ข้อที่ความร่วมกันถึงขอบ",
    "icc": "สหสัมพันธ์ภายในชั้น (ICC)",
    "items": "แต่ละข้อ",
    "kmo": "KMO",
    "kmo_items": "KMO ของแต่ละข้อ",
    "loadings": "น้ำหนักองค์ประกอบ",
    "margin": "ความคลาดเคลื่อน",
    "method": "วิธี",
    "n": "n",
    "n_factors": "จำนวนองค์ประกอบ",
    "omega_total": "โอเมกา",
    "p": "p",
    "phi": "สหสัมพันธ์ระหว่างองค์ประกอบ",
    "posthoc": "เปรียบเทียบรายคู่",
    "power": "อำนาจการทดสอบ",
    "r": "r",
    "r2": "R²",
    "resampled": "สุ่มซ้ำจาก",
    "statistic": "ค่าสถิติ",
    "table": "ตาราง",
    "variance": "สัดส่วนความแปรปรวน",
    "why": "เหตุผล",
}
ROWS = 30
LISTED = 6


class Shown:
    """Gives a frozen dataclass of results a short text and a readable page of itself."""

    def __repr__(self) -> str:
        told = [f"{n}={_in_line(n, v)}" for n, v in _values(self)]
        told += [f"{name} {' × '.join(map(str, held.shape))}" for name, held in _held(self)]
        return f"{type(self).__name__}({', '.join(told)})"

    def _repr_html_(self) -> str:
        rows = [(_thai(name), name, text(name, value)) for name, value in _values(self)]
        parts = [table(rows)] if rows else []
        parts += [part for name, held in _held(self) for part in (heading(name), frame(held))]
        return "".join(parts)


def _thai(name: str) -> str:
    """Return the Thai name of a field; an interval goes by what it is the interval of."""
    if name.endswith("_ci"):
        return f"{NAMES['ci']}ของ{NAMES.get(name.removesuffix('_ci'), name.removesuffix('_ci'))}"
    return NAMES.get(name, "")


def _in_line(name: str, value: object) -> str:
    told = text(name, value)
    return f"({told})" if ", " in told and not told.startswith("[") else told


def _values(result: object) -> list[tuple[str, object]]:
    told = [(field.name, getattr(result, field.name)) for field in fields(result)]
    return [(name, value) for name, value in told if not _is_frame(value)]


def _held(result: object) -> list[tuple[str, object]]:
    told = [(field.name, getattr(result, field.name)) for field in fields(result)]
    return [(name, value) for name, value in told if _is_frame(value)]


def _is_frame(value: object) -> bool:
    """Return whether a value is a frame or a series (an empty frame too)."""
    return hasattr(value, "to_frame") or hasattr(value, "to_html")


def text(name: str, value: object) -> str:
    """Return a value as it is read: three decimals, p in APA's form, long lists cut, a pair in brackets.

    >>> text("p", 0.00001), text("alpha_ci", (0.8, 0.9)), text("n", 1234), text("df", None)
    ('< .001', '[0.800, 0.900]', '1,234', '–')
    >>> text("eigenvalues", list(range(25)))
    '0, 1, 2, 3, 4, 5 … (25)'
    """
    if value is None:
        return "–"
    if isinstance(value, str | bool):
        return str(value)
    if isinstance(value, Integral):
        return f"{value:,}"
    if isinstance(value, Real):
        if name == "p" or name.endswith("_p"):
            return "< .001" if value < 0.001 else f"{value:.3f}".removeprefix("0")
        if name.endswith("df") and value == int(value):
            return f"{int(value):,}"
        return f"{value:,.3f}" if value == value else "–"
    if isinstance(value, dict):
        return _listed([f"{key}: {text('', held)}" for key, held in value.items()])
    if getattr(value, "ndim", 1) > 1:
        return " × ".join(map(str, value.shape))
    if isinstance(value, Iterable):
        listed = [text(name.removesuffix("ci"), held) for held in value]
        return f"[{', '.join(listed)}]" if name.endswith("ci") else _listed(listed)
    return str(value)


def _listed(told: list[str]) -> str:
    rest = f" … ({len(told)})" if len(told) > LISTED else ""
    return ", ".join(told[:LISTED]) + rest


def heading(name: str) -> str:
    """Return the heading over a frame: its Thai name and the attribute that it is."""
    return f"<p><b>{escape(NAMES.get(name, name))}</b> <code>{escape(name)}</code></p>"


def table(rows: Iterable[tuple[str, str, str]], header: tuple[str, ...] = ()) -> str:
    """Return rows of a Thai name, the name in code, and a value."""
    left, whole = "text-align:left", "text-align:left;white-space:nowrap"
    head = "".join(f'<th scope="col" style="{left}">{escape(name)}</th>' for name in header)
    body = "".join(
        f'<tr><th scope="row" style="{whole}">{escape(thai)}</th>'
        f'<td style="{left}"><code style="{whole}">{escape(code)}</code></td>'
        f'<td style="{left}">{escape(value)}</td></tr>'
        for thai, code, value in rows
    )
    return (
        f"<table>{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{body}</tbody></table>"
    )


def frame(held: object) -> str:
    """Return a frame or a series as HTML: three decimals, at most 30 rows."""
    whole = held if hasattr(held, "to_html") else held.to_frame()
    if whole.empty:
        return "<p>–</p>"
    return whole.to_html(
        max_rows=ROWS,
        formatters={name: _p for name in whole if str(name) == "p" or str(name).endswith("_p")},
        float_format=lambda value: f"{value:,.3f}",
        na_rep="–",
        border=0,
    )


def _p(value: object) -> str:
    return text("p", value)
