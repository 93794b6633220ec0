// SPDX-License-Identifier: GPL-2.0-or-later
// Shows what the house tells this browser (Web Push), in the declarative form, and does what is chosen there.

const ICON = "/static/icons/icon-192.png";
const KEPT = "/alerts/push";

function show({ title, body, tag, silent, renotify, navigate, actions }) {
  const where = Object.fromEntries(actions.map((each) => [each.action, each.navigate]));
  const buttons = actions.map((each) => ({ action: each.action, title: each.title }));
  const data = { navigate, where };
  return self.registration.showNotification(title, { body, tag, silent, renotify, icon: ICON, badge: ICON, data, actions: buttons });
}

// The relay gave this browser another address: the house is told, and no page need be open for that.
async function renew(fresh) {
  const kept = await caches.open(KEPT);
  const old = await (await kept.match(KEPT))?.json();
  if (!old) return;
  const wanted = { userVisibleOnly: true, applicationServerKey: old.key };
  const { endpoint, keys } = (fresh ?? (await self.registration.pushManager.subscribe(wanted))).toJSON();
  const said = { old_endpoint: old.endpoint, old_auth: old.auth, endpoint, p256dh: keys.p256dh, auth: keys.auth };
  const told = await fetch("/alerts/push/renew", { method: "POST", body: new URLSearchParams(said), credentials: "omit" });
  if (told.ok) await kept.put(KEPT, new Response(JSON.stringify({ ...old, endpoint, auth: keys.auth })));
}

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event.newSubscription)));

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => event.waitUntil(show(event.data.json().notification)));

self.addEventListener("notificationclick", (event) => {
  const { navigate, where } = event.notification.data;
  event.notification.close();
  const errand = where[event.action];
  event.waitUntil(errand ? fetch(errand, { method: "POST", credentials: "omit" }) : self.clients.openWindow(navigate));
});
