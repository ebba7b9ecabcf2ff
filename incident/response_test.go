package incident

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAResponseSaysWhoToldFirstAndHowLongPeopleWaited(t *testing.T) {
	t.Parallel()
	began := time.Date(2012, 9, 10, 17, 0, 0, 0, time.UTC)
	one := func(word, reported, end time.Duration) Incident {
		i := Incident{Kind: Outage, StartedAt: began, DeclaredAt: began.Add(word)}
		if reported > 0 {
			i.FirstReportAt = began.Add(reported)
		}
		if end > 0 {
			i.ResolvedAt = began.Add(end)
		}
		return i
	}
	got := Respond([]Incident{
		one(4*time.Minute, 9*time.Minute, time.Hour),    // we
		one(20*time.Minute, 5*time.Minute, 3*time.Hour), // they
		one(4*time.Minute, 4*time.Minute, 0),            // at the same moment, and it goes on
		one(-time.Minute, 0, 2*time.Hour),               // said before it began: nobody waited
		{Kind: Maintenance, StartedAt: began, DeclaredAt: began.Add(-24 * time.Hour)},
		{Kind: Outage, StartedAt: began}, // a draft
	})
	want := Response{Incidents: 4, WeFirst: 2, TheyFirst: 1, Ended: 3, FirstWord: 4 * time.Minute, Lasted: 2 * time.Hour}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Unreported() != 1 {
		t.Errorf("%d unreported", got.Unreported())
	}
	if zero := Respond(nil); zero != (Response{}) {
		t.Errorf("of nothing: %+v", zero)
	}
}
