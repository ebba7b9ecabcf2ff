package promise

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// anyFacts are things staff may record, in any order and as often as they like.
func anyFacts(clocks []Clock) *rapid.Generator[[]Fact] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Fact {
		c := rapid.SampledFrom(clocks).Draw(t, "clock")
		f := Fact{At: anyInstant(t)}
		switch rapid.IntRange(0, 8).Draw(t, "what") {
		case 0:
			f.Event, f.Clock, f.Reason = NotRequired, c.ID, "small"
		case 1:
			f.Event, f.Clock, f.Reason, f.DueAt = Moved, c.ID, "Easter", anyInstant(t)
		case 2:
			f.Event, f.Clock, f.Reason, f.Takes = Retracted, c.ID, "slipped", rapid.SampledFrom([]Event{Submitted, Moved}).Draw(t, "takes")
		case 3:
			f.Event, f.Regime, f.Reason, f.Takes = Retracted, c.Family, "slipped", rapid.SampledFrom([]Event{Aware, Harms}).Draw(t, "takes")
		case 4, 5:
			f.Event, f.Clock = Submitted, c.ID
		default:
			f.Event, f.Regime = rapid.SampledFrom([]Event{Aware, Classified, Discovered, Harms, Material, Handled, Normal}).Draw(t, "event"), c.Family
		}
		return f
	}), 0, 12)
}

func TestTheListOfDeadlinesHoldsTogether(t *testing.T) {
	t.Parallel()
	clocks, regions := house(t), calendars(t)
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(clocks).Draw(t, "facts")
		places := Places{Home: anyPlace(t), Regions: regions}
		all := Deadlines(clocks, f, places)
		seen := map[ClockID]bool{}
		for i, d := range all {
			if seen[d.Clock.ID] {
				t.Fatalf("%s stands twice", d.Clock.ID)
			}
			seen[d.Clock.ID] = true
			if i > 0 && (all[i-1].rank() > d.rank() || all[i-1].rank() == d.rank() && all[i-1].At.After(d.At)) {
				t.Fatalf("%s at %s stands after %s at %s", d.Clock.ID, d.At, all[i-1].Clock.ID, all[i-1].At)
			}
			if !d.Strict.IsZero() && d.Strict.Before(d.From) {
				t.Fatalf("%s is due %s, before it begins %s", d.Clock.ID, d.Strict, d.From)
			}
			if d.State == Waiting && (!d.From.IsZero() || !d.At.IsZero()) || d.State == Running && d.From.IsZero() || d.Why == "" {
				t.Fatalf("%s is %s from %s to %s: %q", d.Clock.ID, d.State, d.From, d.At, d.Why)
			}
			if (d.State == Told) == d.SentAt.IsZero() {
				t.Fatalf("%s is %s, sent %s", d.Clock.ID, d.State, d.SentAt)
			}
			if !d.At.IsZero() && !places.of(d.Clock).Calendar.Works(d.NextWorking) {
				t.Fatalf("%s: the next working day %s is none", d.Clock.ID, d.NextWorking)
			}
		}
		for _, c := range clocks {
			if !seen[c.ID] && c.Needs == "" {
				t.Fatalf("%s is missing", c.ID)
			}
		}
	})
}

func TestOneRegimesFactsLeaveTheOthersAlone(t *testing.T) {
	t.Parallel()
	clocks := house(t)
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(clocks).Draw(t, "facts")
		family := rapid.SampledFrom(clocks).Draw(t, "of").Family
		own := slices.DeleteFunc(slices.Clone(f), func(x Fact) bool {
			i := slices.IndexFunc(clocks, func(c Clock) bool { return c.ID == x.Clock })
			return x.Regime != family && (i < 0 || clocks[i].Family != family)
		})
		foreign := func(all []Deadline) []Deadline {
			return slices.DeleteFunc(all, func(d Deadline) bool { return d.Clock.Family != family })
		}
		with, without := foreign(Deadlines(clocks, f, Places{})), foreign(Deadlines(clocks, own, Places{}))
		if diff := cmp.Diff(without, with, cmpopts.IgnoreUnexported(Clock{})); diff != "" {
			t.Fatalf("%s changed by others' facts (-alone +among others):\n%s", family, diff)
		}
	})
}

func TestTheFirstReportIsNeverDueLaterThanDORAAllows(t *testing.T) {
	t.Parallel()
	clocks := house(t)
	rapid.Check(t, func(t *rapid.T) {
		aware := anyInstant(t)
		took := time.Duration(rapid.IntRange(0, 72*60).Draw(t, "minutes to classify")) * time.Minute
		f := []Fact{{Event: Aware, Regime: "dora", At: aware}, {Event: Classified, Regime: "dora", At: aware.Add(took)}}
		i := slices.IndexFunc(clocks, func(c Clock) bool { return c.ID == "dora-initial" })
		due := Deadlines(clocks[i:i+1], f, Places{})[0].At.Sub(aware)
		want := took + 4*time.Hour
		if took <= 24*time.Hour {
			want = min(want, 24*time.Hour)
		}
		if due != want {
			t.Fatalf("classified after %s, due after %s, want %s", took, due, want)
		}
	})
}
