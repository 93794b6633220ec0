// SPDX-License-Identifier: GPL-2.0-or-later
// Calibration: asks how it stands every second, and shows it; when it is over the page says what it means.

const EVERY = 1000;
const list = document.querySelector("[data-tries]");
const ask = document.querySelector("[data-ask]");
const detail = document.querySelector("[data-detail]");
const number = document.querySelector("[data-number]");
const address = `${location.pathname}/state.json${location.search}`;

function write(place, text) {
  if (place.textContent !== text) place.textContent = text; // so that nothing is read aloud twice
}

function show(state) {
  write(ask, state.ask || list.dataset.thanks);
  write(number, String(state.number));
  detail.hidden = !state.ask;
  state.lines.forEach((line, at) => {
    const item = list.children[at];
    item.className = line.state;
    for (const part of ["title", "network", "ear", "delay"]) write(item.querySelector(`[data-${part}]`), line[part]);
  });
}

async function look() {
  try {
    const answer = await fetch(address, { cache: "no-store" });
    if (answer.redirected || answer.status === 403) return location.reload(); // logged out meanwhile
    const state = await answer.json();
    if (state.over) return location.reload();
    show(state);
  } catch {
    // the hub is away for a moment: ask again
  }
  setTimeout(look, EVERY);
}

if (list) setTimeout(look, EVERY);
