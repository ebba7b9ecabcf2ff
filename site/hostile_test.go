package site

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"

	"candor/component"
	"candor/incident"
	"candor/lang"
	"candor/report"
	"candor/staff"
)

// payloads are what strangers have got through other pages, with the breakouts of feeds added (V39).
func payloads(t testing.TB) []string {
	t.Helper()
	raw, err := os.ReadFile("../markup/testdata/xss.txt")
	if err != nil {
		t.Fatal(err)
	}
	undo := strings.NewReplacer("⏎", "\n", "⇥", "\t", "␀", "\x00")
	var all []string
	for line := range strings.Lines(string(raw)) {
		all = append(all, undo.Replace(strings.TrimRight(line, "\n")))
	}
	return append(all, "]]><script>alert(1)</script>", "]]>", "<![CDATA[x]]>", "&lt;script&gt;alert(1)&lt;/script&gt;", "<?xml version='1.0'?>", "\x01\x02\x1b",
		"\ufffe\uffff", "</title><script>alert(1)</script>", "</content></entry></feed>", "--><script>alert(1)</script>", "{{.T \"x\"}}", "\xff\xfe")
}

// TestNothingAnybodyWroteActsOnAPage puts each payload into every field at once and looks at the parsed pages and feeds (V14, V15, V39).
func TestNothingAnybodyWroteActsOnAPage(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	all := payloads(t)
	// Many on one page: a page per payload would show the same and take minutes.
	const perPage = 20
	for from := 0; from < len(all); from += perPage {
		some := all[from:min(from+perPage, len(all))]
		here, stories := w.poisoned(some)
		for _, tag := range []lang.Tag{lang.English, lang.ChineseTraditional} {
			r := w.face.reader(here, tag, w.now, time.Time{})
			for _, s := range stories {
				page := w.face.incident(r, here, s)
				w.inspect(t, "incident.html", page)
			}
			w.inspect(t, "home.html", w.face.home(r, here))
			w.inspect(t, "uptime.html", w.face.uptime(r, here))
			for n, text := range some {
				found := w.hostile(text)
				w.inspect(t, "report.html", w.face.report(r, here, found))
				stories[n].written = found.written
			}
			w.inspect(t, "reports.html", w.face.reports(r, here, learned{reports: []report.Report{{Incident: "inc_y"}}, actions: w.hostile(some[0]).actions, known: w.hostile(some[0]).known}))
			subscribe := w.face.subscribePage(r, here)
			subscribe.Form.Email, subscribe.Form.Error = some[0], some[0]
			w.inspect(t, "subscribe.html", subscribe)
			inspectFeeds(t, w.face.feed(r, here, stories, "/history.atom"))
			svg, err := r.badge(here, component.MajorOutage)
			if err != nil {
				t.Fatal(err)
			}
			strictXML(t, "badge", svg)
			calendar := string(r.calendar(here, stories, "status.example"))
			for _, line := range strings.Split(strings.TrimSuffix(calendar, "\r\n"), "\r\n") {
				if len(line) > 75 || strings.ContainsAny(line, "\n\r") {
					t.Errorf("a line of %d octets in the calendar: %q", len(line), line)
				}
			}
		}
	}
}

// poisoned is a world in which every text is a payload.
func (w *town) poisoned(texts []string) (*world, []story) {
	here, err := loadWorld(w.t.Context(), w.db, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	for n, text := range texts {
		body := lang.Text{lang.English: text}
		f := incident.DefaultFields(incident.Data, w.now.Add(time.Hour))
		f.Data.State, f.Data.Steps, f.WorkingOn = incident.SafetyAffected, body, body
		u := incident.Update{
			ID: "upd_x", Code: "abcdefghijkl", Number: 1, Status: incident.Identified, Author: w.dana.ID, Body: body, Fields: f, At: w.now, NextReason: text,
			Revisions: []incident.Revision{{At: w.now, By: w.dana.ID, Reason: text, Was: body, Now: lang.Text{lang.English: text + " more"}}},
			Blackouts: []incident.Blackout{{At: w.now, By: w.dana.ID, Reason: incident.Secret, Note: text}},
		}
		kind := incident.Data
		if n%4 == 0 {
			kind = incident.Maintenance
		}
		here.open = append(here.open, story{
			Incident: incident.Incident{
				Code: "abcdefghijkl", Number: int64(n), Kind: kind, Title: body, Status: incident.Identified, Impact: incident.ImpactMajor, StartedAt: w.now,
				UpdatedAt: w.now, Affected: []incident.Affected{{Component: w.dns.ID, Status: component.MajorOutage}},
				Window: incident.Window{From: w.now.Add(time.Hour), Until: w.now.Add(2 * time.Hour)},
			},
			updates: []incident.Update{u},
		})
	}
	first := texts[0]
	body := lang.Text{lang.English: first}
	here.people[w.dana.ID] = staff.Person{Name: first, Title: body, PublicMail: first, PublicPhone: first, Photo: first}
	here.settings.Company, here.settings.Site, here.settings.Support, here.settings.Logo = first, first, first, first
	dns := here.byID[w.dns.ID]
	dns.Name, dns.Description = body, body
	here.byID[w.dns.ID] = dns
	for n := range here.leaves {
		here.leaves[n].Name, here.leaves[n].Description = body, body
	}
	for n := range here.tree {
		here.tree[n].Name = body
	}
	here.past = here.open
	return here, here.open
}

func (w *town) inspect(t *testing.T, name string, page any) {
	t.Helper()
	body, err := w.face.templates.execute(name, page)
	if err != nil {
		t.Fatal(err)
	}
	if fault := acts(bytes.NewReader(body), w.face.assets.js); fault != "" {
		t.Errorf("%s: %s", name, fault)
	}
}

// acts says what in a document could do something.
func acts(body io.Reader, ownScript string) string {
	doc, err := html.Parse(body)
	if err != nil {
		return err.Error()
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script":
			if len(n.Attr) == 0 || n.Attr[0].Val != ownScript || n.FirstChild != nil {
				return "a script that is not ours"
			}
		case "iframe", "object", "embed", "base", "style", "math", "foreignobject", "applet", "frame", "video", "audio":
			return "an element <" + n.Data + ">"
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.Map(func(c rune) rune {
				if c <= ' ' {
					return -1
				}
				return c
			}, a.Val))
			isLink := a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction"
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc":
				return fmt.Sprintf("an attribute %s=%q on <%s>", a.Key, a.Val, n.Data)
			case isLink && (strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:") || strings.HasPrefix(value, "vbscript:")):
				return fmt.Sprintf("a link to %q", a.Val)
			}
		}
	}
	return ""
}

