package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"candor/tools/sink"
)

// Acceptance 7 of "Every customer": an agent works twenty calls with the keyboard alone, a second agent beside her. Nobody is shown to both,
// and the list goes down to nobody.
func TestAcceptance7AnAgentWorksTwentyCallsWithTheKeyboardAlone(t *testing.T) {
	t.Parallel()
	browser(t)
	c := callCentre(t, 25)
	ada, ben := c.agent(t, "Ada Agent"), c.agent(t, "Ben Agent")

	ada.enter(kb.Enter) // the button that takes the next call has the focus
	ben.enter(kb.Enter)
	ada.visit(c.Console + "/calls") // Ben is on it now
	ada.readableByAll(t, "the call list with a call")
	for _, fault := range invalid(t, map[string][]byte{"calls": ada.served()}) {
		t.Error(fault)
	}
	first := ada.customer()
	ada.says("Guten Tag, mein Name ist Ada Agent", "Möchten Sie, dass ich Sie zurückrufe?", "The code you say", "25 are on the list", "Ben Agent")

	keys := []string{"1", "1", "2", "1", "3", "4", "1", "5", "1", "6"}
	for n := range 20 {
		if n == 4 {
			ada.leaveANote("Back on Monday")
		}
		ada.work(t, keys[n%len(keys)], ben)
		if n%5 == 4 {
			ben.work(t, "1", ada)
		}
	}
	if last := ada.customer(); last != "" { // the twenty-fifth is whoever's was free first
		ada.work(t, "1", ben)
	} else {
		ben.work(t, "1", ada)
	}
	if len(ada.worked) < 20 || len(ben.worked) < 4 {
		t.Errorf("Ada worked %d calls and Ben %d, want 20 and a few", len(ada.worked), len(ben.worked))
	}
	for _, b := range []*agent{ada, ben} {
		b.visit(c.Console + "/calls")
		b.says("Nobody is to be called now", "0 are on the list")
	}
	met := map[string]string{}
	for _, b := range []*agent{ada, ben} {
		for _, who := range b.worked {
			if met[who] != "" {
				t.Errorf("%s was called by %s and by %s", who, met[who], b.name)
			}
			met[who] = b.name
		}
		for _, said := range b.seen.complaints() {
			t.Errorf("%s: the console says: %s", b.name, said)
		}
	}
	if len(met) != 25 || met[first] != ada.name {
		t.Errorf("%d customers were called, want 25; %s by %q", len(met), first, met[first])
	}
}

// The picture in docs/call-list.md, made by make picture.
func TestPictureOfTheCallList(t *testing.T) {
	if !*picture {
		t.Skip("only with -picture")
	}
	c := callCentre(t, 6)
	ada, ben := c.agent(t, "Ada Agent"), c.agent(t, "Ben Agent")
	ben.enter(kb.Enter)
	ada.enter(kb.Enter)
	ada.do("frame", chromedp.EmulateViewport(1280, 1100))
	evaluate[any](ada.tab, `document.activeElement.blur() || scrollTo(0, 0)`)
	shot, err := png.Decode(bytes.NewReader(read(ada.tab, "take a picture", chromedp.CaptureScreenshot())))
	if err != nil {
		t.Fatal(err)
	}
	frame := image.NewRGBA(shot.Bounds())
	draw.Draw(frame, frame.Bounds(), shot, image.Point{}, draw.Src)
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, fewColours(frame)); err != nil {
		t.Fatal(err)
	}
	write(t, "../docs/pictures/call-list.png", out.Bytes())
}

// A callingHouse is a company in an outage, with customers whose mail comes back, so that only a telephone reaches them.
type callingHouse struct{ *program }

