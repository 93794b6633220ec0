// SPDX-License-Identifier: GPL-2.0-or-later
// The test of the first run: the page is fetched anew when something of it happened.

const checks = document.querySelectorAll("[data-check]:not(.done)");
const SETTLES_MS = 400;
let coming = 0;

function anew() {
  clearTimeout(coming);
  coming = setTimeout(() => location.reload(), SETTLES_MS);
}

if (checks.length) {
  const events = new EventSource("/api/v1/events");
  for (const { dataset } of checks) events.addEventListener(dataset.check, anew);
  addEventListener("pagehide", () => events.close());
}
