# SPDX-License-Identifier: GPL-2.0-or-later
"""The pages, one file for each, and a blueprint in each file."""

from flask import Blueprint

from web.pages.home import home
from web.pages.login import login
from web.pages.upload import uploads

PAGES: tuple[Blueprint, ...] = (home, login, uploads)
