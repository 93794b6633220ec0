// SPDX-License-Identifier: GPL-2.0-or-later
// What happens, as it happens: by a stream while the page is seen, by asking now and then where there is none.

const ASK_EVERY = 10_000; // milliseconds
const TRY_AGAIN = 60_000;

export async function json(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

export class Live {
  // ``hear``: by the kind of an event, what is called with its data; ``ask`` asks for what may have been missed.
  constructor(hear, ask) {
    Object.assign(this, { hear, ask });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.wake()));
    addEventListener("pagehide", () => this.rest());
    addEventListener("pageshow", (event) => event.persisted && this.wake());
    if (!document.hidden) this.listen();
  }

  // What came while nobody looked is asked for, then the stream goes on.
  async wake() {
    this.rest();
    this.listen();
    await this.catchUp();
  }

  rest() {
    this.stream?.close();
    this.stream = undefined;
    clearInterval(this.asking);
    clearTimeout(this.again);
  }

  listen() {
    this.stream = new EventSource("/api/v1/events");
    for (const [kind, heard] of Object.entries(this.hear)) this.stream.addEventListener(kind, (event) => heard(JSON.parse(event.data)));
    this.stream.addEventListener("missed", () => this.catchUp());
    this.stream.addEventListener("error", () => this.stream?.readyState === EventSource.CLOSED && this.fallBack());
  }

  // As many listen already as may, or there is no stream: ask, and try again later.
  fallBack() {
    this.rest();
    this.asking = setInterval(() => this.catchUp(), ASK_EVERY);
    this.again = setTimeout(() => this.wake(), TRY_AGAIN);
  }

  async catchUp() {
    try {
      await this.ask();
    } catch {
      // The house cannot be reached at this moment; the next time will tell.
    }
  }
}
