"""Patterns of numbers and addresses by which a person is reached: one table, a reason each.

All are for folded text. A pattern's match is a candidate; `check` (may be None) says whether it counts.
The part of a match called `it`, where there is one, is the identifier; otherwise the whole match.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

_GAP = r"[ .\-()\[\]_•·~*]{0,3}"
_DIGIT = rf"(?:{_GAP}\d)"
_TAIL = r"(?: ?(?:ต่อ|กด|(?i:ext)\.?|#) ?\d{1,5}(?!\d))?"
_PHONE_WORD = r"(?:โทร(?:ศัพท์|สาร)?|เบอร์(?: ?โทร(?:ศัพท์)?)?(?: ?ติดต่อ)?|มือถือ|หมายเลข(?:โทรศัพท์)?|แฟกซ์|พร้อมเพย์|วอตส์แอป|(?i:tel(?:ephone)?|phone|mobile|fax|call|whatsapp|promptpay))"
_SPOKEN = "(?:ศูนย์|หนึ่ง|เอ็ด|สอง|โท|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)"
_ID_WORD = r"(?:เลข(?:ที่)?(?:ประจำตัว|บัตร|ปชช|13 ?หลัก)|บัตร(?:ประจำตัว|ประชาชน|ปชช)|ปชช\.?|(?i:id ?(?:card|no)|national id|citizen id)|ใบขับขี่|ใบอนุญาตขับ|รหัสประจำบ้าน|ทะเบียนบ้านเลขที่|เลขประกันสังคม|รหัส(?:นักศึกษา|นักเรียน|พนักงาน|ประจำตัว|สมาชิก)|(?<![A-Za-z])HN(?![A-Za-z]))"
_PASSPORT = r"(?:หนังสือเดินทาง|พาสปอร์ต|(?i:passport))"
_ACCOUNT = r"(?:เลข(?:ที่)?บัญชี|บัญชี ?(?:ธนาคาร|เลขที่|ออมทรัพย์|เงินฝาก|กระแสรายวัน|ธ\.|เลข)|(?i:account))"
_LOCAL = r"[A-Za-z0-9](?:[A-Za-z0-9._%+\-]{0,63})(?: ?[\[(] ?dot ?[\])] ?[A-Za-z0-9]{1,30}){0,2}"
_AT = r"(?: ?@ ?| ?[(\[{] ?(?:at|AT|แอท|แอ็ต|เอท) ?[)\]}] ?| (?:at|แอท|แอ็ต|เอท|แอด) )"
_DOT = r"(?: ?[.,] ?| ?[(\[] ?(?:dot|จุด|ดอท) ?[)\]] ?| (?:dot|ดอท|จุด) ?)"
_LINE = r"(?:(?:ไอดี|(?i:id))? ?(?:ไลน์?|(?i:(?<![A-Za-z])line(?![a-hj-z]))))"
_WHOSE = "(?:ผม|หนู|ฉัน|ดิฉัน|พี่|น้อง|ลุง|ป้า|ตา|ยาย|น้า|พ่อ|แม่|เขา|แก|เรา|ส่วนตัว)?"
_SOCIAL = r"(?:เฟซบุ๊[กค]|เฟสบุ๊[กค]|เฟซบุค|เฟสบุค|เฟส|เฟซ|ไอจี|อินสตาแกรม|ติ๊กต[็]?อก|ทวิตเตอร์|(?i:(?<![A-Za-z])(?:facebook|fb|ig|instagram|tiktok|twitter|telegram|wechat|messenger)(?![A-Za-z])))"

_DATE = re.compile(r"(?<!\d)\d{1,2}[/.\-]\d{1,2}[/.\-](?:2[45]\d\d|20\d\d)(?!\d)")
_HOURS = re.compile(r"(?<!\d)[0-2]?\d[.:][0-5]\d ?-? ?[0-2]?\d[.:][0-5]\d(?!\d)")
_LETTER_NUMBER = re.compile(r"\d{4}\.\d{1,2}/")  # of an official letter
_DECIMAL = re.compile(r"(?<!\d)\d\.\d")
_ENDINGS = re.compile(r"(?i)(?:com|net|org|edu|info|th|me|io|คอม)$")
_NO_HANDLES = frozenset(
    "official group groups notify today man pay bot app application line live page fanpage messenger ads shop shopping open"
    " openchat chat call video facebook email e-mail gmail meeting zoom id the and or".split()
)


@dataclass(frozen=True)
class Pattern:
    """One way in which an identifier of a kind is written, and why it is looked for."""

    kind: str
    why: str
    regex: re.Pattern
    check: Callable[[re.Match], bool] | None = None


# What a text must have before the patterns of a kind are worth their time.
WORTH = {
    "phone": re.compile(
        r"\d\D{0,3}\d\D{0,3}\d\D{0,3}\d|ศูนย์ ?(?:ศูนย์|หนึ่ง|สอง|โท|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)"
    ),
    "id": re.compile(r"\d\D{0,3}\d\D{0,3}\d|ทะเบียน"),
    "email": re.compile(r"@|[ (\[{](?:at|AT|แอท|แอ็ต|เอท|แอด)[ )\]}]"),
    "line": re.compile(r"@|[A-Za-z]{2}|ไลน|เฟ[ซส]|ไอจี|อินสตา|ติ๊ก|ทวิต"),
}


def digits_of(text: str) -> str:
    """Return the digits of a text."""
    return "".join(filter(str.isdecimal, text))


def is_thai_id(digits: str) -> bool:
    """Return whether 13 digits end with the check digit of a Thai national ID.

    >>> is_thai_id("1" * 12 + "9"), is_thai_id("1" * 13)
    (True, False)
    """
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits[:12]))
    return len(digits) == 13 and (11 - total % 11) % 10 == int(digits[12])


def _is_phone(found: re.Match) -> bool:
    """Return whether digits in a phone's order are no date, no hours and no decimals."""
    given = found[0]
    if _DECIMAL.search(given) or _DATE.search(given) or _HOURS.search(given):
        return False
    before = found.string[max(0, found.start() - 8) : found.start()]
    return not re.search(
        r"(?i)isbn[: ]*$|[A-Za-z]{6}$|\d\.$", before
    ) and not _LETTER_NUMBER.search(given)


