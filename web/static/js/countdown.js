// SPDX-License-Identifier: GPL-2.0-or-later
// Counts down until the network goes back by itself, and then says that the time is over.

const timer = document.querySelector("[data-left]");
const { left, min, s } = timer.dataset;
const end = Date.now() + left * 1000; // by the clock: a phone that slept has not stopped it

function count() {
  const seconds = Math.ceil((end - Date.now()) / 1000);
  if (seconds <= 0) {
    document.querySelector("[data-waits]").hidden = true;
    document.querySelector("[data-over]").hidden = false;
    return;
  }
  const minutes = Math.floor(seconds / 60);
  const parts = [[minutes, min], [seconds % 60, s]].filter(([number]) => number);
  timer.textContent = parts.map(([number, unit]) => `${number}\u00a0${unit}`).join("\u00a0");
  setTimeout(count, 1000);
}

count();
