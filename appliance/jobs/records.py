# SPDX-License-Identifier: GPL-2.0-or-later
"""When each job ran last, and what came of it; in a file, so that a restart forgets nothing."""

import json
from pathlib import Path
from threading import Lock

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from appliance.disk import replace_file
from appliance.limits import JOB_WORDS_CHARACTERS, JOBS_BYTES


class Record(BaseModel):
    """One job's last run; times are wall-clock seconds."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    name: str
    title: str
    at: float | None = None  #: when it began; None: not yet
    seconds: float = 0.0  #: how long it took
    well: bool = True
    words: str = Field(default="", max_length=JOB_WORDS_CHARACTERS)  #: what came of it
    next: float | None = None  #: when it is done next
    known_since: float = 0.0  #: since when it could have been done


class Records:
    """The records of all jobs. Any thread may call."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._records = read(path)

    def all(self) -> list[Record]:
        """Return them, by name."""
        with self._lock:
            return sorted(self._records.values(), key=lambda record: record.name)

    def of(self, name: str) -> Record | None:
        """Return a job's."""
        with self._lock:
            return self._records.get(name)

    def note(self, *records: Record) -> None:
        """Keep records in place of those of the same names. Raises OSError."""
        with self._lock:
            self._records.update({record.name: record for record in records})
            said = [record.model_dump() for record in self._records.values()]
            replace_file(self._path, json.dumps(said, indent=1))

    def keep_only(self, names: set[str]) -> None:
        """Drop records of jobs that are no more."""
        with self._lock:
            self._records = {name: record for name, record in self._records.items() if name in names}


def read(path: Path) -> dict[str, Record]:
    """Return the records in a file; what cannot be read is as if it had never run."""
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(JOBS_BYTES))
        return {record.name: record for record in map(Record.model_validate, said)}
    except (OSError, ValueError, TypeError, ValidationError):
        return {}
