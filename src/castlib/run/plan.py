"""What is out of date, and why: by content, kept in the executed notebook itself.

A notebook is current when everything that it was made from is what it was. Its metadata `cast` hold
the key (one digest a part), the digest of its results file and the national values that it showed, so
there is no second record that could disagree with it.
"""

import ast
import hashlib
import json
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path

import castlib
from castlib import analyses, paths, protocol, regions, store
from castlib.errors import CastError, nearest, some
from castlib.run.reach import Reach, reach

# What of the study's data no notebook shows, though a word that names it may stand in its code:
# districts' names are words of the text; the other lists only tell persons' names from words.
NAMES = ("following.txt", "nicknames.txt", "not_names.txt")
NOT_SHOWN = ("raw", *(f"text/names/{name}" for name in NAMES))
LIBRARIES = (
    "fontpkg-sarabun",
    "ipykernel",
    "ipython",
    "krippendorff",
    "matplotlib",
    "matplotlib-inline",
    "nbclient",
    "nbformat",
    "nlpo3",
    "numpy",
    "pandas",
    "papermill",
    "pillow",
    "pingouin",
    "pyarrow",
    "pythainlp",
    "pyyaml",
    "scikit-learn",
    "scipy",
    "seaborn",
    "statsmodels",
)
# What of castlib.run a notebook's outputs can depend on.
RUNNING = ("child", "execute", "kernels", "warm")
PARAMETERS = ("REGION", "PHASE")
CHANGED = {
    "notebook": "โค้ดในแม่แบบของโน้ตบุ๊กเปลี่ยน",
    "words": "ข้อความในแม่แบบของโน้ตบุ๊กเปลี่ยน",
    "code": "โค้ดของ castlib ที่โน้ตบุ๊กนี้ใช้เปลี่ยน",
    "parameters": "พารามิเตอร์เปลี่ยน",
    "rows": "ข้อมูลของพื้นที่เปลี่ยน",
    "verdicts": "คำตัดสินของผู้วิจัยเปลี่ยน",
    "study": "ข้อกำหนดของการศึกษาในโฟลเดอร์ data ที่โน้ตบุ๊กนี้ใช้เปลี่ยน",
    "versions": "รุ่นของ Python หรือไลบรารีเปลี่ยน",
}
NEVER_MADE = "ยังไม่เคยทำ"
FAILED_BEFORE = "ครั้งก่อนทำไม่สำเร็จ"
UNREADABLE = "ไฟล์โน้ตบุ๊กที่ทำไว้อ่านไม่ได้ หรือไม่ได้มาจาก cast run"
RESULTS_DIFFER = "ไฟล์ผลไม่ตรงกับที่บันทึกไว้"
ONLY_WORDS = [CHANGED["words"]]
WAITS = "ต้องทำผลระดับประเทศใหม่ก่อน จึงจะรู้ว่าค่าที่ใช้เปรียบเทียบเปลี่ยนหรือไม่"


@dataclass(frozen=True)
class Template:
    """A phase's notebook template, or a researcher's own notebook, as it was when the run began."""

    phase: str
    file: Path
    content: dict

    @cached_property
    def digests(self) -> dict[str, str]:
        """Digests of the code cells (`notebook`), and of the words between them (`words`)."""
        cells = [
            [c["cell_type"], "".join(c["source"]), c["metadata"]] for c in self.content["cells"]
        ]
        code = [cell for cell in cells if cell[0] == "code"]
        words = [cell if cell[0] != "code" else None for cell in cells]
        words += [[c["id"] for c in self.content["cells"]], self.content["metadata"]]
        parts = {"notebook": code, "words": words}
        return {
            name: sha(json.dumps(part, sort_keys=True).encode()) for name, part in parts.items()
        }

    @cached_property
    def reach(self) -> Reach:
        """What the code cells can reach."""
        cells = self.content["cells"]
        return reach("".join(c["source"]) for c in cells if c["cell_type"] == "code")

    @cached_property
    def defined(self) -> list[str]:
        """The names that the parameters cell gives a value to."""
        cells = self.content["cells"]
        tagged = [c for c in cells if "parameters" in c["metadata"].get("tags", [])]
        code = "".join(tagged[0]["source"]) if tagged else ""
        try:
            lines = ast.parse(code).body
        except SyntaxError as fault:
            raise CastError(
                f"เซลล์ parameters ของ {self.file.name} ไม่ใช่โค้ด Python ({fault})"
            ) from fault
        return [
            target.id
            for line in lines
            for target in getattr(line, "targets", [getattr(line, "target", None)])
            if isinstance(target, ast.Name)
        ]

    def check(self) -> None:
        """Refuse a template without the parameters of a run: papermill would only warn.

        An own notebook may do without PHASE.
        """
        needed = PARAMETERS if self.phase in protocol.PHASES else PARAMETERS[:1]
        for name in needed:
            if name not in self.defined:
                like = nearest(name, self.defined)
                given = some(self.defined) or "ไม่มีเลย"
                hint = f"มี {like} ซึ่งอาจสะกดผิด" if like else f"มี {given}"
                raise CastError(
                    f"แม่แบบ {self.file.name} ไม่ได้กำหนดพารามิเตอร์ {name} ในเซลล์ที่ติดป้าย parameters "
                    f"({hint}) จึงไม่ทำ เพราะจะได้ผลของพื้นที่อื่นในชื่อของพื้นที่นี้"
                )

    def parameters(self, region: str) -> dict[str, str]:
        """Return the parameters of a run: codes only; labels are looked up in the notebook."""
        values = zip(PARAMETERS, (region, self.phase), strict=True)
        return {name: value for name, value in values if name in self.defined}


