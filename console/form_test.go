package console

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"candor/incident"
)

func TestATimeNobodyTouchedStaysWhatItIs(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for name, was := range map[string]time.Time{
		"with its seconds":                  time.Date(2012, 9, 10, 17, 36, 27, 5000, time.UTC),
		"in the hour that runs twice":       time.Date(2012, 11, 4, 6, 30, 0, 0, time.UTC),
		"in the same hour, the first time":  time.Date(2012, 11, 4, 5, 30, 0, 0, time.UTC),
		"where there is none and none came": {},
	} {
		f := typed(&http.Request{Method: http.MethodPost, PostForm: url.Values{"started_at": {local(was, zone)}}}, zone)
		if got := f.atOr("started_at", was); !got.Equal(was) {
			t.Errorf("%s: %v became %v", name, was, got)
		}
	}
	f := typed(&http.Request{Method: http.MethodPost, PostForm: url.Values{"started_at": {"2012-09-10T13:00"}}}, zone)
	if got, want := f.atOr("started_at", time.Date(2012, 9, 10, 17, 36, 27, 0, time.UTC)), time.Date(2012, 9, 10, 17, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("a time that was typed: %v, want %v", got, want)
	}
}

func TestAnAnswerTimeNobodyTouchedIsTheSamePromise(t *testing.T) {
	by := time.Date(2012, 9, 10, 21, 36, 27, 5000, time.UTC)
	offered := incident.DefaultFields(incident.Outage, by)
	d := draft{Fields: offered}
	d.Fields.Data.AnswerBy = by.Truncate(time.Minute) // as its field gives it back
	d.Fields.Attack = incident.AttackNo
	got := d.word(nil, offered, by.Add(time.Hour)).Fields
	if got.Attack != incident.AttackNo || !got.Data.AnswerBy.Equal(by) {
		t.Errorf("said with another field changed: attack %q, answer by %v, want %v", got.Attack, got.Data.AnswerBy, by)
	}
}

// In New York the clocks of 2012 went forward on 11 March at 2:00, and back on 4 November at 2:00.
func TestATimeIsTakenOnlyIfItCanMeanOneThing(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		claim, typed, offset string
		want                 time.Time
		fault                string
	}{
		{"an ordinary time", "2012-09-10T13:36", "", time.Date(2012, 9, 10, 17, 36, 0, 0, time.UTC), ""},
		{"an offset that is not the zone's then is not heard", "2012-09-10T13:36", "+05:00", time.Date(2012, 9, 10, 17, 36, 0, 0, time.UTC), ""},
		{"a time that comes twice, and nobody says which", "2012-11-04T01:30", "", time.Time{}, "problem.time.twice"},
		{"the first of the two", "2012-11-04T01:30", "-04:00", time.Date(2012, 11, 4, 5, 30, 0, 0, time.UTC), ""},
		{"the second", "2012-11-04T01:30", "-05:00", time.Date(2012, 11, 4, 6, 30, 0, 0, time.UTC), ""},
		{"neither of the two", "2012-11-04T01:30", "+01:00", time.Time{}, "problem.time.twice"},
		{"the end of the hour that comes twice", "2012-11-04T02:00", "", time.Date(2012, 11, 4, 7, 0, 0, 0, time.UTC), ""},
		{"a time the clocks skip", "2012-03-11T02:30", "", time.Time{}, "problem.time.skipped"},
		{"the first time after it", "2012-03-11T03:00", "", time.Date(2012, 3, 11, 7, 0, 0, 0, time.UTC), ""},
		{"a day has no hour to be in doubt about", "2012-11-04", "", time.Date(2012, 11, 4, 4, 0, 0, 0, time.UTC), ""},
		{"no time at all", "soon", "", time.Time{}, "problem.time"},
	} {
		f := typed(&http.Request{Method: http.MethodPost, PostForm: url.Values{"at": {c.typed}, "at.offset": {c.offset}}}, zone)
		got, fault := f.at("at"), ""
		if len(f.faults) > 0 {
			fault = f.faults[0].Key
		}
		if !got.Equal(c.want) || fault != c.fault {
			t.Errorf("%s: %v, %q; want %v, %q", c.claim, got, fault, c.want, c.fault)
		}
	}
}

func TestWhichOfTwoTimesIsAskedOnlyWhereThereAreTwo(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	second := time.Date(2012, 11, 4, 6, 30, 0, 0, time.UTC)
	for claim, c := range map[string]struct {
		shown  time.Time
		typed  url.Values
		chosen string
		asked  bool
	}{
		"an ordinary time":                    {shown: second.Add(24 * time.Hour)},
		"no time":                             {},
		"what is kept says which it is":       {shown: second, chosen: "-05:00", asked: true},
		"what was typed is asked":             {typed: url.Values{"at": {"2012-11-04T01:30"}}, asked: true},
		"what was chosen stays chosen":        {typed: url.Values{"at": {"2012-11-04T01:30"}, "at.offset": {"-04:00"}}, chosen: "-04:00", asked: true},
		"another hour that comes twice":       {shown: second, typed: url.Values{"at": {"2012-11-04T01:45"}}, asked: true},
		"what is typed and is no time":        {typed: url.Values{"at": {"soon"}}},
		"what the clocks skip has no ‘which’": {typed: url.Values{"at": {"2012-03-11T02:30"}}},
	} {
		in := shell{typed: c.typed}.moment("at", "At", "", c.shown, zone)
		chosen := ""
		for _, o := range in.Which.Options {
			if o.Chosen {
				chosen = o.Value
			}
		}
		if asked := len(in.Which.Options) == 3; asked != c.asked || chosen != c.chosen {
			t.Errorf("%s: asked %t, chosen %q; want %t, %q", claim, asked, chosen, c.asked, c.chosen)
		}
	}
}
