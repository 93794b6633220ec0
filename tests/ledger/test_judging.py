# SPDX-License-Identifier: GPL-2.0-or-later
"""The ledger between the services and the judge: whoever dies when, the verdicts are as if nobody had."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.events import CAPTURE, Coverage, JudgeFact, Service, Upload, Verdict, Wake
from appliance.judge import Judge
from appliance.ledger import HUB, Follower, Ledger, Reader, open_ledger, resume_point
from appliance.ledger.rows import VERDICT, table_of
from tests.judge.household import HOME, RULES, upload
from tests.judge.test_properties import evenings, in_order

#: Seconds between two evenings: more than the judge remembers.
APART = 2_000.0


def shifted(fact: JudgeFact, by: float) -> JudgeFact:
    """The same, so many seconds later."""
    names = {"time", "started_at", "known_at", "ended_at"} & {field.name for field in fields(fact)}
    moved = {name: getattr(fact, name) + by for name in names if getattr(fact, name) is not None}
    return replace(fact, **moved)


class Hub:
    """A hub as it is after a start: it follows the ledger from where its judging stood."""

    def __init__(self, ledger: Ledger, reader: Reader, boot: int) -> None:
        self._ledger, self._boot, self._judge = ledger, boot, Judge(RULES)
        for fact in HOME:
            self._judge.feed(fact)
        self._since = max(resume_point(reader, boot), 0.0)
        self._follower = Follower(reader, boot, self._since)

    def look(self) -> None:
        """Take what is new, judge it, and write the verdicts with how far that came."""
        verdicts, reached = [], self._since
        for fact in self._follower.new():
            verdicts += self._judge.feed(fact)
            if isinstance(fact, Coverage) and fact.source == CAPTURE:
                verdicts += self._judge.advance(fact.ended_at)
                reached = fact.ended_at
        self._ledger.write(self._boot, [*verdicts, Coverage(self._since, reached, HUB)])
        self._since = reached


def words(verdicts: Iterable[Verdict]) -> list[tuple[str, float, str, float]]:
    """What was said in the end, and of what."""
    return sorted((each.verdict, _moment(each), str(each.device), each.confidence) for each in verdicts if each.final)


def _moment(verdict: Verdict) -> float:
    about: Upload | Wake | None = verdict.upload or verdict.wake
    assert about is not None
    return about.started_at if isinstance(about, Upload) else about.time


def undisturbed(facts: Iterable[JudgeFact]) -> list[Verdict]:
    """What the judge says if nobody dies: asked whenever the capture has reported."""
    judge, verdicts = Judge(RULES), []
    for fact in [*HOME, *(fact for _, fact in in_order(facts))]:
        verdicts += judge.feed(fact)
        if isinstance(fact, Coverage) and fact.source == CAPTURE:
            verdicts += judge.advance(fact.ended_at)
    return verdicts


@settings(max_examples=20)
@given(
    st.lists(evenings(), min_size=1, max_size=2), st.lists(st.tuples(st.floats(0, 1), st.sampled_from(["look", "die"])))
)
def test_judging_goes_on_as_if_nothing_had_happened(
    tmp_path_factory: pytest.TempPathFactory, several: list[list[JudgeFact]], moments: list[tuple[float, str]]
) -> None:
    """Hubs that look rarely, and die at any time: each upload has one final verdict, the one it would have had."""
    facts = [shifted(fact, APART * number) for number, evening in enumerate(several) for fact in evening]
    arrivals, path = in_order(facts), tmp_path_factory.mktemp("judging") / "ledger.sqlite"
    services = {service: open_ledger(path, service=service, now=0.0) for service in Service}
    boot = services[Service.HUB].begin("boot", 0.0)
    with closing(services[Service.HUB].reader()) as reader:
        hub = Hub(services[Service.HUB], reader, boot)
        done = 0
        for place, what in [*sorted(moments), (1.0, "look")]:
            new: list[Any] = [fact for _, fact in arrivals[done : int(place * len(arrivals))]]
            for service, ledger in services.items():
                ledger.write(boot, [fact for fact in new if table_of(fact).owner is service])
            done = max(done, int(place * len(arrivals)))
            hub = Hub(services[Service.HUB], reader, boot) if what == "die" else hub
            hub.look()
        verdicts = [verdict for _, verdict in reader.facts(VERDICT)]
    for ledger in services.values():
        ledger.close()
    assert words(verdicts) == words(undisturbed(facts))


def test_a_call_longer_than_the_judge_remembers_is_judged(
    services: dict[Service, Ledger], reader: Reader, boot: int
) -> None:
    """A hub that starts in the midst of a call of an hour is told of its beginning, and judges it at its end."""
    capture, hub = services[Service.CAPTURE], services[Service.HUB]
    begun, ended = upload(100.0, 3_600.0)
    assert isinstance(begun, Upload)
    assert isinstance(ended, Upload)
    capture.write(boot, [begun, Coverage(0.0, 2_000.0, CAPTURE)])
    Hub(hub, reader, boot).look()
    capture.write(boot, [ended, Coverage(2_000.0, 4_000.0, CAPTURE)])
    Hub(hub, reader, boot).look()
    assert [verdict.upload for _, verdict in reader.facts(VERDICT) if verdict.final] == [ended]
