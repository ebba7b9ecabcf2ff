package component

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/id"
)

func TestTheTreeShowsWhatItMay(t *testing.T) {
	t.Parallel()
	all := []Component{
		{ID: "web", Group: true, Position: 2},
		{ID: "api", GroupID: "web", Position: 2, Status: PartialOutage},
		{ID: "site", GroupID: "web", Position: 1, Status: Operational},
		{ID: "mail", Position: 1, Status: Operational},
		{ID: "secret", GroupID: "web", Private: true, Status: MajorOutage},
		{ID: "old", GroupID: "web", ArchivedAt: time.Unix(1, 0), Status: MajorOutage},
		{ID: "lost", GroupID: "nowhere", Position: 9, Status: Unknown},
		{ID: "hidden", Group: true, Private: true, Position: 3},
		{ID: "in hidden", GroupID: "hidden", Status: MajorOutage},
		{ID: "empty", Group: true, Position: 4},
	}
	type row struct {
		ID     id.Component
		Status Status
		Within []row
	}
	var flat func([]Node) []row
	flat = func(nodes []Node) (out []row) {
		for _, n := range nodes {
			out = append(out, row{n.ID, n.Status, flat(n.Children)})
		}
		return out
	}
	want := []row{
		{"mail", Operational, nil},
		{"web", PartialOutage, []row{{"site", Operational, nil}, {"api", PartialOutage, nil}}},
		{"empty", Unknown, nil},
		{"lost", Unknown, nil},
	}
	if diff := cmp.Diff(want, flat(Tree(all, false))); diff != "" {
		t.Error(diff)
	}
	if got := len(Leaves(Tree(all, true))); got != 6 {
		t.Errorf("staff see %d leaves, want 6: all but the archived one", got)
	}
}

func TestRollupOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		leaves    []Status
		indicator string
		says      string
	}{
		{"every one out", []Status{MajorOutage, MajorOutage}, "critical", "Major Service Outage"},
		{"nine of eleven is still partial", []Status{MajorOutage, Operational}, "major", "Partial System Outage"},
		{"a partial outage", []Status{PartialOutage, Degraded, Operational}, "minor", "Minor Service Outage"},
		{"degraded", []Status{Degraded, Maintenance}, "minor", "Partially Degraded Service"},
		{"unknown is told as degraded, never as working", []Status{Unknown, Operational}, "minor", "Partially Degraded Service"},
		{"maintenance", []Status{Maintenance, Operational}, "maintenance", "Service Under Maintenance"},
		{"all well", []Status{Operational}, "none", "All Systems Operational"},
		{"no components", nil, "none", "All Systems Operational"},
	} {
		var leaves []Component
		for _, s := range c.leaves {
			leaves = append(leaves, Component{Status: s})
		}
		if got := RollupOf(leaves); got != (Rollup{c.indicator, c.says}) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
