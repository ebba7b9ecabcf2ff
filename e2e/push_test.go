package e2e

import (
	"encoding/json"
	"testing"
	"time"

	permissions "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/chromedp"
)

// aPushService stands in for the one that a browser brings along, which closed networks do not reach: it gives an endpoint and real keys. All
// else is the browser's own: permission, worker, message, notification.
const aPushService = `(async () => {
	const pair = await crypto.subtle.generateKey({name: "ECDH", namedCurve: "P-256"}, true, ["deriveBits"]);
	const text = b => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
	const keys = {p256dh: text(await crypto.subtle.exportKey("raw", pair.publicKey)), auth: text(crypto.getRandomValues(new Uint8Array(16)))};
	let current = null;
	PushManager.prototype.subscribe = async function (options) {
		if (options.applicationServerKey.byteLength !== 65) throw new Error("no key");
		return current = {toJSON: () => ({endpoint: "https://push.example/send/e2e", keys}), unsubscribe: async () => { current = null; return true; }};
	};
	PushManager.prototype.getSubscription = async () => current;
	return true;
})()`

// A visitor switches notifications on, a message becomes a notification, and they switch them off again. The page meanwhile asks nobody else
// and is readable by all.
func TestNotificationsInTheBrowser(t *testing.T) {
	p := worstDay(t)
	b := newTab(t)
	for _, permission := range []string{"notifications", "push"} {
		command(b, permissions.SetPermission, permissions.SetPermissionParams{
			Permission: &permissions.PermissionDescriptor{Name: permission, UserVisibleOnly: permission == "push"}, Setting: permissions.PermissionSettingGranted, Origin: p.Site,
			BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID,
		})
	}
	registrations := make(chan *serviceworker.Registration, 20)
	if err := chromedp.Listen(b.ctx, func(event any) {
		if e, ok := event.(*serviceworker.EventWorkerRegistrationUpdated); ok {
			for _, r := range e.Registrations {
				registrations <- r
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	command(b, serviceworker.Enable, cdp.Empty{})
	b.visit(p.Site + "/en/subscribe")
	b.do("wait for the offer", chromedp.WaitVisible(chromedp.ID("push")))
	b.readableByAll(t, "/en/subscribe with the offer")

	read(b, "stand in for a push service", chromedp.Evaluate[bool](aPushService, chromedp.EvalAwaitPromise))
	b.do("switch on", chromedp.Click(called("Notify me in this browser"), chromedp.NodeVisible), chromedp.WaitVisible(called("Stop notifying this browser")))
	b.says("This browser will be told.", "Choose what you hear")
	b.readableByAll(t, "/en/subscribe switched on")

	var worker *serviceworker.Registration
	select {
	case worker = <-registrations:
	case <-time.After(patience):
		t.Fatal("no worker was registered")
	}
	// What comes before the worker is ready is lost.
	read(b, "wait for the worker", chromedp.Evaluate[bool](`(async () => {
		const worker = (await navigator.serviceWorker.ready).active;
		while (worker.state !== "activated") await new Promise(done => setTimeout(done, 50));
		return true;
	})()`, chromedp.EvalAwaitPromise))
	note, err := json.Marshal(map[string]string{"title": "Websites are down", "body": "We are repairing it.", "url": p.Site + "/en/", "topic": "x1"})
	if err != nil {
		t.Fatal(err)
	}
	command(b, serviceworker.DeliverPushMessage, serviceworker.DeliverPushMessageParams{Origin: p.Site, RegistrationID: worker.RegistrationID, Data: string(note)})
	shown := read(b, "look at the notifications", chromedp.Evaluate[string](`(async () => {
		const worker = await navigator.serviceWorker.ready;
		for (let n = 0; n < 400; n++) {
			const all = await worker.getNotifications();
			if (all.length) return all.map(a => a.title + "|" + a.body + "|" + a.tag + "|" + a.data).join();
			await new Promise(done => setTimeout(done, 50));
		}
		return "none";
	})()`, chromedp.EvalAwaitPromise))
	if want := "Websites are down|We are repairing it.|x1|" + p.Site + "/en/"; shown != want {
		t.Errorf("the notification is %q, want %q", shown, want)
	}

	b.do("switch off", chromedp.Click(called("Stop notifying this browser"), chromedp.NodeVisible), chromedp.WaitVisible(called("Notify me in this browser")))
	b.says("This browser will not be told any more.")
	for _, stranger := range b.seen.strangers(p.Site) {
		t.Errorf("the page asked %s", stranger)
	}
	for _, said := range b.seen.complaints() {
		t.Errorf("the console says: %s", said)
	}
}
