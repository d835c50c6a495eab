"""The PDF and Word files of a real small country, looked at by program: nothing overflows, nothing is missing."""

import io
import re
import shutil
import subprocess
import unicodedata
import zipfile
from collections import Counter

import docx
import pypdf
import pytest
from lxml import etree, html

from castlib.book import article, assemble, report, word
from castlib.book.assemble import Report
from castlib.errors import CastError

pytestmark = pytest.mark.slow
PAPERS = {"report": None, "clusters/north-upper-1": "north-upper-1"}
MARGIN, SLACK = 2.4 / 2.54 * 72, 1.5  # points
W = {"w": word.W}
# ECMA-376, part 1, annex A: the children of an element come in this order
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd "
    "tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi "
    "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection "
    "textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof "
    "snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText "
    "vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
    "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid",
}
CAPTION = re.compile(r"(ตารางที่|รูปที่) ([\w.ก-ฮ]+-\d+)")


@pytest.fixture(scope="module", params=PAPERS)
def paper(request, small_home):
    return small_home / "build" / "book" / request.param


@pytest.fixture(scope="module")
def pdf(paper):
    return pypdf.PdfReader(f"{paper}.pdf")


@pytest.fixture(scope="module")
def package(paper):
    with zipfile.ZipFile(f"{paper}.docx") as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture(scope="module")
