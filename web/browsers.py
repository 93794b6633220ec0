# SPDX-License-Identifier: GPL-2.0-or-later
"""What to call a browser in the list of sessions, by what it says of itself."""

from appliance.limits import USER_AGENT_CHARACTERS

#: What a User-Agent header contains, and what that means; the first that fits counts, since most name others too.
_BROWSERS = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox")),
    *(("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")),
)
_SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")),
    *(("Macintosh", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


def browser_of(user_agent: str) -> str:
    """Return a few words: ``Firefox, Android``."""
    found = (next((name for mark, name in marks if mark in user_agent), "") for marks in (_BROWSERS, _SYSTEMS))
    told = ", ".join(filter(None, found))
    return told or "".join(each for each in user_agent if each.isprintable())[:USER_AGENT_CHARACTERS] or "?"
