// SPDX-License-Identifier: GPL-2.0-or-later
// Alerts in this browser itself (Web Push): says what is missing, asks to be told, and takes that back.

import { fill } from "./manner.js";

const WORKER = "/sw.js";
const KEPT = "/alerts/push";
const box = document.querySelector("[data-push]");
const failed = box.querySelector("[data-failed]");
const ask = box.querySelector("[data-when=ready] form");
const stop = box.querySelector("[data-when=told] form");

// Under Trusted Types a worker's address is code: this is the only one.
function addressOfWorker() {
  if (!window.trustedTypes) return WORKER;
  return trustedTypes.createPolicy("app", { createScriptURL: () => WORKER }).createScriptURL("");
}

const subscribed = async () => (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription();

// The id of this browser's channel, as appliance/notify/channels/webpush.py makes it.
async function channelOf(endpoint) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint)));
  return `webpush-${Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

// By this the worker shows that it is the same browser, when its relay gives it another address.
async function keep({ endpoint, keys }) {
  const said = JSON.stringify({ endpoint, auth: keys.auth, key: box.dataset.key });
  await (await caches.open(KEPT)).put(KEPT, new Response(said));
}

async function state() {
  if (!isSecureContext) return "insecure";
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return "unable";
  if (Notification.permission === "denied") return "denied";
  const known = await subscribed();
  const channel = known && (await channelOf(known.endpoint));
  if (!box.dataset.known.split(" ").includes(channel)) return "ready";
  stop.elements.endpoint.value = known.endpoint;
  await keep(known.toJSON());
  return "told";
}

async function show() {
  const now = await state();
  for (const part of box.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== now;
  box.hidden = false;
}

async function subscribe() {
  await Notification.requestPermission();
  const registration = await navigator.serviceWorker.register(addressOfWorker());
  await navigator.serviceWorker.ready;
  await (await subscribed())?.unsubscribe(); // what the house does not know any more
  const wanted = { userVisibleOnly: true, applicationServerKey: box.dataset.key };
  const { endpoint, keys } = (await registration.pushManager.subscribe(wanted)).toJSON();
  for (const [name, value] of Object.entries({ endpoint, ...keys })) ask.elements[name].value = value;
  await keep({ endpoint, keys });
}

async function send(event, before) {
  event.preventDefault();
  const button = event.submitter;
  button.disabled = true;
  try {
    await before();
    event.target.submit();
  } catch (error) {
    failed.textContent = fill(failed.dataset.failed, { why: error.message });
    failed.hidden = false;
    button.disabled = false;
    await show();
  }
}

ask.addEventListener("submit", (event) => send(event, subscribe));
stop.addEventListener("submit", (event) => send(event, async () => (await subscribed())?.unsubscribe()));
show();
