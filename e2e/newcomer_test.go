package e2e

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A stranger starts Candor on an empty database and, with nobody's help, tells customers of an outage, keeps speaking, and ends it.
func TestNewcomersPath(t *testing.T) {
	for _, c := range []struct {
		name   string
		script bool
	}{{"with JavaScript", true}, {"without JavaScript", false}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newTab(t)
			p, stop, err := start("serve")
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			defer p.confess(t)
			if !c.script {
				b.withoutScript()
			}
			n := newcomer{tab: b, p: p, look: c.script}
			n.setUp()
			n.makeItTheirs()
			n.subscribe("reader@customer.example")
			code := n.declare()
			n.readInFiveLanguages(code)
			n.readTheLetter(code)
			n.hold(code)
			n.resolve(code)
			for _, said := range b.seen.complaints() {
				t.Errorf("the console says: %s", said)
			}
			if s := b.seen.strangers(p.Site); len(s) > 0 {
				t.Errorf("strangers were asked: %q", s)
			}
		})
	}
}

type newcomer struct {
	*tab
	p    *program
	look bool // axe looks at the pages that only a newcomer sees
}

func (n newcomer) readable(page string) {
	n.t.Helper()
	if n.look {
		n.readableByAll(n.t, page)
	}
}

func (n newcomer) setUp() {
	n.t.Helper()
	if n.p.Setup == "" {
		n.t.Fatal("the program on an empty database prints no set-up link")
	}
	if status := n.visit(n.p.Setup); status != http.StatusOK {
		n.t.Fatalf("set-up link: status %d", status)
	}
	n.readable("set-up")
	n.fill("company", "Harbour")
	n.fill("name", "Dana Whitfield")
	n.fill("title", "Head of network operations")
	n.fill("mail", "dana@harbour.example")
	n.fill("password", "a lamp in the harbour")
	n.fill("zone", "America/New_York")
	n.follow("Begin")
}

func (n newcomer) makeItTheirs() {
	n.t.Helper()
	n.says("Make this yours", "The page is private")
	if said := n.stranger("/"); !strings.Contains(said, "Not published yet") || strings.Contains(said, "Harbour") {
		n.t.Errorf("before it is published, a visitor reads: %s", said)
	}
	n.readable("make this yours")
	n.fill("components", "Websites\nMail\nDNS")
	for _, language := range []string{"en", "de", "es", "id", "zh-Hant"} {
		evaluate[any](n.tab, `document.querySelector('input[type=checkbox][value="`+language+`"]').checked = true`)
	}
	n.follow("Keep this")
	n.follow("Publish the page")
	n.says("The page is public at")
	if said := n.stranger("/"); !strings.Contains(said, "Websites") {
		n.t.Errorf("after it is published, a visitor reads: %s", said)
	}
	n.visit(n.p.Console)
	n.readable("now, on an empty desk")
}

