"""Where people live, and positions that only one person holds: patterns with place names in them.

A place's name has no mark at its end, so these read on from what certainly begins one (a house number,
หมู่ที่, ตำบล, วัด …) word by word until a word comes that follows names but is never part of one.
"""

import re
from collections.abc import Iterator

from castlib.privacy.lexicon import SURE, Lexicon

_RUN = re.compile("[ก-ฮเ-ไ][ก-ฮะ-ฺเ-ๅ็-๎]{0,40}")
_HOUSE = r"\d{1,5}(?: ?/ ?\d{1,5})?(?:-\d{1,4})?"
_VILLAGE = r"(?:หมู่ ?ที่|หมู่(?!บ้าน)|ม\.|(?i:moo|mu)\.?) ?(?:ที่ ?)?\d{1,2}(?!\d)"
_PART = re.compile(
    rf"[ ,]{{0,3}}(?:(?P<whole>{_VILLAGE}|(?:ชั้น|ห้อง|อาคาร|ตึก|ซอย|ซ\.|ตรอก) ?\d[\d/]{{0,8}}|(?:รหัสไปรษณีย์ ?)?[1-9]\d{{4}}(?!\d)|กทม\.?|กรุงเทพฯ|กรุงเทพมหานคร)"
    r"|(?P<named>หมู่บ้าน|บ้าน|บ\.|ชุมชน|คุ้ม|ซอย|ซ\.|ตรอก|ถนน|ถ\.|ตำบล|ต\.|แขวง|อำเภอ|อ\.|เขต|จังหวัด|จ\.|อาคาร|คอนโด) ?)"
)
# what follows the number of an address in English, to the postal code
_ENGLISH = re.compile(
    r"(?:,? ?(?i:moo|mu|m\.) ?\d{1,2})?,? [A-Za-z][A-Za-z0-9 ,./\-]{2,90}(?<!\d)[1-9]\d{4}(?!\d)"
)
_ADDRESS = re.compile(
    rf"(?P<sure>(?:(?:คอนโด|อาคาร|หอพัก|แฟลต|หมู่บ้าน)[ก-๎]{{0,20}} (?:ห้อง|ชั้น|ตึก|เลขที่)|บ้าน ?เลขที่|เลขที่ ?บ้าน|ห้องเลขที่|ที่อยู่(?:ปัจจุบัน|ตามบัตร|ตามทะเบียนบ้าน|ที่ติดต่อได้)?|อยู่(?:ที่)?เลขที่|อยู่บ้าน|พักอยู่(?:ที่)?)[ :]{{0,3}}{_HOUSE})"
    rf"|(?P<number>เลขที่ ?{_HOUSE})"
    rf"|(?P<village>(?<![\d/.,]){_HOUSE}[ ,]{{1,3}}{_VILLAGE})"
    rf"|(?P<slashed>(?<![\d/.,])\d{{1,4}} ?/ ?\d{{1,4}}(?![\d/]))"
    r"|(?P<street>(?<![\d/.,])\d{1,4} (?=(?:ซอย|ซ\.|ถนน|ถ\.)))"
    r"|(?P<point>(?<!\d)(?:[5-9]|1\d|20)\.\d{4,}[ ,NnEe°]{1,4}(?:9[7-9]|10[0-5])\.\d{4,})"
)
_QUANTITY = re.compile(
    r"(?:จำนวน|ทั้ง|รวม|กว่า|ประมาณ|อีก|ครบ|มี|ใน|แค่|เพียง|เหลือ|ละ|ข้อ|ราว|เกือบ|หมู่|หมู่ที่) ?$"
)
_COUNTED = re.compile(r" ?(?:ตำบล|อำเภอ|คน|หลัง|ครัวเรือน|ราย|แห่ง|บ้าน(?!เลขที่))(?= |$|\d|[^ก-๎])")

