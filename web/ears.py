# SPDX-License-Identifier: GPL-2.0-or-later
"""What the pages say of ears: how each is now, what was heard last, when each listened on a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from appliance.clocks import read_clocks, this_boot
from appliance.diary.covered import stretches
from appliance.diary.noted import noted
from appliance.events import CAPTURE, Service, Wake
from appliance.language import later, spoken, translate
from appliance.ledger import Reader
from appliance.ledger.rows import WAKE
from appliance.limits import EAR_STALE_S, HEARD_SHOWN, NEAR_MISS_S
from appliance.report.spans import Span, without
from appliance.report.svg import Svg
from appliance.satellites.reception import ELSEWHERE
from appliance.status import EarStatus, read_status
from web.house import House
from web.language import clock_to_the_second, house_zone
from web.strip import strip

#: The level at which the meter begins, in dBFS: no room is so quiet.
QUIET_DB = -80.0

#: The state of an ear of which nothing is heard at this moment.
AWAY = "away"
_STATES = {
    "listening": later("listening"),
    AWAY: later("not listening now"),
    "dead": later("nothing comes from it"),
    "muted": later("muted"),
    "flat": later("hardly any signal"),
    "clipping": later("too loud"),
    "lost": later("sound was lost"),
    "wrong rate": later("wrong rate"),
}


@dataclass(frozen=True, slots=True)
class EarNow:
    """One ear at this moment."""

    name: str
    room: str | None
    state: str  #: a word, or in words what is wrong
    good: bool
    level: float | None  #: dBFS
    forgettable: bool  #: the registry alone has it: it does not come back by itself


@dataclass(frozen=True, slots=True)
class Heard:
    """One wake word, in words."""

    time: float  #: wall-clock seconds
    clock: str
    ear: str
    word: str
    score: str
    near_miss: bool


@dataclass(frozen=True, slots=True)
class EarDay:
    """When one ear listened on a day, and when not."""

    name: str
    share: float  #: of the time in which anybody watched
    gaps: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Strip:
    """The day of all ears: the picture, wide and narrow, and what its table says."""

    drawings: Sequence[Svg]
    days: Sequence[EarDay]


def ears_now(house: House) -> list[EarNow]:
    """Return every ear that there is, was, or should be, by name."""
    inventory, told = house.registry.inventory, list(told_by_ears(house))
    heard_of = {name: ear for status, _ in told for name, ear in status.ears.items()}
    alive = {name for status, now in told if now for name in status.ears}
    rooms = {each.name: each.room for each in inventory.ears}
    of_settings = {each.name for each in inventory.ears if each.by_settings}
    found = []
    for name in sorted(rooms.keys() | heard_of.keys()):
        now = heard_of.get(name)
        state = now.state if now and name in alive else AWAY
        room = rooms.get(name, now.room if now else None)
        level = now.level if now and name in alive else None
        forgettable = name in rooms.keys() - of_settings - heard_of.keys()
        found.append(EarNow(name, room, state_in_words(state), state == "listening", level, forgettable))
    return found


def heard_last(house: House, reader: Reader, start: float, end: float) -> list[Heard]:
    """Return the wake words that were heard last between two wall-clock times, the newest first.

    Near misses of the last minute are among them, though they are in no ledger: who tries an ear out wants to know.
    """
    found = [each.fact for each in noted(reader, WAKE, start, end, HEARD_SHOWN).noted]
    found += [each for each in _nearly(house) if start <= each.time < end]
    return [_heard(each) for each in sorted(found, key=lambda wake: -wake.time)[:HEARD_SHOWN]]


def _nearly(house: House) -> Iterator[Wake]:
    """Yield the near misses that ears tell of in the last minute, by the clock on the wall."""
    for status, lately in told_by_ears(house):
        for name, ear in status.ears.items() if lately else ():
            for each in ear.nearly:
                if 0 <= status.time - each.time <= NEAR_MISS_S:
                    yield Wake(house.now() - (status.time - each.time), name, each.word, each.score, near_miss=True)


def day_of(reader: Reader, start: float, end: float) -> Strip:
    """Return when each ear listened between two wall-clock times, beside when the network was watched."""
    watched = stretches(reader, Service.CAPTURE, start, end).get(CAPTURE, [])
    spans = stretches(reader, Service.EARS, start, end)
    whole = sum(each.end - each.start for each in watched)
    days = []
    for name, own in sorted(spans.items()):
        gaps = list(without(watched, own))
        deaf = sum(each.end - each.start for each in gaps)
        days.append(EarDay(name, 1 - deaf / whole if whole else 0.0, gaps))
    return Strip(strip(spans, watched, Span(start, end), house_zone()), days)


def state_in_words(state: str) -> str:
    """Return what an ear says of itself; it may be several things at once."""
    return ", ".join(translate(_STATES[each]) if each in _STATES else each for each in state.split(", "))


def _heard(wake: Wake) -> Heard:
    score = spoken().number(wake.score, 2)
    return Heard(wake.time, clock_to_the_second(wake.time), wake.ear, wake.word, score, wake.near_miss)


def told_by_ears(house: House) -> Iterator[tuple[EarStatus, bool]]:
    """Yield what the services of ears last said, satellites' first, and whether it is of this moment."""
    try:
        boot = this_boot(Path(house.settings.paths.run))
    except OSError:
        return
    now = boot.steady(read_clocks())
    for service in (ELSEWHERE, Service.EARS):
        if told := read_status(house.settings.paths.run, service, EarStatus):
            ended = told.state.startswith("stop")
            yield told, told.boot == boot.id and now - told.time < EAR_STALE_S and not ended
