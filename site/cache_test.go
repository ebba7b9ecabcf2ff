package site

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/store"
	"candor/store/storetest"
)

func TestAWordIsOnEveryPageWithinASecond(t *testing.T) {
	storetest.EachURL(t, aWordIsOnEveryPage)
}

func aWordIsOnEveryPage(t *testing.T, url string) {
	w := newTownOn(t, url).settle().past()
	bad := w.badDay()
	w.start()
	w.get("/en/incidents/" + string(bad.i.Code))
	before := w.get("/version.json").Body.String()
	bad.say(time.Now(), incident.Monitoring, said("ALL ROUTERS ARE BACK"), 30*time.Minute, incident.DefaultFields(incident.Outage, time.Time{}))
	w.face.Nudge()
	for _, path := range []string{"/", "/en/", "/zh-Hant/", "/history.atom", "/history.rss", "/api/v2/summary.json", "/en/incidents/" + string(bad.i.Code)} {
		w.eventually(path+" shows the new word", func() bool { return strings.Contains(w.get(path).Body.String(), "ALL ROUTERS ARE BACK") })
	}
	if w.get("/version.json").Body.String() == before {
		t.Error("open pages are not told")
	}
}

// eventually waits for the watcher, which looks every quarter of a second.
func (w *town) eventually(what string, is func() bool) {
	w.t.Helper()
	for begun := time.Now(); time.Since(begun) < 30*time.Second; time.Sleep(5 * time.Millisecond) {
		if is() {
			return
		}
	}
	w.t.Errorf("not within 30 s: %s", what)
}

func TestFreshPagesAreServedWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle().past()
	bad := w.badDay()
	paths := []string{"/", "/en/", "/de/", "/en/incidents/" + string(bad.i.Code), "/api/v2/incidents.json", "/en/history", "/en/calendar.ics", "/photos/" + w.dana.Photo}
	for _, path := range paths {
		w.get(path)
	}
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if got := w.get(path); got.Code != http.StatusOK {
			t.Errorf("%s: status %d", path, got.Code)
		}
	}
}

// TestAPostRendersOnlyWhatItChanged holds that the cost of a word does not grow with history (acceptance 5). The figure is in make bench.
func TestAPostRendersOnlyWhatItChanged(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	codes := w.longHistory(10_000)
	bad := w.badDay()
	w.start()
	for _, code := range codes[:50] {
		w.get("/en/incidents/" + string(code))
	}
	w.get("/en/history/" + monthOf(w.now.AddDate(0, -6, 0), w.zone()).String())
	w.get("/en/incidents/" + string(bad.i.Code))
	made := w.face.renders.Load()
	begun := time.Now()
	bad.say(time.Now(), incident.Identified, said("FOUND IT"), 15*time.Minute, incident.DefaultFields(incident.Outage, time.Time{}))
	w.face.Nudge()
	w.eventually("the home page shows it", func() bool { return strings.Contains(w.get("/en/").Body.String(), "FOUND IT") })
	t.Logf("a word was on the home page after %s", time.Since(begun).Round(time.Millisecond))
	hot := int64(len(w.face.hot(w.face.world.Load())))
	w.eventually("the hot pages are done", func() bool { return len(w.face.shelf.due(time.Now())) == 0 })
	if again := w.face.renders.Load() - made; again > hot {
		t.Errorf("a post rendered %d pages; only the %d hot ones depend on it", again, hot)
	}
	for _, code := range codes[:50] {
		if _, outdated := w.face.shelf.find("/en/incidents/"+string(code), time.Now()); !outdated.IsZero() {
			t.Fatal("an incident of the past was outdated by another one's word")
		}
	}
	if _, outdated := w.face.shelf.find("/en/incidents/"+string(bad.i.Code), time.Now()); outdated.IsZero() {
		t.Error("the incident's own page was not outdated")
	}
}

// longHistory is many resolved incidents, one every four hours, with two words each.
func (w *town) longHistory(n int) (codes []id.Code) {
	w.write(func(ctx context.Context, tx *store.Tx) error {
		codes = nil
		for k := range n {
			at := w.now.Add(-time.Duration(k+24) * 4 * time.Hour)
			i := incident.Incident{
				ID: id.New[id.Incident](at), Code: id.NewCode(), Number: int64(k + 1), Kind: incident.Outage, Visibility: incident.Public,
				Title: said(fmt.Sprintf("Trouble number %d", k)), Status: incident.Resolved, Impact: incident.ImpactMinor, Lead: w.dana.ID,
				Affected:  []incident.Affected{{Component: w.mailboxes.ID, Status: component.Operational}},
				StartedAt: at, DetectedBy: incident.ByStaff, DeclaredAt: at, ResolvedAt: at.Add(time.Hour), CreatedAt: at, UpdatedAt: at,
			}
			if err := tx.Incidents.Add(ctx, i); err != nil {
				return err
			}
			for number, status := range []incident.Status{incident.Investigating, incident.Resolved} {
				u := incident.Update{
					ID: id.New[id.Update](at), Code: id.NewCode(), Incident: i.ID, Number: number + 1, Status: status, Author: w.dana.ID,
					Body: said("Words of it."), Fields: incident.DefaultFields(incident.Outage, time.Time{}), At: at.Add(time.Duration(number) * time.Hour),
				}
				if err := tx.Updates.Add(ctx, u, ""); err != nil {
					return err
				}
			}
			codes = append(codes, i.Code)
		}
		return nil
	})
	return codes
}