_UNIT = (
    r"(?:ตำบล|ต\.|อำเภอ|อ\.|จังหวัด|จ\.|หมู่บ้าน|(?<!แม่)(?<!พ่อ)(?<!ใหญ่)บ้าน|ชุมชน|(?<=มนตรี)(?:เมือง|นคร)|คุ้ม|วัด|สำนักสงฆ์|มัสยิด|โบสถ์|คริสตจักร|โรงเรียน|ร\.ร\.|รร\.|วิทยาลัย|มหาวิทยาลัย|ม\.(?=[ก-๙])"
    r"|อบต\.?|อบจ\.?|องค์การบริหารส่วน(?:ตำบล|จังหวัด)|เทศบาล(?:ตำบล|เมือง|นคร)?|ทต\.|ทม\.|ทน\.|โรงพยาบาล(?:ส่งเสริมสุขภาพตำบล)?|รพ\.สต\.|รพสต\.?|รพ\.|สถานีอนามัย"
    r"|สถานีตำรวจ(?:ภูธร)?|สภ\.|(?:ธ\.ก\.ส\.|ธนาคาร[ก-๎]{0,14}) ?สาขา|ศูนย์พัฒนาเด็กเล็ก|ศพด\.|กศน\.(?:ตำบล|ต\.|อำเภอ|อ\.)?|อุทยานแห่งชาติ|วนอุทยาน|สำนักงาน(?:เกษตร|พัฒนาชุมชน|สาธารณสุข)?(?:อำเภอ|จังหวัด)?)"
)
_GROUP = "(?:กลุ่ม|กองทุน|ชมรม|สหกรณ์|วิสาหกิจชุมชน|ศูนย์|คณะกรรมการ|กรรมการ|สภา|สมาคม|มูลนิธิ|เครือข่าย|สถาบันการเงิน|โรงสี|ร้านค้า|อสม|อ\\.ส\\.ม|ป่าชุมชน|ประปา)"
_OFFICER = (
    r"(?:รอง|ผู้ช่วย|อดีต|รักษาการ|รักษาราชการแทน|ว่าที่|ท่าน){0,2}(?P<bare>กำนัน|ผู้ใหญ่บ้าน|ผู้ใหญ่|ผญบ\.?|ผญ\.?|สารวัตรกำนัน|แพทย์(?=ประจำตำบล)|พ่อหลวง(?:บ้าน)?|แม่หลวง|พ่อกำนัน"
    r"|นายอำเภอ|นายก(?:เทศมนตรี|องค์การบริหารส่วน|ฯ|เล็ก)?|ปลัด(?:อำเภอ|จังหวัด|องค์การบริหารส่วน)?|ผู้ว่าราชการ(?:จังหวัด)?|ผู้ว่าฯ?"
    r"|ผู้อำนวยการ|ผอ\.?|ครูใหญ่|เจ้าอาวาส|เจ้าคณะ|(?:โต๊ะ)?อิหม่าม|พัฒนาการ|พัฒนากร|เกษตร(?=อำเภอ|จังหวัด|ตำบล)|ปศุสัตว์(?=อำเภอ|จังหวัด)|สาธารณสุข(?=อำเภอ|จังหวัด)|ท้องถิ่น(?=อำเภอ|จังหวัด)|ประมง(?=อำเภอ|จังหวัด)|สัสดี(?=อำเภอ|จังหวัด)?"
    r"|ผู้กำกับ(?:การ)?|ผกก\.?|สารวัตร(?:ใหญ่)?|หัวหน้า(?:สถานี(?:อนามัย)?|สำนักปลัด|กองช่าง|กองคลัง|ส่วน)?|ผู้จัดการ|คณบดี|อธิการบดี|ประธาน|เลขานุการ|เหรัญญิก|สมาชิกสภา(?:เทศบาล|องค์การบริหารส่วนตำบล)?|สมาชิก อบต\.?|ส\. ?อบต\.?|ส\.จ\.|สจ\.|ส\.ท\.|ครูประจำ|ครู(?=โรงเรียน)|หมอประจำ)"
)
_LINK = "(?: ?(?:ของ|ประจำ|แห่ง|ที่|เขต|ใน|คน(?:เก่า|ใหม่|ปัจจุบัน|เดิม)|อาวุโส|หัวหน้าฝ่าย[ก-๎]{3,12}?(?=อำเภอ))){0,2}"
_POSITION = re.compile(
    rf"(?P<officer>{_OFFICER}){_LINK} ?(?:(?:(?P<group>{_GROUP})[ก-๎. ]{{0,36}}?)?(?:(?P<village>{_VILLAGE})|(?P<unit>{_UNIT}) ?(?=[ก-ฮเ-ไ]))|(?=[ก-ฮเ-ไ]))"
)
_ABOUT_DISTRICTS = (
    "นายอำเภอ",
    "นายกฯ",
    "นายกเล็ก",
    "ปลัดอำเภอ",
    "ผู้ว่า",
    "ผู้ว่าฯ",
    "ผู้ว่าราชการ",
    "ผู้ว่าราชการจังหวัด",
    "กำนัน",
    "พัฒนาการ",
    "ปลัดจังหวัด",
)
_LIKE_PLACES = frozenset(
    "วัด ตลาด สวน บ่อ ดอน หนอง ท่า โคก ห้วย บาง วัง ป่า เกาะ แม่ คลอง โพธิ์ สัน ทุ่ง ปาก บึง โนน ดง ภู ศรี กุด ลำ ควน ไทร หาด สระ โป่ง เชียง เวียง เมือง บ้าน นา".split()
)
_AMBIGUOUS = frozenset("สอง ลอง พาน ลี้ ร้อง เถิน เทิง ปาย".split())


