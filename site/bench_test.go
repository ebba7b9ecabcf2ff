package site

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"candor/incident"
	"candor/lang"
)

func BenchmarkWorld(b *testing.B) {
	w := newTown(b).settle().past()
	w.badDay()
	for b.Loop() {
		if _, err := loadWorld(context.Background(), w.db, time.Now()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHome(b *testing.B) {
	w := newTown(b).settle().past()
	w.badDay()
	here, err := loadWorld(context.Background(), w.db, time.Now())
	if err != nil {
		b.Fatal(err)
	}
	var body []byte
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			w.face.home(w.face.reader(here, lang.German, time.Now(), time.Time{}), here)
		}
	})
	b.Run("template", func(b *testing.B) {
		p := w.face.home(w.face.reader(here, lang.German, time.Now(), time.Time{}), here)
		for b.Loop() {
			if body, err = w.face.templates.execute("home.html", p); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("gzip", func(b *testing.B) {
		for b.Loop() {
			gzipped(body)
		}
	})
	b.Run("brotli", func(b *testing.B) {
		for b.Loop() {
			brotlied(body)
		}
	})
}

// BenchmarkHit is a visitor in a stampede; what it allocates is the recorder's, not the page's.
func BenchmarkHit(b *testing.B) {
	w := newTown(b).settle().past()
	w.badDay()
	r := httptest.NewRequest(http.MethodGet, "/en/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w.face.ServeHTTP(httptest.NewRecorder(), r)
	answer := &deaf{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		w.face.ServeHTTP(answer, r)
	}
}

type deaf struct{ header http.Header }

func (d *deaf) Header() http.Header         { return d.header }
func (d *deaf) Write(b []byte) (int, error) { return len(b), nil }
func (d *deaf) WriteHeader(int)             {}

// BenchmarkPost is from a word's commit, with 10,000 incidents behind it, until every hot page is rendered again (acceptance 5: 200 ms).
func BenchmarkPost(b *testing.B) {
	w := newTown(b).settle()
	w.longHistory(10_000)
	bad := w.badDay()
	w.face.warm(context.Background())
	for b.Loop() {
		b.StopTimer()
		bad.say(time.Now(), incident.Identified, said("Still on it."), 15*time.Minute, incident.DefaultFields(incident.Outage, time.Time{}))
		b.StartTimer()
		w.face.refresh(context.Background())
		for _, path := range w.face.shelf.due(time.Now()) {
			e, _ := w.face.shelf.find(path, time.Time{})
			w.face.renew(context.Background(), e.recipe)
		}
	}
}
