"""Stable pseudonyms for personal data, keyed with a secret that lives outside the repository.

The same person is always the same pseudonym, so what people said can still be counted and compared;
without the key nobody can tell, or try out, who stands behind it.
"""

import hmac
import os
import re
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from castlib.errors import CastError
from castlib.privacy import identifiers
from castlib.privacy.identifiers import MARK, WORDS
from castlib.privacy.traces import Collected

KEY_BYTES = 32
SHOWN_DIGITS = 6
# What a speaker's cell says when it names nobody: ผู้ให้ข้อมูล 3, วิทยากร, P5.
_NOBODY = re.compile(
    r"(?:ผู้(?:ให้ข้อมูล(?:หลัก)?|เข้าร่วม(?:สนทนา|โครงการ)?|ร่วมสนทนา|ให้สัมภาษณ์|ตอบ(?:แบบสอบถาม)?|ดำเนิน(?:รายการ|การสนทนา|การ)|นำสนทนา|สัมภาษณ์|จดบันทึก|บันทึก|ช่วยนักวิจัย|แทน|สังเกตการณ์)"
    r"|คน|ท่าน|นักวิจัย|วิทยากร(?:กระบวนการ)?|ทีม(?:ถอดบทเรียน|วิจัย)?|สมาชิก|ตัวแทน|เจ้าหน้าที่|ผู้บริหาร|กลุ่ม|ทุกคน|หลายคน|ที่ประชุม|ไม่ระบุ(?:ชื่อ)?|ไม่ทราบ(?:ชื่อ)?|[A-Za-z]{1,2}|(?i:participant|speaker|respondent|interviewer|moderator|facilitator))"
    r"(?:ภาค[ก-๎]{2,16}|คน)?[ .]?(?:ที่|หมายเลข|รหัส|ลำดับ|คนที่|ท่านที่|(?i:no\.?))?[ .:#\-]?(?:[A-Za-z]?\d{0,3})?(?: ?\((?:ชาย|หญิง)\))?"
)

__all__ = ["MARK", "Key", "Pseudonyms", "key"]


@dataclass(frozen=True)
class Key:
    """The secret: its bytes, and whether it was made just now (then older pseudonyms are other ones)."""

    secret: bytes
    created: bool = False

    def __repr__(self) -> str:
        return f"Key({self.fingerprint})"

    @property
    def fingerprint(self) -> str:
        """Return the key's public name: eight digits that tell keys apart and give nothing away."""
        return self.hash("castlib key")[:8]

    def hash(self, text: str) -> str:
        """Return the keyed hash of a text (HMAC-SHA256), 64 hexadecimal digits."""
        return hmac.digest(self.secret, text.encode("utf-8", "surrogatepass"), "sha256").hex()


def key() -> Key:
    """Return the secret key, made on first use.

    It lies where the environment variable `CAST_KEY` says, otherwise in the user's own configuration
    (`$XDG_CONFIG_HOME` or ~/.config, castlib/pseudonyms.key), readable by its owner only. Whoever loses
    it gets new pseudonyms (`Key.created`), and the old ones can no longer be joined with them.

    Raises
    ------
    CastError
        The file cannot be read or made, is no key, or is open to other users.
    """
    file = _file()
    try:
        if file.exists():
            return Key(_read(file))
        secret = os.urandom(KEY_BYTES)
        made = _make(file, secret)
        return Key(secret, created=True) if made else Key(_read(file))
    except OSError as error:
        raise CastError(
            f"อ่านหรือสร้างไฟล์กุญแจของรหัสแทนบุคคลไม่ได้: {file} ({error.strerror}) "
            "ให้ตรวจสิทธิ์ของโฟลเดอร์ หรือกำหนดที่อื่นด้วยตัวแปร CAST_KEY"
        ) from error


def _file() -> Path:
    given = os.environ.get("CAST_KEY")
    if given:
        return Path(given).expanduser()
    settings = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(settings) / "castlib" / "pseudonyms.key"


