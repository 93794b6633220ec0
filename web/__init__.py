# SPDX-License-Identifier: GPL-2.0-or-later
"""The pages and the API of the household's dashboard."""
