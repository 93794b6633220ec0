# SPDX-License-Identifier: GPL-2.0-or-later
"""The colours of a report, light and dark: of pages by custom properties, of pictures written out.

Each colour of a mark has a contrast of at least 3:1 to its lane, each text at least 4.5:1 to its ground (WCAG 2.2).
"""

from typing import Literal

Theme = Literal["light", "dark", "auto"]

LIGHT = {
    "paper": "#f7f6f2",
    "card": "#ffffff",
    "ink": "#1a1c2b",
    "muted": "#5c5f6e",
    "line": "#e5e3dc",
    "lane": "#eff1f7",
    "speech": "#cbd7ef",
    "hatch": "#b9bcc9",
    "asked": "#3159bf",
    "call": "#7447b8",
    "notice": "#9a5800",
    "unexplained": "#c81e2b",
    "unheard": "#757888",
    "good": "#146c43",
    "alert-ground": "#fde7e5",
    "notice-ground": "#fdf0d9",
    "unheard-ground": "#eceef4",
    "quiet-ground": "#e2f3e8",
    "asked-ground": "#e3eafa",
    "call-ground": "#efe7fa",
}
DARK = {
    "paper": "#0b0e15",
    "card": "#151822",
    "ink": "#eff1f7",
    "muted": "#a4a8b8",
    "line": "#292d3b",
    "lane": "#1f2330",
    "speech": "#2f3d60",
    "hatch": "#4a4f62",
    "asked": "#8db0ff",
    "call": "#c3a4ff",
    "notice": "#f3b04e",
    "unexplained": "#ff7d72",
    "unheard": "#9a9fb1",
    "good": "#6ddba0",
    "alert-ground": "#43191a",
    "notice-ground": "#3d2c0f",
    "unheard-ground": "#222634",
    "quiet-ground": "#10301f",
    "asked-ground": "#1d2945",
    "call-ground": "#2c2145",
}
CUSTOM_PROPERTIES = {name: f"var(--{name})" for name in LIGHT}

_RULES = """
svg .paper{{fill:{paper}}} svg .card{{fill:{card}}} svg .edge{{fill:none;stroke:{line}}} svg .grid{{stroke:{line}}}
svg .name{{fill:{ink};font-weight:600;font-size:13px}} svg .small{{fill:{muted};font-size:11.5px}}
svg .date{{fill:{ink};font-weight:600;font-size:15px}}
svg .title{{fill:{ink};font-weight:600;font-size:25px;letter-spacing:-.4px}}
svg .pill{{fill:{notice-ground}}} svg .pill-text{{fill:{notice};font-weight:600;font-size:12px}}
svg .lane{{fill:{lane}}} svg .speech{{fill:{speech}}} svg .hatch{{stroke:{hatch};stroke-width:1.2}}
svg .asked{{fill:{asked}}} svg .call{{fill:{call}}} svg .notice{{fill:{notice}}} svg .unexplained{{fill:{unexplained}}}
svg .unheard{{fill:{card};stroke:{unheard};stroke-width:1.4}} svg .silent{{fill:none;stroke:{unheard};stroke-width:1.6}}
svg .wake{{fill:{card};stroke:{asked};stroke-width:1.8}}
svg .near-miss{{fill:none;stroke:{asked};stroke-width:1;stroke-dasharray:1.6 1.6}}
svg .halo{{fill:none;stroke:{lane};stroke-width:3;stroke-linejoin:round}}
svg .kicker{{font-weight:600;font-size:13.5px}} svg .mood-alert{{fill:{unexplained}}} svg .mood-notice{{fill:{notice}}}
svg .mood-unheard{{fill:{muted}}} svg .mood-quiet{{fill:{good}}} svg .ear{{fill:none;stroke:{ink};stroke-width:2}}
svg text{{font-family:Figtree,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}}
"""


def style_of_pictures(theme: Theme) -> str:
    """The style sheet of a picture on its own; ``auto`` follows the reader's setting."""
    if theme == "auto":
        return f"{_written(LIGHT)}@media(prefers-color-scheme:dark){{{_written(DARK)}}}"
    return _written(DARK if theme == "dark" else LIGHT)


def style_in_pages() -> str:
    """The style sheet of pictures inside a page, in the page's custom properties."""
    return _written(CUSTOM_PROPERTIES)


def properties(colours: dict[str, str]) -> str:
    """``colours`` as custom properties of CSS."""
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


def _written(colours: dict[str, str]) -> str:
    return _RULES.format_map(colours)
