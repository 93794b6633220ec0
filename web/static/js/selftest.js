// SPDX-License-Identifier: GPL-2.0-or-later
// Looks whether the self-test has ended, and then shows the page anew.

const LOOK_MS = 1500;

const told = document.querySelector("[data-selftest]");

async function look() {
  try {
    const answer = await fetch(told.dataset.selftest, { headers: { Accept: "application/json" } });
    if (answer.ok && !(await answer.json()).running) {
      location.reload();
      return;
    }
  } catch {
    // the dashboard is away for a moment
  }
  setTimeout(look, LOOK_MS);
}

if (told) setTimeout(look, LOOK_MS);
