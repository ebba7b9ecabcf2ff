/* Offers notifications where the browser can show them. Without a script, or without the means, the offer is not there and mail is. */
(function () {
  "use strict";
  function begin() {
    var offer = document.getElementById("push");
    if (!offer || !window.isSecureContext || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return;
    var on = offer.querySelector("[data-on]"), off = offer.querySelector("[data-off]"), said = offer.querySelector("[role=status]");
    var manage = offer.querySelector("[data-manage]"), place = offer.getAttribute("data-post");

    function say(what) { said.textContent = what ? offer.getAttribute("data-" + what) : ""; }
    function show(subscribed) { on.hidden = subscribed; off.hidden = !subscribed; if (!subscribed) manage.hidden = true; }

    function bytes(text) {
      var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
      return Uint8Array.from(raw, function (c) { return c.charCodeAt(0); });
    }

    function post(to, subscription, more) {
      var body = subscription.toJSON(), all = { endpoint: body.endpoint, keys: body.keys };
      for (var name in more) all[name] = more[name];
      return fetch(to, { method: "POST", headers: { "Content-Type": "application/json" }, credentials: "omit", body: JSON.stringify(all) });
    }

    function wishes() {
      var every = document.querySelector("[name=every]");
      return {
        every: Boolean(every && every.checked),
        components: Array.prototype.map.call(document.querySelectorAll("[name='component[]']:checked"), function (box) { return box.value; })
      };
    }

    function subscribe() {
      say("");
      on.disabled = true;
      navigator.serviceWorker.register("/sw.js").then(function () { return navigator.serviceWorker.ready; }).then(function (worker) {
        return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(offer.getAttribute("data-key")) });
      }).then(function (subscription) {
        return post(place, subscription, wishes()).then(function (answer) {
          if (!answer.ok) return subscription.unsubscribe().then(function () { throw new Error(answer.status); });
          return answer.json();
        });
      }).then(function (answer) {
        manage.href = answer.manage;
        manage.hidden = false;
        show(true);
        off.focus();
        say("is-on");
      }).catch(function () { say(Notification.permission === "denied" ? "denied" : "failed"); }).then(function () { on.disabled = false; });
    }

    function end() {
      off.disabled = true;
      navigator.serviceWorker.ready.then(function (worker) { return worker.pushManager.getSubscription(); }).then(function (subscription) {
        if (!subscription) return null;
        return post(place + "/end", subscription, {}).then(function () { return subscription.unsubscribe(); });
      }).then(function () {
        show(false);
        on.focus();
        say("is-off");
      }).catch(function () { say("failed"); }).then(function () { off.disabled = false; });
    }

    on.addEventListener("click", subscribe);
    off.addEventListener("click", end);
    navigator.serviceWorker.getRegistration("/").then(function (worker) {
      return worker ? worker.pushManager.getSubscription() : null;
    }).then(function (subscription) { show(Boolean(subscription)); offer.hidden = false; }).catch(function () {});
  }

  begin();
  document.addEventListener("candor:fresh", begin); /* the page's main part was replaced, and the offer with it */
})();
