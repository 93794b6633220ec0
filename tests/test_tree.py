# SPDX-License-Identifier: GPL-2.0-or-later
"""The tests mirror the tree: whoever knows a module knows where its test is, and the other way round."""

from pathlib import Path

from tests.conftest import ROOT

#: Modules without a test file of their own, and the one that tests them: parts that mean something only together.
TESTED_BY = {
    "web/asking.py": "tests/web/pages/test_network.py",
    "web/change.py": "tests/web/pages/test_network.py",
    "web/opening.py": "tests/commands/test_hub.py",
    "web/received.py": "tests/web/pages/test_update.py",
    "web/staged.py": "tests/web/pages/test_update.py",
    "web/whole.py": "tests/commands/test_hub.py",
    "appliance/notify/mqtt/topics.py": "tests/notify/mqtt/test_discovery.py",
    "appliance/notify/premises.py": "tests/notify/test_office.py",
    "appliance/notify/letter.py": "tests/notify/test_texts.py",
    "appliance/capture/damage.py": "tests/capture/test_files.py",
    "appliance/capture/frames.py": "tests/capture/test_parse.py",
    "appliance/capture/interfaces.py": "tests/capture/test_pcapng.py",
    "appliance/capture/internet.py": "tests/capture/test_parse.py",
    "appliance/capture/links.py": "tests/capture/test_parse.py",
    "appliance/capture/seems.py": "tests/capture/test_files.py",
    "appliance/capture/state.py": "tests/capture/test_port.py",
    "appliance/capture/transport.py": "tests/capture/test_parse.py",
    "appliance/commands/capture.py": "tests/commands/test_services.py",
    "appliance/commands/passphrase.py": "tests/commands/test_backup.py",
    "appliance/commands/settings_file.py": "tests/commands/test_doctor.py",
    "appliance/disk.py": "tests/speakers/test_storage.py",
    "appliance/flows/addresses.py": "tests/flows/test_flows.py",
    "appliance/flows/chunk.py": "tests/flows/test_flows.py",
    "appliance/flows/clock.py": "tests/flows/test_flows.py",
    "appliance/flows/connections.py": "tests/flows/test_flows.py",
    "appliance/flows/dns.py": "tests/flows/test_names.py",
    "appliance/flows/flow.py": "tests/flows/test_flows.py",
    "appliance/flows/grouping.py": "tests/flows/test_flows.py",
    "appliance/flows/http.py": "tests/flows/test_introduction.py",
    "appliance/flows/initials.py": "tests/flows/test_quic.py",
    "appliance/flows/selection.py": "tests/flows/test_flows.py",
    "appliance/flows/watches.py": "tests/flows/test_flows.py",
    "appliance/health/doctor/remark.py": "tests/health/doctor/test_show.py",
    "appliance/health/doctor/tags.py": "tests/e2e/test_doctor.py",
    "appliance/health/doctor/watch.py": "tests/e2e/test_doctor.py",
    "appliance/health/reading.py": "tests/health/test_health.py",
    "appliance/ledger/connect.py": "tests/ledger/test_ledger.py",
    "appliance/ledger/lock.py": "tests/ledger/test_ledger.py",
    "appliance/ledger/reader.py": "tests/ledger/test_ledger.py",
    "appliance/ledger/salvage.py": "tests/ledger/test_mend.py",
    "appliance/listening/listener.py": "tests/listening/test_service.py",
    "appliance/listening/tryout.py": "tests/commands/test_ears.py",
    "appliance/live/rings.py": "tests/e2e/test_ports.py",
    "appliance/live/source.py": "tests/live/test_replay.py",
    "appliance/placing/look.py": "tests/e2e/install/test_placing.py",
    "appliance/placing/system.py": "tests/e2e/install/test_placing.py",
    "appliance/placing/seen.py": "tests/placing/test_design.py",
    "appliance/placing/plan.py": "tests/placing/test_design.py",
    "appliance/placing/beside.py": "tests/placing/test_design.py",
    "appliance/placing/access_point.py": "tests/placing/test_design.py",
    "appliance/placing/record.py": "tests/placing/test_switch.py",
    "appliance/commands/confirm_network.py": "tests/e2e/install/test_placing.py",
    "appliance/commands/revert_network.py": "tests/e2e/install/test_placing.py",
    "appliance/commands/watch_loops.py": "tests/placing/test_loops.py",
    "appliance/commands/place.py": "tests/e2e/install/test_placing.py",
    "appliance/satellites/invitation.py": "tests/commands/test_satellites.py",
    "appliance/selftest/replay.py": "tests/commands/test_selftest.py",
    "appliance/upkeep/archive.py": "tests/upkeep/test_restore.py",
    "appliance/uploads/hit.py": "tests/uploads/test_cadence.py",
    "web/api/rules.py": "tests/web/api/test_description.py",
    "web/beside.py": "tests/commands/test_hub.py",
    "web/access.py": "tests/web/test_gate.py",
    "web/calibration.py": "tests/web/pages/test_calibrate.py",
    "web/ears.py": "tests/web/pages/test_ears.py",
    "web/accounts/model.py": "tests/web/accounts/test_users.py",
}
#: Test files that mirror no module, and why.
WIDER = {
    "tests/e2e/test_ears.py": "ears, capture and hub together, on the real kernel and the real arecord",
    "tests/notify/test_crash.py": "the office that is killed at every step of the outbox",
    "tests/e2e/test_push.py": "a browser that is told by itself",
    "tests/e2e/test_crash.py": "services that are killed again and again",
    "tests/e2e/test_demo.py": "the demo's command and its dashboard, in a browser",
    "tests/e2e/test_discovery.py": "a speaker that says nothing until it is asked, on the real kernel",
    "tests/e2e/test_disk.py": "disks that are full or read-only, under services that run",
    "tests/e2e/test_doctor.py": "the doctor in networks of the real kernel",
    "tests/e2e/test_end.py": "what rights services have, and how they end",
    "tests/e2e/test_first_run.py": "the first run in a browser, on the real hub",
    "tests/e2e/test_flood.py": "floods, and what they do to memory and to uploads",
    "tests/e2e/test_follow.py": "a filter that follows the registry, while frames come",
    "tests/e2e/test_health.py": "findings of services that run, on the real kernel",
    "tests/e2e/install/test_placing.py": "the network of a whole machine, changed, kept, taken back",
    "tests/e2e/install/test_install.py": "install.sh on whole machines: once, again, and back",
    "tests/e2e/install/test_pages.py": "the page Network of a whole machine, and root's units behind it",
    "tests/e2e/install/test_updates.py": "updates of whole machines: done, undone, broken off",
    "tests/e2e/install/test_name.py": "the name of a whole machine in its network",
    "tests/e2e/install/test_services.py": "the units on a whole machine: users, doors, loops, memory, root's hands",
    "tests/e2e/test_memory.py": "what happens where memory is bounded",
    "tests/e2e/install/test_machine.py": "the machines that tests of the installed appliance stand on",
    "tests/e2e/test_household.py": "a browser in a household that is replayed",
    "tests/e2e/test_live.py": "what is found live, against what is found in a file",
    "tests/e2e/test_placements.py": "capture where the machine stands elsewhere than between two ports",
    "tests/e2e/test_pages.py": "a browser on Home and on uploads: lanes, keys, news, answers, names that would do harm",
    "tests/e2e/test_player.py": "the player of captures, which tests and benches on real wires share",
    "tests/e2e/test_ports.py": "what becomes of the bridge's ports while the capture runs",
    "tests/e2e/test_upkeep.py": "backup, restore and forgetting in a browser at the hub itself; axe on those pages",
    "tests/e2e/test_satellites.py": "a satellite, its hub and a wire between them that is pulled, on the real kernel",
    "tests/image/test_files.py": "the image's scripts and files, which are no modules",
    "tests/image/test_take_over.py": "image/root/usr/lib/earwitness-image/take_over.py, a file of the image's root",
    "tests/image/test_assemble.py": "image/assemble, a script",
    "tests/flows/test_corpus.py": "real captures, against what tshark reads in them",
    "tests/ledger/test_judging.py": "the ledger between the services and the judge, whoever dies when",
    "tests/judge/test_properties.py": "what holds of every verdict, whatever the household",
}


