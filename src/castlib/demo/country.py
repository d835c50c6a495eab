"""The whole synthetic country: made in one go, put in place at once, its truth written beside it."""

import hashlib
import json
import shutil
from pathlib import Path

from castlib import paths, regions
from castlib.demo import files, flaws, forms, people, speech, themes, truth
from castlib.errors import CastError

SEED = 2565
FLAG = "synthetic.txt"
DATA = ("provinces.csv", "protocol.yml", "codebook.csv", "instrument")


def truth_file(target: Path) -> Path:
    """Return where the truth of the country in `target` lies: beside it, never in it."""
    return target.parent / f"{target.name}-truth.json"


def is_current(target: Path, seed: int = SEED) -> bool:
    """Return whether `target` holds the country that this code, this data and this seed make.

    Only what it was made from counts: files edited since stay as they are.
    """
    beside = truth_file(target)
    if not (beside.exists() and (target / FLAG).exists()):
        return False
    return json.loads(beside.read_text(encoding="utf-8"))["digest"] == _digest(seed)


def make(target: Path, seed: int = SEED) -> dict:
    """Write the synthetic country to `target` unless it is there already; return what it has.

    It is written to a folder beside and then takes the place of `target` at once; the truth goes to
    `<target>-truth.json`. The same seed gives the same bytes.

    Parameters
    ----------
    target : Path
        The source folder, such as `castlib.paths.demo()`. A folder that is not a synthetic country is
        never replaced.
    seed : int
        What the country grows from.

    Returns
    -------
    dict
        seed, made (False when it was there already), and the numbers of provinces, answers (rows of the
        export), forms, segments, photos and flaws.

    Raises
    ------
    CastError
        `target` holds something else.
    """
    target = Path(target)
    if is_current(target, seed):
        counts = json.loads(truth_file(target).read_text(encoding="utf-8"))["counts"]
        return {"seed": seed, "made": False, **counts}
    if target.exists() and not (target / FLAG).exists() and any(target.iterdir()):
        raise CastError(
            f"โฟลเดอร์ {target} มีไฟล์อยู่แล้วและไม่ใช่ประเทศจำลอง (ไม่มี {FLAG}) "
            "ให้ระบุโฟลเดอร์อื่น หรือย้ายไฟล์เหล่านั้นออกก่อน"
        )
    content, known = grow(seed)
    _put(target, content, {"digest": _digest(seed), **known})
    return {"seed": seed, "made": True, **known["counts"]}


def grow(seed: int) -> tuple[dict[str, bytes], dict]:
    """Return the files of the country by their path in the source folder, and its truth."""
    planted = truth.plant(seed)
    spoken, fallen = themes.plant(planted), flaws.plan(seed)
    answers = people.answer(planted, fallen)
    answers = answers.join(speech.comments(seed, spoken, answers))
    groups = speech.groups(seed, spoken, fallen)
    export, found = files.questionnaire(planted, answers, fallen)
    photos, spoilt = files.pictures(seed, fallen)
    typed, wrong = forms.write(groups, fallen)
    came = forms.uploads(seed, groups, list(photos), fallen)
    read = [g for g in groups if "consent_unticked" not in fallen.get(g.name, set())]
    said = [(group.name, turn) for group in read for turn in group.turns]
    sheets, agreement = themes.code_sheets(spoken, seed, [turn.codes for _, turn in said])
    content = {
        FLAG: files.SYNTHETIC.format(seed=seed).encode(),
        **export,
        **files.received(came),
        **typed,
        **photos,
        **files.ioc(planted),
        **files.coding(seed, said, sheets),
    }
    for flaw in wrong:
        if flaw["kind"] == "late_form":
            flaw["given"] = came[flaw["file"]].isoformat()
        if flaw["kind"] == "personal_data":
            flaw["given"] = speech.contact(seed, flaw["province"])
    known = {
        "seed": seed,
        "counts": {
            "provinces": len(fallen),
            "answers": export[files.QUESTIONNAIRE].count(b"\r\n") - 1,
            "forms": len(typed),
            "segments": sum(len(group.turns) for group in groups),
            "photos": len(photos),
            "flaws": len(found + spoilt + wrong),
        },
        **_questionnaire(planted),
        "themes": _themes(spoken, agreement, groups),
        "flaws": [*found, *wrong, *spoilt],
    }
    return content, known


def _questionnaire(planted: truth.Truth) -> dict:
    """Return the questionnaire's truth as plain values."""
    constructs = planted.constructs
    success = constructs.loc[planted.success]
    shown = ["kind", "actual", "expected", "pni", "alpha", "sd", "icc"]
    listed = regions.provinces().set_index("province")["cluster"]
    return {
        "constructs": json.loads(constructs[shown].to_json(orient="index", double_precision=15)),
        "mean_order": list(success["actual"].sort_values(ascending=False).index),
        "pni_order": planted.pni_order,
        "correlation": truth.CORRELATION["actual"],
        "items": planted.items[["construct", "state", "mean", "loading", "deviation"]].to_dict(
            "index"
        ),
        "coefficients": {
            "hidden": planted.outcomes.to_dict("index"),
            "scores": truth.expected_coefficients(planted).to_dict("index"),
        },
        "clusters": (planted.clusters * success["slope"]).to_dict("index"),
        "districts": (planted.districts * success["slope"]).to_dict("index"),
        "cluster_of": listed.to_dict(),
        "group": planted.group,
        "missing": truth.MISSING,
        "ioc": planted.ioc.to_dict(),
    }


def _themes(spoken: themes.Themes, agreement: dict, groups: list[speech.Group]) -> dict:
    """Return the themes' truth as plain values."""
    return {
        "emphasis": spoken.emphasis,
        "odds": themes.ODDS,
        "weight": spoken.weight.to_dict(),
        "against": spoken.against,
        "hard": spoken.hard,
        "agreement": agreement,
        "segments": {f"{g.name}:{turn.number}": turn.codes for g in groups for turn in g.turns},
    }


def _put(target: Path, content: dict[str, bytes], known: dict) -> None:
    """Write everything beside `target`, then swap: first the truth goes, then the folder, then it is back."""
    fresh, old = (target.with_name(f".{target.name}.{state}") for state in ("new", "old"))
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    for name, data in content.items():
        file = fresh / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    beside = truth_file(target)
    beside.unlink(missing_ok=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    draft = beside.with_name(f".{beside.name}.new")
    text = json.dumps(known, ensure_ascii=False, indent=1, default=lambda value: value.item())
    draft.write_text(text, encoding="utf-8")
    draft.replace(beside)


def _digest(seed: int) -> str:
    """Return a digest of all that the country is made from: the demo's code, the study's data, the seed."""
    here = Path(__file__).parent
    sources = [*here.glob("*.py"), here / "phrases.yml"]
    for name in DATA:
        place = paths.data() / name
        sources += place.iterdir() if place.is_dir() else [place]
    total = hashlib.sha256(str(seed).encode())
    for file in sorted(sources, key=lambda file: (file.parent.name, file.name)):
        total.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
