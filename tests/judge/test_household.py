# SPDX-License-Identifier: GPL-2.0-or-later
from appliance.events import Device, Ear, FlowKey, Placement, Proof, Role, Upload
from appliance.judge.household import Household
from appliance.limits import JUDGE_DEVICES, JUDGE_EARS
from appliance.rules.wakewords import WakeWords

HERE, THERE = "aa:00:00:00:00:01", "aa:00:00:00:00:02"


def home(*facts: Ear | Placement | Device) -> Household:
    household = Household(WakeWords({"echo": ["alexa"]}, []))
    for fact in facts:
        household.feed(fact)
    return household


def device(address: str, speaker: str | None, time: float = 0.0, name: str | None = None) -> Device:
    return Device(time, address, speaker, None, None, name, 0.9, ())


def upload(speaker: str | None = None) -> Upload:
    flow = FlowKey(HERE, "tcp", 1, "192.0.2.1", 443)
    return Upload(1, flow, speaker, None, Proof.NONE, Role.VOICE, 0, 1, None, 1, 1, (), None, 1.0)


def test_near() -> None:
    """An ear is near what stands in its room, however the room is spelt; without a room, near everything."""
    household = home(Ear("a", "Kitchen"), Ear("b", "hall"), Ear("c"), Placement(HERE, "kitchen"))
    household.met("d")
    assert household.ears_near(HERE) == ["a", "c", "d"]
    assert household.ears_near(THERE) == ["a", "b", "c", "d"]


def test_an_ear_met_and_then_introduced() -> None:
    """An ear may report before it is introduced; being met again does not take its room away."""
    household = home(Placement(HERE, "kitchen"))
    household.met("a")
    assert household.ears_near(HERE) == ["a"]
    household.feed(Ear("a", "hall"))
    household.met("a")
    assert household.ears_near(HERE) == []


def test_the_newest_word_counts() -> None:
    """What is known of a device changes; an older word that comes late does not."""
    household = home(device(HERE, "echo", 5), device(HERE, None, 3))
    assert household.speaker(HERE) == "echo"
    household.feed(device(HERE, "nest", 6))
    assert household.speaker(HERE) == "nest"


def test_recognised() -> None:
    """A speaker is known by its upload, by what it showed, or by the household's word."""
    assert not home().recognised(upload())
    assert home().recognised(upload("echo"))
    assert home(device(HERE, "echo")).recognised(upload())
    assert home(Placement(HERE)).recognised(upload())


def test_listens() -> None:
    """A speaker listens to the household's words for it, else to its rule's; one that nobody knows, to any."""
    household = home(device(HERE, "echo"), Placement(THERE, wake_words=("Ziggy",)))
    assert household.listens(HERE, None, "ALEXA")
    assert not household.listens(HERE, None, "ziggy")
    assert household.listens(THERE, "echo", "ziggy")
    assert not household.listens(THERE, "echo", "alexa")
    assert household.listens("aa:00:00:00:00:03", None, "anything")


def test_listeners() -> None:
    """Who should answer a wake word: the speakers near the ear that are known to listen to it."""
    household = home(Ear("a", "kitchen"), device(HERE, "echo"), device(THERE, "echo"), Placement(THERE, "hall"))
    household.feed(device("aa:00:00:00:00:03", None))
    assert household.listeners("a", "Alexa") == [HERE]
    assert household.listeners("a", "hey google") == []


def test_name() -> None:
    """People's own name for a device comes before what it calls itself."""
    assert home(device(HERE, None, name="echo-1234")).name(HERE) == "echo-1234"
    assert (
        home(device(HERE, None, name="echo-1234"), Placement(HERE, None, "Kitchen Echo")).name(HERE) == "Kitchen Echo"
    )
    assert home().name(HERE) is None


def test_bounds() -> None:
    """Ears and devices beyond the limits are refused and counted; known ones may still change."""
    household = home(*(Ear(f"ear-{n}") for n in range(JUDGE_EARS + 3)))
    for n in range(JUDGE_DEVICES + 2):
        household.feed(device(str(n), "echo"))
    assert household.refused == 5
    assert len(household.ears) == JUDGE_EARS
    household.feed(device("0", "nest", 1))
    assert household.speaker("0") == "nest"