def _read(file: Path) -> bytes:
    """Return a key's bytes; nobody but its owner may be able to read the file."""
    if not file.is_file():
        raise CastError(f"ที่เก็บกุญแจของรหัสแทนบุคคลไม่ใช่ไฟล์: {file} ให้แก้ตัวแปร CAST_KEY ให้เป็นชื่อไฟล์")
    with file.open("rb") as opened:
        mode = os.fstat(opened.fileno()).st_mode
        secret = opened.read(KEY_BYTES + 1)
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CastError(
            f"ไฟล์กุญแจของรหัสแทนบุคคลเปิดให้ผู้อื่นอ่านหรือแก้ได้: {file} "
            f"(สิทธิ์ {stat.S_IMODE(mode):o}) ให้ตั้งสิทธิ์เป็น 600 ด้วยคำสั่ง chmod 600"
        )
    if len(secret) != KEY_BYTES:
        raise CastError(
            f"ไฟล์กุญแจของรหัสแทนบุคคลเสียหาย: {file} มีขนาดไม่ใช่ {KEY_BYTES} ไบต์ "
            "ให้นำไฟล์สำรองมาแทน หรือย้ายไฟล์นี้ออกเพื่อสร้างกุญแจใหม่ (รหัสแทนบุคคลจะเปลี่ยนทั้งหมด)"
        )
    return secret


def _make(file: Path, secret: bytes) -> bool:
    """Write a new key whole or not at all; return False when another process was first."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".key-")  # made 0600
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(secret)
            opened.flush()
            os.fsync(opened.fileno())
        os.link(temporary, file)  # unlike a rename, never replaces
    except FileExistsError:
        return False
    finally:
        os.unlink(temporary)
    return True


class Pseudonyms:
    """What puts pseudonyms in the place of personal data, and remembers by hash what it has seen.

    Parameters
    ----------
    key : Key, optional
        The secret; without it `key()`.

    Examples
    --------
    >>> masks = Pseudonyms(Key(bytes(32)))
    >>> masks.mask("นายทดสอบ ตัวอย่าง มาถึงแล้ว")
    '[บุคคล:7d9de0] มาถึงแล้ว'
    >>> masks.person("ทดสอบ  ตัวอย่าง"), masks.person("ผู้ให้ข้อมูล 3")
    ('[บุคคล:7d9de0]', 'ผู้ให้ข้อมูล 3')
    """

    def __init__(self, key: Key | None = None) -> None:
        self.key = key or globals()["key"]()
        self._seen = Collected(self.key)

    def mask(self, text: str) -> str:
        """Return a text with a pseudonym for each piece of personal data in it; masking twice changes nothing."""
        while found := identifiers.find(text):
            pieces, done = [], 0
            for identifier in found:
                pieces += (
                    text[done : identifier.start],
                    self._pseudonym(identifier.kind, identifier.text),
                )
                done = identifier.end
            # a place that is covered can leave beside it what only now reads as personal data
            text = "".join(pieces) + text[done:]
        return text

    def person(self, text: str) -> str:
        """Return a pseudonym for a whole cell that says who a person is.

        A cell that names nobody (empty, ผู้ให้ข้อมูล 3, วิทยากร, P5) stays as it is.
        """
        bare = text.strip()
        if not bare or MARK.search(bare) or _NOBODY.fullmatch(bare.translate(_ARABIC)):
            return self.mask(text)
        found = identifiers.find(bare)
        people = [identifier for identifier in found if identifier.kind == "person"]
        if len(people) == len(found) == 1 and people[0].end == len(bare):
            return self._pseudonym("person", people[0].text)  # a calling before the name stays out
        return self._pseudonym("person", bare)

    def traces(self) -> dict:
        """Return what was seen, as keyed hashes that `castlib.privacy.traces.Traces` can search texts for."""
        return self._seen.traces()

    def _pseudonym(self, kind: str, text: str) -> str:
        normal = identifiers.normal(kind, text)
        self._seen.add(kind, text, normal)
        return f"[{WORDS[kind]}:{self.key.hash(f'{kind}:{normal}')[:SHOWN_DIGITS]}]"


_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
