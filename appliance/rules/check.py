# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the examples that the rules carry: what each must match and what it must not."""

from collections.abc import Iterator

from appliance.rules.alerts import AlertRules
from appliance.rules.document import Problem
from appliance.rules.leaks import Leaking, Leaks
from appliance.rules.load import Rules
from appliance.rules.recordings import Recordings
from appliance.rules.relays import Relays
from appliance.rules.speakers import Shown, SpeakerRule, SpeakerRules
from appliance.rules.uploads import KeepaliveRule, SignatureRule


def check(rules: Rules) -> list[Problem]:
    """Return each example of ``rules`` that does not come true; the detectors' own are run by ``uploads``."""
    return [
        *_check_hosts(rules),
        *_check_owners(rules),
        *_check_leaks(rules.leaks),
        *_check_recordings(rules.recordings),
        *_check_speakers(rules.speakers),
        *_check_alerts(rules.alerts),
        *_check_relays(rules.relays),
        *_check_beats("signatures", rules.uploads.signatures),
        *_check_beats("keepalives", rules.uploads.keepalives),
    ]


def _check_hosts(rules: Rules) -> Iterator[Problem]:
    for rule in rules.hosts.rules:
        for host in rule.examples.matches:
            found = rules.hosts.look(host)
            if found is not rule:
                yield _problem("hosts", rule.id, f"{host} should match, but {found.id if found else 'nothing'} does")
        for host in rule.examples.other:
            if rules.hosts.look(host) is rule:
                yield _problem("hosts", rule.id, f"{host} should not match")


def _check_owners(rules: Rules) -> Iterator[Problem]:
    for rule in rules.owners.rules:
        for address in rule.examples.matches:
            if rules.owners.look(address) != rule.vendor:
                yield _problem("owners", rule.id, f"{address} should be {rule.vendor}'s")
        for address in rule.examples.other:
            if rules.owners.look(address) == rule.vendor:
                yield _problem("owners", rule.id, f"{address} should not be {rule.vendor}'s")


def _check_leaks(leaks: Leaks) -> Iterator[Problem]:
    for rule in leaks.rules:
        for leaking in rule.examples.matches:
            if rule.id not in _leaked(leaks, leaking):
                yield _problem("leaks", rule.id, f"{_words(leaking)} should match")
        for leaking in rule.examples.other:
            if rule.id in _leaked(leaks, leaking):
                yield _problem("leaks", rule.id, f"{_words(leaking)} should not match")


def _check_recordings(recordings: Recordings) -> Iterator[Problem]:
    for rule in recordings.rules:
        for vendor in rule.examples.matches:
            if recordings.of(vendor) is not rule:
                yield _problem("recordings", rule.id, f"{vendor} should match")
        for vendor in rule.examples.other:
            if recordings.of(vendor) is rule:
                yield _problem("recordings", rule.id, f"{vendor} should not match")


def _check_alerts(alerts: AlertRules) -> Iterator[Problem]:
    for told in alerts.examples.matches:
        if alerts.of_finding(told.finding) is not told.tell:
            yield _problem("alerts", alerts.id, f"{told.finding} should be told as {told.tell}")
    for told in alerts.examples.other:
        if alerts.of_finding(told.finding) is told.tell:
            yield _problem("alerts", alerts.id, f"{told.finding} should not be told as {told.tell}")


def _check_relays(relays: Relays) -> Iterator[Problem]:
    for rule in relays.rules:
        for endpoint in rule.examples.matches:
            if relays.of(endpoint) is not rule:
                yield _problem("relays", rule.id, f"{endpoint} should match")
        for endpoint in rule.examples.other:
            if relays.of(endpoint) is rule:
                yield _problem("relays", rule.id, f"{endpoint} should not match")


def _leaked(leaks: Leaks, shown: Leaking) -> set[str]:
    return {
        rule.id
        for kind, values in shown.shows.items()
        for value in values
        for rule in leaks.look(shown.device, kind, value)
    }


def _check_speakers(speakers: SpeakerRules) -> Iterator[Problem]:
    for rule in speakers.rules:
        for shown in rule.examples.matches:
            found, model = _recognise(speakers, shown)
            if found is not rule:
                yield _problem("speakers", rule.id, f"{_words(shown)} should match, but {_name(found)} does")
            elif shown.model not in (None, model):
                yield _problem("speakers", rule.id, f"{_words(shown)} should be a {shown.model}, but is a {model}")
        for shown in rule.examples.other:
            if _recognise(speakers, shown)[0] is rule:
                yield _problem("speakers", rule.id, f"{_words(shown)} should not match")


def _recognise(speakers: SpeakerRules, shown: Shown) -> tuple[SpeakerRule | None, str | None]:
    seen = 0
    for kind, values in shown.shows.items():
        for value in values:
            seen |= speakers.bits(kind, value)
    best = speakers.best(seen)
    if best is None or not best.recognised:
        return None, None
    return best.rule, best.model.id if best.model else None


def _check_beats(section: str, rules: tuple[SignatureRule, ...] | tuple[KeepaliveRule, ...]) -> Iterator[Problem]:
    for rule in rules:
        for beat in rule.examples.matches:
            if not rule.fits(beat.length, beat.every_s):
                yield _problem(section, rule.id, f"{beat.length} B every {beat.every_s} s should match")
        for beat in rule.examples.other:
            if rule.fits(beat.length, beat.every_s):
                yield _problem(section, rule.id, f"{beat.length} B every {beat.every_s} s should not match")


def _problem(section: str, rule: str, text: str) -> Problem:
    return Problem(section, None, rule, text)


def _name(rule: SpeakerRule | None) -> str:
    return rule.id if rule else "nothing"


def _words(shown: Shown | Leaking) -> str:
    return "; ".join(f"{kind} {', '.join(values)}" for kind, values in shown.shows.items())
