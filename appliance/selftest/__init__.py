# SPDX-License-Identifier: GPL-2.0-or-later
"""The installed services, tried on a household that is not there, whether each verdict comes out.

As little as can be is imported here: who leaves the network must do it before there are threads (``apart``).
"""
