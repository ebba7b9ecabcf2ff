package promise

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTheRecordOfAYearIsReadMonthByMonth(t *testing.T) {
	t.Parallel()
	word := func(made string, interval, took time.Duration) Promise {
		m := moment(t, made)
		p := Promise{Kind: NextUpdate, MadeAt: m, DueAt: m.Add(interval)}
		if took > 0 {
			p.KeptAt = m.Add(took)
		}
		return p
	}
	automatic := word("2026-03-10T10:00:00Z", 15*time.Minute, 14*time.Minute)
	automatic.Automatic = true
	dropped := word("2026-03-10T10:30:00Z", 20*time.Minute, 0)
	dropped.WithdrawnAt = dropped.MadeAt.Add(time.Minute)
	all := []Promise{
		word("2026-01-31T23:30:00Z", 15*time.Minute, 10*time.Minute), // February in Berlin
		word("2026-03-10T09:00:00Z", 15*time.Minute, 15*time.Minute),
		word("2026-03-10T09:15:00Z", 15*time.Minute, 16*time.Minute),
		word("2026-03-10T09:31:00Z", 30*time.Minute, 39*time.Minute),
		automatic, dropped,
		{Kind: Report, MadeAt: moment(t, "2026-03-10T11:00:00Z"), DueAt: moment(t, "2026-03-17T11:00:00Z")},
		{Kind: Report, MadeAt: moment(t, "2026-03-11T11:00:00Z"), DueAt: moment(t, "2026-05-17T11:00:00Z")},
		{Kind: LegalNotice, MadeAt: moment(t, "2026-03-10T11:00:00Z"), DueAt: moment(t, "2026-03-13T11:00:00Z")},
		{Kind: Credit, To: Staff, MadeAt: moment(t, "2026-03-10T11:00:00Z"), DueAt: moment(t, "2026-03-13T11:00:00Z")},
	}
	got := Record(all, moment(t, "2026-03-18T11:00:00Z"), zone(t, "Europe/Berlin"))
	want := []Month{
		{2026, time.March, Tally{
			Made: 7, Kept: 1, KeptLate: 2, Overdue: 1, Automatic: 1, Dropped: 1, Pending: 1,
			Late:     Lateness{Median: 9 * time.Minute, Longest: 24 * time.Hour},
			Interval: 15 * time.Minute,
		}},
		{2026, time.February, Tally{Made: 1, Kept: 1, Interval: 15 * time.Minute}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAQuietMonthStandsInTheRecord(t *testing.T) {
	t.Parallel()
	all := []Promise{
		{Kind: NextUpdate, MadeAt: moment(t, "2025-11-30"), DueAt: moment(t, "2025-12-01")},
		{Kind: NextUpdate, MadeAt: moment(t, "2026-02-01"), DueAt: moment(t, "2026-02-02")},
	}
	var got []string
	for _, m := range Record(all, moment(t, "2026-03-01"), time.UTC) {
		got = append(got, time.Date(m.Year, m.Month, 1, 0, 0, 0, 0, time.UTC).Format("2006-01"))
	}
	if diff := cmp.Diff([]string{"2026-02", "2026-01", "2025-12", "2025-11"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGoDaddysSilenceIsOneBrokenPromiseAndSixMissedWords(t *testing.T) {
	t.Parallel()
	p := Promise{Kind: NextUpdate, MadeAt: at("13:36:00"), DueAt: at("13:51:00"), KeptAt: at("15:08:00")}
	got := Count([]Promise{p}, at("16:00:00"))
	if got.KeptLate != 1 || got.Late.Longest != 77*time.Minute || p.MissedWords(at("16:00:00")) != 6 {
		t.Errorf("%+v and %d missed words, want one kept 77 minutes late, six missed", got, p.MissedWords(at("16:00:00")))
	}
}

func anyPromise(t *rapid.T) Promise {
	made := anyInstant(t)
	some := func(name string) time.Time {
		return made.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, name)) * time.Minute)
	}
	p := Promise{Kind: rapid.SampledFrom(Kinds()).Draw(t, "kind"), MadeAt: made, DueAt: some("due"), Automatic: rapid.Bool().Draw(t, "automatic")}
	switch rapid.IntRange(0, 2).Draw(t, "end") {
	case 0:
		p.KeptAt = some("kept")
	case 1:
		p.WithdrawnAt = some("withdrawn")
	}
	return p
}

func TestEveryPublicPromiseHasOneOutcomeInOneMonth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(anyPromise), 0, 12).Draw(t, "promises")
		now, where := time.Unix(2208988800+864000, 0), anyZone(t)
		var public, made, outcomes int
		for _, p := range all {
			if p.Public() {
				public++
			}
		}
		for _, m := range Record(all, now, where) {
			made += m.Made
			outcomes += m.Kept + m.KeptLate + m.Overdue + m.Automatic + m.Dropped + m.Pending
			if m.Decided() > m.Made || m.Late.Median > m.Late.Longest || (m.Late.Longest > 0) != (m.KeptLate+m.Overdue > 0) {
				t.Fatalf("%+v does not add up", m)
			}
		}
		if made != public || outcomes != public {
			t.Fatalf("%d public promises, %d in the record, %d outcomes", public, made, outcomes)
		}
	})
}

