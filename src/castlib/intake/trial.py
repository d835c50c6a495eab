"""A coder's file tried against the study before it is put among the others: what would be taken in."""

import shutil
import tempfile
from pathlib import Path

import pandas as pd

from castlib.intake import coding, projects, sheets, source, tables
from castlib.intake.arrival import Arrival


def trial(file: Path, segments: pd.DataFrame) -> tuple[Arrival, pd.DataFrame]:
    """Return a file's arrival, faults and counts in it, and the codings that the intake would take from it.

    Parameters
    ----------
    file : Path
        A coders' sheet (.csv, .xlsx) or a coding project (.qdpx, .sqlite3); it is read from a copy.
    segments : pandas.DataFrame
        The checked table of the whole country.

    Notes
    -----
    A file that is something else is refused as `file-unknown`. Nothing is written.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "coding"
        place.mkdir()
        if file.is_file() and file.stat().st_size <= source.MOST_BYTES:
            shutil.copyfile(file, place / file.name)
        else:
            (place / file.name).symlink_to(file)  # the intake says why it is not opened
        (arrival,) = source.collect(Path(folder))
        opened, read = [], []
        if arrival.kind == "sheet" and not arrival.refused:
            rows = sheets.read(arrival)
            arrival.kind = sheets.kind(rows or [], arrival.key)
            if rows is not None and arrival.kind == "coding":
                coding.veil(arrival)
                opened.append((arrival, rows))
        elif arrival.kind == "project" and not arrival.refused:
            project = projects.read(arrival)
            read += [(arrival, project)] if project else []
        if not (opened or read or arrival.refused):
            arrival.refuse("file-unknown")
        return arrival, tables.codings(opened, read, segments)
