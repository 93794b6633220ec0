// SPDX-License-Identifier: GPL-2.0-or-later
// An upload: its curve with what was heard on the same axis, and how far the reading of its capture is.

import { fill } from "./manner.js";

const place = document.querySelector("[data-curve]");

// A colour of the palette as the canvas understands it; light-dark() only a style does.
function painted(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

// What lies behind the curve: when people talked, and how long the upload was.
function behind(curve) {
  return (plot) => {
    const { ctx, bbox } = plot;
    const x = (time) => Math.min(Math.max(plot.valToPos(time, "x", true), bbox.left), bbox.left + bbox.width);
    ctx.save();
    ctx.fillStyle = painted("speech");
    for (const [start, end] of curve.speech) ctx.fillRect(x(start), bbox.top, x(end) - x(start), bbox.height * 0.12);
    ctx.fillStyle = painted("lane");
    ctx.fillRect(x(0), bbox.top + bbox.height * 0.12, x(curve.ended) - x(0), bbox.height * 0.88);
    ctx.restore();
  };
}

// What was heard: the words for speech, where there is room, and each wake word at its time and as high as its score.
function heard(curve) {
  return (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = painted("asked");
    ctx.fillStyle = painted("ink");
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.font = `${12 * devicePixelRatio}px Figtree, sans-serif`;
    ctx.textAlign = "left"; // the axes leave it as their last label was
    for (const [start, end] of curve.speech) {
      const left = Math.max(plot.valToPos(start, "x", true), bbox.left);
      const room = plot.valToPos(end, "x", true) - left - 16;
      const near = curve.wakes.some(([at]) => at >= start && at <= end);
      if (!near && ctx.measureText(curve.words.speech).width < room) ctx.fillText(curve.words.speech, left + 8, bbox.top + bbox.height * 0.085);
    }
    for (const [at, word, score, near] of curve.wakes) {
      const [x, y] = [plot.valToPos(at, "x", true), plot.valToPos(score, "score", true)];
      ctx.setLineDash(near ? [3, 3] : []);
      ctx.beginPath();
      ctx.arc(x, y, 5 * devicePixelRatio, 0, 7);
      ctx.stroke();
      ctx.fillText(fill(curve.words.heard, { word, score: score.toFixed(2) }), x + 10 * devicePixelRatio, y + 4 * devicePixelRatio);
    }
    ctx.restore();
  };
}

// Kilobytes per second that have a line: the scale is such that a beat is seen beside a flush ten times as fast.
const SPEEDS = [0, 10, 30, 100, 300, 1000, 3000, 10000];

function drawn(curve) {
  const times = curve.up.map((_, index) => curve.first + index * curve.step);
  const speed = (bytes) => bytes.map((count) => count / curve.step / 1000);
  const axis = { stroke: painted("muted"), grid: { stroke: painted("line"), width: 1 }, ticks: { show: false }, font: "12px Figtree, sans-serif" };
  const told = (_, value) => (value === null ? "–" : value.toFixed(1));
  const options = {
    width: place.clientWidth, height: 300,
    scales: { x: { time: false }, y: { distr: 4, asinh: 25, range: (_, low, high) => [0, Math.max(40, high * 1.15)] }, score: { range: [0, 1] } },
    axes: [{ ...axis, label: curve.words.seconds, labelFont: axis.font, labelSize: 18, labelGap: 0, size: 30 }, { ...axis, label: curve.words.rate, labelFont: axis.font, labelSize: 22, size: 46, splits: (plot) => SPEEDS.filter((each) => each <= plot.scales.y.max), filter: (_, all) => all, values: (_, all) => all.map(String) }, { ...axis, scale: "score", side: 1, grid: { show: false }, size: 34, show: curve.wakes.length > 0 }],
    series: [
      { label: curve.words.seconds, value: told },
      { label: curve.words.up, stroke: painted("asked"), fill: painted("asked-ground"), width: 2, points: { show: false }, paths: window.uPlot.paths.stepped({ align: 1 }), value: told },
      { label: curve.words.down, stroke: painted("call"), dash: [5, 4], width: 1.5, points: { show: false }, paths: window.uPlot.paths.stepped({ align: 1 }), value: told },
      { label: curve.words.score, scale: "score", show: curve.wakes.length > 0, stroke: "transparent", points: { show: false }, value: () => "" },
    ],
    cursor: { drag: { x: true, y: false } },
    hooks: { drawClear: [behind(curve)], draw: [heard(curve)] },
  };
  return new window.uPlot(options, [times, speed(curve.up), speed(curve.down), times.map(() => null)], place);
}

if (place && window.uPlot) {
  const curve = JSON.parse(document.getElementById("curve").textContent);
  let plot;
  const again = () => {
    plot?.destroy();
    plot = drawn(curve);
  };
  place.querySelector("[data-without]")?.remove();
  again();
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: 300 })).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

const look = document.querySelector("[data-look]");

async function follow() {
  const answer = await fetch(look.dataset.look, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { seen, done } = await answer.json();
  look.querySelector("progress").value = seen;
  if (done) location.reload();
  else setTimeout(follow, 500);
}

if (look) follow();
