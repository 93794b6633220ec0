// SPDX-License-Identifier: GPL-2.0-or-later
// Times, sizes and spans in the reader's manner, by the clock in the house.

const lang = document.documentElement.lang || "en";
const TIED = "\u00a0";

// A clock for the zone; one that the browser does not know counts from midnight.
export function clockOf(zone, midnight) {
  try {
    const form = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
    const minutes = new Intl.DateTimeFormat(lang, form);
    const seconds = new Intl.DateTimeFormat(lang, { ...form, second: "2-digit" });
    return (time, exact = false) => (exact ? seconds : minutes).format(time * 1000);
  } catch {
    const two = (number) => String(Math.floor(number)).padStart(2, "0");
    return (time, exact = false) => {
      const past = time - midnight;
      const parts = [two(past / 3600), two((past % 3600) / 60), two(past % 60)];
      return parts.slice(0, exact ? 3 : 2).join(":");
    };
  }
}

const figure = (number, digits) => number.toLocaleString(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const hundredths = (number) => figure(number, 2);

export function size(bytes, units) {
  for (const [unit, factor] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]]) {
    if (bytes < factor * 0.9995) continue;
    const value = bytes / factor;
    return figure(value, value < 9.95 && unit !== "kB" ? 1 : 0) + TIED + units[unit];
  }
  return figure(bytes, 0) + TIED + units.B;
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200];

// Round times of the clock between start and end, at most about so many.
export function* ticks(start, end, midnight, atMost) {
  const step = STEPS.find((each) => (end - start) / each <= atMost) ?? 43200;
  for (let time = midnight + step * Math.ceil((start - midnight) / step); time <= end; time += step) yield [time, step < 60];
}
