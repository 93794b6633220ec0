// SPDX-License-Identifier: GPL-2.0-or-later
// Ears: the levels, and the names as they are heard. It asks once a second, and rests while the page is hidden.

import { fill } from "./manner.js";

const EVERY = 1000;
const meters = new Map([...document.querySelectorAll("[data-ear]")].map((meter) => [meter.dataset.ear, meter]));
const announce = document.querySelector("[data-announce]");
const none = document.querySelector("[data-none]");
const row = document.querySelector("[data-row]");
const body = row.parentElement.querySelector("tbody");
const today = !new URLSearchParams(location.search).has("day");
let newest = Infinity; // what is in the page already is no news

function level(each) {
  const meter = meters.get(each.name);
  if (!meter) return;
  const card = meter.closest(".level");
  meter.value = each.level ?? meter.min;
  card.querySelector("[data-level]").textContent = each.level === null ? "" : meter.dataset.unit.replace("#", Math.round(each.level));
  const state = card.querySelector("[data-state]");
  if (state.textContent !== each.state) state.textContent = each.state;
  state.className = each.good ? "good" : "";
}

function add(each) {
  const made = row.content.cloneNode(true);
  for (const [part, text] of [["clock", each.clock], ["where", each.ear], ["word", each.word], ["score", each.score]])
    made.querySelector(`[data-${part}]`).textContent = text;
  made.querySelector("[data-near]").hidden = !each.near_miss;
  made.querySelector("tr").className = "fresh";
  body.prepend(made);
  none.hidden = true;
  announce.textContent = fill(announce.dataset.said, each);
}

async function look() {
  if (!document.hidden) {
    try {
      const answer = await fetch("/ears/live.json", { cache: "no-store" });
      if (answer.ok && !answer.redirected) {
        const now = await answer.json();
        now.ears.forEach(level);
        if (today) now.heard.filter((each) => each.time > newest).reverse().forEach(add);
        newest = Math.max(newest === Infinity ? 0 : newest, ...now.heard.map((each) => each.time), 0);
      }
    } catch {
      // the hub is away for a moment: ask again
    }
  }
  setTimeout(look, EVERY);
}

look();
