// SPDX-License-Identifier: GPL-2.0-or-later
// The day as lanes: drawn from the day that the page carries, zoomed by wheel, pinch, keys and buttons.

import { block, mark, wake } from "./shapes.js";
import { clockOf, fill, size, ticks } from "./manner.js";

const NS = "http://www.w3.org/2000/svg";
const KINDS = ["silent", "unheard", "asked", "call", "notice", "unexplained"];
const WIDE = { label: 186, height: 38, gap: 15, above: 15 };
const NARROW = { label: 0, height: 34, gap: 13, above: 36 };
const AXIS = 32;
const NEAR = 2; // marks of one kind closer than this many pixels are drawn as one
const REACH = 11; // how far from a mark, in pixels, one may point
const CLOSEST = 60; // seconds
const DESK = matchMedia("(min-width: 760px)");

function element(name, attributes = {}, ...children) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export class Lanes {
  constructor(figure, day, words) {
    this.figure = figure;
    this.words = words;
    this.svg = element("svg", { class: "picture lanes", role: "group", "aria-label": words.label, "aria-describedby": "lanes-keys" });
    this.tip = figure.querySelector("[data-tip]");
    this.range = figure.querySelector("[data-range]");
    this.pointers = new Map();
    this.take(day);
    this.view = { start: day.started_at, end: day.ended_at };
    figure.querySelector("[data-canvas]").replaceChildren(this.svg);
    this.listen();
    new ResizeObserver(() => this.build()).observe(figure.querySelector("[data-canvas]"));
    this.build();
  }

  // Show another state of the same day; the view stays where it is.
  update(day) {
    this.take(day);
    this.build();
  }

  take(day) {
    this.day = day;
    this.clock = clockOf(day.zone, day.started_at);
    this.marks = day.lanes
      .flatMap((lane, row) => lane.uploads.map(([start, end, bytes, verdict, kind, id]) => ({ row, lane, start, end, bytes, verdict, kind, id })))
      .sort((one, other) => one.start - other.start);
    const loudest = [...this.marks].sort((one, other) => KINDS.indexOf(other.kind) - KINDS.indexOf(one.kind))[0];
    this.chosen = this.marks.find((each) => each.id === this.chosen?.id) ?? loudest;
  }

  // Everything that stays when the view changes.
  build() {
    const width = this.figure.querySelector("[data-canvas]").clientWidth;
    if (!width) return;
    this.width = width;
    this.layout = DESK.matches ? WIDE : NARROW;
    const { label, height, above } = this.layout;
    this.bottom = this.day.lanes.length * (height + above) + 4;
    this.svg.setAttribute("viewBox", `0 0 ${width} ${this.bottom + AXIS}`);
    this.svg.setAttribute("height", this.bottom + AXIS);
    this.axis = element("g", { "aria-hidden": "true" });
    this.rows = this.day.lanes.map((lane, row) => this.row(lane, row));
    this.ring = element("rect", { class: "ring", rx: 6, width: 16, height: height + 10 });
    this.link = element("a", {}, this.ring);
    const hatch = element("pattern", { id: "blind-wide", patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)", width: 6, height: 6 });
    hatch.append(element("path", { class: "hatch", d: "M0 0V6" }));
    const clip = element("clipPath", { id: "inside" }, element("rect", { x: label - 6, y: -12, width: width - label + 12, height: this.bottom + 12 }));
    const clipped = element("g", { "clip-path": "url(#inside)" }, ...this.rows.map((row) => row.group), this.link);
    this.svg.replaceChildren(element("defs", {}, hatch, clip), this.axis, ...this.rows.map((row) => row.label), clipped);
    this.draw();
  }

  y(row) {
    return 4 + row * (this.layout.height + this.layout.above) + this.layout.above;
  }

  row(lane, row) {
    const { label, height } = this.layout;
    const y = this.y(row);
    const room = label ? label - 14 : this.width - 130;
    const name = element("text", { class: "name", x: 0, y: label ? y + height / 2 - 2 : y - 14 }, this.shortened(lane.name, room));
    const sent = element("text", { class: "small", x: label ? 0 : this.width, y: label ? y + height / 2 + 13 : y - 14 }, lane.sent);
    if (!label) sent.setAttribute("text-anchor", "end");
    const paths = {};
    const group = element("g", { "aria-hidden": "true" });
    for (const part of ["lane", "blind", "speech", ...KINDS.slice(0, 5), "near-miss", "wake", "halo", "unexplained"]) {
      paths[part] = element("path", part === "blind" ? { fill: "url(#blind-wide)" } : { class: part });
      group.append(paths[part]);
    }
    return { group, paths, label: element("g", { "aria-hidden": "true" }, name, sent) };
  }

  shortened(text, room) {
    const fits = Math.max(2, Math.floor(room / 7.2));
    return text.length <= fits ? text : `${text.slice(0, fits - 1).trimEnd()}…`;
  }

  get scale() {
    return (this.width - this.layout.label) / (this.view.end - this.view.start);
  }

  x(time) {
    return this.layout.label + (time - this.view.start) * this.scale;
  }

  time(x) {
    return this.view.start + (x - this.layout.label) / this.scale;
  }

  draw() {
    this.waiting = false;
    this.day.lanes.forEach((lane, row) => this.drawLane(lane, this.rows[row].paths, this.y(row)));
    this.drawAxis();
    this.drawLink();
    const whole = this.whole;
    this.svg.classList.toggle("zoomed", !whole);
    this.range.textContent = whole ? this.words.whole : fill(this.words.range, { start: this.clock(this.view.start), end: this.clock(this.view.end) });
    for (const button of this.figure.querySelectorAll("[data-zoom]")) {
      button.disabled = button.dataset.zoom === "in" ? this.view.end - this.view.start <= CLOSEST : whole;
    }
  }

  drawLane(lane, paths, y) {
    const { height } = this.layout;
    paths.lane.setAttribute("d", this.spans(this.day.watched, y, height));
    paths.blind.setAttribute("d", this.spans(lane.blind, y, height));
    paths.speech.setAttribute("d", this.spans(lane.speech, y + 3, height - 6));
    const drawn = Object.fromEntries(KINDS.map((kind) => [kind, ""]));
    const pending = {};
    const put = (kind) => {
      if (!pending[kind]) return;
      const { start, end } = pending[kind];
      drawn[kind] += mark(kind, this.x(start), y, (end - start) * this.scale, height);
    };
    for (const [start, end, , , kind] of lane.uploads) {
      if (end < this.view.start || start > this.view.end) continue;
      const before = pending[kind];
      if (before && (start - before.end) * this.scale < NEAR) before.end = Math.max(before.end, end);
      else {
        put(kind);
        pending[kind] = { start, end };
      }
    }
    KINDS.forEach(put);
    for (const kind of KINDS) paths[kind].setAttribute("d", drawn[kind]);
    paths.halo.setAttribute("d", drawn.unexplained);
    this.drawWakes(lane, paths, y);
  }

  drawWakes(lane, paths, y) {
    const drawn = { true: "", false: "" };
    const last = { true: -NEAR, false: -NEAR };
    for (const [time, , , near] of lane.wakes) {
      if (time < this.view.start || time > this.view.end) continue;
      const x = this.x(time);
      if (x - last[near] < NEAR) continue;
      drawn[near] += wake(x, y, this.layout.height);
      last[near] = x;
    }
    paths.wake.setAttribute("d", drawn.false);
    paths["near-miss"].setAttribute("d", drawn.true);
  }

  spans(spans, y, height) {
    const joined = [];
    for (const [start, end] of spans) {
      if (end < this.view.start || start > this.view.end) continue;
      const last = joined.at(-1);
      if (last && (start - last[1]) * this.scale < NEAR) last[1] = Math.max(last[1], end);
      else joined.push([Math.max(start, this.view.start), Math.min(end, this.view.end)]);
    }
    return joined.map(([start, end]) => block(this.x(start), y, (end - start) * this.scale, height)).join("");
  }

  drawAxis() {
    const parts = [];
    const room = this.width - this.layout.label;
    for (const [time, exact] of ticks(this.view.start, this.view.end, this.day.started_at, room / 74)) {
      const x = this.x(time);
      const anchor = this.width - x < 24 ? "end" : x - this.layout.label < 18 && !this.layout.label ? "start" : "middle";
      parts.push(element("path", { class: "grid", d: `M${x.toFixed(1)} ${this.layout.above}V${this.bottom + 5}` }));
      parts.push(element("text", { class: "small", x: x.toFixed(1), y: this.bottom + 20, "text-anchor": anchor }, this.clock(time, exact)));
    }
    this.axis.replaceChildren(...parts);
  }

  // One link follows the mark that is chosen, so that a thousand marks are one stop of the Tab key.
  drawLink() {
    this.link.toggleAttribute("hidden", !this.chosen);
    if (!this.chosen) return;
    this.link.setAttribute("href", `/uploads/${this.chosen.id}`);
    this.link.setAttribute("aria-label", this.told(this.chosen));
    this.ring.setAttribute("x", this.x(this.chosen.start) - 8);
    this.ring.setAttribute("y", this.y(this.chosen.row) - 5);
  }

  told(upload) {
    const values = { name: upload.lane.name, time: this.clock(upload.start, true), what: this.words.verdicts[upload.verdict] ?? upload.verdict };
    if (!upload.bytes) return fill(this.words.nothing, values);
    return fill(this.words.mark, { ...values, size: size(upload.bytes, this.words.units) });
  }

  // Zoom by a factor around a time; the whole day is the widest.
  zoom(factor, around = (this.view.start + this.view.end) / 2) {
    const whole = this.day.ended_at - this.day.started_at;
    const now = this.view.end - this.view.start;
    const span = Math.min(whole, Math.max(CLOSEST, now * factor));
    this.look(around - ((around - this.view.start) / now) * span, span);
  }

  look(start, span = this.view.end - this.view.start) {
    const from = Math.min(Math.max(start, this.day.started_at), this.day.ended_at - span);
    this.view = { start: from, end: from + span };
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => this.draw());
  }

  get whole() {
    return this.view.end - this.view.start >= this.day.ended_at - this.day.started_at - 0.5;
  }

  showAll() {
    this.look(this.day.started_at, this.day.ended_at - this.day.started_at);
  }

  choose(step) {
    const at = this.marks.indexOf(this.chosen) + step;
    if (!this.marks[at]) return;
    this.chosen = this.marks[at];
    const { start } = this.chosen;
    const span = this.view.end - this.view.start;
    if (start < this.view.start || start > this.view.end) this.look(start - span / 2);
    this.drawLink();
    this.link.focus();
    this.showTip(this.told(this.chosen), this.x(start), this.y(this.chosen.row));
  }

  listen() {
    const { svg, figure } = this;
    for (const [type, method] of Object.entries({ pointerdown: "press", pointermove: "move", pointerup: "release", pointercancel: "release", pointerleave: "leave", click: "follow" })) {
      svg.addEventListener(type, (event) => this[method](event));
    }
    svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    svg.addEventListener("focusin", () => this.chosen && this.showTip(this.told(this.chosen), this.x(this.chosen.start), this.y(this.chosen.row)));
    svg.addEventListener("focusout", () => this.hideTip());
    figure.addEventListener("keydown", (event) => this.key(event));
    for (const button of figure.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => this.button(button.dataset.zoom));
  }

  button(what) {
    if (what === "all") this.showAll();
    else this.zoom(what === "in" ? 0.5 : 2);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("button") && event.key.startsWith("Arrow")) return;
    const step = (this.view.end - this.view.start) / 5;
    const around = this.chosen && this.svg.contains(document.activeElement) ? this.chosen.start : undefined;
    const does = {
      "+": () => this.zoom(0.5, around), "=": () => this.zoom(0.5, around),
      "-": () => this.zoom(2, around), Home: () => this.showAll(), 0: () => this.showAll(),
      ArrowLeft: () => this.look(this.view.start - step), ArrowRight: () => this.look(this.view.start + step),
      ArrowUp: () => this.choose(-1), ArrowDown: () => this.choose(1), Escape: () => this.hideTip(),
    }[event.key];
    if (!does) return;
    does();
    event.preventDefault();
  }

  // Rolling down over the whole day scrolls the page, as everywhere else.
  wheel(event) {
    if (this.whole && event.deltaY > 0 && !event.ctrlKey) return;
    event.preventDefault();
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.look(this.view.start + event.deltaX / this.scale);
    else this.zoom(Math.exp(Math.max(-240, Math.min(240, event.deltaY)) * 0.003), this.time(this.at(event).x));
  }

  at(event) {
    const box = this.svg.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  press(event) {
    this.pointers.set(event.pointerId, this.at(event));
    this.dragged = 0;
  }

  release(event) {
    this.pointers.delete(event.pointerId);
  }

  leave(event) {
    this.release(event);
    this.hideTip();
  }

  move(event) {
    const here = this.at(event);
    const before = this.pointers.get(event.pointerId);
    if (!before) return this.point(here);
    this.dragged += Math.abs(here.x - before.x);
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) this.pinch(before, here, other);
    else if (!this.whole) this.look(this.view.start - (here.x - before.x) / this.scale);
    this.pointers.set(event.pointerId, here);
    return undefined;
  }

  pinch(before, here, other) {
    const apart = Math.max(12, Math.abs(here.x - other.x));
    this.zoom(Math.max(12, Math.abs(before.x - other.x)) / apart, this.time((here.x + other.x) / 2));
  }

  // What is there to tell of the place that one points at.
  point({ x, y }) {
    const found = this.hit(x, y);
    this.svg.classList.toggle("pointing", Boolean(found?.upload));
    if (found) this.showTip(found.text, x, this.y(found.row));
    else this.hideTip();
  }

  hit(x, y) {
    const row = this.day.lanes.findIndex((_, index) => y >= this.y(index) - 12 && y <= this.y(index) + this.layout.height);
    if (row < 0 || x < this.layout.label - REACH) return null;
    const near = this.marks.filter((each) => each.row === row && x >= this.x(each.start) - REACH && x <= this.x(each.end) + REACH);
    const upload = near.sort((one, other) => KINDS.indexOf(other.kind) - KINDS.indexOf(one.kind) || Math.abs(this.x(one.start) - x) - Math.abs(this.x(other.start) - x))[0];
    if (upload) return { row, upload, text: this.told(upload) + this.others(near.length - 1) };
    return this.background(this.day.lanes[row], row, x);
  }

  others(count) {
    return count > 0 ? ` ${fill(this.words.others, { count })}` : "";
  }

  background(lane, row, x) {
    const word = lane.wakes.find(([time]) => Math.abs(this.x(time) - x) <= 6);
    if (word) return { row, text: fill(word[3] ? this.words.near : this.words.wake, { time: this.clock(word[0], true), word: word[1], score: word[2].toFixed(2) }) };
    for (const [spans, text] of [[lane.speech, this.words.speech], [lane.blind, this.words.blind]]) {
      const span = spans.find(([start, end]) => x >= this.x(start) - 1 && x <= this.x(end) + 1);
      if (span) return { row, text: fill(text, { start: this.clock(span[0], true), end: this.clock(span[1], true) }) };
    }
    const seen = this.day.watched.some(([start, end]) => x >= this.x(start) - 1 && x <= this.x(end) + 1);
    return seen ? null : { row, text: this.words.unwatched };
  }

  follow(event) {
    if (this.dragged > 4) return event.preventDefault();
    const { x, y } = this.at(event);
    const found = this.hit(x, y);
    if (found?.upload && event.detail > 0) location.assign(`/uploads/${found.upload.id}`);
    return undefined;
  }

  showTip(text, x, y) {
    this.tip.textContent = text;
    this.tip.hidden = false;
    const half = this.tip.offsetWidth / 2;
    const left = Math.min(Math.max(x, half), this.width - half) - half;
    this.tip.style.transform = `translate(${left.toFixed(0)}px, ${(y - 18 - this.tip.offsetHeight).toFixed(0)}px)`;
  }

  hideTip() {
    this.tip.hidden = true;
  }
}
