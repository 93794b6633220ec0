# SPDX-License-Identifier: GPL-2.0-or-later
import subprocess
import sys
from importlib import import_module

import pytest

from appliance.lean import hollow, without


def succeeds(program: str) -> bool:
    """Run a program in a process of its own, where nothing is imported yet."""
    return subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_only_what_is_asked_for_is_imported() -> None:
    """The parser of DNS comes without asyncio, ssl and what else zeroconf needs to speak itself."""
    assert succeeds(
        "import sys, appliance.flows.dns; sys.exit(bool({'asyncio', 'ssl', 'zeroconf'} & set(sys.modules)))"
    )


@pytest.mark.parametrize("first", ["zeroconf", "appliance.flows.dns"])
def test_the_whole_package_can_be_used_too(first: str) -> None:
    """Before or after: whoever wants all of zeroconf gets it, with the same classes."""
    program = (
        f"import sys, {first}, zeroconf; from appliance.flows import dns; zeroconf.Zeroconf, zeroconf.ServiceBrowser"
    )
    assert succeeds(program + "; sys.exit(dns.DNSIncoming is not zeroconf.DNSIncoming)")


def test_a_package_that_is_not_there_is_missed_as_ever() -> None:
    """The import itself says what is missing."""
    with pytest.raises(ModuleNotFoundError, match="no_such_package"), hollow("no_such_package"):
        import_module("no_such_package.part")


def test_what_is_left_out_can_be_imported_later() -> None:
    """A library that can do without another one does; whoever needs that one later has it."""
    program = "with without('_bisect'):\n import bisect\nassert bisect.insort.__module__ == 'bisect'\nimport _bisect"
    assert succeeds(f"from appliance.lean import without\n{program}")


def test_no_plugins_are_found_and_none_are_missed_later() -> None:
    """Who looks for plugins finds none; who needs importlib.metadata later, for versions, has all of it."""
    program = "with no_plugins():\n from importlib.metadata import entry_points\nassert entry_points(group='x') == ()"
    later = "from importlib.metadata import version\nassert version('pydantic')"
    assert succeeds(f"from appliance.lean import no_plugins\n{program}\n{later}")


def test_what_is_there_already_stays() -> None:
    """Leaving out is for those that were not imported before: nobody loses what he has."""
    with without("sys"):
        assert import_module("sys") is sys
