// SPDX-License-Identifier: GPL-2.0-or-later
// The shapes on a lane as path data, as appliance/report/marks.py draws them: one for each kind, so that colour is
// never the only sign. All of one kind on one lane are one path: a day of a thousand marks stays quick.

const BAR = 3;

const rect = (x, y, width, height) => `M${x.toFixed(1)} ${y.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}z`;
const head = (height) => Math.min(4, height * 0.14);
const circle = (x, y, r) => `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

function bar(x, y, width, height, least = BAR) {
  return width > least ? rect(x, y, width, height) : rect(x - least / 2, y, least, height);
}

const SHAPES = {
  asked: (x, y, width, height) => bar(x, y + height * 0.3, width, height * 0.62),
  call: (x, y, width, height) => rect(x - 2, y + height * 0.52, Math.max(6, width), height * 0.36),
  notice(x, y, width, height) {
    const half = head(height) + 1;
    const top = y + height * 0.2 - half;
    return `${bar(x, y + height * 0.3, width, height * 0.62)}M${x.toFixed(1)} ${top.toFixed(1)}l${half} ${half}l${-half} ${half}l${-half} ${-half}z`;
  },
  unexplained(x, y, width, height) {
    const half = Math.max(4.5, Math.min(6.5, height * 0.2));
    const tip = y + 1.5 - 1.7 * half;
    return `${bar(x, y + height * 0.14, width, height * 0.8, BAR + 1)}M${x.toFixed(1)} ${tip.toFixed(1)}l${half} ${1.7 * half}h${-2 * half}z`;
  },
  unheard: (x, y, width, height) => bar(x, y + height * 0.3, width, height * 0.6, BAR + 1),
  silent(x, y, _width, height) {
    const arm = head(height) * 0.8;
    return `M${(x - arm).toFixed(1)} ${(y + height * 0.62 - arm).toFixed(1)}l${2 * arm} ${2 * arm}m0 ${-2 * arm}l${-2 * arm} ${2 * arm}`;
  },
};

export const mark = (kind, x, y, width, height) => SHAPES[kind](x, y, width, height);
export const wake = (x, y, height) => circle(x, y + height * 0.2, head(height));
export const block = (x, y, width, height) => rect(x, y, Math.max(1, width), height);
