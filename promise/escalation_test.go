package promise

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"candor/id"
)

// play fires the timers of a promise as the clock would, one setting the next, and writes down who is called when.
func play(p Promise, team Team, until time.Time) (called []string) {
	policy := PolicyOf(p.Kind)
	timers := policy.Schedule(p)
	for len(timers) > 0 && !timers[0].At.After(until) {
		t := timers[0]
		timers = timers[1:]
		if s, ok := Escalate(p, t.Step, team, t.At); ok {
			line := t.At.Format("15:04") + " " + []string{"", "mail", "text", "voice"}[s.By]
			for _, x := range s.People {
				line += " " + string(x)
			}
			called = append(called, line)
		}
		if next, ok := policy.Following(p, t.Step, t.At, team); ok {
			timers = append(timers, next)
		}
	}
	return called
}

func TestAMissedWordGoesFromItsAuthorToTheLeadAndThroughTheTree(t *testing.T) {
	t.Parallel()
	quarter := Promise{Kind: NextUpdate, Promiser: "ann", MadeAt: at("13:36:00"), DueAt: at("13:51:00")}
	team := Team{Lead: "leo", Tree: []id.Person{"tim", "ann", "leo", "tess"}, Communicators: []id.Person{"ann", "leo", "cleo"}, Loudest: ByVoice}
	kept := quarter
	kept.KeptAt = at("13:49:00")
	mailOnly := team
	mailOnly.Loudest = 0
	alone := Team{Communicators: []id.Person{"ann", "cleo"}, Loudest: ByText}
	for _, c := range []struct {
		name string
		p    Promise
		team Team
		want []string
	}{
		{"silence calls one more person every five minutes, louder each time", quarter, team, []string{
			"13:46 mail ann", "13:51 text ann leo", "13:56 voice tim", "14:01 voice tess", "14:06 voice ann leo cleo",
		}},
		{"a company with mail alone calls the same people by mail", quarter, mailOnly, []string{
			"13:46 mail ann", "13:51 mail ann leo", "13:56 mail tim", "14:01 mail tess", "14:06 mail ann leo cleo",
		}},
		{"without tree and lead, every communicator", quarter, alone, []string{
			"13:46 mail ann", "13:51 text ann", "13:56 text ann cleo",
		}},
		{"a promise nobody made in person still calls somebody", Promise{Kind: NextUpdate, MadeAt: at("13:36:00"), DueAt: at("13:51:00")}, alone, []string{
			"13:46 mail ann cleo", "13:51 text ann cleo", "13:56 text ann cleo",
		}},
		{"a kept promise calls nobody", kept, team, nil},
	} {
		if diff := cmp.Diff(c.want, play(c.p, c.team, at("23:00:00"))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestANightWithoutPowerDoesNotWakeEverybodyAtOnce(t *testing.T) {
	t.Parallel()
	p := Promise{Kind: NextUpdate, Promiser: "ann", MadeAt: at("00:45:00"), DueAt: at("01:00:00")}
	team := Team{Lead: "leo", Tree: []id.Person{"tim", "tess"}}
	got, ok := PolicyOf(NextUpdate).Following(p, AtDue, at("07:30:00"), team)
	if want := (Timer{"after 1", at("07:35:00")}); !ok || got != want {
		t.Errorf("after the deadline spoke at 07:30: %v, want %v", got, want)
	}
}

func TestALawIsRemindedOfMoreThanOnce(t *testing.T) {
	t.Parallel()
	made := at("08:00:00")
	got := PolicyOf(LegalNotice).Schedule(Promise{Kind: LegalNotice, MadeAt: made, DueAt: made.Add(24 * time.Hour)})
	want := []Timer{{"before 4h0m0s", made.Add(20 * time.Hour)}, {Before, made.Add(23 * time.Hour)}, {AtDue, made.Add(24 * time.Hour)}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("24 hours (-want +got):\n%s", diff)
	}
}

var people = []id.Person{"", "a", "b", "c", "d", "e"}

func anyTeam(t *rapid.T) Team {
	some := rapid.SliceOfN(rapid.SampledFrom(people), 0, 5)
	return Team{
		Lead:          rapid.SampledFrom(people).Draw(t, "lead"),
		Tree:          some.Draw(t, "tree"),
		Communicators: some.Draw(t, "communicators"),
		Loudest:       Loudness(rapid.IntRange(0, 3).Draw(t, "loudest")),
	}
}

func TestAnOpenPromiseCallsEverybodyInTurnAndNobodyTooEarly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		made := anyInstant(t)
		p := Promise{
			Kind:     rapid.SampledFrom(Kinds()).Draw(t, "kind"),
			Promiser: rapid.SampledFrom(people).Draw(t, "promiser"),
			MadeAt:   made, DueAt: made.Add(time.Duration(rapid.Int64Range(0, 100*86400).Draw(t, "due")) * time.Second),
		}
		team, policy := anyTeam(t), PolicyOf(p.Kind)
		anybody := len(each(append(append([]id.Person{p.Promiser, team.Lead}, team.Tree...), team.Communicators...))) > 0
		var called []id.Person
		var loudest Loudness
		seen := map[Step]bool{}
		timers := policy.Schedule(p)
		for last := made; len(timers) > 0; timers = timers[1:] {
			tm := timers[0]
			if _, late := tm.Step.rung(); seen[tm.Step] || tm.At.Before(last) || late && tm.At.Before(p.DueAt) {
				t.Fatalf("%s at %s: twice, out of order or too early", tm.Step, tm.At)
			}
			seen[tm.Step] = true
			fired := tm.At.Add(time.Duration(rapid.IntRange(0, 3600).Draw(t, "delay")) * time.Second)
			s, ok := Escalate(p, tm.Step, team, fired)
			if passed := !fired.Before(p.DueAt); ok != anybody && !(passed && tm.At.Before(p.DueAt)) {
				t.Fatalf("%s calls %v (%s), though somebody is there: %v", tm.Step, s.People, s.Reason, anybody)
			}
			if s.Reason == "" || ok && (s.By < loudest || s.By < ByMail || s.By > max(team.Loudest, ByMail)) {
				t.Fatalf("%s: by %d after %d: %q", tm.Step, s.By, loudest, s.Reason)
			}
			if ok {
				loudest = s.By
			}
			called = append(called, s.People...)
			if next, more := policy.Following(p, tm.Step, fired, team); more {
				if !next.At.After(fired) {
					t.Fatalf("%s gives nobody time: fired %s, next %s", tm.Step, fired, next.At)
				}
				timers = append(timers, next)
			}
			last = tm.At
		}
		if !seen[AtDue] {
			t.Fatal("the deadline is silent")
		}
		for _, x := range each(append(append([]id.Person{p.Promiser, team.Lead}, team.Tree...), team.Communicators...)) {
			if !slices.Contains(called, x) {
				t.Fatalf("%s was never called: %v", x, called)
			}
		}
	})
}

func TestWhatIsSettledCallsNobody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		made := anyInstant(t)
		p := Promise{Kind: rapid.SampledFrom(Kinds()).Draw(t, "kind"), Promiser: "a", MadeAt: made, DueAt: made.Add(time.Hour)}
		if rapid.Bool().Draw(t, "kept") {
			p.KeptAt = made.Add(time.Minute)
		} else {
			p.WithdrawnAt = made.Add(time.Minute)
		}
		step := rapid.SampledFrom([]Step{Before, AtDue, after(1), after(7)}).Draw(t, "step")
		if s, ok := Escalate(p, step, anyTeam(t), p.DueAt); ok {
			t.Fatalf("%s calls %v", step, s.People)
		}
	})
}