@dataclass(frozen=True)
class Inputs:
    """Everything that notebooks are made from, digested once, before any of it is used.

    A change made while a run goes on is therefore seen by the next run, never lost.
    """

    templates: dict[str, Template]
    code: dict[str, str]
    study: dict[str, str]
    tables: dict
    versions: str

    def key(self, region: str, phase: str) -> dict[str, str]:
        """Return the digest of each part that a region's notebook is made from."""
        tables = self.tables
        return {
            **self.templates[phase].digests,
            "code": self.code[phase],
            "parameters": sha(json.dumps(self.templates[phase].parameters(region)).encode()),
            "rows": sha(f"{store.digest(region, tables)} {tables['synthetic']}".encode()),
            "verdicts": store.verdict_digest(region, analyses.objective(phase), tables),
            "study": self.study[phase],
            "versions": self.versions,
        }

    def why(self, region: str, phase: str) -> list[str]:
        """Return the reasons, in Thai, why a notebook must be made; none if it is current."""
        file = notebook(region, phase)
        if not file.exists():
            return [FAILED_BEFORE if failed(region, phase).exists() else NEVER_MADE]
        try:
            made = json.loads(file.read_bytes())["metadata"]["cast"]
            parts, vouched, compared = dict(made["key"]), made["results"], made["compared_with"]
        except (OSError, ValueError, LookupError, TypeError):
            return [UNREADABLE]
        key = self.key(region, phase)
        reasons = [say for part, say in CHANGED.items() if parts.get(part) != key[part]]
        if _digest(results(region, phase)) != vouched:
            reasons.append(RESULTS_DIFFER)
        if compared:
            reasons += moved(compared, shown(phase))
        return reasons


def read(phases: Iterable[str]) -> Inputs:
    """Return what the notebooks of these phases are made from, as it now is."""
    templates = {phase: template(phase) for phase in phases}
    reached = {phase: template.reach for phase, template in templates.items()}
    codes = {phase: code(found) for phase, found in reached.items()}
    named = {phase: study(found) for phase, found in reached.items()}
    return Inputs(templates, codes, named, store.about(), versions())


def status(region_codes: Iterable[str], phases: Iterable[str]) -> list[tuple[str, str, bool, str]]:
    """Return (region, phase, current, why) for each notebook, without running anything.

    Where the country's notebook of the phase must be made first, a region that compares itself with
    the country may have to follow; it counts as current, and `why` says what it waits for.
    """
    inputs, listed = read(phases), []
    for phase in inputs.templates:
        national_due = inputs.why(regions.COUNTRY, phase) not in ([], ONLY_WORDS)
        for region in region_codes:
            reasons = inputs.why(region, phase)
            waits = national_due and not reasons and region != regions.COUNTRY
            listed.append((region, phase, not reasons, WAITS if waits else "; ".join(reasons)))
    return listed


def explain(region: str, phase: str) -> str:
    """Return one Thai sentence on a notebook: whether it is current, and if not, why and what will be done."""
    inputs, name = read([phase]), f"{region}/{phase}"
    reasons = inputs.why(region, phase)
    if reasons == ONLY_WORDS:
        return f"{name} จะจัดหน้าใหม่โดยไม่คำนวณซ้ำ เพราะ{reasons[0]}"
    if reasons:
        return f"{name} ต้องทำใหม่ เพราะ{' และ'.join(reasons)}"
    if region != regions.COUNTRY and inputs.why(regions.COUNTRY, phase) not in ([], ONLY_WORDS):
        return f"{name} ยังใช้ได้ แต่{WAITS}"
    return f"{name} เป็นปัจจุบัน: ทุกอย่างที่ใช้ทำยังเหมือนเดิม"


