package settings_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"candor/audience"
	"candor/incident"
	"candor/problem"
	"candor/settings"
)

func TestEveryDefaultLadderCouldHaveBeenTyped(t *testing.T) {
	t.Parallel()
	s := settings.Defaults()
	s.Ladders = settings.Ladders{}
	for _, kind := range incident.Kinds {
		for _, impact := range append(incident.Impacts[:], incident.ImpactMaintenance) {
			s.Ladders[settings.LadderName(kind, impact)] = settings.DefaultLadder(kind, impact)
		}
		s.Ladders[string(kind)] = settings.DefaultLadder(kind, "")
	}
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back settings.Settings
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, back); diff != "" {
		t.Errorf("stored and read back (-want +got):\n%s", diff)
	}
}

func TestTheNearestLadderHolds(t *testing.T) {
	t.Parallel()
	mark := func(hours time.Duration) settings.Ladder {
		l := settings.DefaultLadder(incident.Outage, incident.ImpactMinor)
		l.Longest = hours * time.Hour
		return l
	}
	s := settings.Defaults()
	s.Ladders = settings.Ladders{"outage/critical": mark(1), "outage": mark(2)}
	for name, c := range map[string]struct {
		kind   incident.Kind
		impact incident.Impact
		want   time.Duration
	}{
		"what was edited for kind and impact": {incident.Outage, incident.ImpactCritical, time.Hour},
		"what was edited for the kind":        {incident.Outage, incident.ImpactMajor, 2 * time.Hour},
		"the default where nothing was":       {incident.Data, incident.ImpactMajor, 7 * 24 * time.Hour},
	} {
		if got := s.Ladder(c.kind, c.impact).Longest; got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestADefaultLadderLeavesNobodyToMachines(t *testing.T) {
	t.Parallel()
	for _, kind := range []incident.Kind{incident.Outage, incident.Data, incident.Security, incident.Billing} {
		l := settings.DefaultLadder(kind, incident.ImpactCritical)
		if last := l.Rungs[len(l.Rungs)-1]; last.Channel != settings.Person || last.Proof != settings.ProofSpokenWith {
			t.Errorf("%s ends with %+v", kind, last)
		}
	}
	// Arizona's call-down drills ask for 90% within the hour: people must have begun well before it is over.
	var begun time.Duration
	for _, r := range settings.DefaultLadder(incident.Outage, incident.ImpactCritical).Rungs {
		begun += r.After
	}
	if begun > 40*time.Minute {
		t.Errorf("people begin to call after %v", begun)
	}
}

func TestWhatALadderMayBe(t *testing.T) {
	t.Parallel()
	type change = func(*settings.Ladder)
	for name, c := range map[string]struct {
		change change
		fields []string // refused, all at once; none: accepted
	}{
		"the default":                    {func(*settings.Ladder) {}, nil},
		"no rung":                        {func(l *settings.Ladder) { l.Rungs = nil }, []string{"rungs"}},
		"a pigeon":                       {func(l *settings.Ladder) { l.Rungs[1].Channel = "pigeon" }, []string{"rungs.2.channel"}},
		"the same channel twice":         {func(l *settings.Ladder) { l.Rungs[1].Channel = audience.Email }, []string{"rungs.2.channel"}},
		"a person before a machine":      {func(l *settings.Ladder) { l.Rungs[4], l.Rungs[5] = l.Rungs[5], l.Rungs[4] }, []string{"rungs.5.channel"}},
		"a first word held back":         {func(l *settings.Ladder) { l.Rungs[0].After = time.Hour }, []string{"rungs.1.after"}},
		"half a minute":                  {func(l *settings.Ladder) { l.Rungs[3].After = 30 * time.Second }, []string{"rungs.4.after"}},
		"three voice calls":              {func(l *settings.Ladder) { l.Rungs[4].Attempts = 3 }, []string{"rungs.5.attempts"}},
		"attempts of a person":           {func(l *settings.Ladder) { l.Rungs[5].Attempts = 3 }, []string{"rungs.6.attempts"}},
		"two texts in one moment":        {func(l *settings.Ladder) { l.Rungs[3].Attempts = 2 }, []string{"rungs.4.interval"}},
		"a delivered mail":               {func(l *settings.Ladder) { l.Rungs[0].Proof = settings.ProofDelivered }, []string{"rungs.1.proof"}},
		"a text that was delivered":      {func(l *settings.Ladder) { l.Rungs[3].Proof = settings.ProofDelivered }, nil},
		"a mail that was spoken with":    {func(l *settings.Ladder) { l.Rungs[0].Proof = settings.ProofSpokenWith }, []string{"rungs.1.proof"}},
		"no call at all":                 {func(l *settings.Ladder) { l.Calls.Most = 0 }, []string{"calls"}},
		"call after call":                {func(l *settings.Ladder) { l.Calls.Cooldown = 0 }, []string{"calls.cooldown"}},
		"no end":                         {func(l *settings.Ladder) { l.Longest = 0 }, []string{"longest"}},
		"twenty-five o'clock":            {func(l *settings.Ladder) { l.Quiet.From = 25 * 60 }, []string{"quiet.from"}},
		"no quiet hours":                 {func(l *settings.Ladder) { l.Quiet.From, l.Quiet.Until = 0, 0 }, nil},
		"an exception nobody knows":      {func(l *settings.Ladder) { l.Quiet.Unless = []settings.Exception{"marketing"} }, []string{"quiet.unless"}},
		"several faults, said together":  {func(l *settings.Ladder) { l.Longest, l.Calls.Cooldown, l.Rungs[0].Attempts = 0, 0, 0 }, []string{"calls.cooldown", "longest", "rungs.1.attempts"}},
		"everything at once, to a phone": {func(l *settings.Ladder) { l.Rungs[3].After, l.Rungs[4].After = 0, 0 }, nil},
	} {
		s := settings.Defaults()
		l := settings.DefaultLadder(incident.Outage, incident.ImpactCritical)
		c.change(&l)
		s.Ladders = settings.Ladders{"outage/critical": l}
		var fields []string
		for _, p := range problem.All(s.Validate()) {
			fields = append(fields, p.Field)
		}
		slices.Sort(fields)
		var want []string
		for _, f := range c.fields {
			want = append(want, "ladders.outage/critical."+f)
		}
		if diff := cmp.Diff(want, fields); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for name, valid := range map[string]bool{"outage/minor": true, "maintenance/maintenance": true, "data": true, "quake": false, "outage/huge": false, "outage/": false, "": false} {
		s := settings.Defaults()
		s.Ladders = settings.Ladders{name: settings.DefaultLadder(incident.Outage, incident.ImpactMinor)}
		if got := s.Validate() == nil; got != valid {
			t.Errorf("a ladder for %q: accepted %v", name, got)
		}
	}
}

// Where clocks do odd things: half hours, two zones of one country, no summer time, a day skipped, changes at midnight.
var zones = []string{
	"UTC", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Jakarta", "Asia/Kathmandu", "Australia/Lord_Howe",
	"America/Havana", "America/St_Johns", "Pacific/Apia", "Asia/Taipei", "Africa/Cairo",
}

func location(t interface{ Fatal(...any) }, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// The end of the night is what a person with a watch in every zone would find by looking each minute.
func TestTheNightEndsWhenEveryWallSaysSo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := settings.Quiet{From: settings.Clock(rapid.IntRange(0, 1439).Draw(t, "from")), Until: settings.Clock(rapid.IntRange(0, 1439).Draw(t, "until"))}
		var where []*time.Location
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(zones), 1, 2, rapid.ID).Draw(t, "zones") {
			where = append(where, location(t, name))
		}
		now := time.Unix(rapid.Int64Range(1262304000, 1893456000).Draw(t, "now")/60*60, 0).UTC()
		// Half of the cases lie around a change of the clocks.
		if rapid.Bool().Draw(t, "near a change") {
			if _, change := now.In(where[0]).ZoneBounds(); !change.IsZero() {
				now = change.UTC().Truncate(time.Minute).Add(-time.Duration(rapid.IntRange(-300, 1500).Draw(t, "minutes before")) * time.Minute)
			}
		}
		quiet := func(at time.Time) bool {
			for _, loc := range where {
				minute := settings.Clock(at.In(loc).Hour()*60 + at.In(loc).Minute())
				if q.From <= q.Until && q.From <= minute && minute < q.Until || q.From > q.Until && (q.From <= minute || minute < q.Until) {
					return true
				}
			}
			return false
		}
		want := now
		for n := 0; quiet(want) && n < 3*24*60; n++ {
			want = want.Add(time.Minute)
		}
		if quiet(want) {
			return // two nights that leave no hour of the day: only Longest ends such a chase
		}
		if got := q.Over(now, where...); !got.Equal(want) {
			t.Fatalf("from %v until %v in %v: at %v the night is over at %v, want %v", q.From, q.Until, where, now, got, want)
		}
		next := want
		for n := 0; !quiet(next) && n < 3*24*60; n++ {
			next = next.Add(time.Minute)
		}
		if begins := q.Begins(want, where...); quiet(next) && !begins.Equal(next) || q.From == q.Until && !begins.IsZero() {
			t.Fatalf("from %v until %v in %v: after %v the next night begins at %v, want %v", q.From, q.Until, where, want, begins, next)
		}
	})
}

func TestQuietHoursAreWrittenAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]settings.Clock{"21:00": 21 * 60, "7:30": 7*60 + 30, " 08:05 ": 8*60 + 5, "00:00": 0} {
		var got settings.Clock
		if err := got.UnmarshalText([]byte(typed)); err != nil || got != want {
			t.Errorf("%q: got %v, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"24:00", "8", "8pm", "-1:00", ""} {
		var got settings.Clock
		if got.UnmarshalText([]byte(typed)) == nil {
			t.Errorf("%q was read as %v", typed, got)
		}
	}
}
