package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"candor/demo"
	"candor/desk"
	"candor/duty"
	"candor/incident"
	"candor/lang"
	"candor/promise"
	"candor/reach"
	"candor/reach/dry"
	"candor/settings"
	"candor/site"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// 10 September 2012. GoDaddy was out from about 13:00 Eastern; the first public word came at 13:36, the second at 15:08. The first scenario
// is that day as it went, with Candor looking on; the second is the same day as it should have gone.

func TestGoDaddyAsItWent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHarbour(t)
		h.clock("13:00") // everything is out; nobody says a word
		h.clock("13:36")
		out := h.declare("We are aware of the trouble.", "13:04")

		h.clock("13:45:59")
		h.mailed("dana@harbour.example", 0, "nobody is reminded early")
		h.clock("13:46:05")
		h.mailed("dana@harbour.example", 1, "the author is reminded five minutes before the promised word")
		h.clock("13:51:05")
		h.mailed("dana@harbour.example", 2, "the author is told when it is due")
		h.page("/en/", "13:51")
		h.clock("13:55:00")
		h.page("/en/", "4 min") // "4 min late": the page says so, by itself

		h.clock("15:08")
		h.post(out, "Still working on it.")
		h.missed(out, 6) // 13:51, 14:06, 14:21, 14:36, 14:51, 15:06
		if lead, known := h.incident(out).ToldFirst(); !known || lead != -32*time.Minute {
			t.Errorf("customers told us %s before we told them (known %v), want 32 minutes", -lead, known)
		}
	})
}

func TestGoDaddyAsItShouldHaveGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHarbour(t)
		h.clock("13:03")
		scene, err := demo.Load("godaddy-2012")
		if err != nil {
			t.Fatal(err)
		}
		if err := h.stage.Play(t.Context(), scene, 1); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		h.clock("18:53") // 352 minutes after 13:00, and one to deliver

		out := h.newest()
		i := h.incident(out)
		if i.Status != incident.Resolved || i.Impact != incident.ImpactCritical {
			t.Errorf("%s with impact %s, want resolved and critical", i.Status, i.Impact)
		}
		h.missed(out, 0)
		for _, p := range h.promises(out) {
			if p.Late(time.Now()) > 0 {
				t.Errorf("the promise of a %s by %s was %s late", p.Kind, p.DueAt, p.Late(time.Now()))
			}
			if p.Kind == promise.Report && !p.Open() {
				t.Error("the report is promised, and settled already?")
			}
		}
		if late := h.subjects("dana@harbour.example", "Due now"); late != 0 {
			t.Errorf("who spoke in time was told %d times that a word is due", late)
		}
		h.mailed("anna@bakery.example", 9, "a subscriber gets every word that says something new: nine of them")
		h.mailed("june@flowers.example", len(scene.Steps), "who chose every update also reads that we are still here")
		h.mailed("ops@atlas.example", 9, "who chose DNS hears of an outage that takes DNS down")
		h.page("/de/", "Harbour")
		h.page("/zh-Hant/incidents/"+string(i.Code), "路由表")
	})
}

// harbour is the demo's company with a page, a desk, its duty and a channel that only records, on fake time.
type harbour struct {
	t     *testing.T
	db    *store.DB
	desk  *desk.Desk
	base  *url.URL
	stage *demo.Stage
	out   *dry.Channel
	texts *dry.Channel
	zone  *time.Location
	duty  *duty.Duty
}

func openHarbour(t *testing.T) *harbour {
	t.Helper()
	h := openStillHarbour(t)
	if err := h.duty.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.duty.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return h
}

// openStillHarbour is one whose duty does nothing by itself: weeks pass in no time.
func openStillHarbour(t *testing.T) *harbour {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Until(time.Date(2012, 9, 10, 12, 0, 0, 0, zone)))
	base := &url.URL{Scheme: "https", Host: "status.harbour.example"}
	log := slog.New(slog.DiscardHandler)
	h := &harbour{t: t, base: base, db: storetest.Open(t, storetest.SQLite(t)), out: dry.New("email"), texts: dry.New("sms"), zone: zone}
	h.desk = desk.New(h.db, base, func() {
		if h.duty != nil {
			h.duty.Wake()
		}
	})
	if h.stage, err = demo.Seed(t.Context(), h.db, h.desk); err != nil {
		t.Fatal(err)
	}
	h.duty = duty.New(duty.Config{
		DB: h.db, Desk: h.desk, Log: log, Node: "test", PublicURL: base,
		Channels: func(settings.Settings) (map[string]reach.Channel, error) {
			return map[string]reach.Channel{"email": h.out, "sms": h.texts}, nil
		},
	})
	return h
}

