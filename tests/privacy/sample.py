"""The labelled sample: the sentences of tests/reference/privacy with made-up personal data filled in.

Names come from PyThaiNLP's lists and from outside them; numbers from chance; both from a seed. Each
slot in braces becomes a label with its place, so recall and precision can be counted.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from castlib.privacy.contacts import is_thai_id
from castlib.privacy.identifiers import find

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "privacy"
LISTED, UNLISTED, FOREIGN = "listed", "unlisted", "foreign"
KINDS = {
    "ชื่อ": "person", "สกุล": "person", "ชื่อเล่น": "person", "latin": "person", "LATIN": "person", "ทะเบียน": "id",
    "โทร": "phone", "สะกด": "phone", "โทรแปลก": "phone",
    "บัตร": "id", "บัตรผิด": "id", "บัตรแปลก": "id", "บัตรสองส่วน": "id", "บัตรสั้น": "id", "พาสปอร์ต": "id", "บัญชี": "id",
    "อีเมล": "email", "อีเมลแปลก": "email", "ไลน์": "line", "ที่อยู่": "address", "ที่อยู่แปลก": "address",
    "พิกัด": "address", "ตำแหน่ง": "position", "ตำแหน่งแปลก": "position",
}  # fmt: skip
_SLOT = re.compile(r"\{([^{}]+)\}")
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
# Syllables of no particular name, to make names that stand in no list.
_FIRST = "กฤต ศุภ ธนิษ ปุณ ณัฎฐ์ อัครี พีรว วิชญ์ ภูริ ชญา รวิศ สิริภ กัญญ์ นันทิ จิณณ ธีรา เมธว อริญช ปริยา คุณานน".split()
_LAST = "พงศ์ภัทร ิชาญ วรินทร์ ธัชกุล นิดาภา วีร์กร ตยาภรณ์ ธนิน รดาวดี ยศสรัล วิชญา มลวรรณ นัดดา ณิชานันท์ รัมภา พิชฌาน์".split()
_CLAN = "เรืองโชติ วัฒนา สุวรรณ ศรี กิตติ ปัญญา อุดม เจริญ บุญ ทอง แสง พรหม มงคล ธรรม โชค อินทร์".split()
_HOUSE = "ไพศาลกุล วณิชย์กร ภักดีวงษ์ ทรัพย์เสถียร เมธาสกุล ชลธารา พิพัฒน์ไทย ปรีดาวัฒน์ สมานมิตร ฤทธิเดชา พนาสัณฑ์ เกษมราษฎร์".split()
_MALAY = "ซูไฮลา ยัสมีนา ฟาอิซูล มูฮำหมัดซอและ อับดุลเลาะมาน รอฮีมะห์ นูรฮายาตี แวอูเซ็ง เจ๊ะอาแซ ซัมซูดิง กามารียะห์ ฮาซานะห์ มะรูดิง ต่วนยะห์ อิสมาแอล ไซนุงอาบีดีน".split()
_MALAY_HOUSE = "แวดอเลาะห์ เจ๊ะมูดอ สาแลแม มะดาโอะ ยะโก๊ะ ดือราแม บือราเฮง กาเดร์ วาเต๊ะห์ อาแวกือจิ ตาเยะห์ ลาเต๊ะเจ๊ะ".split()
_HILL = "จะก่าอื่อ นะก่อบือ อาหมี่เยอะ ชาลีพอ เจ่อต้า มึหลื่อ ซอพอวา น่อมือแฮ เล่าต๋า อาเบอะ กฺ๊ะซ้อ ยี่เฟย".split()
_HILL_HOUSE = (
    "เยอเบียง หมื่อแล แซ่ซ้ง จะปื่อ แลเชอร์ มาเยอะโส ก่อดู่ลอ พงษ์ไพรวัน เชอหมือ แซ่ท้าว ลาหู่นะ เบียงแหล่".split()
)
_LATIN_FIRST = (
    "Somphop Wirat Anucha Jirawadee Nongkran Pitchaya Liam Hannah Kenji Fatimah Nguyen Erik".split()
)
_LATIN_LAST = "Rattanakorn Phothong Saelim Wongsakul Jantharat Becker Oyelaran Tanaka Lindqvist Binhayee".split()
_NICKNAMES = "แดง ดำ นก ไก่ กุ้ง ปู แก้ว จุก อ้วน เล็ก หน่อย ติ๋ม ต้อย ตุ๊ก แมว หมู เปี๊ยก จุ๋ม แอ๊ด อ๊อด บอย แป้ง ฝน อ้อย ตั้ม โอ๋ เจี๊ยบ น้อย หนุ่ย".split()
_PLACES = "ดอนแก้ว หนองหอย ห้วยทราย โคกสว่าง บางปลาหมอ ท่าข้าม แม่สาบ นาโพธิ์ คลองหอยโข่ง ทุ่งกระเชาะ โนนสะอาด สันป่าเปา วังน้ำเย็นใต้ ป่าแดด เกาะกลาง".split()
_DISTRICTS = "แม่ริม สันทราย บางละมุง พนมสารคาม ท่าศาลา เดชอุดม สว่างแดนดิน หล่มสัก ปากช่อง ละงู".split()
_PROVINCES = "เชียงใหม่ ชลบุรี อุบลราชธานี สงขลา ยะลา พิจิตร ลพบุรี สกลนคร".split()
_POSITIONS = (
    "กำนันตำบล{place}", "กำนัน ต.{place}", "ผู้ใหญ่บ้านหมู่ที่ {n}", "ผู้ใหญ่บ้านหมู่ {n}", "ผู้ใหญ่บ้าน ม.{n}",
    "ผู้ใหญ่บ้านบ้าน{place}", "ผู้ใหญ่บ้าน หมู่ {n} ตำบล{place}", "ผู้ใหญ่หมู่ {n}", "ผู้ช่วยผู้ใหญ่บ้านหมู่ {n}",
    "นายก อบต.{place}", "นายกองค์การบริหารส่วนตำบล{place}", "นายกเทศมนตรีตำบล{place}", "ปลัด อบต.{place}",
    "รองนายก อบต.{place}", "ผู้อำนวยการโรงเรียนบ้าน{place}", "ผอ.โรงเรียนบ้าน{place}", "ผอ.รพ.สต.{place}",
    "ผู้อำนวยการ รพ.สต.บ้าน{place}", "นายอำเภอ{district}", "ปลัดอำเภอ{district}", "พัฒนาการอำเภอ{district}",
    "เกษตรอำเภอ{district}", "สาธารณสุขอำเภอ{district}", "ผู้ว่าราชการจังหวัด{province}", "พัฒนาการจังหวัด{province}",
    "เจ้าอาวาสวัด{place}", "อิหม่ามมัสยิดบ้าน{place}", "ประธานกลุ่มแม่บ้านหมู่ {n}", "ประธานกลุ่มออมทรัพย์บ้าน{place}",
    "ประธาน อสม. หมู่ {n}", "ประธานกองทุนหมู่บ้านบ้าน{place}", "เลขานุการกลุ่มสตรีตำบล{place}",
    "แพทย์ประจำตำบล{place}", "สารวัตรกำนันตำบล{place}", "หัวหน้าศูนย์พัฒนาเด็กเล็กบ้าน{place}", "ผู้กำกับ สภ.{district}",
)  # fmt: skip
# Spellings that are seldom seen.
_ODD = {
    "โทรแปลก": (
        "{a}{b}{c}{d}{e}-{f}{g}{h}{i}{j}", "{a} {b} {c} {d} {e} {f} {g} {h} {i} {j}", "{a}-{b}{c}{d}{e}-{f}{g}{h}{i}-{j}",
        "{a}{b} {c}{d}{e}{f} {g}{h}{i}{j}", "[{a}{b}{c}] {d}{e}{f} {g}{h}{i}{j}", "0066{b}{c}{d}{e}{f}{g}{h}{i}{j}",
        "66-{b}{c}-{d}{e}{f}-{g}{h}{i}{j}", "+66-(0){b}{c}-{d}{e}{f}-{g}{h}{i}{j}", "{a}{b}{c}_{d}{e}{f}_{g}{h}{i}{j}",
        "{a}{b}{c}/{d}{e}{f}{g}{h}{i}{j}", "{a}{b}{c}\u00a0{d}{e}{f}\u00a0{g}{h}{i}{j}", "{a}{b}{c}\u2011{d}{e}{f}\u2011{g}{h}{i}{j}",
        "{a}{b}{c}-{d}{e}{f}-{g}{h}{i}{j}-9", "{a}{b}{c} - {d}{e}{f} - {g}{h}{i}{j}", "{a}{b}{c}•{d}{e}{f}•{g}{h}{i}{j}",
        "{a}{b}{c}~{d}{e}{f}{g}{h}{i}{j}", "O{b}{c}-{d}{e}{f}{g}{h}{i}{j}", "{a}{b}{c},{d}{e}{f},{g}{h}{i}{j}", "{a}{b}{c}:{d}{e}{f}:{g}{h}{i}{j}", "{a}{b}{c}={d}{e}{f}={g}{h}{i}{j}", "{a}{b}{c}|{d}{e}{f}-{g}{h}{i}{j}",
    ),
    "อีเมลแปลก": (
        "{user}[at]gmail[dot]com", "{user} at gmail dot com", "{user} แอท gmail ดอท คอม", "{user}＠gmail．com",
        "{user}@gmail,com", "{user}@gmail", "{user} (แอท) hotmail จุดคอม", "{user}@ gmail .com", "{user}@GMAIL.COM", "{user}@gmail com", "{user}@ชุมชน.ไทย",
    ),
    "ที่อยู่แปลก": (
        "{n}/{m} ม.{m} บ.หนองหอย ต.ดอนแก้ว อ.แม่ริม", "บ้านเลขที่{n}", "{n} หมู่{m} ตำบลดอนแก้ว",
        "{n}/{m} หมู่บ้านสุขใจ ซ.{m}", "บ้านเลขที่ {n} หมู่บ้านสุขใจ ซอย {m} ถนนใหญ่", "เลขที่ {n}/{m} หมู่ที่ {m}",
        "{n}/{m} ซอยวัดดอน ถนนเจริญกรุง กรุงเทพมหานคร 10120", "บ้านเลขที่ {n} ต.ดอนแก้ว", "{n}/{m} Moo {m}, Don Kaeo, Mae Rim, Chiang Mai 50180",
        "คอนโดสุขใจ ห้อง {n}/{m} ถนนเจริญเมือง", "{n} ม.{m}",
    ),
    "ตำแหน่งแปลก": (
        "ผญบ.ม.{m}", "ผญบ. หมู่ {m}", "นายกฯ ดอนแก้ว", "นายก ทต.ดอนแก้ว", "ผู้ว่าฯ เชียงใหม่", "รองผู้ว่าราชการจังหวัดยะลา",
        "ปลัดอาวุโสอำเภอแม่ริม", "หัวหน้าสำนักงานจังหวัดยะลา", "ผู้อำนวยการ กศน.อำเภอแม่ริม", "ครูใหญ่ ร.ร.บ้านโคกสว่าง",
        "เจ้าอาวาส วัดดอนแก้ว", "ประธานสภาวัฒนธรรมอำเภอแม่ริม", "ประธานสภาเด็กและเยาวชนตำบลดอนแก้ว", "เจ้าคณะอำเภอแม่ริม",
        "กำนันคนปัจจุบันของตำบลดอนแก้ว", "อดีตกำนันตำบลดอนแก้ว", "ผู้ช่วยผู้ใหญ่บ้าน ม.{m} ต.ดอนแก้ว",
        "ประธานวิสาหกิจชุมชนกลุ่มทอผ้าบ้านโคกสว่าง", "ส.อบต.หมู่ {m}", "สมาชิก อบต. หมู่ {m}", "ผกก.สภ.แม่ริม",
        "ผู้จัดการ ธ.ก.ส. สาขาแม่ริม", "พัฒนากรประจำตำบลดอนแก้ว", "ผู้ใหญ่บ้าน หมู่ที่ ๕ บ้านโคกสว่าง", "นายกสมาคมชาวสวนอำเภอแม่ริม",
        "ท่านนายอำเภอแม่ริม", "รักษาการนายอำเภอแม่ริม", "พระครูเจ้าคณะตำบลดอนแก้ว", "กำนันดอนแก้ว", "ปลัดอำเภอหัวหน้าฝ่ายความมั่นคงอำเภอแม่ริม",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Label:
    """Something made up that must be found: its kind and place, and for a name where it comes from."""

    kind: str
    start: int
    end: int
    origin: str = ""


@dataclass(frozen=True)
class Sentence:
    """A filled sentence of the sample, with the section that it comes from."""

    text: str
    section: str
    labels: tuple[Label, ...]


def templates(name: str = "sentences.txt") -> Iterator[tuple[str, str]]:
    """Return every line of a file of the sample with its section."""
    section = ""
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:]
        elif line and not line.startswith("#"):
            yield section, line


def clean() -> list[str]:
    """Return the sentences in which nothing may be found."""
    return [line for _, line in templates("clean.txt")]


def make(seed: int = 1, times: int = 4, name: str = "sentences.txt") -> list[Sentence]:
    """Return the sample: each sentence filled several times, with names of each origin."""
    chance = Maker(seed)
    made = []
    for section, template in templates(name):
        for turn in range(times):
            origin = (LISTED, UNLISTED, LISTED, FOREIGN)[turn % 4]
            if section == "single":
                origin = LISTED  # a name alone in running text is known by the lists or not at all
            made.append(chance.fill(template, section, origin))
    return made


class Maker:
    """Made-up people and numbers, drawn from a seed."""

    def __init__(self, seed: int) -> None:
        from pythainlp import corpus

        self.chance = random.Random(seed)
        self.given = sorted(corpus.thai_female_names() | corpus.thai_male_names())
        self.family = sorted(name for name in corpus.thai_family_names() if " " not in name)
        self.known = set(self.given) | set(self.family)
        self.words = corpus.thai_words() | corpus.thai_orst_words()

    def fill(self, template: str, section: str, origin: str) -> Sentence:
        """Return a sentence with its slots filled, sometimes spelt as such things come."""
        text, labels, done = "", [], 0
        self.hill = self.chance.random() < 0.4
        for slot in _SLOT.finditer(template):
            text += template[done : slot.start()]
            value = self.value(slot[1], section, origin)
            labels.append(
                Label(
                    KINDS[slot[1]], len(text), len(text) + len(value), self._origin(slot[1], origin)
                )
            )
            text += value
            done = slot.end()
        return Sentence(text + template[done:], section, tuple(labels))

    def _origin(self, slot: str, origin: str) -> str:
        return (
            origin
            if slot in ("ชื่อ", "สกุล")
            else "nickname"
            if slot == "ชื่อเล่น"
            else "latin"
            if slot in ("latin", "LATIN")
            else ""
        )

    def value(self, slot: str, section: str, origin: str) -> str:
        """Return something made up for a slot."""
        pick, number = self.chance.choice, self.chance.randrange
        if slot == "ชื่อ":
            return self._given(section, origin)
        if slot == "สกุล":
            return self._family(origin)
        if slot == "ชื่อเล่น":
            return pick(_NICKNAMES)
        if slot == "latin":
            return f"{pick(_LATIN_FIRST)} {pick(_LATIN_LAST)}"
        if slot == "LATIN":
            return f"{pick(_LATIN_FIRST)} {pick(_LATIN_LAST)}".upper()
        if slot == "ทะเบียน":
            return f"{pick('กขคงจฉ')}{pick('กขคงจฉ')} {number(1000, 9999)}"
        if slot in ("โทร", "สะกด"):
            return self._phone() if slot == "โทร" else self._spelt()
        if slot in _ODD:
            digits = dict(zip("abcdefghij", f"0{pick('689')}{number(10**8):08d}", strict=True))
            user = f"{pick(_LATIN_FIRST).lower()}{number(10, 99)}"
            return pick(_ODD[slot]).format(**digits, user=user, n=number(1, 300), m=number(1, 15))
        if slot == "บัตรสั้น":
            return f"{number(10**4, 10**5)}"
        if slot == "บัตรสองส่วน":
            digits = "".join(filter(str.isdecimal, self._id(right=True)))
            return digits[:5] + pick([" ", "-"]) + digits[5:]
        if slot == "บัตรแปลก":
            return pick([" ", "-", "."]).join(
                self._id(right=True)[:13].replace(" ", "").replace("-", "")
            )
        if slot in ("บัตร", "บัตรผิด"):
            return self._id(right=slot == "บัตร")
        if slot == "พาสปอร์ต":
            return pick("AB") + pick(["", "A"]) + f"{number(10**6, 10**7)}"
        if slot == "บัญชี":
            digits = f"{number(10**9, 10**10)}"
            return pick(
                [
                    digits,
                    f"{digits[:3]}-{digits[3]}-{digits[4:9]}-{digits[9]}",
                    f"{digits[:3]} {digits[3]} {digits[4:9]} {digits[9]}",
                ]
            )
        if slot == "อีเมล":
            return self._email()
        if slot == "ไลน์":
            return f"{pick(_LATIN_FIRST).lower()}{pick(['', '_', '.'])}{number(10, 99)}"
        if slot == "พิกัด":
            return f"{18 + self.chance.random():.6f}, {98 + self.chance.random():.6f}"
        if slot == "ที่อยู่":
            return self._address()
        return pick(_POSITIONS).format(
            place=pick(_PLACES),
            district=pick(_DISTRICTS),
            province=pick(_PROVINCES),
            n=number(1, 15),
        )

    def _given(self, section: str, origin: str) -> str:
        pick = self.chance.choice
        if origin == FOREIGN:
            return pick(_HILL if self.hill else _MALAY)
        while True:
            if origin == UNLISTED:
                name = pick(_FIRST) + pick(_LAST)
                if name not in self.known and not re.search("[ิีึืุูั์][ิีึืุูั]", name):
                    return name
            else:
                name = pick(self.given)
                # without a title, a name that is also a word cannot be told from the word
                if len(name) > 3 and (section != "single" or name not in self.words):
                    return name

    def _family(self, origin: str) -> str:
        pick = self.chance.choice
        if origin == LISTED:
            return pick(self.family)
        if origin == FOREIGN:
            return pick(_HILL_HOUSE if self.hill else _MALAY_HOUSE)
        return pick(_CLAN) + pick(_HOUSE)

    def _spell(self, number: str) -> str:
        """Return a number as it may come: with Thai digits, some of them, or something unseen between."""
        way = self.chance.random()
        if way < 0.25:
            return number.translate(_THAI_DIGITS)
        if way < 0.35:
            return number[:5] + number[5:].translate(_THAI_DIGITS)
        if way < 0.45:
            return "\u200b".join((number[:4], number[4:8], number[8:]))
        return number

    def _phone(self) -> str:
        pick, number = self.chance.choice, self.chance.randrange
        rest = f"{number(10**7, 10**8):08d}"
        mobile = pick(["08", "09", "06"]) + rest
        land = pick(["02", "05", "03", "04", "07"]) + rest[:7]
        return self._spell(
            pick(
                [
                    mobile,
                    f"{mobile[:3]}-{mobile[3:6]}-{mobile[6:]}",
                    f"{mobile[:3]}-{mobile[3:]}",
                    f"{mobile[:2]}-{mobile[2:6]}-{mobile[6:]}",
                    f"{mobile[:3]} {mobile[3:6]} {mobile[6:]}",
                    f"{mobile[:3]}.{mobile[3:6]}.{mobile[6:]}",
                    f"({mobile[:3]}) {mobile[3:6]}-{mobile[6:]}",
                    f"{mobile[:2]} {mobile[2:4]} {mobile[4:6]} {mobile[6:8]} {mobile[8:]}",
                    f"{mobile[:3]} – {mobile[3:]}",
                    f"+66{mobile[1:]}",
                    f"+66 {mobile[1:3]} {mobile[3:6]} {mobile[6:]}",
                    f"+66 (0) {mobile[1:3]}-{mobile[3:6]}-{mobile[6:]}",
                    f"66{mobile[1:]}",
                    land,
                    f"{land[:3]}-{land[3:]}"
                    if land[1] != "2"
                    else f"{land[:2]}-{land[2:5]}-{land[5:]}",
                    f"{land[:3]}-{land[3:6]}-{land[6:]}",
                    f"0-{land[1:5]}-{land[5:]}",
                    f"0 {land[1:5]} {land[5:]}",
                ]
            )
        )

    def _spelt(self) -> str:
        words = "ศูนย์ หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า".split()
        digits = [0, 8, *(self.chance.randrange(10) for _ in range(8))]
        return self.chance.choice(["", " "]).join(words[digit] for digit in digits)

    def _id(self, right: bool) -> str:
        while True:
            digits = f"{self.chance.randrange(10**11, 9 * 10**11)}"
            last = next(str(n) for n in range(10) if is_thai_id(digits + str(n)))
            digits += last if right else str((int(last) + 3) % 10)
            parted = (digits[0], digits[1:5], digits[5:10], digits[10:12], digits[12])
            return self._spell(self.chance.choice([digits, "-".join(parted), " ".join(parted)]))

    def _email(self) -> str:
        pick = self.chance.choice
        name = f"{pick(_LATIN_FIRST).lower()}{pick(['', '.', '_'])}{pick(_LATIN_LAST).lower()}{pick(['', '7', '๙๙'])}"
        host = pick(["gmail.com", "hotmail.com", "cdd.go.th", "student.ac.th", "outlook.co.th"])
        return pick(
            [f"{name}@{host}"] * 4
            + [
                f"{name} @ {host}",
                f"{name}@ {host}",
                f"{name} (at) {host}",
                f"{name}[at]{host}",
                f"{name}\u200b@{host}",
                f"{name.upper()}@{host}",
            ]
        )

    def _address(self) -> str:
        pick, number = self.chance.choice, self.chance.randrange
        house = pick([f"{number(1, 300)}", f"{number(1, 300)}/{number(1, 20)}"])
        place, district, province = pick(_PLACES), pick(_DISTRICTS), pick(_PROVINCES)
        n, code = number(1, 15), f"{number(10, 96)}{number(1, 10)}{number(1, 10)}0"
        text = pick(
            [
                f"บ้านเลขที่ {house}",
                f"บ้านเลขที่ {house} หมู่ {n}",
                f"บ้านเลขที่ {house} หมู่ที่ {n} ตำบล{place} อำเภอ{district} จังหวัด{province}",
                f"บ้านเลขที่ {house} ม.{n} ต.{place} อ.{district} จ.{province} {code}",
                f"เลขที่ {house} หมู่ {n} ต.{place}",
                f"{house} หมู่ {n} ต.{place} อ.{district} จ.{province} {code}",
                f"{house} ม.{n} ต.{place}",
                f"{house} หมู่ที่ {n} บ้าน{place} ตำบล{place}",
                f"เลขที่ {house} ซอย {n} ถนน{place} อำเภอ{district}",
                f"{number(1, 300)}/{number(1, 20)} ถ.{place} ต.{place} อ.{district} จ.{province}",
                f"บ้านเลขที่ {house} หมู่ {n} ตำบล{place}อำเภอ{district}จังหวัด{province}",
            ]
        )
        return text.translate(_THAI_DIGITS) if self.chance.random() < 0.3 else text


@dataclass
class Score:
    """What was found of what should have been, and what should not have been."""

    labels: int = 0
    hidden: int = 0
    found: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Return the share of what was made up that is hidden, every letter of it."""
        return self.hidden / self.labels if self.labels else 1.0

    @property
    def precision(self) -> float:
        """Return the share of what was found that touches something made up."""
        return self.right / self.found if self.found else 1.0


