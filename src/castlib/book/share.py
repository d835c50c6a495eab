"""One executed notebook as one HTML file, to be sent by e-mail.

nbconvert makes it with a template of ours (mail/): pictures, styles and the letters of the font that it uses
are inside, code is folded, tables and figures have their numbers of the book, and the page asks nothing of
any host.
"""

import base64
import io
import re
import unicodedata
from pathlib import Path

from castlib import paths, protocol, regions, store
from castlib.book.assemble import PARAMETERS, prefix
from castlib.book.shown import Shown
from castlib.errors import CastError

NOTICE = "ข้อมูลจำลอง: ตัวเลขและข้อความในหน้านี้สร้างขึ้นเพื่อทดสอบระบบ ไม่ใช่ผลการศึกษาจริง"

FONTS = {"Regular": 400, "Bold": 700}
# nbconvert parses the page once more; letters come in when it is done
PLACE_OF_FONTS = "/* fonts */"

_BESIDE = re.compile(r' <a class="cast-csv.*?</a>', re.DOTALL)
_PICTURE = re.compile(r'src="\.\./figures/([^"]+)" loading="lazy"')


def share(region: str, phase: str) -> Path:
    """Write build/share/<region>-<phase>.html from an executed notebook, and return where it is.

    Raises
    ------
    CastError
        The notebook was not made, failed, or is out of date.
    Leaking
        Something in the page identifies a person; the page is deleted.
    """
    from castlib.privacy import gate

    gate.ready()
    _refuse_what_is_out_of_date(region, phase)
    file = paths.build() / "share" / f"{region}-{phase}.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new.html")
    fresh.write_text(page(region, phase), encoding="utf-8")
    try:
        gate.check(file.parent)
    except CastError:
        fresh.unlink()
        raise
    return fresh.replace(file)


def page(region: str, phase: str) -> str:
    """Return an executed notebook as an HTML page that needs nothing beside it."""
    import nbformat
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    notebook = nbformat.read(paths.executed() / region / f"{phase}.ipynb", as_version=4)
    _lay_out(notebook, Shown(region, phase, prefix(region, phase)))
    settings = Config()
    settings.TagRemovePreprocessor.enabled = True
    settings.TagRemovePreprocessor.remove_cell_tags = PARAMETERS
    settings.TagRemovePreprocessor.remove_input_tags = {"remove-input"}
    settings.HTMLExporter.preprocessors = ["nbconvert.preprocessors.TagRemovePreprocessor"]
    exporter = HTMLExporter(
        config=settings,
        template_name="mail",
        extra_template_basedirs=[str(Path(__file__).parent)],
        exclude_anchor_links=True,
    )
    about = {
        "title": _title(notebook),
        "region": regions.label(region),
        "source": protocol.load().organisation["th"],
        "notice": NOTICE if store.synthetic() else "",
    }
    body, _ = exporter.from_notebook_node(notebook, resources={"mail": about})
    faces = "".join(_face(style, weight, body) for style, weight in FONTS.items())
    return body.replace(PLACE_OF_FONTS, faces)


def _face(style: str, weight: int, text: str) -> str:
    """Return a style sheet's rule that carries Sarabun's letters for a text."""
    import fontpkg_sarabun
    from fontTools import subset, ttLib

    file = Path(fontpkg_sarabun.ROOT) / "files" / f"Sarabun-{style}.ttf"
    font = ttLib.TTFont(file, recalcTimestamp=False)
    cutter = subset.Subsetter(subset.Options(layout_features=["*"]))
    # a browser draws ำ as its two parts
    cutter.populate(text=text + unicodedata.normalize("NFKD", text))
    cutter.subset(font)
    font.flavor = "woff"
    content = io.BytesIO()
    font.save(content)
    data = base64.b64encode(content.getvalue()).decode()
    return (
        f"@font-face {{ font-family: Sarabun; font-weight: {weight}; "
        f'src: url("data:font/woff;base64,{data}") format("woff"); }}\n'
    )


def _refuse_what_is_out_of_date(region: str, phase: str) -> None:
    from castlib.run import plan

    [(_, _, current, why)] = plan.status([region], [phase])
    if not current or why:
        raise CastError(
            f"ยังส่ง {region}/{phase} ไม่ได้ เพราะโน้ตบุ๊กไม่เป็นปัจจุบัน ({why}) "
            f"ใช้คำสั่ง cast run --region {region} --phase {phase} แล้วสั่งอีกครั้ง"
        )


def _lay_out(notebook: dict, shown: Shown) -> None:
    """Number a notebook's tables and figures as the book does, in place; pictures stay inside."""

    def inside(found: re.Match) -> str:
        picture = base64.b64encode(shown.files[f"figures/{found[1]}"]).decode()
        return f'src="data:image/png;base64,{picture}"'

    for cell in notebook["cells"]:
        for data in (output.get("data", {}) for output in cell.get("outputs", [])):
            if "text/html" in data:
                ready = shown.ready("".join(data["text/html"]))
                data["text/html"] = _PICTURE.sub(inside, _BESIDE.sub("", ready))


def _title(notebook: dict) -> str:
    lines = notebook["cells"][0]["source"].splitlines()
    return next(line[2:].strip() for line in lines if line.startswith("# "))
