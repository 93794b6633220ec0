# SPDX-License-Identifier: GPL-2.0-or-later
"""The pages, one file for each, and a blueprint in each file."""

from flask import Blueprint

from web.pages.account import account
from web.pages.calibrate import calibrate
from web.pages.certificates import certificates
from web.pages.ears import ears
from web.pages.first_steps import first_steps
from web.pages.home import home
from web.pages.live_test import live_test
from web.pages.login import login
from web.pages.setup import setup
from web.pages.speaker import speaker
from web.pages.speakers import speakers
from web.pages.upload import upload
from web.pages.uploads import uploads
from web.pages.users import users

PAGES: tuple[Blueprint, ...] = (
    account,
    calibrate,
    certificates,
    ears,
    first_steps,
    home,
    live_test,
    login,
    setup,
    speaker,
    speakers,
    upload,
    uploads,
    users,
)
