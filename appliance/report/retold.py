# SPDX-License-Identifier: GPL-2.0-or-later
"""What the judge, the checks of health and install.sh wrote down in English, told in the language that is spoken.

Verdicts and findings keep their sentences, for ever; so a sentence is recognised by its pattern, and told again with
what was filled in. One that no pattern knows is told as it stands.
"""

import re
from collections.abc import Iterable
from functools import cache

from appliance.language import later, spoken
from appliance.limits import RETOLD_CHARACTERS

#: Every sentence of the judge, then of the checks, and how an update ends; a name in braces is any text, one that ends
#: in a hash a number, in an ampersand what is translated for itself.
_SENTENCES = (
    later("{count#} bytes went up."),
    later("It lasted {seconds#} s."),
    later("It was still going on."),
    later("It went to {where}."),
    later("How that is known: {how}."),
    later("Taken for voice by: {detectors} ({sure#} sure)."),
    later("The device is known as {speaker}."),
    later("The household says that the device is a speaker."),
    later("The device is not known to be a speaker."),
    later("It stands in: {room}."),
    later("Ears often miss {names} across a noisy room: enrol it."),
    later("Its wake word, “{word}”, was heard by {ear} at {offset#} s, score {score#}."),
    later("Its wake word, “{word}”, was perhaps heard by {ear} at {offset#} s, score {score#}."),
    later("A wake word that is not its own, “{word}”, was heard by {ear} at {offset#} s, score {score#}."),
    later("A wake word that is not its own, “{word}”, was perhaps heard by {ear} at {offset#} s, score {score#}."),
    later("No speech was heard near it."),
    later("Speech was heard near it."),
    later("Sound, not clearly speech, was heard."),
    later("The loudest was at {level#} dBFS."),
    later("It may have been a speaker that talked: {names} was being answered."),
    later("Of {all#} s of sound, {own#} s were heard while it was."),
    later("Whether people made it, or music and television, is not known: ears cannot tell them apart."),
    later("No ear hears this room."),
    later("Tells only the names that it heard, and proves no silence: {ears}."),
    later("Of the {seconds#} s around its start, {ear} listened to {share#}."),
    later("Ears near it lost {count#} pieces of sound at that time."),
    later("The capture lost {count#} ({what}) around it."),
    later("The capture lost nothing around it."),
    later("False wakes of this device in 24 hours, with this one: {count#}."),
    later("Judged by rules {version}."),
    later("No ear in this home could have heard its wake word."),
    later("Its name, “{word}”, was heard by {ear} {seconds#} s before it began (score {score#})."),
    later("Its name, “{word}”, was heard by {ear} {seconds#} s after it began (score {score#})."),
    later("Its name, “{word}”, was perhaps heard by {ear} {seconds#} s before it began (score {score#})."),
    later("Its name, “{word}”, was perhaps heard by {ear} {seconds#} s after it began (score {score#})."),
    later(
        "Its name, “{word}”, was heard by {ear} {seconds#} s before it began (score {score#}). In another room, though."
    ),
    later(
        "Its name, “{word}”, was heard by {ear} {seconds#} s after it began (score {score#}). In another room, though."
    ),
    later(
        "Only a name that is not its own, “{word}”, was heard by {ear} {seconds#} s before it began (score {score#})."
    ),
    later(
        "Only a name that is not its own, “{word}”, was heard by {ear} {seconds#} s after it began (score {score#})."
    ),
    later("Somebody called the speaker just before the call."),
    later("Sound went both ways, as in a call; nobody was heard asking for it."),
    later("It goes on from an upload {seconds#} s earlier that somebody asked for."),
    later("{name} was called at that time, and this was short."),
    later("No ear listened there all the time in which its wake word may have been said."),
    later("The capture missed packets that may explain it."),
    later("The room was silent from before it began to its end."),
    later("Nobody said its name, but no ear listened to the end, so it is not known whether the room was silent."),
    later("Nobody said its name; it was short, as when the cloud checks the wake word and hangs up."),
    later("There was sound in the room, but nobody said its name."),
    later("The name “{word}” was heard by {ear}, and nothing was uploaded."),
    later("The wake word's score was {score#}."),
    later("Should have answered: {names}."),
    later("upstream bytes of a flow"),
    later("frames"),
    later("frames: the capture did not run"),
    later("No time server keeps this machine's clock: the times shown may be wrong, their order is right."),
    later("Check that it reaches the internet, and: timedatectl set-ntp true"),
    later("The clock was set forward by {span}."),
    later("The clock was set back by {span}."),
    later("Times shown before and after do not fit together; if nobody did it by hand, check the time server."),
    later("1 frame came faster than this machine could look at them."),
    later("{count#} frames came faster than this machine could look at them."),
    later("If it lasts: end other programs here, watch only speakers, or use a faster machine."),
    later("The processor is at {celsius#} °C and about to slow down."),
    later("Give it air, a heat sink or a cooler place."),
    later("The power supply is too weak: the voltage drops, and a card may be damaged by it."),
    later("Use the supply made for this machine, and a short, thick cable."),
    later("The processor is slowed down because of heat or power: frames may be lost."),
    later("See to the power supply and to the cooling."),
    later("The ear “{ear}” does not hear: {what}."),
    later("Look after the microphone of that machine: earwitness ears test, there."),
    later("The ear “{ear}” is not there."),
    later("Name its microphone in the settings, connect it, or take it out of the house."),
    later("The dashboard cannot be opened as it should. {why}"),
    later("It is tried again every few seconds; ports and addresses are set in [web] of the settings."),
    later("The channel {name} takes no alerts: {why}."),
    later("The page Alerts tries it again, and says what it answers."),
    later("This was not done when it should have been: {jobs&}."),
    later("The page Health says what came of each job."),
    later("The service earwitness-{service} does not run. No speaker is watched in the meantime."),
    later("The service earwitness-{service} does not run. No room is listened to in the meantime."),
    later("It is started again by itself; if not, see: systemctl status earwitness-{service}"),
    later("The service earwitness-{service} ended {count#} times within 10 minutes: it failed."),
    later("The service earwitness-{service} ended {count#} times within 10 minutes: it stood still."),
    later("The service earwitness-{service} ended {count#} times within 10 minutes: it had too little memory."),
    later(
        "It is started again each time, and sees nothing in between. What it said: journalctl -u earwitness-{service}"
    ),
    later("The update to {release} did not work, and {before} runs again."),
    later("Nothing was lost. The page Update says what went wrong."),
    later("An update was broken off, by a power cut or by somebody: it is not installed."),
    later("Nothing was lost. The page Update can be asked again."),
    later("The bundle is not one that this machine may install: {why}."),
    later("The new release failed its self-test. Nothing was changed."),
    later("The new release did not run. The old one runs again."),
    later("The new release did not run, nor does the old one now."),
    later("The update was broken off. Nothing was changed."),
    later("This release runs already."),
    later("The network port {port} is shut: what is sent by the other port comes back there, by another cable."),
    later("Two cables lead into the same network: unplug one of them. The port opens by itself then."),
    later("What the speakers sent in the last {span} has not reached the ledger."),
    later("The machine is too busy, or its disk does not answer: see the other findings, or run earwitness doctor."),
    later("The network port {port} is not there; nothing is seen there."),
    later("The network port {port} is switched off; nothing is seen there."),
    later("The network port {port} has no connection; nothing is seen there."),
    later("Check the cable or the adapter, and what is at its other end."),
    later("Nothing has come from {name} for {span}."),
    later("Nothing has come from {name} at all."),
    later("Is it switched on? If it answers you, its traffic takes another way: run earwitness doctor."),
    later("1 fact wait to be written to the ledger; a power cut would take them."),
    later("{count#} facts wait to be written to the ledger; a power cut would take them."),
    later("It is tried again by itself; see the other findings for the disk, or run earwitness doctor."),
    later("The disk that holds the ledger can only be read: no fact can be kept."),
    later("A card that fails does that: see the kernel's log by dmesg, back up the ledger, and change the card."),
    later("Only {free} of {size} are free on the disk that holds the ledger."),
    later("Make room on it, or let the ledger and the evidence keep less: max_mb in the settings."),
)
_PLACE = re.compile(r"\\\{(\w+)(\\[#&])?\\\}")
_HOLE = re.compile(r"\{(\w+)[#&]?\}")
_NUMBER = re.compile(r"([-+]?)([\d,]+)(?:\.(\d+))?(%?)")


