// SPDX-License-Identifier: GPL-2.0-or-later
// What is new since the page was opened: told to who listens, counted at the edge, so that nothing moves while one reads.

import { clockOf, fill, size } from "./manner.js";

const NS = "http://www.w3.org/2000/svg";
const SIGNS = { unexplained: "unexplained", notice: "notice", call: "call", unheard: "mic-off", silent: "cross" };
const sprite = document.querySelector("use").getAttribute("href").split("#")[0];
const MOST = 50;

function element(name, class_, ...children) {
  const made = document.createElement(name);
  if (class_) made.className = class_;
  made.append(...children);
  return made;
}

function icon(name) {
  const [svg, use] = [document.createElementNS(NS, "svg"), document.createElementNS(NS, "use")];
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

export class News {
  constructor(box, words, day) {
    this.box = box;
    this.words = words;
    this.clock = clockOf(day.zone, day.started_at);
    this.entries = new Map();
  }

  add({ entry, at, verdict }) {
    const time = Date.parse(at) / 1000;
    const words = this.told(verdict);
    const line = this.line(entry, time, verdict, words);
    const known = this.entries.get(entry);
    if (known) known.replaceWith(line);
    else this.box.querySelector("[data-news-list]").prepend(line);
    this.entries.set(entry, line);
    this.trim();
    this.box.hidden = false;
    this.box.querySelector("[data-news-count]").textContent = this.entries.size;
    document.querySelector("[data-announce]").textContent = `${this.name(verdict)}, ${this.clock(time)}: ${words}`;
  }

  trim() {
    if (this.entries.size <= MOST) return;
    const [oldest, line] = this.entries.entries().next().value;
    line.remove();
    this.entries.delete(oldest);
  }

  name(verdict) {
    return this.words.names[verdict.device] ?? verdict.device ?? "";
  }

  told(verdict) {
    const happened = this.words.verdicts[verdict.verdict] ?? verdict.verdict;
    const sent = verdict.evidence.find(({ key }) => key === "bytes_up")?.value;
    return sent ? fill(this.words.sent, { size: size(sent, this.words.units), what: happened }) : happened;
  }

  // None accuses louder than it is told.
  kind(verdict) {
    const kind = this.words.kinds[verdict.verdict] ?? "notice";
    if (kind !== "unexplained") return kind;
    return { nobody: "asked", notice: "notice" }[verdict.tell] ?? kind;
  }

  line(entry, time, verdict, words) {
    const kind = this.kind(verdict);
    const sign = element("span", `sign ${kind}`, icon(SIGNS[kind] ?? "mic"));
    const what = element("span", "what", element("b", "", this.name(verdict)), element("span", "", words));
    const link = element("a", "entry", sign, what, element("time", "", this.clock(time, true)));
    link.href = `/uploads/${entry}`;
    return element("li", "", link);
  }
}