// stranger is what somebody without a session reads.
func (n newcomer) stranger(path string) string {
	n.t.Helper()
	resp, err := http.Get(n.p.Site + path)
	if err != nil {
		n.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return string(body)
}

// subscribe opts a customer in twice: by the form, and by the button behind the mailed link.
func (n newcomer) subscribe(address string) {
	n.t.Helper()
	n.visit(n.p.Site + "/en/subscribe")
	n.fill("email", address)
	n.follow("Tell me")
	link := regexp.MustCompile(`http://[^\s"<>]+/en/confirm/[^\s"<>]+`).FindString(n.letter("confirm"))
	if link == "" {
		n.t.Fatalf("the letter to %s has no link to confirm", address)
	}
	n.visit(link)
	n.readable("confirm")
	n.do("confirm", chromedp.Click(chromedp.CSS("main form button"), chromedp.NodeVisible))
	n.eventually("the subscription is confirmed", func() bool { return strings.Contains(n.address(), "/subscribe/confirmed") })
}

// letter opens the newest letter of the outbox whose subject has the word, and answers its text. Letters come when the desk has written
// them, not when the button is pressed.
func (n newcomer) letter(subject string) (text string) {
	n.t.Helper()
	n.eventually("a letter about "+subject, func() bool {
		n.visit(n.p.Console + "/outbox")
		path := evaluate[string](n.tab, `(() => {
			const found = [...document.querySelectorAll("main a")].filter(a => /outbox\/./.test(a.pathname) && a.textContent.toLowerCase().includes("`+strings.ToLower(subject)+`"));
			return found.length ? found[0].href : "";
		})()`)
		if path == "" {
			return false
		}
		n.visit(path)
		text = evaluate[string](n.tab, `document.querySelector("pre.letter-text").textContent`)
		return true
	})
	return text
}

// eventually asks again until it is so; what the duty does, it does by itself.
func (b *tab) eventually(what string, so func() bool) {
	b.t.Helper()
	deadline := time.Now().Add(patience)
	for !so() {
		if time.Now().After(deadline) {
			b.t.Fatalf("%s: not within %s\n%s\n%s", what, patience, b.where(), b.text())
		}
		b.do("wait", chromedp.Sleep(100*time.Millisecond))
	}
}

// declare takes the prepared first word as it is and answers the incident's code.
func (n newcomer) declare() (code string) {
	n.t.Helper()
	n.visit(n.p.Console)
	began := time.Now()
	n.follow("Declare and say the first word")
	n.readable("declare, on an empty desk")
	evaluate[any](n.tab, `(() => {
		const label = [...document.querySelectorAll(".broken label")].find(l => l.textContent.trim().startsWith("Websites"));
		document.getElementById(label.htmlFor).value = "major_outage";
		document.querySelector('input[name=cannot_work][value=no]').checked = true;
	})()`)
	if words := evaluate[string](n.tab, `document.querySelector('textarea[name="body.en"]').value`); len(words) < 40 {
		n.t.Fatalf("the first word is not written already: %q", words)
	}
	n.follow("Post the first word")
	if took := time.Since(began); took > time.Minute {
		n.t.Errorf("declaring took %s", took)
	}
	m := regexp.MustCompile(`/console/incidents/([a-z0-9]{12})`).FindStringSubmatch(n.address())
	if m == nil {
		n.t.Fatalf("after declaring: %s", n.where()+n.text())
	}
	n.says("What we said")
	return m[1]
}

// readInFiveLanguages sees every fixed word in the visitor's language, and the whole first word too, since it came from a template.
func (n newcomer) readInFiveLanguages(code string) {
	n.t.Helper()
	titles := map[string]bool{}
	for tag, words := range map[string]string{
		"en": "Websites", "de": "Websites", "es": "Websites", "id": "Websites", "zh-Hant": "Websites",
	} {
		for _, path := range []string{"/" + tag + "/", "/" + tag + "/incidents/" + code} {
			if status := n.visit(n.p.Site + path); status != http.StatusOK {
				n.t.Errorf("%s: status %d", path, status)
			}
			n.says(words, "Dana Whitfield")
		}
		titles[evaluate[string](n.tab, `document.querySelector(".updates .said").innerText`)] = true
		if lang := evaluate[string](n.tab, `document.documentElement.lang`); !strings.EqualFold(lang, tag) {
			n.t.Errorf("/%s/ says it is in %q", tag, lang)
		}
	}
	if len(titles) != 5 {
		n.t.Errorf("the first word in five languages reads in %d ways: %v", len(titles), titles)
	}
}

func (n newcomer) readTheLetter(code string) {
	n.t.Helper()
	text := n.letter("websites")
	for _, want := range []string{"/en/incidents/" + code, "Dana Whitfield", "/en/manage/"} {
		if !strings.Contains(text, want) {
			n.t.Errorf("the letter lacks %q:\n%s", want, text)
		}
	}
	n.readable("a letter")
}

func (n newcomer) hold(code string) {
	n.t.Helper()
	n.visit(n.p.Console + "/incidents/" + code)
	before := evaluate[int](n.tab, `document.querySelectorAll(".updates > li").length`)
	read(n.tab, "hold", loaded(chromedp.Click(chromedp.CSS(`form[action$="/hold"] button`), chromedp.NodeVisible)))
	if after := evaluate[int](n.tab, `document.querySelectorAll(".updates > li").length`); after != before+1 {
		n.t.Errorf("after holding %d updates, before %d", after, before)
	}
	n.says("Still working on it")
	n.readable("an incident that is open")
}

func (n newcomer) resolve(code string) {
	n.t.Helper()
	n.follow("It is over")
	n.readable("write, at the end")
	n.fill("body-en", "Everything works again and has held for an hour. I am sorry.")
	read(n.tab, "post the end", loaded(chromedp.Click(chromedp.CSS(`.posting button[type=submit]`), chromedp.NodeVisible)))
	n.eventually("the page says that it is over", func() bool {
		n.visit(n.p.Site + "/en/incidents/" + code)
		return strings.Contains(n.text(), "Everything works again and has held")
	})
	n.visit(n.p.Site + "/en/")
	n.readable("home, after the end")
}
