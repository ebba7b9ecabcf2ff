package reach

import "testing"

func TestWhatComesBackAlarmsAndHaltsFromItsSharesOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what              string
		r                 Returns
		alarming, halting bool
	}{
		{"nothing was sent", Returns{}, false, false},
		{"one of ten is no news", Returns{Taken: 9, Bounced: 1}, false, false},
		{"under two in a hundred", Returns{Taken: 9801, Bounced: 199}, false, false},
		{"two in a hundred alarm", Returns{Taken: 9800, Bounced: 200}, true, false},
		{"just under five in a hundred", Returns{Taken: 9501, Bounced: 499}, true, false},
		{"five in a hundred halt", Returns{Taken: 9500, Bounced: 500}, true, true},
		{"two hundred letters are enough", Returns{Taken: 190, Bounced: 10}, true, true},
		{"199 are not", Returns{Taken: 189, Bounced: 10}, false, false},
		{"everything came back", Returns{Bounced: 200}, true, true},
		{"under eight complaints in ten thousand", Returns{Taken: 10_000, Complained: 7}, false, false},
		{"eight in ten thousand alarm", Returns{Taken: 10_000, Complained: 8}, true, false},
		{"twenty in ten thousand halt", Returns{Taken: 10_000, Complained: 20}, true, true},
		{"complaints of a few readers say nothing", Returns{Taken: 4999, Complained: 400}, false, false},
	} {
		if c.r.Alarming() != c.alarming || c.r.Halting() != c.halting {
			t.Errorf("%s: alarming %v, halting %v", c.what, c.r.Alarming(), c.r.Halting())
		}
		// Counting only as far as it tells anything changes no answer.
		cut := c.r
		cut.Taken = min(cut.Taken, c.r.Telling())
		if cut.Alarming() != c.alarming || cut.Halting() != c.halting {
			t.Errorf("%s: counted up to %d letters it says alarming %v, halting %v", c.what, c.r.Telling(), cut.Alarming(), cut.Halting())
		}
	}
}