def _is_spoken(found: re.Match) -> bool:
    return len(re.findall(rf"{_SPOKEN}|\d", found[0])) in (9, 10)


def _is_id(found: re.Match) -> bool:
    """Return whether 13 digits carry a right check digit and are no row of single digits."""
    gaps = len(re.findall(r"\D+", found[0]))
    in_year = re.match(r"2[45]\d\d\D|20\d\d\D", found[0])
    # in two to four parts it can be amounts in a row: they end in 00 or begin short
    parts = 1 <= gaps <= 3 and re.match(r"\d{5}", found[0]) and not re.search(r"00\b", found[0])
    usual = gaps == 0 or 4 <= gaps <= 6 or parts or re.match(r"\d\D", found[0])
    return (
        bool(usual) and not (in_year or _DATE.search(found[0])) and is_thai_id(digits_of(found[0]))
    )


def _is_email(found: re.Match) -> bool:
    """Return whether an address with spaces or words for its signs ends as addresses end."""
    return not re.search(r"[ (\[,]", found[0]) or bool(_ENDINGS.search(found[0]))


def _is_handle(found: re.Match) -> bool:
    """Return whether what follows the word LINE is somebody's name there."""
    handle = found["it"].lstrip("@").lower().rstrip(".-")
    if found[0].startswith("line") and handle.isalpha() and len(handle) < 5:
        return False
    if handle in _NO_HANDLES or not re.search(r"[a-z]", handle):
        return False
    announced = re.search(
        r"(?i)id|ไอดี|ชื่อ|คือ|[:=@]", found[0][: found.start("it") - found.start() + 1]
    )
    return bool(announced) or bool(re.search(r"[\d._]", handle))


def _is_profile(found: re.Match) -> bool:
    words = found["it"].lower().split()
    return words[0].strip("./") not in _NO_HANDLES


