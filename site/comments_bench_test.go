package site

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"candor/lang"
)

// crowded is an incident with five thousand comments.
func crowded(t testing.TB) (*town, string) {
	w := newTown(t).settle()
	bad := w.badDay()
	w.seedComments(bad.i.ID, 5000, func(n int) (string, string) {
		return fmt.Sprintf("Customer %d", n), fmt.Sprintf("Our shop %d has been down since noon. %s **When** does it work again?", n, strings.Repeat("Customers ask and I have no answer. ", n%9))
	})
	return w, "/en/incidents/" + string(bad.i.Code)
}

// A page of a conversation of five thousand weighs what a page may weigh, however much was said.
func TestFiveThousandCommentsLeaveEveryPageLight(t *testing.T) {
	t.Parallel()
	w, path := crowded(t)
	for _, at := range []string{path, path + "/comments", path + "/comments/100", path + "/comments/200"} {
		got := w.get(at)
		if got.Code != 200 || got.Body.Len() > 50_000 {
			t.Errorf("%s: %d, %d bytes", at, got.Code, got.Body.Len())
		}
	}
	if got := w.get(path + "/comments/201").Code; got != 404 {
		t.Errorf("the page after the last: %d", got)
	}
}

// BenchmarkComments makes the first page of five thousand comments, and the incident's own, from the database to pressed bytes.
func BenchmarkComments(b *testing.B) {
	w, path := crowded(b)
	for name, at := range map[string]string{"first page": path + "/comments", "middle page": path + "/comments/100", "incident": path} {
		b.Run(name, func(b *testing.B) {
			size := 0
			for b.Loop() {
				w.face.shelf.outdateAll(time.Now().Add(-time.Hour))
				size = w.get(at).Body.Len()
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}

// BenchmarkCommenting takes comments through the form while somebody reads the page: what a reader waits at the 95th percentile, with comments
// coming and without.
func BenchmarkCommenting(b *testing.B) {
	for _, perMinute := range []int{0, 1000} {
		b.Run(fmt.Sprintf("%d a minute", perMinute), func(b *testing.B) {
			w := newTown(b).settle().start()
			bad := w.badDay()
			path := "/en/incidents/" + string(bad.i.Code)
			var sent atomic.Int64
			stop, done := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(done)
				if perMinute == 0 {
					return
				}
				tick := time.NewTicker(time.Minute / time.Duration(perMinute))
				defer tick.Stop()
				for {
					select {
					case <-stop:
						return
					case <-tick.C:
						n := sent.Add(1)
						w.post(path+"/comments", url.Values{"name": {"Flood"}, "comment": {fmt.Sprintf("Comment %d in %s", n, lang.English)}})
					}
				}
			}()
			var waits []time.Duration
			for b.Loop() {
				began := time.Now()
				w.get("/en/")
				w.get(path)
				waits = append(waits, time.Since(began))
				time.Sleep(2 * time.Millisecond)
			}
			close(stop)
			<-done
			b.ReportMetric(float64(percentile(waits, 95).Nanoseconds()), "p95-ns")
			b.ReportMetric(float64(sent.Load()), "comments")
		})
	}
}

func percentile(all []time.Duration, p int) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)*p/100]
}
