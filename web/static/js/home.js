// SPDX-License-Identifier: GPL-2.0-or-later
// Home: the lanes of the day that the page carries, and what is new since it was opened.

import { Lanes } from "./lanes.js";
import { Live } from "./live.js";
import { News } from "./news.js";

const carried = (id) => JSON.parse(document.getElementById(id).textContent);
const SETTLE = 2000; // milliseconds in which several verdicts are one reason to fetch the day

const figure = document.querySelector("[data-lanes]");
const [day, words] = [carried("day"), carried("words")];
let lanes;
let fetching;

if (figure) {
  figure.querySelector("[data-tools]").hidden = false;
  lanes = new Lanes(figure, day, words);
}

async function refresh() {
  fetching = undefined;
  const answer = await fetch(`/api/v1/days/${day.date}`, { headers: { Accept: "application/json" } });
  if (answer.ok) lanes?.update(await answer.json());
}

const pill = document.querySelector("[data-pulse]");

async function felt(mood) {
  if (!pill || pill.classList.contains(mood)) return;
  const answer = await fetch("/api/v1/status", { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const state = await answer.json();
  pill.className = `pill ${state.mood}`;
  pill.textContent = state.text;
}

const box = document.querySelector("[data-news]");

if (box) {
  const news = new News(box, words, day);
  new Live(Number(box.dataset.last), {
    felt,
    heard(verdict) {
      news.add(verdict);
      fetching ??= setTimeout(refresh, SETTLE);
    },
  });
}
