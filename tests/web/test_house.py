# SPDX-License-Identifier: GPL-2.0-or-later
from flask import Flask

from appliance.ledger.rows import VERDICT
from web.house import House, the_house


def test_the_house_is_at_hand(app: Flask, house: House) -> None:
    """In a request the house is the one whose application it is, and its ledger can be read."""
    with app.test_request_context():
        assert the_house() is house
        with the_house().reader() as reader:
            assert reader.facts(VERDICT)
