// SPDX-License-Identifier: GPL-2.0-or-later
// Ears: the levels, and the names as they are heard, while the page is seen.

import { json, Live } from "./live.js";
import { clockOf, fill, hundredths } from "./manner.js";

const meters = new Map([...document.querySelectorAll("[data-ear]")].map((meter) => [meter.dataset.ear, meter]));
const announce = document.querySelector("[data-announce]");
const none = document.querySelector("[data-none]");
const row = document.querySelector("[data-row]");
const body = row.parentElement.querySelector("tbody");
const today = !new URLSearchParams(location.search).has("day");
const list = body.closest("[data-zone]").dataset;
const clock = clockOf(list.zone, Number(list.midnight));
const nearly = new Set(); // near misses that are told already; each is told for a minute
let newest = Number(list.newest);
let begun = false;

function level(each) {
  const meter = meters.get(each.ear);
  if (!meter) return;
  const card = meter.closest(".level");
  meter.value = each.level ?? meter.min;
  card.querySelector("[data-level]").textContent = each.level === null ? "" : meter.dataset.unit.replace("#", Math.round(each.level));
  const state = card.querySelector("[data-state]");
  if (state.textContent !== each.text) state.textContent = each.text;
  state.className = each.state === "listening" ? "good" : "";
}

function add({ time, ear, word, score, near_miss }) {
  if (!today) return;
  const made = row.content.cloneNode(true);
  const said = { clock: clock(time, true), where: ear, word, score: hundredths(score) };
  for (const [part, text] of Object.entries(said)) made.querySelector(`[data-${part}]`).textContent = text;
  made.querySelector("[data-near]").hidden = !near_miss;
  made.querySelector("tr").className = "fresh";
  body.prepend(made);
  none.hidden = true;
  announce.textContent = fill(announce.dataset.said, { ear, ...said });
}

function hear(wake) {
  newest = Math.max(newest, wake.time);
  add(wake);
}

// The first that is told of near misses the page has already.
function now({ ears }) {
  ears.forEach(level);
  for (const each of ears.flatMap(({ ear, nearly }) => nearly.map((one) => ({ ear, near_miss: true, ...one })))) {
    const key = `${each.ear} ${each.word} ${each.time}`;
    if (begun && !nearly.has(key)) add(each);
    nearly.add(key);
  }
  begun = true;
}

new Live({ status: now, wake: hear }, async () => {
  now(await json("/api/v1/status"));
  const { items } = await json(`/api/v1/sounds/wakes?since=${newest}`);
  items.filter(({ time }) => time > newest).reverse().forEach(hear);
});
