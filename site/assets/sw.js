/* Shows what the company says on the screen of whoever asked for it, and leads to the page. It keeps nothing, and answers no request. */
"use strict";

self.addEventListener("push", function (event) {
  var note = {};
  try { note = event.data.json(); } catch (e) { return; }
  event.waitUntil(self.registration.showNotification(String(note.title || ""), {
    body: String(note.body || ""), tag: String(note.topic || ""), renotify: Boolean(note.topic), data: String(note.url || ""), icon: "/icon.svg"
  }));
});

self.addEventListener("notificationclick", function (event) {
  event.notification.close();
  var to;
  try { to = new URL(event.notification.data, self.location.origin); } catch (e) { return; }
  if (to.origin !== self.location.origin) return; /* nothing that was sent leads away from here */
  event.waitUntil(self.clients.openWindow(to.href));
});
