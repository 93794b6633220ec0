// SPDX-License-Identifier: GPL-2.0-or-later
// Shows what the house tells this browser (Web Push), in the declarative form, and does what is chosen there.

const ICON = "/static/icons/icon-192.png";

function show({ title, body, tag, silent, renotify, navigate, actions }) {
  const where = Object.fromEntries(actions.map((each) => [each.action, each.navigate]));
  const buttons = actions.map((each) => ({ action: each.action, title: each.title }));
  const data = { navigate, where };
  return self.registration.showNotification(title, { body, tag, silent, renotify, icon: ICON, badge: ICON, data, actions: buttons });
}

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => event.waitUntil(show(event.data.json().notification)));

self.addEventListener("notificationclick", (event) => {
  const { navigate, where } = event.notification.data;
  event.notification.close();
  const errand = where[event.action];
  event.waitUntil(errand ? fetch(errand, { method: "POST", credentials: "omit" }) : self.clients.openWindow(navigate));
});