func callCentre(t *testing.T, customers int) callingHouse {
	t.Helper()
	p, stop, err := start("demo", "--scenario", "none", "--smtp", deadRelay(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	t.Cleanup(func() { p.confess(t) })
	noon := time.Now().UTC().Hour() - 12 // nobody is called at night
	zone := fmt.Sprintf("Etc/GMT%+d", noon)
	for n := range customers {
		p.api(t, "PUT", fmt.Sprintf("/api/v1/customers/H-%03d", n), map[string]any{
			"name": fmt.Sprintf("Bäckerei %03d", n), "language": "de", "timezone": zone, "plan": "Business", "fee": fmt.Sprintf("%d.00", 100+n), "currency": "EUR",
			"contacts": []map[string]string{{"channel": "email", "address": fmt.Sprintf("gone%d@bakery.example", n)}, {"channel": "voice", "address": fmt.Sprintf("+4930901821%02d", n)}},
		}, nil)
	}
	p.api(t, "POST", "/api/v1/incidents", map[string]any{
		"title": map[string]string{"en": "Websites are down", "de": "Webseiten sind ausgefallen"}, "cannot_work": true,
		"body":       map[string]string{"en": "We have found the cause.", "de": "Wir haben die Ursache gefunden und beheben sie."},
		"components": []map[string]string{{"component": "Websites", "status": "major_outage"}},
	}, nil)
	deadline := time.Now().Add(patience)
	for {
		var list struct {
			Waiting int64 `json:"waiting"`
		}
		p.api(t, "GET", "/api/v1/calls", nil, &list)
		if list.Waiting == int64(customers) {
			return callingHouse{p}
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d are on the call list, want %d", list.Waiting, customers)
		}
		time.Sleep(100 * time.Millisecond) // a database tells nobody when it changes
	}
}

// deadRelay answers every recipient that there is no such mailbox.
func deadRelay(t *testing.T) string {
	t.Helper()
	s, address, err := sink.Start(sink.Config{Fail5xx: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return "smtp://" + address + "?tls=none&from=status@harbour.example"
}

// An agent is one of us with a headset, a keyboard and no mouse.
type agent struct {
	*tab
	name   string
	worked []string
}

func (c callingHouse) agent(t *testing.T, name string) *agent {
	t.Helper()
	mail := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@harbour.example"
	c.api(t, "POST", "/api/v1/people", map[string]any{"name": name, "mail": mail, "roles": []string{"agent"}, "password": "a headset and a lamp"}, nil)
	b := &agent{tab: newTab(t), name: name}
	b.signIn(&program{Console: c.Console, Mail: mail, Password: "a headset and a lamp"})
	if status := b.visit(c.Console + "/calls"); status != http.StatusOK {
		t.Fatalf("the call list answers %s with %d", name, status)
	}
	return b
}

// focused waits until the page has put the focus where it wants it, which is with its first picture.
const focused = `new Promise(done => {
	const look = () => document.activeElement !== document.body ? done(true) : setTimeout(look, 20);
	look();
})`

// enter presses a key that leads to another page.
func (b *agent) enter(key string) {
	b.t.Helper()
	read(b.tab, "wait for the focus", chromedp.Evaluate[bool](focused, chromedp.EvalAwaitPromise))
	read(b.tab, "press "+key, loaded(chromedp.KeyEvent(key)))
}

// customer is whom the page shows; nobody is the empty string.
func (b *agent) customer() string {
	b.t.Helper()
	return evaluate[string](b.tab, `(document.getElementById("who") || {textContent: ""}).textContent.trim()`)
}

// work says with one key what came of the call on the screen.
func (b *agent) work(t *testing.T, key string, other *agent) {
	t.Helper()
	who := b.customer()
	if who == "" || who == other.customer() {
		t.Fatalf("%s is shown %q, %s %q", b.name, who, other.name, other.customer())
	}
	read(b.tab, "wait for the focus", chromedp.Evaluate[bool](focused, chromedp.EvalAwaitPromise))
	if at := evaluate[string](b.tab, `document.activeElement.closest("#outcome") ? "outcome" : document.activeElement.tagName`); at != "outcome" {
		t.Errorf("%s: the focus lands on %s, want the form of what came of it", b.name, at)
	}
	b.enter(key)
	b.worked = append(b.worked, who)
}

// leaveANote goes to the field for notes with the Tab key, writes, and leaves it.
func (b *agent) leaveANote(words string) {
	b.t.Helper()
	var stops []string
	for range 40 {
		at := b.key(kb.Tab)
		if stops = append(stops, at.Name); at.Name == "note" {
			b.do("write a note", chromedp.KeyEvent(words))
			b.key(kb.Tab)
			return
		}
	}
	b.t.Fatalf("Tab never reaches the note: %q", stops)
}

// served is the page as the server sends it.
func (b *agent) served() []byte {
	b.t.Helper()
	return []byte(read(b.tab, "read the page", chromedp.Evaluate[string](`fetch(location.href).then(r => r.text())`, chromedp.EvalAwaitPromise)))
}