func TestLatenessOnlyGrows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, now := anyPromise(t), anyInstant(t)
		later := now.Add(time.Duration(rapid.IntRange(0, 10000).Draw(t, "minutes")) * time.Minute)
		if p.Late(later) < p.Late(now) || p.MissedWords(later) < p.MissedWords(now) {
			t.Fatalf("late by %s, then by %s", p.Late(now), p.Late(later))
		}
		if was := p.Outcome(now); was == Overdue && p.Outcome(later) != Overdue || !p.Open() && p.Outcome(later) != was {
			t.Fatalf("%s became %s by itself", was, p.Outcome(later))
		}
	})
}

func TestWhatBecomesOfAPromise(t *testing.T) {
	t.Parallel()
	base := Promise{Kind: NextUpdate, MadeAt: at("13:36:00"), DueAt: at("13:51:00")}
	with := func(change func(*Promise)) Promise {
		p := base
		change(&p)
		return p
	}
	for _, c := range []struct {
		name string
		p    Promise
		now  string
		want Outcome
	}{
		{"until the second it is due it is pending", base, "13:51:00", Pending},
		{"a second later it is overdue", base, "13:51:01", Overdue},
		{"a word in the second it is due keeps it", with(func(p *Promise) { p.KeptAt = p.DueAt }), "20:00:00", Kept},
		{"a machine's word keeps nothing", with(func(p *Promise) { p.KeptAt, p.Automatic = p.DueAt, true }), "20:00:00", Automated},
		{"and a machine's late word is late", with(func(p *Promise) { p.KeptAt, p.Automatic = p.DueAt.Add(1), true }), "20:00:00", KeptLate},
		{"the end of the outage ends it", with(func(p *Promise) { p.WithdrawnAt = p.DueAt }), "20:00:00", Dropped},
		{"who lets it go once it is overdue has missed it", with(func(p *Promise) { p.WithdrawnAt = p.DueAt.Add(1) }), "20:00:00", KeptLate},
	} {
		if got := c.p.Outcome(at(c.now)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTheRecordIsPublishedAfterNinetyDays(t *testing.T) {
	t.Parallel()
	first := moment(t, "2026-01-01T00:00:00Z")
	for _, c := range []struct {
		name string
		off  bool
		now  string
		want Publication
	}{
		{"the first 90 days are the company's own", false, "2026-03-31T23:59:59Z", Unpublished},
		{"then everybody may look", false, "2026-04-01T00:00:00Z", Published},
		{"switched off, the page says so", true, "2026-04-01T00:00:00Z", Withheld},
		{"from the first day", true, "2026-01-01T00:00:00Z", Withheld},
	} {
		if got := Publish(first, c.off, moment(t, c.now)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if got := Publish(time.Time{}, false, first); got != Unpublished {
		t.Errorf("a company that has promised nothing: %s", got)
	}
}
