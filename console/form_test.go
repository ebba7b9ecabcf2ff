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