def mirrored(module: Path) -> Path:
    inside = module.relative_to(ROOT)
    parts = inside.parts[1:] if inside.parts[0] == "appliance" else inside.parts
    return ROOT.joinpath("tests", *parts[:-1], f"test_{parts[-1]}")


def modules() -> list[Path]:
    found = [path for folder in ("appliance", "web") for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if path.name not in {"__init__.py", "__main__.py"}]


def test_each_module_has_its_test() -> None:
    """For ``appliance/room/file.py`` there is ``tests/room/test_file.py``, or TESTED_BY says which test it is."""
    untested = {str(module.relative_to(ROOT)) for module in modules() if not mirrored(module).exists()}
    assert untested - TESTED_BY.keys() == set()
    assert TESTED_BY.keys() - untested == set(), "these have a test of their own by now: take them from the list"
    assert [test for test in TESTED_BY.values() if not (ROOT / test).exists()] == []


def test_each_test_has_its_module() -> None:
    """A test file mirrors a module, or there is a reason in WIDER."""
    mirrors = {mirrored(module) for module in modules()}
    tests = {path for path in (ROOT / "tests").rglob("test_*.py") if path.parent != ROOT / "tests"}
    wider = {str(path.relative_to(ROOT)) for path in tests - mirrors}
    assert wider - WIDER.keys() == set()
    assert WIDER.keys() - wider == set(), "these mirror a module by now, or are gone: take them from the list"
