# SPDX-License-Identifier: GPL-2.0-or-later
import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from appliance.events import Device
from appliance.limits import REGISTRY_DEVICES, REGISTRY_SEEN_S, REGISTRY_WAIT_S
from appliance.speakers.inventory import Learnt, Owner, Probing, Word
from appliance.speakers.registry import Registry
from appliance.speakers.registry_file import RegistryError

ECHO = Device(1.0, "00:11:22:33:44:55", "amazon-echo", "amazon", "Dot", "echo-7", 0.9, ("DHCP host name amazon-7",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the registry is."""
    return tmp_path / "registry.json"


def other(number: int) -> Device:
    return replace(ECHO, device=f"00:00:00:00:{number >> 8:02x}:{number & 255:02x}", speaker=None, confidence=0.0)


def test_devices_are_asked_only_with_the_owners_leave(path: Path) -> None:
    """Nobody can ask for it before; afterwards the wish is in the file, until the leave is taken back."""
    registry = Registry(path, 0.0)
    with pytest.raises(RegistryError, match="not allowed"):
        registry.ask_probing(10.0)
    registry.allow_probing(allowed=True)
    registry.ask_probing(10.0)
    registry.ask_probing(20.0)
    assert Registry(path, 0.0).inventory.probing == Probing(allowed=True, asked_at=20.0)
    registry.allow_probing(allowed=False)
    assert Registry(path, 0.0).inventory.probing == Probing()


def test_a_sighting_never_overwrites_the_owner(path: Path) -> None:
    """What the owner said stays, over sightings and restarts; taking it back shows what was found meanwhile."""
    registry = Registry(path, 0.0)
    registry.see([ECHO], 10.0)
    registry.correct(ECHO.device, {"name": "Kitchen", "room": "kitchen", "wake_words": ["computer"]})
    registry.see([replace(ECHO, name="echo-8", model="Show", confidence=0.95)], 20.0)
    (entry,) = Registry(path, 0.0).inventory.devices
    assert entry.owner == Owner(name="Kitchen", room="kitchen", wake_words=("computer",))
    assert (entry.name, entry.model) == ("Kitchen", "Show")
    assert registry.correct(ECHO.device, {"name": None}).name == "echo-8"
    assert Registry(path, 0.0).inventory == registry.inventory


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"rooom": "hall"}, r"owner\.rooom"),
        ({"room": "\x1b[2J"}, r"owner\.room"),
        ({"name": "n" * 65}, r"owner\.name"),
        ({"status": "stolen"}, r"owner\.status"),
        ({"wake_words": ["a"] * 17}, r"owner\.wake_words"),
    ],
)
def test_what_the_owner_cannot_say_is_refused(path: Path, said: dict[str, object], word: str) -> None:
    """A field that is not there, or a value that cannot be, is told by name, and nothing changes."""
    registry = Registry(path, 0.0)
    registry.see([ECHO], 10.0)
    with pytest.raises(RegistryError, match=word):
        registry.correct(ECHO.device, said)
    assert Registry(path, 0.0).inventory.devices[0].owner == Owner()


def test_what_a_calibration_taught_stays(path: Path) -> None:
    """It outlives sightings, corrections and restarts, until it is forgotten."""
    taught = {"time": 9.0, "commands": 5, "remote": "192.0.2.1", "rate": 5900.0, "delay_s": 0.4, "spread_s": 0.2}
    registry = Registry(path, 0.0)
    registry.see([ECHO], 10.0)
    registry.learn(ECHO.device, taught)
    registry.correct(ECHO.device, {"room": "kitchen"})
    registry.see([replace(ECHO, name="echo-8")], 20.0)
    (entry,) = Registry(path, 0.0).inventory.devices
    assert entry.learnt == Learnt.model_validate(taught)
    assert (entry.name, entry.owner.room) == ("echo-8", "kitchen")
    assert registry.inventory.voices() == {ECHO.device: "192.0.2.1"}
    assert registry.learn(ECHO.device, None).learnt is None
    with pytest.raises(RegistryError, match=r"learnt\.rate"):
        registry.learn(ECHO.device, taught | {"rate": -1.0})


def test_any_device_can_be_declared_a_speaker(path: Path) -> None:
    """The owner knows better than any rule, also of a device that nobody saw yet."""
    registry = Registry(path, 0.0)
    registry.correct("02:00:00:00:00:07", {"status": "confirmed"})
    assert registry.inventory.watched() == {0x020000000007}
    registry.forget("02:00:00:00:00:07")
    assert Registry(path, 0.0).inventory.devices == ()


def test_rooms_and_ears_come_and_go(path: Path) -> None:
    """Each has its name once."""
    registry = Registry(path, 0.0)
    for name in ("kitchen", "hall", "kitchen"):
        registry.put_room(name)
        registry.put_ear(f"{name}-ear", name)
    registry.remove_room("hall")
    registry.remove_ear("kitchen-ear")
    house = Registry(path, 0.0).inventory
    assert ([room.name for room in house.rooms], [ear.name for ear in house.ears]) == (["kitchen"], ["hall-ear"])
    with pytest.raises(RegistryError, match="a part of Earwitness is called so"):
        registry.put_ear("capture", None)


def test_a_flood_of_devices_is_bounded(path: Path) -> None:
    """Those unseen for longest go first, speakers after all others, and never one that the owner touched."""
    registry = Registry(path, 0.0)
    registry.see([ECHO, other(0), other(1)], 1.0)
    registry.correct(other(0).device, {"name": "Lamp"})
    for start in range(2, 2_000, 100):
        registry.see([other(number) for number in range(start, start + 100)], float(start))
    known = {entry.mac for entry in registry.inventory.devices}
    assert len(known) == REGISTRY_DEVICES + 1
    assert {ECHO.device, other(0).device, other(2_001).device} <= known
    assert other(1).device not in known
    assert registry.evicted == 2_002 - len(known) + 1


def test_a_flood_of_speakers_leaves_those_known_for_long(path: Path) -> None:
    """A speaker seen on another day stays; of those that came all at once, and claim to be speakers, the latest do."""
    registry = Registry(path, 0.0)
    registry.see([ECHO], 1.0)
    registry.see([ECHO], 2.0 + REGISTRY_SEEN_S)
    for start in range(0, 1_000, 100):
        now = 3.0 + REGISTRY_SEEN_S + start
        registry.see([replace(other(number), speaker="x") for number in range(start, start + 100)], now)
    known = {entry.mac for entry in registry.inventory.devices}
    assert len(known) == REGISTRY_DEVICES
    assert {ECHO.device, other(999).device} <= known
    assert other(0).device not in known


def test_news_of_mere_devices_wait_and_speakers_do_not(path: Path) -> None:
    """A lamp is written with the next speaker, or after some minutes; nobody writes the file a thousand times a day."""
    registry = Registry(path, 100.0)
    registry.see([other(1)], 101.0)
    assert not path.exists()
    assert len(registry.inventory.devices) == 1
    registry.see([ECHO], 102.0)
    assert len(Registry(path, 0.0).inventory.devices) == 2
    registry.see([other(2)], 103.0)
    assert len(Registry(path, 0.0).inventory.devices) == 2
    registry.see([other(3)], 104.0 + REGISTRY_WAIT_S)
    assert len(Registry(path, 0.0).inventory.devices) == 4
    registry.see([other(4)], 106.0 + REGISTRY_WAIT_S)
    registry.close()
    assert len(Registry(path, 0.0).inventory.devices) == 5


def test_a_hand_edited_file_is_set_aside(path: Path) -> None:
    """What cannot be in the file is told with file and key; the file is kept, and all that can be is carried over."""
    registry = Registry(path, 0.0)
    registry.see([ECHO], 10.0)
    registry.put_room("kitchen")
    tables = json.loads(path.read_text())
    tables["rooms"]["2"] = {"nam": "hall"}
    path.write_text(json.dumps(tables | {"users": {"1": {"name": "ann"}}}))
    mended = Registry(path, 1_795_428_900.0)
    assert mended.mended.startswith(f"{path}: rooms.2.name: Field required")
    assert "registry.json.damaged-20261123T101500; carried over: 1 speakers, 1 rooms, 0 ears" in mended.mended
    assert mended.inventory == registry.inventory
    assert json.loads(path.read_text())["users"] == {"1": {"name": "ann"}}
    assert json.loads((path.parent / "registry.json.damaged-20261123T101500").read_text())["rooms"]["2"]
    assert Registry(path, 0.0).mended == ""


def test_a_file_of_garbage_is_set_aside(path: Path) -> None:
    """A file that is no JSON leaves an empty household, and says so."""
    path.write_bytes(b"\x00" * 4096)
    registry = Registry(path, 0.0)
    assert str(path) in registry.mended
    assert registry.inventory.devices == ()
    assert (path.parent / "registry.json.damaged-19700101T000000").read_bytes() == b"\x00" * 4096


def test_a_disk_that_takes_nothing_changes_nothing(tmp_path: Path) -> None:
    """If the file cannot be written, that is said, and memory is as the file is."""
    folder = tmp_path / "gone"
    folder.mkdir()
    registry = Registry(folder / "registry.json", 0.0)
    registry.put_room("hall")
    (folder / "registry.json").rename(tmp_path / "kept")
    folder.rmdir()
    with pytest.raises(RegistryError, match=r"registry\.json: cannot be written \(No such file"):
        registry.put_room("kitchen")
    assert [room.name for room in registry.inventory.rooms] == ["hall"]


def test_threads_take_turns(path: Path) -> None:
    """Pages and the judge's thread write at once: nothing is lost."""
    registry = Registry(path, 0.0)

    def work(thread: int) -> None:
        for number in range(10):
            registry.put_room(f"room {thread} {number}")
            registry.see([other(thread * 100 + number)], float(number))

    threads = [Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    registry.close()
    house = Registry(path, 0.0).inventory
    assert len({room.name for room in house.rooms}) == 40
    assert len(house.devices) == 40


class AnyHousehold(RuleBasedStateMachine):
    """Sightings and owners' words in any order."""

    macs = st.sampled_from([ECHO.device, "02:00:00:00:00:01", "00:00:00:00:00:02"])
    names = st.none() | st.sampled_from(["Kitchen", "Hall"])

    @initialize()
    def begin(self) -> None:
        """Nobody lives here yet."""
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "registry.json"
        self.registry = Registry(self.path, 0.0)
        self.said: dict[str, str | None] = {}

    @rule(mac=macs, name=names, speaker=st.none() | st.just("amazon-echo"))
    def see(self, mac: str, name: str | None, speaker: str | None) -> None:
        """A device shows something."""
        self.registry.see([replace(ECHO, device=mac, name=name, speaker=speaker)], 1.0)

    @rule(mac=macs, name=names)
    def say(self, mac: str, name: str | None) -> None:
        """The owner names a device, or takes the name back."""
        self.registry.correct(mac, {"name": name})
        self.said[mac] = name

    @rule()
    def restart(self) -> None:
        """The hub is started again; the owner's words are all there."""
        self.registry.close()
        self.registry = Registry(self.path, 0.0)
        assert {
            each.mac: each.owner.name for each in self.registry.inventory.devices if each.mac in self.said
        } == self.said

    def teardown(self) -> None:
        """Nobody needs it any more."""
        self.folder.cleanup()


TestAnyHousehold = AnyHousehold.TestCase
TestAnyHousehold.settings = settings(max_examples=15, stateful_step_count=15)


def test_an_answer_stands_beside_its_verdict(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict has one answer, the newest; answers are counted by speaker, survive a restart, and are bounded."""
    monkeypatch.setattr("appliance.speakers.registry.REGISTRY_ANSWERS", 3)
    registry = Registry(path, 0.0)
    registry.answer("boot 100.0 flow", ECHO.device, "nobody", 1.0)
    registry.answer("boot 100.0 flow", ECHO.device, "button", 2.0)
    registry.answer("boot 200.0 flow", ECHO.device, "button", 3.0)
    assert Registry(path, 0.0).inventory.counted(ECHO.device) == {Word.BUTTON: 2}
    assert registry.inventory.counted("00:00:00:00:00:01") == {}
    for number in range(5):
        registry.answer(f"boot {number} flow", ECHO.device, "routine", 4.0 + number)
    assert [answer.time for answer in registry.inventory.answers] == [6.0, 7.0, 8.0]
    with pytest.raises(RegistryError, match="word"):
        registry.answer("boot 1 flow", ECHO.device, "aliens", 9.0)


def test_an_answer_can_be_taken_back(path: Path) -> None:
    """What a person said is gone when they take it back, here and in the file; there may be nothing to take back."""
    registry = Registry(path, 0.0)
    registry.answer("7", ECHO.device, "nobody", 1.0)
    registry.answer("8", ECHO.device, "button", 2.0)
    registry.take_back("7")
    registry.take_back("9")
    assert [answer.verdict for answer in registry.inventory.answers] == ["8"]
    assert Registry(path, 0.0).inventory.answers == registry.inventory.answers
