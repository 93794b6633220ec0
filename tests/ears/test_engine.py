# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from appliance.ears.engine import EngineError, packaged


def test_files_of_packages_are_found_without_importing_them() -> None:
    """A package that cannot be imported on some machine can still be looked into."""
    assert packaged("pvporcupine", "pvporcupine/lib/common/porcupine_params.pv").stat().st_size > 500_000


def test_what_is_not_there_is_told() -> None:
    """A missing package is told with what to do, a missing file with its name."""
    with pytest.raises(EngineError, match=r"earwitness\[ears\]"):
        packaged("no-such-package", "x")
    with pytest.raises(EngineError, match=r"has no nothing\.pv"):
        packaged("pvporcupine", "nothing.pv")
