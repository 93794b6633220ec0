// SPDX-License-Identifier: GPL-2.0-or-later
// What happens, as it happens: by a stream while the page is seen, by asking now and then where there is none.

const ASK_EVERY = 10_000; // milliseconds
const TRY_AGAIN = 60_000;

async function json(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

export class Live {
  // ``last``: the verdict up to which the page knows all; ``heard(verdict)``, ``felt(mood)`` are called with what is new.
  constructor(last, { heard, felt }) {
    Object.assign(this, { last, heard, felt });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.wake()));
    addEventListener("pagehide", () => this.rest());
    addEventListener("pageshow", (event) => event.persisted && this.wake());
    if (!document.hidden) this.listen();
  }

  // What came while nobody looked is asked for, then the stream goes on.
  async wake() {
    this.rest();
    this.listen();
    await this.ask();
  }

  rest() {
    this.stream?.close();
    this.stream = undefined;
    clearInterval(this.asking);
    clearTimeout(this.again);
  }

  listen() {
    this.stream = new EventSource("/api/v1/events");
    this.stream.addEventListener("verdict", (event) => this.take(JSON.parse(event.data)));
    this.stream.addEventListener("missed", () => this.ask());
    this.stream.addEventListener("status", (event) => this.felt(JSON.parse(event.data).mood));
    this.stream.addEventListener("error", () => this.stream?.readyState === EventSource.CLOSED && this.fallBack());
  }

  // As many listen already as may, or there is no stream: ask, and try again later.
  fallBack() {
    this.rest();
    this.asking = setInterval(() => this.ask(), ASK_EVERY);
    this.again = setTimeout(() => this.wake(), TRY_AGAIN);
  }

  async ask() {
    try {
      const found = await json(`/api/v1/verdicts?since=${this.last}`);
      found.items.forEach((verdict) => this.take(verdict));
      this.felt((await json("/api/v1/status")).mood);
    } catch {
      // The house cannot be reached at this moment; the next time will tell.
    }
  }

  take(verdict) {
    if (verdict.id <= this.last) return;
    this.last = verdict.id;
    this.heard(verdict);
  }
}