def measure(sentences: list[Sentence], clean: list[str] = ()) -> dict[str, Score]:
    """Return the scores by kind, and for names also by origin and by what announces them.

    A label counts as hidden when no letter of it is left over, whatever kind found it; a found place
    counts as right when it touches a label.
    """
    scores: dict[str, Score] = defaultdict(Score)
    for sentence in [*sentences, *(Sentence(text, "clean", ()) for text in clean)]:
        places = find(sentence.text)
        covered = {place for found in places for place in range(found.start, found.end)}
        for label in sentence.labels:
            value = sentence.text[label.start : label.end]
            hidden = all(
                place in covered or not sentence.text[place].isalnum()
                for place in range(label.start, label.end)
            )
            names = [label.kind]
            if label.kind == "person":
                names += [
                    f"person, {label.origin}",
                    f"person, {sentence.section}",
                    f"person, {label.origin}, {sentence.section}",
                ]
            for name in names:
                scores[name].labels += 1
                scores[name].hidden += hidden
                if not hidden:
                    scores[name].missed.append(f"{value} | {sentence.text}")
        for found in places:
            right = any(
                found.start < label.end and label.start < found.end for label in sentence.labels
            )
            scores[found.kind].found += 1
            scores[found.kind].right += right
            if not right:
                scores[found.kind].wrong.append(f"{found.text} | {sentence.text}")
    return dict(scores)