PATTERNS = (
    Pattern(
        "phone",
        "a Thai mobile number, ten digits from 06, 08 or 09, however they are parted",
        re.compile(rf"(?<!\d)\(?[0Oo]{_GAP}[689]{_DIGIT}{{8}}(?!\d){_TAIL}"),
        _is_phone,
    ),
    Pattern(
        "phone",
        "a Thai mobile number with any sign after its first part, or after both",
        re.compile(
            r"(?<![\d/])(?<!\d[.,])0[689]\d(?:(?P<sign>[^\w\s]{1,3})\d{3}(?P=sign)|[^\w\s.,]\d{3}[ \-]?)\d{4}(?![\d/])"
        ),
    ),
    Pattern(
        "phone",
        "a Thai landline, nine digits with the area code",
        re.compile(rf"(?<!\d)\(?0{_GAP}[2-57]{_DIGIT}{{7}}(?!\d)(?:-\d{{1,2}}(?!\d))?{_TAIL}"),
        _is_phone,
    ),
    Pattern(
        "phone",
        "a Thai number with the country's code",
        re.compile(
            rf"(?<!\d)\(?(?:(?:\+|00) ?)?66{_GAP}(?:0{_GAP})?[2-9]{_DIGIT}{{7,8}}(?!\d){_TAIL}"
        ),
        _is_phone,
    ),
    Pattern(
        "phone",
        "another country's number",
        re.compile(rf"(?<![\d.])\+ ?\d{{1,3}}{_DIGIT}{{7,12}}(?!\d)"),
        _is_phone,
    ),
    Pattern(
        "phone",
        "a free-phone number",
        re.compile(r"(?<![\d.,])1[89]00[ \-]?\d{3}[ \-]?\d{3}(?!\d)"),
    ),
    Pattern(
        "phone",
        "any number of six digits or more that is called a phone's (old, short or mistyped)",
        re.compile(
            rf"{_PHONE_WORD}[^\d\n+(]{{0,14}}(?P<it>\(?\d{_DIGIT}{{5,12}}|\d{{2,3}},\d{{3,4}},\d{{3,4}})(?!\d)(?!,\d{{3}}(?!\d)){_TAIL}"
        ),
        lambda found: not _DATE.search(found["it"]) and not _HOURS.search(found["it"]),
    ),
    Pattern(
        "phone",
        "a number spelt out in words",
        re.compile(rf"(?<!จุด)(?<!{'ศูนย์'})ศูนย์(?:[ \-]?(?:{_SPOKEN}|\d)){{8,12}}"),
        _is_spoken,
    ),
    Pattern(
        "id",
        "a national ID: thirteen digits with the right check digit",
        re.compile(r"(?<!\d)(?<!\d[.,])\d(?:[ \-./_]{0,3}\d){12}(?![ .\-/_]?\d)"),
        _is_id,
    ),
    Pattern(
        "id",
        "a national ID in its five parts, whatever sign stands between them",
        re.compile(r"(?<!\d)\d(?P<sign>[^\w\s])\d{4}(?P=sign)\d{5}(?P=sign)\d\d(?P=sign)\d(?!\d)"),
        _is_id,
    ),
    Pattern(
        "id",
        "a number that is called an ID card's, mistyped or not",
        re.compile(
            rf"{_ID_WORD}[^\d\n]{{0,24}}(?P<it>\d(?:[ \-./_]{{0,3}}\d){{4,15}})(?![ \-]?\d)"
        ),
        lambda found: len(digits_of(found["it"])) >= 5 and not _DATE.search(found["it"]),
    ),
    Pattern(
        "id",
        "a passport's number",
        re.compile(
            rf"{_PASSPORT}[^\d\nA-Z]{{0,16}}(?:No\.? ?|NO\.? ?)?(?P<it>[A-Za-z]{{0,2}} ?-?\d(?:[ \-]?\d){{5,8}})(?!\d)"
        ),
    ),
    Pattern(
        "id",
        "a bank account's number",
        re.compile(rf"{_ACCOUNT}[^\d\n]{{0,40}}(?P<it>\d(?:[ \-]{{0,3}}\d){{8,14}})(?!\d)"),
    ),
    Pattern(
        "id",
        "a number parted as banks part an account's",
        re.compile(r"(?<![\d\-])\d{3}-\d-\d{5}-\d(?![\d\-])"),
    ),
    Pattern(
        "id",
        "a car's number plate, named as one",
        re.compile(
            r"(?:ทะเบียน(?:รถ(?:ยนต์)?)?|ป้ายทะเบียน) ?(?:เลขที่|เลข|:)? ?(?P<it>\d?[ก-ฮ]{1,2}[ \-]?\d{1,4})(?!\d)"
        ),
    ),
    Pattern(
        "email",
        "an e-mail address, also with its signs written out",
        re.compile(
            rf"(?<![A-Za-z0-9._%+\-]){_LOCAL}{_AT}(?:[A-Za-z0-9\-]{{1,63}}{_DOT}){{1,4}}(?:[A-Za-z]{{2,12}}|คอม)(?![A-Za-z])"
        ),
        _is_email,
    ),
    Pattern(
        "email",
        "an e-mail address with Thai letters in it",
        re.compile(
            rf"(?:(?<![A-Za-z0-9._%+\-]){_LOCAL}|[ก-๎]{{1,30}}) ?@ ?(?:[A-Za-z0-9ก-๎\-]{{1,63}}\.){{1,4}}(?:ไทย|[A-Za-z]{{2,12}}(?![A-Za-z]))"
        ),
    ),
    Pattern(
        "email",
        "an address at a mail service whose dot is missing",
        re.compile(
            rf"(?<![A-Za-z0-9._%+\-]){_LOCAL}{_AT}(?i:gmail|hotmail|yahoo|outlook|icloud)(?:[ .]?(?i:com|co\.th)|\b)"
        ),
    ),
    Pattern(
        "line",
        "a LINE ID",
        re.compile(
            rf"{_LINE}ๆ? ?\(?(?:ไอดี|(?i:id))? ?(?:ของ)?{_WHOSE} ?(?:(?:มา|ไป)?(?:ที่|หา))? ?(?:คือ|ชื่อ|เป็น|ว่า)? ?[:=]? ?(?P<it>@?[A-Za-z0-9](?:[A-Za-z0-9._\-]{{1,28}})[A-Za-z0-9_])"
        ),
        _is_handle,
    ),
    Pattern(
        "line",
        "the name that somebody shows on LINE or a social network",
        re.compile(
            rf"(?:(?:{_LINE}|{_SOCIAL}) ?(?:(?:ใช้)?ชื่อ(?:ว่า)?|:|=) ?(?:ว่า)?|ชื่อ(?:ใน)? ?(?:{_LINE}|{_SOCIAL}) ?[:=]?) ?(?P<it>[ก-ฮเ-ไ][ก-๎]{{1,24}}(?: [ก-ฮเ-ไ][ก-๎]{{1,24}})?)"
        ),
        lambda found: (
            not re.search(r"เพจ ?$", found.string[max(0, found.start() - 6) : found.start()])
            and not re.match(r"กลุ่ม|เพจ|ชุมชน|ของ|ใน|เป็น|ไม่|มี|ยัง", found["it"])
        ),
    ),
    Pattern(
        "line",
        "a profile on a social network",
        re.compile(
            rf"{_SOCIAL} ?(?:ชื่อ|คือ|(?i:id)|ไอดี)? ?[:=/]? ?(?P<it>@?[A-Za-z][A-Za-z0-9._\-]{{2,40}}(?: (?!(?i:facebook|line|ig|tel|email))[A-Z][A-Za-z]{{1,20}}){{0,2}})"
        ),
        _is_profile,
    ),
    Pattern(
        "line",
        "the address of somebody's profile",
        re.compile(
            r"(?i:(?:www\.|m\.|web\.)?(?:facebook|fb|instagram|tiktok|line)\.(?:com|me)/[A-Za-z0-9@._~%/?=\-]{2,80})"
        ),
    ),
    Pattern(
        "line",
        "a name on a network, with the sign before it",
        re.compile(r"(?<![A-Za-z0-9._%+\-@/])@[A-Za-z][A-Za-z0-9_.]{2,29}(?<!\.)"),
        lambda found: (
            found[0] == found.string.strip()
            or bool(re.search("[ก-๎]", found.string[max(0, found.start() - 12) : found.start()]))
        ),
    ),
)
# What is never searched for numbers: other numbers' own marks.
PROTECTED = re.compile(
    r"(?i:doi:? ?)?10\.\d{4,9}/[^\s\"<>]{2,80}|(?i:isbn|issn)(?:-1[03])?[: ]{0,2}[\dXx][\dXx\- ]{7,16}"
)