def template(phase: str) -> Template:
    """Return a phase's template, `notebooks/<number>_<phase>.ipynb`, its parameters checked.

    Of an own analysis it is `notebooks/<name>.ipynb`.
    """
    pattern = (
        f"[0-9]*_{phase}.ipynb" if phase in protocol.PHASES else f"{analyses.check(phase)}.ipynb"
    )
    found = sorted(paths.notebooks().glob(pattern))
    if len(found) != 1:
        names = some(file.name for file in found) or "ไม่พบเลย"
        raise CastError(f"ต้องมีแม่แบบ {pattern} หนึ่งไฟล์ใน {paths.notebooks()} ({names})")
    try:
        content = json.loads(found[0].read_bytes())
        for number, cell in enumerate(content["cells"]):
            cell.setdefault("id", f"cell-{number}")
        made = Template(phase, found[0], content | {"nbformat": 4, "nbformat_minor": 5})
        made.digests  # noqa: B018 (looks at every cell)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as fault:
        raise CastError(
            f"อ่าน {found[0].name} เป็นโน้ตบุ๊กไม่ได้ ({fault!r}) เปิดและบันทึกใหม่ใน JupyterLab หรือใช้ฉบับก่อน"
        ) from fault
    made.check()
    return made


def code(reached: Reach) -> str:
    """Return a digest of the modules of castlib that a notebook can reach, and of those that run it."""
    root = Path(castlib.__file__).parent
    return _files(root, reached.files | {root / "run" / f"{name}.py" for name in RUNNING})


def study(reached: Reach) -> str:
    """Return a digest of the study's own data (protocol, instrument, codebook …) that a notebook names."""
    root = paths.data()
    told = {part for string in reached.strings for part in string.split("/")}
    named = (root / name for name in sorted(os.listdir(root)) if name in told)
    files = (f for top in named for f in ([top] if top.is_file() else sorted(top.rglob("*"))))
    shown = (f for f in files if f.is_file() and f.suffix != ".md")
    return _files(root, (f for f in shown if not _within(root, f, NOT_SHOWN)))


def versions() -> str:
    """Return a digest of the installed versions of Python and the libraries behind the numbers and the notebooks."""
    installed = {found.metadata["Name"].lower(): found.version for found in _distributions()}
    return sha(json.dumps([platform.python_version(), installed], sort_keys=True).encode())


def shown(phase: str) -> dict[str, str]:
    """Return what TH's saved results of a phase show, by name; nothing if there are none to be read."""
    content = saved(regions.COUNTRY, phase)
    tables = {name: table_text(table) for name, table in content.get("tables", {}).items()}
    return tables | {name: value["shown"] for name, value in content.get("values", {}).items()}


def saved(region: str, phase: str) -> dict:
    """Return a notebook's published results; nothing if there are none, or they are damaged."""
    try:
        content = json.loads(results(region, phase).read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def table_text(table: object) -> str:
    """Return a saved table as one text, the form in which a comparison with it is recorded."""
    return json.dumps(table, ensure_ascii=False, sort_keys=True)


def moved(compared: dict[str, str], now: dict[str, str]) -> list[str]:
    """Return a sentence naming the national values that are no longer what a page showed.

    >>> moved({"leadership.mean": "3.87", "n": "760"}, {"leadership.mean": "3.88", "n": "760"})
    ['ค่าระดับประเทศที่ใช้เปรียบเทียบเปลี่ยน: leadership.mean 3.87 → 3.88']
    """
    changes = [
        f"{name} {_brief(before)} → {_brief(now.get(name, 'ไม่มี'))}"
        for name, before in compared.items()
        if now.get(name) != before
    ]
    return [f"ค่าระดับประเทศที่ใช้เปรียบเทียบเปลี่ยน: {some(changes, 3)}"] if changes else []


def notebook(region: str, phase: str) -> Path:
    """Return where the executed notebook is published."""
    return paths.executed() / region / f"{phase}.ipynb"


def results(region: str, phase: str) -> Path:
    """Return where the notebook's named results are published."""
    return paths.results() / region / f"{phase}.json"


def failed(region: str, phase: str) -> Path:
    """Return where a notebook that failed is kept."""
    return paths.failed() / region / f"{phase}.ipynb"


def sha(content: bytes) -> str:
    """Return the SHA-256 digest in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _digest(file: Path) -> str:
    """Return a file's digest; nothing when it is not there or cannot be read."""
    try:
        return sha(file.read_bytes())
    except OSError:
        return ""


def _brief(value: str) -> str:
    return value if len(value) <= 20 else "(ตาราง)"


def _distributions() -> Iterable[metadata.Distribution]:
    for name in LIBRARIES:
        try:
            yield metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue


def _within(root: Path, file: Path, places: Iterable[str]) -> bool:
    """Whether a file is one of some files or in one of some folders, named from the root."""
    return any(file.is_relative_to(root / place) for place in places)


def _files(root: Path, files: Iterable[Path]) -> str:
    """Return a digest of files' names and contents."""
    named = sorted((file.relative_to(root).as_posix(), sha(file.read_bytes())) for file in files)
    return sha(json.dumps(named).encode())
