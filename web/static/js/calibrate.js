// SPDX-License-Identifier: GPL-2.0-or-later
// Calibration: asks how it stands when something was sent or heard, and now and then since commands have their time;
// when it is over the page says what it means.

import { Live } from "./live.js";

const EVERY = 4000; // milliseconds
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
  const answer = await fetch(address, { cache: "no-store" });
  if (answer.redirected || answer.status === 403) return location.reload(); // logged out meanwhile
  const state = await answer.json();
  if (state.over) return location.reload();
  show(state);
}

if (list) {
  const anew = () => document.hidden || live.catchUp();
  const live = new Live({ wake: anew, speech: anew, upload: anew, verdict: anew }, look);
  setInterval(anew, EVERY);
}