def articles(paper, small_home):
    """What the screen shows of the paper's pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAST_HOME", str(small_home))
        [made] = [r for r in assemble.documents() if r.name.endswith(paper.name)]
    site = small_home / "build" / "book" / "html"
    parse = html.HTMLParser(encoding="utf-8")
    return [
        html.parse(str(site / f"{page}.html"), parse).find(".//article") for page, _ in made.pages
    ]


@pytest.fixture(scope="module")
def shown(articles):
    """The numbers of the tables and figures on the screen, in order."""
    return [
        number.text_content().strip()
        for article in articles
        for number in article.xpath(".//*[@class='caption-number']")
    ]


def elements(pdf, *kinds):
    """Yield the elements of some kinds from the PDF's structure."""
    waiting = [pdf.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while waiting:
        here = waiting.pop().get_object()
        if isinstance(here, list):
            waiting += here
        elif isinstance(here, dict):
            if here.get("/S") in kinds:
                yield here
            if here.get("/S") != "/P" and "/K" in here:
                waiting.append(here["/K"])


def poppler(paper, *options):
    if shutil.which("pdftotext") is None:
        pytest.fail("no pdftotext: run the tests with `make test`, which installs poppler-utils")
    command = ["pdftotext", *options, f"{paper}.pdf", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def pages(paper):
    """Each page's text as a reader would copy it."""
    return poppler(paper, "-layout").decode().split("\f")[:-1]


@pytest.fixture(scope="module")
def boxes(paper):
    """Each page's size and its words with their boxes, as poppler sees them."""
    found = []
    for page in html.fromstring(poppler(paper, "-bbox").decode()).iter("page"):
        words = [
            (*(float(word.get(side)) for side in ("xmin", "ymin", "xmax", "ymax")), word.text or "")
            for word in page.iter("word")
        ]
        found.append((float(page.get("width")), float(page.get("height")), words))
    return found


def test_nothing_stands_outside_the_margins(boxes):
    turned = 0
    for number, (width, height, words) in enumerate(boxes, start=1):
        turned += width > height
        for left, top, right, bottom, text in words:
            inside = left >= MARGIN - SLACK and right <= width - MARGIN + SLACK
            assert inside, f"page {number}: {text} from {left} to {right}"
            assert 20 < top < bottom < height - 20, f"page {number}: {text} at {bottom}"
    assert turned, "no wide table lies on its side"


def test_no_word_is_printed_over_another(boxes):
    for number, (_, _, words) in enumerate(boxes, start=1):
        # parts of a formula stand in boxes that are higher than what they show
        plain = (word for word in words if max(word[4], default="") < "\U0001d400")
        ordered = sorted(plain, key=lambda word: word[1])
        for k, (left, top, right, bottom, text) in enumerate(ordered):
            for other in ordered[k + 1 :]:
                if other[1] >= bottom:
                    break
                across = min(right, other[2]) - max(left, other[0])
                down = min(bottom, other[3]) - other[1]
                over = down > 0.5 * (bottom - top) and across > 0.5 * (bottom - top)
                assert not over, f"page {number}: {text} and {other[4]}"


def test_figures_and_tables_are_those_of_the_screen_with_the_same_numbers(
    pdf, package, articles, shown
):
    body = etree.fromstring(package["word/document.xml"])
    tables = sum(len(article.xpath(".//table")) for article in articles)
    figures = sum(len(article.xpath(".//figure")) for article in articles)
    assert len(list(elements(pdf, "/Table"))) == tables
    assert len(body.findall(".//w:tbl", W)) == tables
    assert len(list(elements(pdf, "/Figure"))) == figures
    assert len(body.findall(".//w:drawing", W)) == figures
    captions = body.xpath(".//w:p[w:fldSimple]", namespaces=W)
    assert [CAPTION.match("".join(caption.itertext()))[0] for caption in captions] == shown


def test_the_lists_of_tables_and_figures_are_complete_and_lead_there(pdf, pages, package, shown):
    listed, links = [], 0
    first = next(number for number, page in enumerate(pages) if "สารบัญตาราง" in page)
    for number, page in enumerate(pages[first:], start=first):
        if not re.search(r"\. \. \.", page):
            break
        listed += [found[0] for found in re.finditer(rf"^ *{CAPTION.pattern}", page, re.MULTILINE)]
        links += len(pdf.pages[number]["/Annots"])
    assert sorted(map(str.strip, listed)) == sorted(shown)
    assert links >= len(shown)
    body = etree.fromstring(package["word/document.xml"])
    lines = body.xpath(".//w:p[w:pPr/w:pStyle/@w:val='TableofFigures']", namespaces=W)
    assert sorted(CAPTION.search("".join(line.itertext()))[0] for line in lines) == sorted(shown)


def test_the_text_of_the_pdf_is_what_is_seen(pdf, pages):
    text = "".join(pages)
    for words in ("ข้อมูลจำลอง", "ภาวะผู้นำการเปลี่ยนแปลง", "มากขึ้น", "ที่"):
        assert words in text
    assert "ขึ้ขึ้" not in text
    assert all("ข้อมูลจำลอง" in page for page in pages)
    # programs that take no notice of what groups say read the letters all the same
    bare = unicodedata.normalize("NFKD", pdf.pages[0].extract_text())
    assert unicodedata.normalize("NFKD", "ข้อมูลจำลอง") in bare


def test_the_pdf_has_bookmarks_language_title_keywords_and_tags(pdf):
    titles = [mark["/Title"] for mark in pdf.outline if not isinstance(mark, list)]
    assert titles[:3] == ["สารบัญ", "สารบัญตาราง", "สารบัญรูป"]
    assert len(titles) > 6
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "th-TH"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "อำเภอนำร่อง" in pdf.metadata["/Keywords"]
    assert pdf.metadata.title
    assert pdf.metadata.author
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert pdf.pdf_header == "%PDF-1.7"
    fonts = {font.get_object()["/BaseFont"] for page in pdf.pages for font in page["/Resources"]["/Font"].values()}  # fmt: skip
    assert all("+" in font for font in fonts), "a font is not inside"
    assert all(figure["/Alt"] for figure in elements(pdf, "/Figure"))


def test_links_of_the_pdf_lead_to_pages_that_exist(pdf):
    names = pdf.named_destinations
    for page in pdf.pages:
        for note in page.get("/Annots", ()):
            action = note.get_object().get("/A", {})
            target = note.get_object().get("/Dest", action.get("/D"))
            place = names.get(target) if isinstance(target, str) else target
            assert "/URI" in action or place is not None


def test_word_opens_says_what_it_is_and_shows_each_picture_in_words(paper):
    opened = docx.Document(f"{paper}.docx")
    about = opened.core_properties
    assert about.title
    assert about.author
    assert about.subject
    assert "อำเภอนำร่อง" in about.keywords
    assert about.language == "th-TH"
    pictures = opened.element.findall(".//{*}docPr")
    assert pictures
    assert all(picture.get("descr") for picture in pictures)
    turned = [section.orientation for section in opened.sections]
    assert 0 < turned.count(1) < len(turned)
    assert turned[-1] == 0
    assert {"Title", "Heading 1", "Heading 2", "Caption", "table of figures"} <= {
        paragraph.style.name for paragraph in opened.paragraphs
    } | {style.name for style in opened.styles}


def test_word_has_no_field_left_open_and_no_link_to_nowhere(package):
    body = etree.fromstring(package["word/document.xml"])
    depth = 0
    for mark in body.iter(word._w("fldChar")):
        depth += {"begin": 1, "separate": 0, "end": -1}[mark.get(word._w("fldCharType"))]
        assert depth in (0, 1)
    assert depth == 0
    marks = Counter(mark.get(word._w("name")) for mark in body.iter(word._w("bookmarkStart")))
    assert max(marks.values()) == 1
    for link in body.iter(word._w("hyperlink")):
        anchor = link.get(word._w("anchor"))
        assert anchor is None or anchor in marks
    begun = Counter(mark.get(word._w("id")) for mark in body.iter(word._w("bookmarkStart")))
    ended = Counter(mark.get(word._w("id")) for mark in body.iter(word._w("bookmarkEnd")))
    assert begun == ended


def test_words_parts_stand_in_the_order_of_the_standard(package):
    for name, content in package.items():
        if not re.fullmatch(r"word/\w+\.xml", name):
            continue
        for element in etree.fromstring(content).iter(*(word._w(parent) for parent in ORDER)):
            order = ORDER[etree.QName(element).localname].split()
            places = [order.index(etree.QName(child).localname) for child in element]
            assert places == sorted(places), f"{name}: {etree.tostring(element)[:300]}"


@pytest.fixture
def printed(tmp_path, monkeypatch, small_home):
    """A function that makes a PDF of HTML."""
    monkeypatch.setenv("CAST_HOME", str(small_home))
    monkeypatch.setattr(report, "html", lambda: tmp_path)
    monkeypatch.setattr(report, "files", lambda made: (tmp_path / "a.pdf", tmp_path / "a.docx"))
    page = '<html lang="th"><body><h1 id="a">บท</h1>{}</body></html>'
    return lambda body: report._pdf(Report("a", "ชื่อ", "รอง", ()), page.format(body), "")


def test_a_letter_that_no_font_has_stops_the_pdf_and_is_named(printed):
    assert printed("<p>ข้อ ก</p>").startswith(b"%PDF-1.7")
    with pytest.raises(CastError, match="\ua000"):
        printed("<p>ข้อ \ua000</p>")


@pytest.mark.parametrize(
    ("kept", "pages"), [('<div data-typst:breakable="false">', 1), ("<div>", 2)]
)
def test_a_short_table_is_not_broken_over_pages(printed, kept, pages):
    rows = "".join(f"<tr><td>row{number}</td></tr>" for number in range(15))
    made = printed(f"{'<p>ย่อหน้า</p>' * 25}{kept}<table>{rows}</table></div>")
    texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]
    assert sum("row" in text for text in texts) == pages


def test_marks_of_the_article_are_not_left_in_the_text(pages, package):
    text = "".join(pages) + package["word/document.xml"].decode()
    marks = {article.TURN, article.TURN_BACK, article.GLANCE, article.GLANCE_BACK}
    assert not marks & set(text)


@pytest.fixture(scope="module")
def opened(paper, tmp_path_factory):
    """The Word file's pages as LibreOffice prints them."""
    if shutil.which("soffice") is None:
        pytest.fail("no LibreOffice: run the tests with `make test`, which installs it")
    folder = tmp_path_factory.mktemp("opened")
    command = ["soffice", f"-env:UserInstallation=file://{folder}/own", "--headless", "--convert-to", "pdf",
               "--outdir", folder, f"{paper}.docx"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / f"{paper.name}.pdf"


def test_another_program_opens_word_with_the_same_tables_and_figures(opened, articles, shown):
    text = subprocess.run(["pdftotext", "-layout", opened, "-"], capture_output=True, check=True)
    # a caption begins its line, and once more in the list; words that refer to it may happen to
    captions = re.findall(rf"^ *{CAPTION.pattern}", text.stdout.decode(), re.MULTILINE)
    found = Counter(f"{kind} {number}" for kind, number in captions)
    assert set(found) == set(shown)
    assert min(found.values()) >= 2
    listed = subprocess.run(["pdfimages", "-list", opened], capture_output=True, check=True)
    kinds = [line.split()[2] for line in listed.stdout.decode().splitlines()[2:]]
    assert kinds.count("image") == sum(len(article.xpath(".//figure")) for article in articles)


def test_a_clusters_profile_is_one_page_with_its_five_parts(small_home):
    papers = sorted((small_home / "build" / "book" / "clusters").glob("*.pdf"))
    assert papers
    for file in papers:
        made = pypdf.PdfReader(file)
        marks = [mark for mark in made.outline if not isinstance(mark, list)]
        profile, first = marks[3:5]
        assert profile.title.startswith("กลุ่มจังหวัด"), file
        at = made.get_destination_page_number(profile)
        assert made.get_destination_page_number(first) == at + 1, file
        parts = made.outline[made.outline.index(profile) + 1]
        assert len(parts) == 4, file
        assert {made.get_destination_page_number(part) for part in parts} == {at}, file
        assert made.pages[at].images, file
