# SPDX-License-Identifier: GPL-2.0-or-later
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Finding, Service
from appliance.health.trouble import Episodes, Trouble

DARK = Trouble("dark", "It is dark.", "Switch on the light.", after=10.0, calm=60.0)


def told(episodes: Episodes, time: float, *troubles: Trouble) -> list[tuple[str, float, float | None]]:
    return [(each.kind, each.time, each.ended_at) for each in episodes.feed(time, troubles)]


def test_a_trouble_is_told_once_when_it_lasted() -> None:
    """A finding begins when its trouble did, is told once it has held for ``after`` s, and never again."""
    episodes = Episodes()
    assert told(episodes, 0.0, DARK) == []
    assert told(episodes, 9.0, DARK) == []
    assert told(episodes, 10.0, DARK) == [("dark", 0.0, None)]
    assert told(episodes, 11.0, DARK) == []
    assert [each.kind for each in episodes.open] == ["dark"]


def test_what_passes_is_not_told() -> None:
    """A trouble that goes before it lasted long enough begins anew the next time."""
    episodes = Episodes()
    assert told(episodes, 0.0, DARK) == told(episodes, 5.0) == told(episodes, 6.0, DARK) == []
    assert told(episodes, 15.0, DARK) == []
    assert told(episodes, 16.0, DARK) == [("dark", 6.0, None)]


def test_it_is_over_when_it_stayed_away() -> None:
    """A finding ends when its trouble held last, told once that is ``calm`` s ago; in between it is the same one."""
    episodes = Episodes()
    told(episodes, 0.0, DARK)
    told(episodes, 10.0, DARK)
    assert told(episodes, 40.0) == []
    assert told(episodes, 69.0, DARK) == []
    assert told(episodes, 128.0) == []
    assert told(episodes, 129.0) == [("dark", 0.0, 69.0)]
    assert episodes.open == []


def test_the_last_words_are_the_fullest() -> None:
    """The finding that ends has the words and figures of when its trouble held last, and the remedy."""
    episodes = Episodes()
    opened = episodes.feed(0.0, [Trouble("loss", "1 frame.", "Wait.", device="a")])
    episodes.feed(1.0, [Trouble("loss", "9 frames.", "Wait.", device="a")])
    (ended,) = episodes.feed(99.0, [])
    assert [each.text for each in (*opened, ended)] == ["1 frame.", "9 frames."]
    assert (ended.source, ended.kind, ended.device, ended.time) == (Service.HUB, "loss", "a", 0.0)
    assert ended.figures[-1].key == "remedy"
    assert ended.figures[-1].text == "Wait."


def test_findings_of_an_earlier_run_go_on() -> None:
    """A finding that was open when the hub ended is neither told again nor forgotten."""
    before = Finding(5.0, None, Service.HUB, "dark", None, "It was dark.")
    episodes = Episodes([before])
    assert told(episodes, 100.0, DARK) == []
    assert told(episodes, 160.0) == [("dark", 5.0, 100.0)]
    assert told(Episodes([before]), 100.0) == [("dark", 5.0, 5.0)]


@given(st.lists(st.tuples(st.floats(0.1, 100), st.booleans(), st.booleans())))
def test_each_finding_begins_and_ends_in_turn(moments: list[tuple[float, bool, bool]]) -> None:
    """Whatever comes and goes: a kind and device begin, end, begin; ends lie after begins; what is open was told."""
    episodes, open_now, time = Episodes(), {}, 0.0
    sudden = Trouble("sudden", "Bang.", "Duck.", device="b", calm=0.0)
    for step, dark, bang in moments:
        time += step
        for finding in episodes.feed(time, [DARK] * dark + [sudden] * bang):
            key = (finding.kind, finding.device)
            if finding.ended_at is None:
                assert key not in open_now
                open_now[key] = finding.time
            else:
                assert open_now.pop(key) == finding.time <= finding.ended_at <= time
        assert {(each.kind, each.device) for each in episodes.open} == open_now.keys()
