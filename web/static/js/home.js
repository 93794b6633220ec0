// SPDX-License-Identifier: GPL-2.0-or-later
// Home: the lanes of the day that the page carries.

import { Lanes } from "./lanes.js";

const carried = (id) => JSON.parse(document.getElementById(id).textContent);
const figure = document.querySelector("[data-lanes]");

if (figure) {
  figure.querySelector("[data-tools]").hidden = false;
  new Lanes(figure, carried("day"), carried("words"));
}
