"""How much personal data the intake finds, how much else it takes for it, and how fast: printed in Thai.

    .venv/bin/python benchmarks/privacy.py

The labelled sample is tests/reference/privacy, filled with names and numbers from chance; nothing real.
"""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from castlib.privacy import identifiers, lexicon  # noqa: E402
from castlib.privacy.identifiers import KINDS, WORDS  # noqa: E402
from castlib.privacy.pseudonyms import Key, Pseudonyms  # noqa: E402
from castlib.privacy.traces import Traces  # noqa: E402
from tests.privacy import sample  # noqa: E402

CLASSES = {
    "listed": "ชื่อในบัญชีของ PyThaiNLP",
    "unlisted": "ชื่อไทยนอกบัญชี",
    "foreign": "ชื่อมลายูมุสลิมและชาติพันธุ์นอกบัญชี",
    "latin": "ชื่ออักษรละติน",
    "nickname": "ชื่อเล่น",
    "title": "หลังคำนำหน้านาม",
    "called": "หลังตำแหน่งหรือคำเรียก",
    "context": "หลังคำที่บอกว่าจะมีชื่อ",
    "pair": "ชื่อกับสกุล ไม่มีคำนำ",
    "single": "ชื่ออย่างเดียว ไม่มีคำนำ",
}


def main() -> None:
    made, clean = sample.make(), sample.clean()
    scores = sample.measure(made, clean)
    print(f"ตัวอย่างติดป้าย {len(made):,} ประโยค และประโยคที่ไม่มีข้อมูลส่วนบุคคล {len(clean):,} ประโยค")
    for kind in reversed(KINDS):
        score = scores[kind]
        print(
            f"{WORDS[kind]}: พบ {score.recall:.3f} จาก {score.labels:,} รายการ "
            f"แม่นยำ {score.precision:.3f} จากที่ทักท้วง {score.found:,} แห่ง"
        )
    for name, label in CLASSES.items():
        score = scores[f"person, {name}"]
        print(f"  บุคคล ({label}): พบ {score.recall:.3f} จาก {score.labels:,} รายการ")
    print(f"ความเร็วการค้นในถ้อยคำสนทนากลุ่ม: {speed(spoken()):,.0f} พันตัวอักษรต่อวินาที")
    print(f"ความเร็วการค้นในประโยคตัวอย่าง: {speed([one.text for one in made]):,.0f} พันตัวอักษรต่อวินาที")
    print(f"ความเร็วการค้นร่องรอย: {trace_speed(made, clean):,.2f} ล้านตัวอักษรต่อวินาที")


def spoken() -> list[str]:
    """Return what people of the synthetic country say, each sentence once."""
    file = ROOT / "src" / "castlib" / "demo" / "phrases.yml"
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.strip(" -") for line in lines if line.lstrip().startswith("- ")]


def speed(texts: list[str]) -> float:
    """Return how many thousand characters a second are searched, the best of three, nothing remembered."""
    words, seconds = identifiers.lexicon(), []
    for _ in range(3):
        lexicon._parts.cache_clear()
        begun = time.process_time()
        for text in texts:
            identifiers._find.__wrapped__(text, words)
        seconds.append(time.process_time() - begun)
    return sum(map(len, texts)) / min(seconds) / 1e3


def trace_speed(made: list[sample.Sentence], clean: list[str]) -> float:
    """Return how many million characters a second are searched for what the whole sample had."""
    masks = Pseudonyms(Key(bytes(32)))
    for sentence in made:
        masks.mask(sentence.text)
    traces = Traces.load(masks.traces(), masks.key)
    text = "\n".join(clean) * 100
    begun = time.process_time()
    traces.search(text)
    return len(text) / (time.process_time() - begun) / 1e6


if __name__ == "__main__":
    main()
