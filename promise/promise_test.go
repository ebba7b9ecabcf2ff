package promise

import (
	"testing"
	"time"
)

func at(clock string) time.Time {
	t, err := time.Parse("15:04:05", clock)
	if err != nil {
		panic(err)
	}
	return t
}

func TestMissedWords(t *testing.T) {
	for _, c := range []struct {
		name            string
		made, due, kept string
		want            int
	}{
		{"GoDaddy's silence from 13:51 to 15:08 is six", "13:36:00", "13:51:00", "15:08:00", 6},
		{"a word in time is none", "13:36:00", "13:51:00", "13:50:59", 0},
		{"a word at the second it is due is none", "13:36:00", "13:51:00", "13:51:00", 0},
		{"a minute late is one", "13:36:00", "13:51:00", "13:52:00", 1},
		{"a whole interval late is two", "13:36:00", "13:51:00", "14:06:00", 2},
		{"a second before that is still one", "13:36:00", "13:51:00", "14:05:59", 1},
	} {
		p := Promise{Kind: NextUpdate, MadeAt: at(c.made), DueAt: at(c.due)}
		if got := p.MissedWords(at(c.kept)); got != c.want {
			t.Errorf("%s: while open: %d, want %d", c.name, got, c.want)
		}
		p.KeptAt = at(c.kept)
		if got := p.MissedWords(at("23:00:00")); got != c.want {
			t.Errorf("%s: once kept: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestTimers(t *testing.T) {
	quarter := Promise{Kind: NextUpdate, MadeAt: at("13:36:00"), DueAt: at("13:51:00")}
	got := PolicyOf(NextUpdate).Schedule(quarter)
	if len(got) != 2 || got[0] != (Timer{Before, at("13:46:00")}) || got[1] != (Timer{AtDue, at("13:51:00")}) {
		t.Errorf("a quarter of an hour: %v, want a reminder at 13:46 and one at 13:51", got)
	}
	short := Promise{Kind: NextUpdate, MadeAt: at("13:36:00"), DueAt: at("13:40:00")}
	if got := PolicyOf(NextUpdate).Schedule(short); len(got) != 1 || got[0].Step != AtDue {
		t.Errorf("four minutes: %v, want the deadline only", got)
	}
	report := Promise{Kind: Report, MadeAt: at("13:36:00"), DueAt: at("13:36:00").AddDate(0, 0, 7)}
	if got := PolicyOf(Report).Schedule(report); len(got) != 3 || got[2] != (Timer{AtDue, report.DueAt}) {
		t.Errorf("a report: %v, want two reminders and the deadline", got)
	}
}

func TestFire(t *testing.T) {
	open := Promise{Kind: NextUpdate, MadeAt: at("13:36:00"), DueAt: at("13:51:00")}
	kept := open
	kept.KeptAt = at("13:45:00")
	for _, c := range []struct {
		name string
		p    Promise
		step Step
		now  string
		want bool
	}{
		{"an open promise reminds before", open, Before, "13:46:00", true},
		{"a kept promise is silent", kept, Before, "13:46:00", false},
		{"started after the deadline, only the deadline speaks", open, Before, "13:51:00", false},
		{"the deadline speaks however late we start", open, AtDue, "20:00:00", true},
	} {
		if got, reason := Fire(c.p, c.step, at(c.now)); got != c.want || reason == "" {
			t.Errorf("%s: %v (%s), want %v", c.name, got, reason, c.want)
		}
	}
}