def retold(text: str) -> str:
    """Return a sentence of the judge, or of a check, in the language that is spoken."""
    if len(text) > RETOLD_CHARACTERS:
        return text
    for sentence, pattern in _patterns(_SENTENCES):
        if found := pattern.fullmatch(text):
            return _filled(sentence, found.groupdict())
    return text


def _filled(sentence: str, values: dict[str, str]) -> str:
    """Return a sentence in the language that is spoken, with what was filled in; figures as they are written there."""
    said = {
        name: _figure(value) if f"{{{name}#}}" in sentence else _phrases(value) if f"{{{name}&}}" in sentence else value
        for name, value in values.items()
    }
    return _HOLE.sub(lambda place: said[place[1]], spoken().text(sentence))


@cache
def _patterns(sentences: Iterable[str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((sentence, re.compile(_PLACE.sub(_place, re.escape(sentence)), re.DOTALL)) for sentence in sentences)


def _place(found: re.Match[str]) -> str:
    return rf"(?P<{found[1]}>[-+]?[\d,]+(?:\.\d+)?%?)" if found[2] == r"\#" else rf"(?P<{found[1]}>.+)"


def _phrases(text: str) -> str:
    """Return what was joined by semicolons, each in the language that is spoken: phrases of ours, as titles of jobs."""
    return "; ".join(spoken().text(each) for each in text.split("; "))


def _figure(text: str) -> str:
    """Return a figure that was written in English as it is written in the language that is spoken."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return text
    sign, whole, rest, percent = found.groups()
    number = float(f"{whole.replace(',', '') or 0}.{rest or 0}")
    return f"{sign}{spoken().percent(number / 100) if percent else spoken().number(number, len(rest or ''))}"
