// SPDX-License-Identifier: GPL-2.0-or-later
// The frame of every page: the choice of colours, and a menu that closes.

const themes = document.querySelector("[data-themes]");
const YEAR = 365 * 86400;

function choose(theme) {
  document.cookie = `theme=${theme};path=/;max-age=${theme ? YEAR : 0};samesite=lax`;
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  for (const button of themes.children) button.setAttribute("aria-pressed", String(button.value === theme));
}

if (themes) {
  themes.hidden = false;
  themes.addEventListener("click", (event) => {
    if (event.target.matches("button")) choose(event.target.value);
  });
}

const menu = document.querySelector(".more details");

if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
