# SPDX-License-Identifier: GPL-2.0-or-later
from flask import Flask

from appliance.diary.entries import entries
from appliance.speakers.inventory import Word
from web.house import House
from web.items import items
from web.language import house_zone


def test_entries_keep_their_order_and_have_their_pages(app: Flask, house: House) -> None:
    """Words are made of each entry, in the order that the diary gave."""
    with house.reader() as reader, app.test_request_context():
        found = entries(reader)
        made = items(found, house.registry.inventory, house_zone())
    assert [each.entry for each in made] == found
    assert [each.href for each in made] == [f"/uploads/{each.id}" for each in found]
    assert all(each.row.happened and each.row.name for each in made)


def test_what_a_person_said_stands_beside_the_verdict(app: Flask, house: House) -> None:
    """An answer is told back in words, and changes nothing of what was judged."""
    with house.reader() as reader, app.test_request_context():
        found = next(each for each in entries(reader) if each.verdict.device)
        before = items((found,), house.registry.inventory, house_zone())[0]
        house.registry.answer(found.key, str(found.verdict.device), Word.BUTTON, 0.0)
        after = items((found,), house.registry.inventory, house_zone())[0]
    assert (before.answer, after.answer) == ("", "I pressed the button")
    assert before.row == after.row
