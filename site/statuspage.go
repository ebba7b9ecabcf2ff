package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/store"
)

// The Statuspage public API, version 2: what widgets, aggregators and scripts of the field already read. It speaks the company's default
// language for what people wrote and Statuspage's English for what it enumerates.

// A statuspageDocument is one of its addresses: what it loads, and which lists it shows.
type statuspageDocument struct {
	components   bool
	incidents    string // "", "open" or "newest"
	maintenances string // "", "open", "newest", "upcoming" or "active"
	status       bool
}

var statuspageDocuments = map[string]statuspageDocument{
	"summary":                         {components: true, incidents: "open", maintenances: "open", status: true},
	"status":                          {status: true},
	"components":                      {components: true},
	"incidents":                       {incidents: "newest"},
	"incidents/unresolved":            {incidents: "open"},
	"scheduled-maintenances":          {maintenances: "newest"},
	"scheduled-maintenances/upcoming": {maintenances: "upcoming"},
	"scheduled-maintenances/active":   {maintenances: "active"},
}

// statuspageSize is how many incidents the documents of the past hold.
const statuspageSize = 50

// statuspageRoutes: every path answers with and without .json, because some clients always add it and some never do.
func (f *Face) statuspageRoutes() []route {
	var all []route
	for name, doc := range statuspageDocuments {
		for _, suffix := range []string{"", ".json"} {
			at := "/api/v2/" + name + suffix
			all = append(all, route{"GET " + at, f.show(func(*http.Request) (*recipe, error) { return f.statuspageRecipe(at, doc), nil })})
		}
	}
	sortRoutes(all)
	for _, suffix := range []string{"", ".json"} {
		all = append(all,
			route{"POST /api/v2/subscribers" + suffix, f.postSubscriber},
			route{"GET /api/v2/subscribers" + suffix, f.refuseMethod("POST, OPTIONS")},
		)
	}
	// The id and its ending are one segment.
	return append(all,
		route{"DELETE /api/v2/subscribers/{id}", f.deleteSubscriber},
		route{"POST /api/v2/subscriptions/{id}/resend_confirmation", f.postResend},
		route{"POST /api/v2/subscriptions/{id}/resend_confirmation.json", f.postResend},
		route{"OPTIONS /api/v2/", f.answerPreflight},
	)
}

func (f *Face) statuspageRecipe(at string, doc statuspageDocument) *recipe {
	x := &recipe{path: at, hot: doc.status, feed: true, topics: []string{topicComponents, topicIncidents}}
	if doc.incidents == "newest" || doc.maintenances == "newest" {
		x.load = func(ctx context.Context, tx *store.Tx, w *world) (any, []string, error) {
			keep := isTrouble
			if doc.maintenances != "" {
				keep = isMaintenance
			}
			stories, err := w.loadNewest(ctx, tx, statuspageSize, keep)
			return stories, nil, err
		}
	}
	x.write = func(w *world, facts any, now, blind time.Time) (document, error) {
		newest, _ := facts.([]story)
		s := f.statuspage(f.reader(w, w.languages()[0], now, blind), w)
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false) // as Statuspage does; the type is JSON and nosniff
		err := e.Encode(s.answer(doc, newest))
		return document{kind: f.kinds.json, body: b.Bytes()}, err
	}
	return x
}

// A statuspage turns the world into Statuspage's words.
type statuspage struct {
	reader
	w    *world
	page spPage
}

func (f *Face) statuspage(r reader, w *world) statuspage {
	s := statuspage{reader: r, w: w}
	zone := w.settings.Zoned().String()
	if zone == "UTC" {
		zone = "Etc/UTC"
	}
	s.page = spPage{ID: pageID(f.public), Name: w.settings.Company, URL: r.base, TimeZone: zone, UpdatedAt: s.time(w.changed)}
	return s
}

// pageID is a code of the page's own address: the same on every node and after every restart.
func pageID(public *url.URL) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	sum := sha256.Sum256([]byte("page " + public.Host + strings.TrimRight(public.Path, "/")))
	code := make([]byte, 12)
	for n := range code {
		code[n] = letters[int(sum[n])%len(letters)]
	}
	return string(code)
}

// answer has page first and then the document's lists, as maps of fixed keys.
func (s statuspage) answer(doc statuspageDocument, newest []story) spAnswer {
	a := spAnswer{Page: s.page}
	if doc.components {
		list := s.components()
		a.Components = &list
	}
	if doc.incidents != "" {
		list := s.incidents(s.pick(newest, doc.incidents, isTrouble))
		a.Incidents = &list
	}
	if doc.maintenances != "" {
		list := s.incidents(s.pick(newest, doc.maintenances, isMaintenance))
		a.Maintenances = &list
	}
	if doc.status {
		rollup := s.rollup()
		a.Status = &spStatus{Indicator: rollup.Indicator, Description: rollup.Description}
	}
	return a
}

// rollup follows Statuspage's rule, from components alone; unknown is told as degraded, never as operational.
func (s statuspage) rollup() component.Rollup {
	leaves := make([]component.Component, len(s.w.leaves))
	copy(leaves, s.w.leaves)
	for n := range leaves {
		leaves[n].Status = seen(leaves[n].Status, s.isBlind())
	}
	return component.RollupOf(leaves)
}

func (s statuspage) pick(newest []story, which string, keep func(incident.Incident) bool) []story {
	if which == "newest" {
		return newest
	}
	var all []story
	for _, st := range s.w.open {
		upcoming := st.Status == incident.Scheduled
		if keep(st.Incident) && (which == "open" || which == "upcoming" && upcoming || which == "active" && !upcoming) {
			all = append(all, st)
		}
	}
	newestFirst(all)
	return all
}

// time is ISO 8601 with milliseconds: Z where the page lives by UTC, the zone's offset elsewhere.
func (s statuspage) time(t time.Time) string {
	if s.loc == time.UTC || s.loc.String() == "Etc/UTC" {
		return t.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return t.In(s.loc).Format("2006-01-02T15:04:05.000-07:00")
}

func (s statuspage) timeOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := s.time(t)
	return &text
}

func (s statuspage) shortlink(code id.Code) string { return s.base + "/incidents/" + string(code) }
