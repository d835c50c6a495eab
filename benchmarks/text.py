"""How the words are cut, and how long the text part takes for the whole country and for 878 districts.

    .venv/bin/python benchmarks/text.py [FOLDER OF REAL MESSAGES, ONE A LINE, *.txt]

Cutting is compared with PyThaiNLP's newmm, given the same dictionary, on what the synthetic country said
(build/study) and, if a folder is given, on real messages: share of boundaries that are the same, the
stretches that differ most often, speeds and their ratio in one process. The 878 focus groups of 10,000
characters each are drawn sentence by sentence from the same texts and counted in a process of their own.
"""

import gc
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TypeVar

import pandas as pd

from castlib import regions, store
from castlib.privacy.identifiers import MARK
from castlib.text import collocations, frequency, topics, words
from castlib.text.kwic import kwic

T = TypeVar("T")
GROUPS, CHARACTERS, SPEAKERS, TURN = 878, 10_000, 10, 200
LEAST_SAME, LEAST_SPEED, MOST_SECONDS, MOST_BYTES = 0.98, 1_000, 20, 1.5e9
MOST_SECONDS_COUNTRY = 4


def main() -> None:
    if sys.argv[1:2] == ["--many"]:
        many(sys.argv[2:])
    said = store.load(regions.COUNTRY).segments
    words.warm()
    failed = cutting("synthetic country", list(said["text"]), LEAST_SAME)
    for folder in sys.argv[1:]:
        failed |= cutting("real messages", messages(folder), 0)
    print(f"the whole country's text, {said['group'].nunique()} documents")
    took = sum(analyses(said, exploring=True).values())
    print(f"    {'together':30} {took:6.2f} s (at most {MOST_SECONDS_COUNTRY})")
    ended = subprocess.run([sys.executable, __file__, "--many", *sys.argv[1:]])
    sys.exit(failed or took > MOST_SECONDS_COUNTRY or bool(ended.returncode))


def messages(folder: str) -> list[str]:
    files = sorted(Path(folder).glob("*.txt"))
    return [line for file in files for line in file.read_text("utf-8").split("\n") if line]


def cutting(name: str, texts: list[str], least_same: float) -> bool:
    """Print agreement and speeds; return whether they are below what is asked for."""
    from pythainlp.tokenize import word_tokenize
    from pythainlp.util import dict_trie

    trie = dict_trie(words.known())
    gc.freeze()  # the trie's million objects would be looked through again and again
    # what newmm cannot know: pseudonyms are one piece, letters of either case are one word
    texts = [MARK.sub("", words.normalise(text)).lower() for text in texts]
    size = sum(map(len, texts)) / 1e3
    ours, seconds = timed(lambda: words.segment_all(texts))
    texts = ["".join(pieces) for pieces in ours]
    theirs, newmm = timed(
        lambda: [word_tokenize(text, custom_dict=trie, engine="newmm") for text in texts]
    )
    same, differing = agreement(ours, theirs)
    print(f"{name}: {size:,.0f} thousand characters, {same:.2%} of boundaries as newmm")
    for (left, right), n in differing.most_common(10):
        print(f"    {n:5}  {left}   newmm: {right}")
    print(
        f"    {size / seconds:,.0f} kchar/s, newmm {size / newmm:,.0f}: {newmm / seconds:.1f} times"
    )
    return same < least_same or size / seconds < LEAST_SPEED


def agreement(ours: list[list[str]], theirs: list[list[str]]) -> tuple[float, Counter]:
    """Return the share of boundaries in either that both have, and the stretches that differ."""
    same = either = 0
    differing: Counter = Counter()
    for one, other in zip(ours, theirs, strict=True):
        text, left, right = "".join(one), edges(one), edges(other)
        same += len(left & right)
        either += len(left | right)
        for start, end in pairwise(sorted({0, *(left & right), len(text)})):
            cuts = [cut(text, start, end, found) for found in (left, right)]
            if cuts[0] != cuts[1]:
                differing[cuts[0], cuts[1]] += 1
    return same / either, differing


def edges(pieces: list[str]) -> set[int]:
    """Return the places of the boundaries between pieces."""
    return set(accumulate(map(len, pieces[:-1])))


def cut(text: str, start: int, end: int, found: set[int]) -> str:
    places = [start, *sorted(place for place in found if start < place < end), end]
    return "|".join(text[left:right] for left, right in pairwise(places))


def many(folders: list[str]) -> None:
    """Print how long 878 focus groups take, and the most memory that this process had; end it."""
    texts = [line for folder in folders for line in messages(folder)]
    said = focus_groups(texts or list(store.load(regions.COUNTRY).segments["text"]))
    print(f"{GROUPS} focus groups of {CHARACTERS:,} characters, {len(said):,} turns")
    took = sum(analyses(said, exploring=False).values())
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"    {'together':30} {took:6.2f} s (at most {MOST_SECONDS})")
    print(f"    {'memory':30} {most / 1e6:6,.0f} MB (at most {MOST_BYTES / 1e6:,.0f})")
    sys.exit(took > MOST_SECONDS or most > MOST_BYTES)


def analyses(said: pd.DataFrame, exploring: bool) -> dict[str, float]:
    """Return the seconds of each step, and print them."""
    words.warm()
    counts, counting = timed(lambda: frequency.count(said))
    steps: dict[str, Callable[[], object]] = {
        "frequencies": lambda: frequency.frequencies(counts),
        "frequencies by question": lambda: frequency.frequencies(counts, by="question"),
        "keyness by cluster": lambda: frequency.keyness(counts),
        "KWIC": lambda: kwic(said, "ผู้นำ"),
    }
    if exploring:
        steps |= {
            "collocations": lambda: collocations.collocations(counts),
            "TF-IDF": lambda: topics.tfidf(counts),
            "topics": lambda: topics.explore(counts),
        }
        topics.explore(counts, n_topics=2, seeds=1)  # imports scikit-learn
    seconds = {"count": counting} | {name: timed(step)[1] for name, step in steps.items()}
    for name, took in seconds.items():
        print(f"    {name:30} {took:6.2f} s")
    return seconds


def focus_groups(texts: list[str]) -> pd.DataFrame:
    """Return groups of turns drawn from the texts, as the checked table has them."""
    drawn, clusters = random.Random(2565), list(regions.clusters())
    rows = []
    for number in range(GROUPS):
        size = turn = 0
        while size < CHARACTERS:
            text = said_by_one(texts, drawn)
            size, turn = size + len(text), turn + 1
            speaker = str(drawn.randrange(SPEAKERS))
            cluster = clusters[number % len(clusters)]
            rows.append((f"g{number}:{turn}", f"g{number}", cluster, f"q{turn % 5}", speaker, text))
    frame = pd.DataFrame(
        rows, columns=["segment", "group", "cluster", "question", "speaker", "text"]
    )
    return frame.assign(kind="participants", province=frame["group"])


def said_by_one(texts: Iterable[str], drawn: random.Random) -> str:
    parts: list[str] = []
    while sum(map(len, parts)) < TURN:
        parts.append(drawn.choice(texts))
    return " ".join(parts)


def timed(step: Callable[[], T]) -> tuple[T, float]:
    """Return what a step makes and the seconds that it takes."""
    begun = time.perf_counter()
    made = step()
    return made, time.perf_counter() - begun


if __name__ == "__main__":
    main()
