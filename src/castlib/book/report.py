"""The book on paper: one PDF and one Word file, and one of each for every cluster.

Both are made from the built pages, so paper and screen say the same. Pandoc turns the articles into
Typst and into Word; a document is made again only when its pages or its form changed.
"""

import hashlib
import importlib.metadata
import json
import os
import re
import subprocess
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

from castlib import paths, protocol, store
from castlib.book import article, breaks, textlayer, word
from castlib.book.assemble import Report
from castlib.book.site import html
from castlib.errors import CastError
from castlib.text import words

NOTICE = "ข้อมูลจำลอง"
TOOLS = ("fontpkg-sarabun", "fonttools", "lxml", "nlpo3", "pypandoc-binary", "pypdf", "pythainlp",
         "typst")  # fmt: skip
READ = "html+epub_html_exts-auto_identifiers"
KEYWORDS = ("อำเภอนำร่อง", "บำบัดทุกข์ บำรุงสุข", "CAST", "การวิจัยแบบผสมวิธี")
# the PDF can be read aloud and by keyboard; the compiler refuses one that could not
STANDARD = "ua-1"
# what stands between these marks, and the template's function that sets it
SET = (
    (article.TURN, article.TURN_BACK, "turned"),
    (article.GLANCE, article.GLANCE_BACK, "glance"),
)


def build(reports: Sequence[Report], known: dict[str, str], jobs: int = 2) -> dict[str, str]:
    """Make the documents whose digest is not the `known` one; return every document's digest."""
    form = _form()
    pages = {report.name: article.document(html(), report.pages) for report in reports}
    digests = {
        report.name: _digest(
            json.dumps(asdict(report), ensure_ascii=False), pages[report.name], form
        )
        for report in reports
    }
    stale = [
        report
        for report in reports
        if known.get(report.name) != digests[report.name] or not _made(report)
    ]
    own = [pages[report.name] for report in stale]
    if len(stale) > 1:
        # processes, for much of the work is Python's; the main report, which takes longest, is the first
        with ProcessPoolExecutor(jobs, get_context("spawn"), words.warm) as pool:
            list(pool.map(_make, stale, own))
    else:
        list(map(_make, stale, own))
    return digests


def files(report: Report) -> tuple[Path, Path]:
    """Return where a document's PDF and Word files are."""
    folder = paths.build() / "book"
    return folder / f"{report.name}.pdf", folder / f"{report.name}.docx"


def _made(report: Report) -> bool:
    return all(file.exists() for file in files(report))


def _form() -> str:
    """Return what shapes every document: templates, this code, the tools' versions, the notice."""
    modules = (article, breaks, textlayer, word)
    code = [Path(__file__), *(Path(module.__file__) for module in modules)]
    terms = paths.data() / "text" / "dictionary.txt"
    sources = [paths.book() / "report.typ", paths.book() / "word.xml", terms, *code]
    texts = [file.read_text(encoding="utf-8") for file in sources]
    versions = [f"{name} {importlib.metadata.version(name)}" for name in TOOLS]
    return _digest(*texts, *versions, str(store.synthetic()), *_imprint())


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8")).hexdigest()


def _imprint() -> tuple[str, str]:
    """Return who publishes the report and when it is due, as its cover says."""
    study = protocol.load()
    return study.organisation["th"], protocol.thai_month(study.steps[-1]["end"])


def _epoch() -> int:
    """Return the moment that files are dated: the environment's, or the start of 1980."""
    return int(os.environ.get("SOURCE_DATE_EPOCH", 315_532_800))


def _make(report: Report, page: str) -> None:
    pdf, docx = files(report)
    pdf.parent.mkdir(parents=True, exist_ok=True)
    notice = NOTICE if store.synthetic() else ""
    _put(pdf, _pdf(report, page, notice))
    _put(docx, _docx(report, page, notice))


def _put(file: Path, content: bytes) -> None:
    fresh = file.with_suffix(file.suffix + ".new")
    fresh.write_bytes(content)
    fresh.replace(file)


