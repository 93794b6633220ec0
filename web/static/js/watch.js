// SPDX-License-Identifier: GPL-2.0-or-later
// Loads the page anew when there is something new to see; the hub may be away for a while meanwhile.

const LOOK_MS = 2000;

const { watch } = document.querySelector("[data-watch]").dataset;
let before = null;

async function look() {
  try {
    const answer = await fetch(watch, { cache: "no-store" });
    const now = answer.ok ? await answer.text() : before;
    if (before !== null && now !== before) {
      location.reload();
      return;
    }
    before = now;
  } catch {
    // It is away: look again.
  }
  setTimeout(look, LOOK_MS);
}

look();
