package site

import (
	"testing"
	"time"

	"candor/incident"
)

func TestADayWithinAnOutageIsNotQuiet(t *testing.T) {
	t.Parallel()
	loc, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour int) time.Time { return time.Date(2012, 9, day, hour, 0, 0, 0, loc) }
	long := story{Incident: incident.Incident{Status: incident.Resolved, StartedAt: at(10, 23), ResolvedAt: at(12, 4)}}
	open := story{Incident: incident.Incident{Status: incident.Monitoring, StartedAt: at(10, 23)}}
	toMidnight := story{Incident: incident.Incident{Status: incident.Resolved, StartedAt: at(10, 23), ResolvedAt: at(11, 0)}}
	planned := story{Incident: incident.Incident{Status: incident.Scheduled, StartedAt: at(10, 23)}}
	for name, c := range map[string]struct {
		s    story
		day  int
		want bool
	}{
		"the day before":                   {long, 9, false},
		"the day it began":                 {long, 10, true},
		"the whole day in its middle":      {long, 11, true},
		"the day it ended":                 {long, 12, true},
		"the day after":                    {long, 13, false},
		"what is not over":                 {open, 13, true},
		"what ended at midnight":           {toMidnight, 11, false},
		"a maintenance that has not begun": {planned, 10, false},
	} {
		if got := c.s.ranOn(at(c.day, 0), loc); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
