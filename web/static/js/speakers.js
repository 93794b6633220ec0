// SPDX-License-Identifier: GPL-2.0-or-later
// Speakers: counts at the edge what shows itself in the network while one reads; nothing else moves.

import { Live } from "./live.js";

const box = document.querySelector("[data-news]");
const macs = (text) => new Set(text.split(" "));
const known = macs(box.dataset.known);
const settled = macs(box.dataset.settled); // watched, or not to be
const fresh = new Set();

// A device is news when it was never seen, or shows itself to be a speaker and was none.
function seen({ device, speaker }) {
  if (settled.has(device) || (known.has(device) && !speaker)) return;
  fresh.add(device);
  box.querySelector("[data-news-count]").textContent = fresh.size;
  box.hidden = false;
}

new Live({ device: seen }, async () => {});