func TestManyColdVisitorsCostOneRendering(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	w.badDay()
	done := make(chan int)
	for range 64 {
		go func() { done <- w.get("/en/").Code }()
	}
	for range 64 {
		if code := <-done; code != http.StatusOK {
			t.Errorf("status %d", code)
		}
	}
	if made := w.face.renders.Load(); made > 2 { // one that began before the first was on the shelf may follow it
		t.Errorf("%d renderings for 64 visitors", made)
	}
}

func TestALatePromiseIsSaidTheMinuteItPasses(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	tale := w.declare(incident.Incident{Title: said("Mail is down"), StartedAt: w.now.Add(-20 * time.Minute)}, w.mailboxes)
	tale.say(w.now.Add(-15*time.Minute), incident.Investigating, said("We look."), 10*time.Minute, incident.DefaultFields(incident.Outage, time.Time{}))
	here, err := loadWorld(t.Context(), w.db, w.now)
	if err != nil {
		t.Fatal(err)
	}
	due := tale.last.NextBy
	for _, row := range []struct {
		after time.Duration
		says  string
		until time.Time
	}{
		{-time.Minute, "", due},
		{0, "", due.Add(time.Minute)},
		{time.Second, "less than a minute late", due.Add(time.Minute)},
		{time.Minute, "1 minute late", due.Add(2 * time.Minute)},
		{4*time.Minute + 59*time.Second, "4 minutes late", due.Add(5 * time.Minute)},
		{3 * time.Hour, "3 h late", due.Add(3*time.Hour + time.Minute)},
	} {
		at := due.Add(row.after)
		page := w.face.home(w.face.reader(here, lang.English, at, time.Time{}), here)
		if page.Board == nil || page.Board.Late != row.says {
			t.Errorf("%s after the deadline the board says %+v, want %q", row.after, page.Board, row.says)
		}
		if got := here.validUntil(at); !got.Equal(row.until) && got.Before(nextMidnight(at, w.zone())) {
			t.Errorf("%s after the deadline the page is good until %s, want %s", row.after, got, row.until)
		}
	}
}

func TestAnUnchangedPageIsNotSentTwice(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle().past()
	for _, coding := range []string{"", "gzip", "br", "gzip, deflate, br"} {
		first := w.ask(http.MethodGet, "/en/", http.Header{"Accept-Encoding": {coding}})
		etag := first.Header().Get("Etag")
		again := w.ask(http.MethodGet, "/en/", http.Header{"Accept-Encoding": {coding}, "If-None-Match": {`"other", W/` + etag}})
		if first.Code != http.StatusOK || again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("Etag") != etag {
			t.Errorf("%q: %d, then %d with %d bytes", coding, first.Code, again.Code, again.Body.Len())
		}
		head := w.ask(http.MethodHead, "/en/", http.Header{"Accept-Encoding": {coding}})
		if head.Body.Len() != 0 || head.Header().Get("Content-Length") != first.Header().Get("Content-Length") {
			t.Errorf("%q: HEAD has %d bytes and says %s", coding, head.Body.Len(), head.Header().Get("Content-Length"))
		}
	}
	if got := w.ask(http.MethodGet, "/en/", http.Header{"Accept-Encoding": {"br;q=0, gzip;q=0.5"}}).Header().Get("Content-Encoding"); got != "gzip" {
		t.Errorf("who refuses brotli gets %q", got)
	}
}

func TestHomeIsLight(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle().past()
	w.badDay()
	sent := 0
	for _, path := range []string{"/en/", w.face.assets.css, w.face.assets.js, "/icon.svg", "/photos/" + w.dana.Photo} {
		sent += w.ask(http.MethodGet, path, http.Header{"Accept-Encoding": {"gzip"}}).Body.Len()
	}
	if sent > 50_000 {
		t.Errorf("the home page transfers %d bytes, more than 50 kB", sent)
	}
}
