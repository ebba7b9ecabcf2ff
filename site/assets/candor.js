/* What a page can do better with a script, and only that: without it everything is still said.
   It writes text, SVG attributes and whole <main> elements made by the server; it never writes style or markup of its own. */
(function () {
  "use strict";
  var lang = document.documentElement.lang || "en";
  var relative = window.Intl && Intl.RelativeTimeFormat ? new Intl.RelativeTimeFormat(lang, { numeric: "always" }) : null;

  /* A mailed link's secret leaves the address bar and the history once the page has it in its form (B14). */
  var hidden = document.querySelector("[data-hide-address]");
  if (hidden && history.replaceState) history.replaceState(null, "", hidden.getAttribute("data-hide-address") + location.hash);

  function minutesTo(iso) { return Math.ceil((Date.parse(iso) - Date.now()) / 60000); }

  function countDown() {
    document.querySelectorAll("[data-due]").forEach(function (at) {
      var left = minutesTo(at.getAttribute("data-due"));
      if (!relative || left < 1) { at.hidden = true; return; }
      at.hidden = false;
      at.textContent = left < 120 ? relative.format(left, "minute") : relative.format(Math.round(left / 60), "hour");
    });
    document.querySelectorAll(".dial .wait").forEach(function (slice) {
      var gone = slice.parentNode.querySelector(".gone"), board = slice.closest(".board");
      var due = board && board.querySelector("[data-due]");
      if (!gone || !due) return;
      var whole = parseInt(gone.getAttribute("stroke-dasharray"), 10);
      var left = Math.max(0, Math.min(whole, minutesTo(due.getAttribute("data-due"))));
      var end = -parseInt(gone.getAttribute("stroke-dashoffset"), 10) + whole;
      slice.setAttribute("stroke-dasharray", left + " " + (60 - left));
      slice.setAttribute("stroke-dashoffset", String(-(end - left)));
    });
  }

  /* The visitor's own time, beside the company's: under the pointer everywhere, in words on the board. */
  function ownTime() {
    var pattern = document.body.getAttribute("data-yours");
    if (!pattern || !window.Intl) return;
    var own = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" });
    var whole = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
    document.querySelectorAll("main time[datetime*=T]").forEach(function (at) {
      var when = new Date(at.getAttribute("datetime"));
      if (isNaN(when)) return;
      var theirs = /([+-])(\d\d):(\d\d)$/.exec(at.getAttribute("datetime"));
      var offset = theirs ? (theirs[1] + "1") * (theirs[2] * 60 + +theirs[3]) : 0;
      if (offset === -when.getTimezoneOffset()) return;
      at.title = pattern.replace("{}", whole.format(when)) + (at.title ? " · " + at.title : "");
      if (!at.classList.contains("clock-time")) return;
      var zones = at.closest(".board").querySelector(".aside");
      if (zones && !zones.querySelector(".yours")) {
        var words = document.createElement("span");
        words.className = "yours";
        words.textContent = pattern.replace("{}", own.format(when)) + " ";
        zones.prepend(words);
      }
    });
  }

  /* A tiny document tells whether anything changed; only then is the page asked for, and its main part put in place. */
  var version = null, busy = false;

  function replace() {
    if (busy) return;
    var main = document.getElementById("main"), active = document.activeElement;
    if (active && main.contains(active) && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName)) return; /* never under somebody's hands */
    if (Array.prototype.some.call(main.querySelectorAll("input, textarea"), function (f) { return f.value !== f.defaultValue; })) return; /* nor what they typed */
    busy = true;
    fetch(location.href, { cache: "no-cache", credentials: "omit" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    }).then(function (html) {
      var next = new DOMParser().parseFromString(html, "text/html"), fresh = next.getElementById("main");
      if (!fresh) return;
      var kept = active && active.id && main.contains(active) ? active.id : "";
      var place = !kept && active && active.getAttribute && main.contains(active) ? active.getAttribute("href") : "";
      main.replaceWith(document.adoptNode(fresh));
      document.body.className = next.body.className;
      document.title = next.title;
      var again = kept ? document.getElementById(kept) :
        place ? Array.prototype.find.call(fresh.querySelectorAll("a"), function (a) { return a.getAttribute("href") === place; }) : null;
      if (again) again.focus({ preventScroll: true });
      dress();
      document.dispatchEvent(new Event("candor:fresh"));
    }).catch(function () { version = null; }).then(function () { busy = false; });
  }

  function poll() {
    var main = document.getElementById("main"), until = main && main.getAttribute("data-until");
    if (until && Date.parse(until) + 1000 < Date.now()) { replace(); }
    fetch("/version.json", { cache: "no-store", credentials: "omit" }).then(function (answer) { return answer.json(); }).then(function (now) {
      if (version !== null && now.version !== version) replace();
      version = now.version;
    }).catch(function () {}).then(again);
  }

  /* Everybody at their own moment: a hundred thousand open pages must not ask in step. */
  function again() { setTimeout(document.hidden ? wait : poll, 4000 + Math.random() * 3000); }
  function wait() { if (document.hidden) { setTimeout(wait, 1000); return; } poll(); }

  /* While very many write, a comment without an address needs a proof of work. The browser makes it before it is asked: a hash of these very
     words that begins with fourteen zero bits. Where it cannot, the form goes as it is, and an address does instead. */
  function work(form) {
    var minute = Math.floor(Date.now() / 60000), text = new TextEncoder(), tail = "\n" + form.getAttribute("data-work") + "\n" +
      form.elements.name.value.trim().replace(/\s+/g, " ") + "\n" + form.elements.comment.value.trim().split(/\s+/).join(" ");
    function attempt(n) {
      var tries = [];
      for (var k = 0; k < 256; k++) tries.push(crypto.subtle.digest("SHA-256", text.encode(minute + "." + (n + k) + tail)));
      return Promise.all(tries).then(function (sums) {
        for (var k = 0; k < sums.length; k++) {
          var b = new Uint8Array(sums[k]);
          if (b[0] === 0 && b[1] < 4) return minute + "." + (n + k);
        }
        return n > 400000 ? "" : attempt(n + 256);
      });
    }
    return attempt(0);
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-work") || form.elements.work.value || form.elements.mail.value || !window.crypto || !crypto.subtle || !window.TextEncoder) return;
    event.preventDefault();
    work(form).catch(function () { return ""; }).then(function (proof) { form.elements.work.value = proof || "-"; form.submit(); });
  });

  function dress() { countDown(); ownTime(); }

  dress();
  setInterval(countDown, 5000);
  if (document.querySelector("link[rel=canonical]") && window.fetch && window.DOMParser) poll();
})();
