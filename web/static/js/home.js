// SPDX-License-Identifier: GPL-2.0-or-later
// Home: the lanes of the day that the page carries, and what is new since it was opened.

import { Lanes } from "./lanes.js";
import { json, Live } from "./live.js";
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
  try {
    lanes?.update(await json(`/api/v1/days/${day.date}`));
  } catch {
    // the next verdict asks again
  }
}

const pill = document.querySelector("[data-pulse]");

function felt({ mood, text }) {
  if (!pill) return;
  if (!pill.classList.contains(mood)) pill.className = `pill ${mood}`;
  if (pill.textContent !== text) pill.textContent = text;
}

const box = document.querySelector("[data-news]");

if (box) {
  const news = new News(box, words, day);
  let last = Number(box.dataset.last); // the verdict up to which the page knows all

  const take = (verdict) => {
    if (verdict.id <= last) return;
    last = verdict.id;
    news.add(verdict);
    fetching ??= setTimeout(refresh, SETTLE);
  };

  new Live({ verdict: take, status: felt }, async () => {
    (await json(`/api/v1/verdicts?since=${last}`)).items.forEach(take);
    felt(await json("/api/v1/status"));
  });
}