class Places:
    """One folded text, read for addresses and positions."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text, self.lexicon = text, lexicon

    def addresses(self) -> Iterator[tuple[int, int]]:
        """Find where somebody lives: a house's number and what of street, village and district follows."""
        done = 0
        for found in _ADDRESS.finditer(self.text):
            start, end = found.span()
            if start < done:
                continue
            english = _ENGLISH.match(self.text, end)
            last = done = english.end() if english else self._parts(end)
            if found["sure"]:
                exact = "/" in found[0] or last > end or "เลขที่" in found[0]
                if exact:
                    yield start, last
            elif found["point"]:
                yield start, end
            elif found["village"]:
                counted = _QUANTITY.search(self.text[max(0, start - 10) : start])
                if not counted and not (last == end and _COUNTED.match(self.text, end)):
                    yield start, last
            elif last > end:
                yield start, last

    def _parts(self, end: int) -> int:
        """Return where the parts of an address end that follow its number."""
        while part := _PART.match(self.text, end):
            if part["whole"]:
                end = part.end()
                continue
            named = self._named(part.end())
            if not named:
                break
            number = re.compile(r" ?\d{1,3}(?: ?/ ?\d{1,3})?(?![\d/])").match(self.text, named)
            end = number.end() if number and part["named"] in ("ซอย", "ซ.", "ถนน", "ถ.") else named
        province = re.compile(" ?([ก-๎]{3,16})(?![ก-๎])").match(self.text, end)
        if province and province[1] in self.lexicon.places:
            code = re.compile(r" ?[1-9]\d{4}(?!\d)").match(self.text, province.end())
            return code.end() if code else province.end()
        return end

    def _named(self, at: int) -> int:
        """Return where the place's name ends that begins at a place; 0 when none does."""
        run = _RUN.match(self.text, at)
        if not run:
            return 0
        lexicon, size = self.lexicon, 0
        word = run[0]
        if further := _NEXT_PART.search(word, 2):
            word = word[: further.start()]
        parts = lexicon.parts(word)
        if len(word) <= LONGEST_PLACE and self._whole(parts):
            return at + len(word)
        place = next((n for n in range(len(word), 2, -1) if word[:n] in lexicon.places), 0)
        # บางปลาหมอ, บ้านแม่สา: after the word that begins a place's name come words of any kind
        mixed = 3 if parts[0] in _LIKE_PLACES else 0
        for number, part in enumerate(parts):
            ends = part in lexicon.following and part not in _DIRECTIONS
            if number < mixed:
                ends = part in SURE or part in _BREAKS
            begun = size >= place and (size or part not in _LIKE_PLACES)
            if size > 2 * LONGEST_PLACE or (begun and (ends or part in _KINDS_OF_PLACE)):
                break
            size += len(part)
        return at + size if size > 1 and word[:size] not in _LIKE_PLACES else 0

    def _whole(self, parts: list[str]) -> bool:
        """Return whether words that stand apart can all be one place's name."""
        if parts[0] in _KINDS_OF_PLACE or any(part in SURE or part in _BREAKS for part in parts):
            return False
        return parts[0] in _LIKE_PLACES or parts[0] not in self.lexicon.following

    def positions(self) -> Iterator[tuple[int, int]]:
        """Find positions with a named place, which one person holds."""
        done = 0
        for found in _POSITION.finditer(self.text):
            start = found.start()
            inside = start and self.text[start - 1] in "เแโใไ"
            if start >= done and not inside and (last := self._held(found)):
                done = last
                yield start, last

    def _held(self, found: re.Match) -> int:
        """Return where a position's named place ends; 0 when it names none."""
        end, group = found.end(), found["group"]
        if group:
            until = found.start("unit" if found["unit"] else "village")
            between = self.text[found.start("group") + len(group) : until]
            if not _BREAKS.isdisjoint(self.lexicon.parts(between)):
                return 0
        if found["village"]:
            return self._parts(end)
        if found["unit"]:
            named = self._named(end)
            return named and self._parts(named)
        return self._bare(end) if found["bare"] in _ABOUT_DISTRICTS else 0

    def _bare(self, at: int) -> int:
        """Return where a district's or province's name ends that stands there without its word."""
        run = _RUN.match(self.text, at)
        word = run[0] if run else ""
        lexicon = self.lexicon
        size = next((n for n in range(len(word), 2, -1) if word[:n] in lexicon.places), 0)
        rest = lexicon.parts(word[size:])[:1]
        if size and (not rest or (rest[0] in lexicon.following and word[:size] not in _AMBIGUOUS)):
            return at + size
        parts = lexicon.parts(word)
        if len(parts) > 1 and parts[0] in _LIKE_PLACES and parts[1] not in lexicon.following:
            return self._named(at)
        return 0


_BREAKS = (SURE - {"และ", "ของ"}) | set(
    "ทุก แต่ละ หลาย ช่วย ทำ มี มา ไป พา นำ ใช้ เปิด รับ จัด ตั้ง ลง เข้า ออก ประชุม ดูแล เดิน เอาใจใส่ บอกว่า เล่าว่า เสนอ ไม่ ยัง นี้ เรา".split()
)
_KINDS_OF_PLACE = frozenset("ตัวอย่าง ต้นแบบ นำร่อง ขยายผล เป้าหมาย พี่ พี่เลี้ยง น้อง ทั่วไป อื่นๆ".split())
_DIRECTIONS = frozenset("เหนือ ใต้ กลาง ใน นอก บน ล่าง ใหม่ เก่า ใหญ่ น้อย".split())
_NEXT_PART = re.compile("ตำบล|อำเภอ|จังหวัด|หมู่ที่|ถนน|แขวง|รหัสไปรษณีย์")
LONGEST_PLACE = 14
