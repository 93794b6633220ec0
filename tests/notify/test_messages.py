# SPDX-License-Identifier: GPL-2.0-or-later
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.events import Service, Tell
from appliance.ledger import open_ledger
from appliance.notify.desk import decide
from appliance.notify.message import Message, State
from appliance.notify.messages import Messages
from tests.notify.making import HALL, NOON, news, terms


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.sqlite"
    open_ledger(path, service=Service.HUB, now=0.0).close()
    return path


@pytest.fixture
def messages(path: Path) -> Iterator[Messages]:
    with closing(Messages(path)) as messages:
        yield messages


def alert(device: str = HALL, tell: Tell = Tell.ALERT) -> Message:
    message = decide("c", news(device, tell, device=device), [], terms(), NOON)
    assert message is not None
    return message


def test_a_message_is_kept_as_it_is(messages: Messages) -> None:
    """What is read equals what was put, with the id it got; put again it is the same message, changed."""
    (kept,) = messages.put([alert()])
    assert messages.one(kept.id) == kept == replace(alert(), id=kept.id)
    messages.put([replace(kept, count=3)])
    assert messages.since("c", 0.0) == [replace(kept, count=3)]


def test_what_is_due(messages: Messages) -> None:
    """Only what waits and whose time has come is to be sent, the oldest first."""
    first, held, late = (
        messages.put([each])[0]
        for each in (alert(), replace(alert(), state=State.HELD), replace(alert(), due=NOON + 60))
    )
    assert messages.due(NOON) == [first]
    assert messages.due(NOON + 60) == [first, late]
    assert held not in messages.due(NOON + 60)


def test_what_arrived_is_done_with(messages: Messages) -> None:
    """A message that arrived is sent; one that changed on its way goes on waiting, and both know what arrived."""
    (kept,) = messages.put([alert()])
    messages.arrived(kept)
    done = messages.one(kept.id)
    assert done is not None
    assert (done.state, done.sent) == (State.SENT, 1)
    (changed,) = messages.put([replace(done, state=State.WAITING, version=3)])
    messages.arrived(replace(changed, version=2))
    still = messages.one(kept.id)
    assert still is not None
    assert (still.state, still.sent) == (State.WAITING, 2)


def test_what_failed_is_tried_again_or_never(messages: Messages) -> None:
    """A failure is counted and says when to try again; a final one is kept as refused, with the reason."""
    (kept,) = messages.put([alert()])
    messages.failed(kept, "no route", NOON + 5, final=False)
    again = messages.one(kept.id)
    assert again is not None
    assert (again.state, again.tries, again.due, again.problem) == (State.WAITING, 1, NOON + 5, "no route")
    messages.failed(again, "403", NOON, final=True)
    over = messages.one(kept.id)
    assert over is not None
    assert (over.state, over.problem) == (State.REFUSED, "403")


def test_a_change_is_whole_or_not_at_all(messages: Messages, path: Path) -> None:
    """If anything goes wrong within a change nothing of it is kept; others see it only when it is whole."""
    with pytest.raises(ZeroDivisionError), messages.change():
        messages.put([alert() for _ in range(1 // (len(messages.put([alert()])) - 1))])
    assert messages.since("c", 0.0) == []
    with closing(Messages(path)) as other, messages.change():
        messages.put([alert()])
        assert other.since("c", 0.0) == []
    assert len(messages.since("c", 0.0)) == 1


def test_old_messages_are_dropped(messages: Messages) -> None:
    """What is done with is dropped when it is old; what waits is not, however old."""
    messages.put([replace(alert(), state=State.SENT), alert()])
    assert messages.forget(NOON) == 0
    assert messages.forget(NOON + 1) == 1
    assert [each.state for each in messages.since("c", 0.0)] == [State.WAITING]


def test_marks_are_kept(messages: Messages, path: Path) -> None:
    """Up to where tables were read survives."""
    messages.mark({"verdict": 3, "hub_finding": 0})
    messages.mark({"verdict": 9})
    with closing(Messages(path)) as other:
        assert other.marks() == {"verdict": 9, "hub_finding": 0}


def test_what_a_channel_left_behind_is_given_up(messages: Messages) -> None:
    """What is held or waits for a channel that is off, or gone, is told as a number if it comes back."""
    waits, held = messages.put([alert(), replace(alert(), state=State.HELD, channel="other")])
    messages.withdraw(["c"])
    assert messages.one(waits.id) == waits
    assert [each.id for each in messages.expired("other")] == [held.id]
    messages.withdraw([])
    assert [each.id for each in messages.expired("c")] == [waits.id]


def test_a_clock_that_is_set_neither_expires_nor_delays(messages: Messages) -> None:
    """What waits expires as long after the new time as it would have after the old, and is not due later."""
    waits, sent = messages.put([alert(), replace(alert(), state=State.SENT)])
    messages.shift(3600.0)
    assert messages.one(waits.id) == replace(waits, expires=waits.expires + 3600)
    messages.shift(-7200.0)
    assert messages.one(waits.id) == replace(waits, due=NOON - 7200, expires=waits.expires - 3600)
    assert messages.one(sent.id) == sent


def test_what_is_due_in_a_year_is_due(messages: Messages) -> None:
    """A message that was noted before a restart with a clock that was a year ahead does not wait so long."""
    (ahead,) = messages.put([replace(alert(), due=NOON + 365 * 86_400)])
    assert messages.due(NOON) == [ahead]


def test_what_arrived_after_all_has_not_expired(messages: Messages) -> None:
    """A message that was given up while it was on its way, and arrived, is no missed one."""
    (kept,) = messages.put([alert()])
    messages.expire(kept.expires)
    messages.arrived(kept)
    assert messages.expired("c") == []


def test_nonsense_in_a_row_stops_nobody(messages: Messages, path: Path) -> None:
    """A message that cannot be read any more is passed over; the others are not."""
    kept = messages.put([alert() for _ in range(5)])
    with closing(sqlite3.connect(path, isolation_level=None)) as ledger:
        for each, value in zip(kept, ("[]", "{", "[1]", '{"tell": 1}'), strict=False):
            ledger.execute("UPDATE message SET news = ? WHERE id = ?", (value, each.id))
    assert messages.due(NOON) == [kept[4]]
