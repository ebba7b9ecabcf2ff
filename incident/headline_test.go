package incident

import (
	"testing"

	"pgregory.net/rapid"

	"candor/component"
)

// T5: whatever the state, the headline is never better than what anybody knows to be wrong.
func TestTheHeadlineIsNeverGreenerThanTheWorst(t *testing.T) {
	t.Parallel()
	status := rapid.SampledFrom(component.Statuses[:])
	trouble := rapid.Custom(func(t *rapid.T) Incident {
		i := Incident{Kind: rapid.SampledFrom(Kinds[:]).Draw(t, "kind")}
		i.Status = rapid.SampledFrom(i.Kind.Statuses()).Draw(t, "phase")
		for _, s := range rapid.SliceOfN(status, 0, 3).Draw(t, "affected") {
			i.Affected = append(i.Affected, Affected{Status: s})
		}
		before := rapid.SampledFrom(Impacts[:]).Draw(t, "before")
		i.Impact = ImpactOf(i.Kind, before, i.Affected, 4, rapid.Bool().Draw(t, "cannot work"))
		return i
	})
	least := map[Impact]component.Status{
		ImpactMinor: component.Degraded, ImpactMajor: component.PartialOutage, ImpactCritical: component.MajorOutage,
	}
	rapid.Check(t, func(t *rapid.T) {
		var leaves []component.Component
		for _, s := range rapid.SliceOfN(status, 0, 5).Draw(t, "leaves") {
			leaves = append(leaves, component.Component{Status: s})
		}
		open := rapid.SliceOfN(trouble, 0, 4).Draw(t, "incidents")
		missing := rapid.Bool().Draw(t, "missing")
		got := Headline(leaves, open, missing)
		for _, c := range leaves {
			if c.Status.Worse(got) {
				t.Fatalf("%s over a component in %s", got, c.Status)
			}
		}
		for _, i := range open {
			if i.Open() && i.Status != Scheduled && least[i.Impact] != "" && least[i.Impact].Worse(got) {
				t.Fatalf("%s over an open incident of impact %s", got, i.Impact)
			}
			if i.Open() && i.Status != Scheduled && got == component.Operational {
				t.Fatalf("a tick over an open %s", i.Kind)
			}
		}
		if (missing || len(leaves)+len(open) == 0) && !got.Worse(component.Maintenance) && got != component.Unknown {
			t.Fatalf("%s although nobody can tell", got)
		}
	})
}

func TestWhatAHeadlineSays(t *testing.T) {
	t.Parallel()
	up := []component.Component{{Status: component.Operational}, {Status: component.Operational}}
	for _, c := range []struct {
		name    string
		open    []Incident
		missing bool
		want    component.Status
	}{
		{"everything works", nil, false, component.Operational},
		{"nobody can tell", nil, true, component.Unknown},
		{"a billing error shows although every component is up", []Incident{{Kind: Billing, Status: Investigating, Impact: ImpactNone}}, false, component.Degraded},
		{"what is resolved weighs nothing", []Incident{{Kind: Outage, Status: Resolved, Impact: ImpactCritical}}, false, component.Operational},
		{"a maintenance next week weighs nothing", []Incident{{Kind: Maintenance, Status: Scheduled}}, false, component.Operational},
		{"a maintenance in progress is one", []Incident{{Kind: Maintenance, Status: InProgress}}, false, component.Maintenance},
		{"customers cannot work until it is resolved", []Incident{{Kind: Outage, Status: Monitoring, Impact: ImpactCritical}}, false, component.MajorOutage},
	} {
		if got := Headline(up, c.open, c.missing); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if got := Headline(nil, nil, false); got != component.Unknown {
		t.Errorf("a page without components: %s, want unknown", got)
	}
}

func TestImpactOf(t *testing.T) {
	t.Parallel()
	a := func(all ...component.Status) (out []Affected) {
		for _, s := range all {
			out = append(out, Affected{Status: s})
		}
		return out
	}
	for _, c := range []struct {
		name   string
		kind   Kind
		before Impact
		now    []Affected
		cannot bool
		want   Impact
	}{
		{"nothing affected is none", Outage, "", nil, false, ImpactNone},
		{"degraded is minor", Outage, "", a(component.Degraded), false, ImpactMinor},
		{"partial is minor", Outage, "", a(component.PartialOutage), false, ImpactMinor},
		{"a major outage is major", Outage, "", a(component.Degraded, component.MajorOutage), false, ImpactMajor},
		{"every component out is critical", Outage, "", a(component.MajorOutage, component.MajorOutage, component.MajorOutage), false, ImpactCritical},
		{"customers who cannot work make it critical", Outage, "", a(component.Degraded), true, ImpactCritical},
		{"recovery does not lessen it", Outage, ImpactMajor, a(component.Operational), false, ImpactMajor},
		{"a billing error harms somebody", Billing, "", nil, false, ImpactMinor},
		{"maintenance is maintenance", Maintenance, "", a(component.MajorOutage), false, ImpactMaintenance},
	} {
		if got := ImpactOf(c.kind, c.before, c.now, 3, c.cannot); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
