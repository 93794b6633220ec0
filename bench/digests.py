# SPDX-License-Identifier: GPL-2.0-or-later
"""What becomes of every alert of a made-up month: told by itself, in a digest, or by nothing.

    python -m bench.digests [SEEDS]

As ``bench.alerts``, but with news drawn at random in place of a simulated network, so that it takes seconds. A day has
1.6 urgent ones, 1.5 alerts and 4 notices of six speakers, ten times as many in the second week; a tenth is explained
when its upload ends. Prints a row for each seed and kind of channel.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator

from appliance.events import Tell
from appliance.household import Caps
from appliance.notify.message import Form, State
from appliance.notify.news import UPLOAD, News
from appliance.simulate.scenario import DAY, START
from bench.alerts import HOUR, Person

DAILY = (
    ("unexplained_silence", Tell.URGENT, 1.6),
    ("unexplained_speech", Tell.ALERT, 1.5),
    ("false_wake", Tell.NOTICE, 4),
)
DAYS, STORM, TENFOLD, CHANCES = 30, range(7, 14), 10, 100
EXPLAINED = 0.1
HEAD = (
    "| channel, seed | messages a day, median | most | urgent | in a message | in a digest only | in none"
    " | alerts | in a message | in a digest only | in none | explained, in digests |"
)


def drawn(chance: random.Random) -> Iterator[tuple[float, News]]:
    """Yield what happens, and again when it has ended."""
    number = 0
    for day in range(DAYS):
        for kind, tell, rate in DAILY:
            share = rate * (TENFOLD if day in STORM else 1) / CHANCES
            for _ in range(sum(chance.random() < share for _ in range(CHANCES))):
                number += 1
                at, mac = START + day * DAY + chance.uniform(7, 23) * HOUR, f"02:00:00:00:00:0{chance.randrange(6)}"
                yield at, News(UPLOAD, f"{number}", kind, mac, tell, at, over=False, bytes_up=20_000)
                explained = chance.random() < EXPLAINED
                word = ("called", Tell.NOBODY) if explained else (kind, tell)
                yield (
                    at + 8,
                    News(UPLOAD, f"{number}", word[0], mac, word[1], at, over=True, bytes_up=60_000, seconds=4.0),
                )


def month(seed: int, *, updates: bool) -> str:
    """Tell a person of a month; return a row of the table."""
    person = Person(Caps(), updates=updates)
    loud: dict[str, Tell] = {}
    for at, news in sorted(drawn(random.Random(seed)), key=lambda each: each[0]):
        loud[news.id] = news.tell
        person.hear(news, at)
    person.sleep(START + (DAYS + 1) * DAY)
    days = Counter(int((at - START) // DAY) for at, _ in person.got)
    counts = sorted(days[day] for day in range(DAYS))
    joined = {each.id for message in person.kept if message.state is State.JOINED for each in message.news}
    columns = [counts[DAYS // 2], counts[-1]]
    for tell in (Tell.URGENT, Tell.ALERT):
        those = {id_ for id_, told in loud.items() if told is tell}
        columns += [
            len(those),
            len(those & person.seen),
            len(those & joined - person.seen),
            len(those - joined - person.seen),
        ]
    digests = [message for _, message in person.got if message.form is Form.DIGEST]
    explained = sum(each.tell is Tell.NOBODY for message in digests for each in message.news)
    return " | ".join(map(str, [*columns, explained]))


def main(seeds: int) -> None:
    """Print the table."""
    print(HEAD)
    for name, updates in (("ntfy", True), ("mail", False)):
        for seed in range(seeds):
            print(f"| {name}, {seed} | {month(seed, updates=updates)} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