def _pandoc(page: str, *options: str) -> bytes:
    import pypandoc

    command = [pypandoc.get_pandoc_path(), f"--from={READ}", "--wrap=none", *options]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(_epoch())}
    done = subprocess.run(
        command, input=page.encode("utf-8"), capture_output=True, cwd=html(), env=environment
    )
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode or said:
        raise CastError(f"pandoc แปลงรายงานไม่สำเร็จ: {said}")
    return done.stdout


def _pdf(report: Report, page: str, notice: str) -> bytes:
    import fontpkg_sarabun
    import typst

    author, date = _imprint()
    about = {"title": report.title, "subtitle": report.subtitle, "author": author, "date": date,
             "notice": notice, "keywords": KEYWORDS}  # fmt: skip
    template = (paths.book() / "report.typ").read_text(encoding="utf-8")
    show = ", ".join(f"{name}: {_quoted(value)}" for name, value in about.items())
    text = breaks.boxed(_pandoc(breaks.mark(page), "--to=typst").decode("utf-8"))
    text = _described(text, page)
    for begin, end, form in SET:
        text = text.replace(begin, f"#{form}[").replace(end, "]")
    # a block of its own would change the room around the table
    text = text.replace("#block(breakable: false)[", "#whole[")
    cover = breaks.boxed(breaks.marked(report.title))
    source = f"{template}\n#show: report.with({show}, cover: [{cover}])\n{text}"
    fonts = [str(Path(fontpkg_sarabun.ROOT) / "files")]
    try:
        made = typst.compile(source.encode("utf-8"), root=str(html()), font_paths=fonts,
                             ignore_system_fonts=True, timestamp=_epoch(), pdf_standards=STANDARD)  # fmt: skip
    except typst.TypstError as error:
        kept = files(report)[0].with_suffix(".typ")
        kept.write_text(source, encoding="utf-8")
        raise CastError(f"Typst ทำ {report.name}.pdf ไม่สำเร็จ: {error} (ต้นฉบับอยู่ที่ {kept})") from error
    return textlayer.mend(made)


def _quoted(value: str | tuple[str, ...]) -> str:
    """Return a text, or several, as Typst writes them."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_quoted, value))},)"
    return json.dumps(value, ensure_ascii=False)


def _described(text: str, page: str) -> str:
    """Give each picture and formula its words for those who cannot see it; pandoc leaves them out."""
    from lxml import html as parser

    words = {
        image.get("src"): image.get("alt", "") for image in parser.fromstring(page).iter("img")
    }

    def described(found: re.Match) -> str:
        return f'image("{found[1]}", alt: {_quoted(words.get(found[1], ""))}'

    def spoken(found: re.Match) -> str:
        formula = found[1].strip()
        block = "true" if found[1] != formula else "false"
        number = f'numbering: _ => "{found[2]}", ' if found[2] else ""
        return f"#math.equation(block: {block}, {number}alt: {_quoted(formula)}, ${found[1]}$);"

    text = re.sub(r'image\("([^"]+)"', described, text)
    # what is shown a second time has no number, and no place in the lists
    text = re.sub(r"\bcaption: \[(?!\s*#strong\[)", "outlined: false, caption: [", text)
    # a formula on a line of its own may be followed by its number
    return re.sub(r"(?<!\\)\$([^$\n]+)(?<!\\)\$(?:(?<= \$)\\(\(\S+-\d+\)))?", spoken, text)


def _docx(report: Report, page: str, notice: str) -> bytes:
    author, date = _imprint()
    about = {"title": report.title, "subtitle": report.subtitle, "author": author, "date": date,
             "toc-title": "สารบัญ", "subject": report.subtitle, "lang": "th-TH"}  # fmt: skip
    options = [f"--metadata={name}={text}" for name, text in about.items()]
    plain = _pandoc(page, "--to=docx", "--toc", "--toc-depth=2", "--output=-", *options)
    return word.dress(plain, report.subtitle, notice, KEYWORDS)