// clock lets the time pass until the clock of 10 September 2012 shows this, and everything that is due then has been done.
func (h *harbour) clock(at string) {
	h.t.Helper()
	layout := "15:04"
	if len(at) > len(layout) {
		layout = "15:04:05"
	}
	c, err := time.Parse(layout, at)
	if err != nil {
		h.t.Fatal(err)
	}
	time.Sleep(time.Until(time.Date(2012, 9, 10, c.Hour(), c.Minute(), c.Second(), 0, h.zone)))
	synctest.Wait()
}

func (h *harbour) dana() context.Context {
	var dana staff.Person
	h.read(func(ctx context.Context, tx *store.Tx) (err error) {
		dana, err = tx.People.ByMail(ctx, "dana@harbour.example")
		return err
	})
	return staff.As(h.t.Context(), staff.Actor{Person: dana})
}

func (h *harbour) declare(words, firstReport string) incident.Incident {
	h.t.Helper()
	c, err := time.Parse("15:04", firstReport)
	if err != nil {
		h.t.Fatal(err)
	}
	var everything []incident.Affected
	h.read(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Components.All(ctx)
		for _, p := range all {
			if !p.Group {
				everything = append(everything, incident.Affected{Component: p.ID, Status: "major_outage"})
			}
		}
		return err
	})
	i, _, err := h.desk.Declare(h.dana(), desk.Declaration{
		Kind: incident.Outage, Title: lang.Text{"en": "Everything is out"}, CannotWork: true, DetectedBy: incident.ByCustomer,
		FirstReportAt: time.Date(2012, 9, 10, c.Hour(), c.Minute(), 0, 0, h.zone),
		First:         desk.Word{Body: lang.Text{"en": words}, Affected: everything},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return i
}

func (h *harbour) post(i incident.Incident, words string) {
	h.t.Helper()
	if _, err := h.desk.Post(h.dana(), i.ID, desk.Word{Body: lang.Text{"en": words}}); err != nil {
		h.t.Fatal(err)
	}
}

// mailed checks how many letters an address got. Harbour's people are told of a planned maintenance by no mail, subscribers by one that
// does not count here.
func (h *harbour) mailed(address string, want int, claim string) {
	h.t.Helper()
	got := 0
	for _, m := range h.out.Taken() {
		if m.To == address && !strings.Contains(m.Subject, "Mail storage") && !strings.Contains(m.Subject, "Mailspeicher") {
			got++
		}
	}
	if got != want {
		h.t.Errorf("%s got %d letters, want %d: %s", address, got, want, claim)
	}
}

func (h *harbour) missed(i incident.Incident, want int) {
	h.t.Helper()
	got := 0
	for _, p := range h.promises(i) {
		if p.Kind == promise.NextUpdate {
			got += p.MissedWords(time.Now())
		}
	}
	if got != want {
		h.t.Errorf("%d promised words fell out, want %d", got, want)
	}
}

// page looks at the page as a visitor does. It runs only while it is looked at: hours of its polling four times a second would be most of
// what this test does.
func (h *harbour) page(path, want string) {
	h.t.Helper()
	if body := h.visit(path); !strings.Contains(body, want) {
		h.t.Errorf("%s: without %q", path, want)
	}
}

func (h *harbour) visit(path string) string {
	h.t.Helper()
	face := site.New(h.db, h.desk, h.base, slog.New(slog.DiscardHandler))
	if err := face.Start(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	defer face.Stop()
	w := httptest.NewRecorder()
	face.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		h.t.Errorf("%s: %d", path, w.Code)
	}
	return w.Body.String()
}

// subjects counts an address's letters whose subject says this.
func (h *harbour) subjects(address, says string) (n int) {
	for _, m := range h.out.Taken() {
		if m.To == address && strings.Contains(m.Subject, says) {
			n++
		}
	}
	return n
}

func (h *harbour) newest() (i incident.Incident) {
	h.read(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Incidents.Page(ctx, store.Place{}, 10)
		for _, x := range all {
			if x.Kind == incident.Outage {
				i = x
				break
			}
		}
		return err
	})
	return i
}

func (h *harbour) incident(of incident.Incident) (i incident.Incident) {
	h.read(func(ctx context.Context, tx *store.Tx) (err error) {
		i, err = tx.Incidents.ByID(ctx, of.ID)
		return err
	})
	return i
}

func (h *harbour) promises(of incident.Incident) (all []promise.Promise) {
	h.read(func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = tx.Promises.Of(ctx, of.ID)
		return err
	})
	return all
}

func (h *harbour) read(f func(context.Context, *store.Tx) error) {
	h.t.Helper()
	if err := h.db.Read(h.t.Context(), func(tx *store.Tx) error { return f(h.t.Context(), tx) }); err != nil {
		h.t.Fatal(err)
	}
}