func TestTheInspectionSeesWhatActs(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"<script>1</script>", "<p onclick=x>", "<a href=' java\nscript:x'>x</a>", "<svg><a href='data:x'>", "<p style=x>", "<iframe>", "<script src=/other.js></script>"} {
		if acts(strings.NewReader(bad), "/own.js") == "" {
			t.Errorf("%q passes for harmless", bad)
		}
	}
}

// inspectFeeds parses the three feeds strictly, and looks at the HTML inside them as a feed reader would.
func inspectFeeds(t *testing.T, fd feed) {
	t.Helper()
	for name, v := range map[string]any{"atom": fd.atom(), "rss": fd.rss()} {
		body, err := encode(v)
		if err != nil {
			t.Fatal(err)
		}
		strictXML(t, name, body)
		parsed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(parsed.Items) != len(fd.entries) {
			t.Errorf("%s has %d entries, want %d", name, len(parsed.Items), len(fd.entries))
		}
		for _, item := range parsed.Items {
			if fault := acts(strings.NewReader(item.Content+item.Description), ""); fault != "" {
				t.Errorf("%s: %s", name, fault)
			}
		}
	}
	body, err := json.Marshal(fd.json())
	if err != nil || !json.Valid(body) {
		t.Errorf("JSON feed: %v", err)
	}
}

func strictXML(t *testing.T, name string, body []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s is not XML: %v\n%s", name, err, body)
			return
		}
	}
}

// TestReadingChangesNothing is B5: scanners GET and HEAD everything five times; no row changes, and the links still work for a person.
func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle().past()
	bad := w.badDay()
	confirm := w.subscriber("reader@customer.example")
	paths := append(w.publicPaths(string(bad.i.Code)), "/en/confirm/"+confirm, "/de/manage/"+confirm, "/en/unsubscribe/"+confirm, "/unsubscribe/"+confirm)
	before := w.everything()
	for range 5 {
		for _, path := range paths {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
				w.ask(method, path, http.Header{"Sec-Purpose": {"prefetch"}, "User-Agent": {"Slackbot-LinkExpanding 1.0"}})
			}
		}
	}
	if after := w.everything(); after != before {
		t.Errorf("reading changed the database:\nbefore %s\nafter  %s", before, after)
	}
}

// TestABlindPageIsNeverGreen is T5: whatever the components and incidents say, no page, badge or document of a page that cannot read its
// records, or whose clock stands before them, says operational; and no headline is greener than the worst open incident.
func TestABlindPageIsNeverGreen(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	here, err := loadWorld(t.Context(), w.db, w.now)
	if err != nil {
		t.Fatal(err)
	}
	blind := w.face.reader(here, lang.English, w.now, w.now.Add(-2*time.Minute))
	page := w.face.home(blind, here)
	if page.Status != string(component.Unknown) || page.Stale == "" {
		t.Errorf("a blind page says %q, and of its age %q", page.Status, page.Stale)
	}
	for _, g := range page.Groups {
		for _, c := range g.Components {
			if c.Status.Is == string(component.Operational) {
				t.Errorf("%s is operational on a blind page", c.Name.Text)
			}
		}
	}
	if got := here.headline(w.now, true); got != component.Unknown {
		t.Errorf("badge and icon of a blind page say %q", got)
	}
	if got := here.headline(w.now.AddDate(-1, 0, 0), false); got != component.Unknown {
		t.Errorf("with a clock a year behind, the headline is %q", got)
	}
	if got := (&world{}).headline(w.now, false); got != component.Unknown {
		t.Errorf("with nothing to look at, the headline is %q", got)
	}
}

func TestALostDatabaseTurnsThePageUnknownAndItComesBack(t *testing.T) { // T5
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	w.get("/en/")
	w.get("/en/incidents/" + string(bad.i.Code))
	broken, cancel := context.WithCancel(t.Context())
	cancel()
	w.face.failed(t.Context(), time.Now(), broken.Err())
	if w.face.blind.Load() {
		t.Fatal("one failed look made the page blind")
	}
	w.face.seen.Store(time.Now().Add(-2 * blindAfter).UnixMicro())
	w.face.failed(t.Context(), time.Now(), broken.Err())
	if !w.face.blind.Load() {
		t.Fatal("the page believes what it knew two minutes ago")
	}
	w.face.shelf.mu.RLock()
	for path, e := range w.face.shelf.entries {
		if e.outdated.IsZero() {
			t.Errorf("%s is still served as it was", path)
		}
	}
	w.face.shelf.mu.RUnlock()
	if got := w.get("/en/").Body.String(); !strings.Contains(got, "cannot read its own records") {
		t.Error("the home page does not say that it is blind")
	}
	w.face.refresh(t.Context())
	if got := w.get("/en/").Body.String(); strings.Contains(got, "cannot read its own records") || w.face.blind.Load() {
		t.Error("the page still says that it is blind")
	}
}
