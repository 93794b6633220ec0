# SPDX-License-Identifier: GPL-2.0-or-later
"""The registry: who lives in the house, in one small file that the hub owns and others read."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile
from threading import RLock
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from tinydb import TinyDB, where

from appliance.disk import READABLE
from appliance.events import Device
from appliance.language import translate
from appliance.limits import REGISTRY_ANSWERS, REGISTRY_DEVICES, REGISTRY_WAIT_S
from appliance.speakers.inventory import Answer, D, EarEntry, Entry, Probing, Room, read_inventory
from appliance.speakers.noted import noted
from appliance.speakers.registry_file import RegistryError, Tables, load
from appliance.speakers.storage import AtomicStorage


class Registry:
    """The hub's side: what was found, and what the owner says, each in its place. Any thread may call."""

    def __init__(self, path: Path, now: float) -> None:
        """Open the file at ``path``, or begin one; ``now`` is wall-clock time in seconds.

        A damaged file is set aside, what can be read of it is carried over, and ``mended`` says so in words.
        """
        self._path = path
        self._lock = RLock()
        self._written = now
        text, tables, problems = load(path)
        self.evicted = 0  #: devices forgotten because there were too many
        self.mended = ""  #: what was wrong with the file, and what became of it; mostly empty
        self._storage = AtomicStorage(path, text, READABLE)
        self._tables = TinyDB(storage=lambda: self._storage)
        self.inventory = read_inventory(tables)[0]  #: the household as it is now
        if problems:
            self._mend(now, tables, problems)

    def see(self, devices: Iterable[Device], now: float) -> None:
        """Note what devices showed of themselves, at wall-clock time ``now``; what the owner said stays.

        Random addresses are noted of speakers alone, since a phone shows a new one every day. News of other devices
        may wait in memory for REGISTRY_WAIT_S, to be written with the next.
        """
        with self._lock:
            known = {each.mac: each for each in self.inventory.devices}
            seen = (noted(each, known.get(each.device), now) for each in devices)
            news = {each.mac: each for each in seen if each is not None}
            write = any(each.watched for each in news.values()) or abs(now - self._written) > REGISTRY_WAIT_S
            if not news:
                return
            gone = self._too_many({**known, **news})
            with self._change(write=write):
                table = self._tables.table("speakers", cache_size=0)
                table.remove(where("mac").one_of([*news, *gone]))
                table.insert_multiple(each.model_dump(mode="json") for mac, each in news.items() if mac not in gone)
            self._written = now if write else self._written

    def correct(self, mac: str, said: Mapping[str, object]) -> Entry:
        """Put the owner's word on fields of a device above what was found; None takes it back.

        RegistryError if there is no such field, or the value cannot be.
        """
        with self._lock:
            before = self._known(mac)
            owner = {**before.get("owner", {}), **said}
            spoken = {field: value for field, value in owner.items() if value is not None}
            entry = _valid(Entry, {**before, "owner": spoken})
            self._put("speakers", "mac", entry)
        return entry

    def learn(self, mac: str, learnt: Mapping[str, object] | None) -> Entry:
        """Keep what a calibration taught of a speaker (the fields of ``Learnt``), in place of what one taught before.

        None forgets it. RegistryError if the values cannot be.
        """
        with self._lock:
            entry = _valid(Entry, {**self._known(mac), "learnt": learnt})
            self._put("speakers", "mac", entry)
        return entry

    def forget(self, mac: str) -> None:
        """Drop a device, with what the owner said of it."""
        self._remove("speakers", "mac", mac)

    def put_room(self, name: str) -> None:
        """Add a room."""
        self._put("rooms", "name", _valid(Room, {"name": name}))

    def remove_room(self, name: str) -> None:
        """Drop a room."""
        self._remove("rooms", "name", name)

    def put_ear(self, name: str, room: str | None, *, by_settings: bool = False) -> None:
        """Add an ear, or say anew where it is; ``by_settings``: the settings have it, which is not forgotten."""
        with self._lock:
            by_settings |= any(each.by_settings for each in self.inventory.ears if each.name == name)
            self._put("ears", "name", _valid(EarEntry, {"name": name, "room": room, "by_settings": by_settings}))

    def remove_ear(self, name: str) -> None:
        """Drop an ear."""
        self._remove("ears", "name", name)

    def answer(self, verdict: str, mac: str, word: str, now: float) -> Answer:
        """Keep a person's word on a verdict, in place of what they said of it before; the oldest answers make room.

        RegistryError if it is no word that can be said.
        """
        answer = _valid(Answer, {"verdict": verdict, "mac": mac, "word": word, "time": now})
        with self._change():
            table = self._tables.table("answers", cache_size=0)
            table.remove(where("verdict") == verdict)
            table.insert(answer.model_dump(mode="json"))
            table.remove(doc_ids=[each.doc_id for each in table.all()[:-REGISTRY_ANSWERS]])
        return answer

    def take_back(self, *verdicts: str) -> None:
        """Drop a person's word on each of the verdicts."""
        if any(each.verdict in verdicts for each in self.inventory.answers):
            with self._change():
                self._tables.table("answers", cache_size=0).remove(where("verdict").one_of(list(verdicts)))

    def allow_probing(self, allowed: bool) -> None:  # noqa: FBT001 - the owner's yes or no
        """Note whether devices may be asked what they are."""
        self._probe(Probing(allowed=allowed))

    def ask_probing(self, now: float) -> None:
        """Ask for it, at wall-clock time ``now``; whoever has the network does it. RegistryError if it may not be."""
        if not self.inventory.probing.allowed:
            raise RegistryError(translate("devices may not be asked what they are: the owner has not allowed it"))
        self._probe(Probing(allowed=True, asked_at=now))

    def close(self) -> None:
        """Write what is waiting."""
        with self._change():
            pass

    def _probe(self, probing: Probing) -> None:
        with self._change():
            table = self._tables.table("probing", cache_size=0)
            table.truncate()
            table.insert(probing.model_dump(mode="json"))

    def _known(self, mac: str) -> dict[str, Any]:
        """Return what is known of a device by now."""
        return next((each.model_dump() for each in self.inventory.devices if each.mac == mac), {"mac": mac})

    def _put(self, table: str, key: str, document: BaseModel) -> None:
        values = document.model_dump(mode="json")
        with self._change():
            self._tables.table(table, cache_size=0).upsert(values, where(key) == values[key])

    def _remove(self, table: str, key: str, value: str) -> None:
        with self._change():
            self._tables.table(table, cache_size=0).remove(where(key) == value)

    @contextmanager
    def _change(self, *, write: bool = True) -> Iterator[None]:
        """Do what is inside in one go: all of it is on the disk afterwards, or none is even in memory."""
        with self._lock:
            try:
                yield
                if write:
                    self._storage.commit()
            except BaseException as error:
                self._storage.roll_back()
                if not isinstance(error, OSError):
                    raise
                why = translate(
                    "{path}: cannot be written ({why}); nothing was changed", path=self._path, why=error.strerror
                )
                raise RegistryError(why) from error
            finally:
                self.inventory = read_inventory(self._storage.read() or {})[0]

    def _too_many(self, entries: Mapping[str, Entry]) -> list[str]:
        """Return the devices to forget: other devices before speakers, strangers before those known for long."""
        mere = sorted((each for each in entries.values() if not each.touched), key=Entry.standing)
        excess = mere[: max(0, len(mere) - REGISTRY_DEVICES)]
        self.evicted += len(excess)
        return [each.mac for each in excess]

    def _mend(self, now: float, tables: Tables, problems: list[str]) -> None:
        """Set the damaged file aside and write what could be read of it."""
        aside = self._path.with_name(f"{self._path.name}.damaged-{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%S}")
        found = self.inventory
        ours = {"speakers": found.devices, "rooms": found.rooms, "ears": found.ears, "answers": found.answers}
        with self._change():
            copyfile(self._path, aside)
            known = {name: _numbered(documents) for name, documents in ours.items()}
            self._storage.write(tables | known | {"probing": _numbered([found.probing])})
        saved = ", ".join(f"{len(documents)} {name}" for name, documents in ours.items())
        self.mended = f"{'; '.join(problems)}. The file is kept as {aside.name}; carried over: {saved}."


def _numbered(documents: Iterable[BaseModel]) -> dict[str, object]:
    return {str(number): document.model_dump(mode="json") for number, document in enumerate(documents, 1)}


def _valid(kind: type[D], values: Mapping[str, object]) -> D:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        wrong = error.errors()[0]
        raise RegistryError(_why(wrong), ".".join(map(str, wrong["loc"]))) from error


def _why(wrong: ErrorDetails) -> str:
    """Return what is wrong with a value; what only programs can do wrong is said in pydantic's English."""
    values = wrong.get("ctx", {})
    match wrong["type"]:
        case "value_error":
            return str(values["error"])
        case "string_too_long":
            return translate("it may have {count} letters at most", count=values["max_length"])
        case "too_long":
            return translate("there may be {count} at most", count=values["max_length"])
        case _:
            return wrong["msg"]
