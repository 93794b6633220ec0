# SPDX-License-Identifier: GPL-2.0-or-later
"""A calibration in words: what to say now, what was caught of each command, what that means."""

from dataclasses import dataclass

from appliance.calibration.course import COMMANDS, Caught, Try, Whom, course, is_over
from appliance.calibration.lesson import Finding, Lesson, finding, lesson
from appliance.calibration.notes import notes
from appliance.diary.household import household
from appliance.events import CAPTURE, Wake
from appliance.language import later, spoken, translate
from appliance.ledger import Reader
from appliance.report.names import Names
from appliance.report.words import seconds, size
from appliance.rules import Rules, WakeWords
from appliance.speakers.inventory import Entry
from appliance.status import CaptureStatus, read_status
from web.house import House
from web.speaker import names

#: What is asked for; nothing of it buys or unlocks anything, and each is answered by every assistant.
_COMMANDS = (
    later("“{name}, what time is it?”"),
    later("“{name}, what day is it today?”"),
    later("“{name}, how is the weather?”"),
    later("“{name}, what is twelve times twelve?”"),
    later("“{name}, tell me a joke.”"),
)
#: What a calibration shows, and what to do about it.
_FINDINGS = {
    Finding.GOOD: (
        later("All five commands were caught, by the network and by the ear."),
        later("Everything is in its place."),
    ),
    Finding.MOSTLY: (
        later("Enough commands were caught to learn from."),
        later("If others go missing as well, stand nearer to the ear."),
    ),
    Finding.NO_EAR: (
        later("No ear listens here."),
        later("So nobody can say whether a name was said. Set up an ear, and put it into the room of this speaker."),
    ),
    Finding.DEAF: (
        later("The speaker sent your commands, but the ear heard nobody talk."),
        later("It may be muted, or in another room than the page Ears says."),
    ),
    Finding.UNKNOWN_NAME: (
        later("The ear heard you talk, but not the name of the speaker."),
        later(
            "Choose the name that it listens to on its page, or teach the ear how you say it: earwitness ears enrol."
        ),
    ),
    Finding.MUTED: (
        later("The ear heard the name, but the speaker sent nothing."),
        later("Its traffic is seen, so its microphone may be off, or it listens to another name."),
    ),
    Finding.ELSEWHERE: (
        later("The ear heard the name, but another speaker sent."),
        later("It was {others}. Stand nearer to the one that you mean."),
    ),
    Finding.BLIND: (
        later("The ear heard the name, but nothing of the speaker was seen."),
        later("Earwitness stands in the wrong place of the network, or the speaker is off. See the page Health."),
    ),
    Finding.NOTHING: (
        later("Neither the name nor an upload was caught."),
        later("Say the commands aloud, to this speaker, and see that it is on."),
    ),
    Finding.TOO_FEW: (
        later("Too few commands were caught by both sides to learn from."),
        later("Try again, nearer to the speaker and its ear."),
    ),
}
_CAUGHT = {
    Caught.BOTH: later("Caught by both"),
    Caught.UNHEARD: later("Sent, but not heard"),
    Caught.UNSENT: later("Heard, but not sent"),
    Caught.NOTHING: later("Nothing was caught"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One command: how it stands, and what each side caught of it."""

    state: str  #: "waiting", or what was caught
    title: str
    network: str
    ear: str
    delay: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A calibration at one moment."""

    ask: str  #: what to say now; nothing while the speaker answers, or when it is over
    number: int  #: of the command that is asked for
    lines: tuple[Line, ...]
    over: bool
    finding: str  #: when it is over
    remedy: str
    good: bool
    lesson: Lesson | None


def capture_status(house: House) -> CaptureStatus | None:
    """Return what the capture says of itself; None if it does not run."""
    status = read_status(house.settings.paths.run, CAPTURE, CaptureStatus)
    return None if status is None or status.state.startswith("stopped") else status


def progress(house: House, reader: Reader, entry: Entry, boot: str, since: float) -> Progress:
    """Return how the calibration of a speaker stands that began at ``since``, in steady seconds of ``boot``."""
    inventory = house.registry.inventory
    here = household(reader, inventory, _words_of(house.rules))
    status = read_status(house.settings.paths.run, CAPTURE, CaptureStatus)
    now = status.covered_until if status and status.boot == boot else since
    whom = Whom(
        entry.mac, lambda word: here.listens(entry.mac, entry.speaker, word), lambda ear: here.near(ear, entry.mac)
    )
    tries = course(notes(reader, boot, since), whom, since, now)
    over, taught = is_over(tries), lesson(tries)
    seen = bool(status and status.last_seen.get(entry.mac, float("-inf")) >= since)
    found = finding(tries, ears=len(here.ears_near(entry.mac)), seen=seen) if over else None
    return Progress(
        ask="" if over or tries[-1].over or tries[-1].upload else _ask(house.rules, entry, len(tries)),
        number=len(tries),
        lines=tuple(_line(each) for each in tries),
        over=over,
        finding=translate(_FINDINGS[found][0]) if found else "",
        remedy=_remedy(found, tries, names(inventory)) if found else "",
        good=found in {Finding.GOOD, Finding.MOSTLY},
        lesson=taught if over else None,
    )


def _words_of(rules: Rules) -> WakeWords:
    return WakeWords({rule.id: rule.wake_words for rule in rules.speakers.rules}, rules.verdicts.same_words)


def _ask(rules: Rules, entry: Entry, number: int) -> str:
    rule = next((each for each in rules.speakers.rules if each.id == entry.speaker), None)
    own = [*entry.owner.wake_words, *(rule.wake_words if rule else ())]
    name = own[0].capitalize() if own else translate("its name")
    return translate(_COMMANDS[(number - 1) % COMMANDS], name=name)


def _line(each: Try) -> Line:
    waiting = not each.over
    return Line(
        state="waiting" if waiting else each.caught.value,
        title=translate("Waiting") if waiting else translate(_CAUGHT[each.caught]),
        network=_network(each),
        ear=_ear(each),
        delay=_delay(each.delay_s),
    )


def _network(each: Try) -> str:
    upload = each.upload
    if upload is None:
        return translate("saw nothing") if each.over else translate("looks …")
    if upload.ended_at is None:
        return translate("sees it send")
    return translate(
        "saw {size} in {span}", size=size(upload.bytes_up), span=seconds(upload.ended_at - upload.started_at)
    )


def _ear(each: Try) -> str:
    if each.wake:
        return _scored(later("heard “{word}”, score {score}"), each.wake)
    if each.nearly:
        return _scored(later("nearly heard “{word}”, score {score}"), each.nearly)
    if each.speech:
        return translate("heard somebody talk, and no name")
    return translate("heard nothing") if each.over else translate("listens …")


def _scored(text: str, wake: Wake) -> str:
    return translate(text, word=wake.word, score=spoken().number(wake.score, 2))


def _delay(delay_s: float | None) -> str:
    if delay_s is None:
        return ""
    return translate("{seconds} s after the name", seconds=spoken().number(delay_s, 1))


def _remedy(found: Finding, tries: list[Try], called: Names) -> str:
    others = sorted({called.of(device) for each in tries for device in each.others})
    return translate(_FINDINGS[found][1], others=", ".join(others))
