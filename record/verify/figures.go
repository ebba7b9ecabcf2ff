package verify

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"candor/component"
	"candor/promise"
)

// compareComponents holds the status the page gives each component against the last one recorded.
func (t Task) compareComponents(ctx context.Context, f *facts) (n int, err error) {
	const path = "api/v2/components.json"
	var doc struct {
		Components []struct {
			ID, Status string
			Group      bool
		}
	}
	if absent, err := readJSON(ctx, t.Page, path, &doc); err != nil || absent {
		return 0, err
	}
	for _, c := range doc.Components {
		if c.Group {
			continue
		}
		want, known := f.components[c.ID]
		if want == string(component.Unknown) {
			want = string(component.Degraded) // what Statuspage's readers are told: they know no unknown
		}
		switch {
		case f.awaits("interval " + c.ID + " "):
		case !known:
			return n, moved(differs(path, -1, "it shows the component %s, of which the record knows nothing", c.ID))
		case want != c.Status:
			return n, moved(differs(path, -1, "it says %s of the component %s; what was recorded is %s", c.Status, c.ID, want))
		}
		n++
	}
	return n, nil
}

// A month of promises as the page counts them.
type promised struct {
	Month     string `json:"month"`
	Made      int    `json:"made"`
	Kept      int    `json:"kept"`
	KeptLate  int    `json:"kept_late"`
	Overdue   int    `json:"overdue"`
	Automatic int    `json:"automatic"`
	Dropped   int    `json:"dropped"`
	Pending   int    `json:"pending"`
}

// comparePromises counts the promises of each month again from the log.
func (t Task) comparePromises(ctx context.Context, f *facts) (n int, err error) {
	home, err := t.readPage(ctx, t.Page, "")
	if err != nil {
		return 0, err
	}
	var site struct{ Page struct{ Time_zone string } } //nolint:revive // Statuspage's name
	if absent, err := readJSON(ctx, t.Page, "api/v2/status.json", &site); err != nil || absent {
		return 0, err
	}
	zone, err := time.LoadLocation(zoneOf(site.Page.Time_zone))
	if err != nil {
		return 0, nil //nolint:nilerr // a zone this machine does not know: the months cannot be told apart
	}
	path := home.path() + "promises.json"
	var doc struct {
		AsOf   time.Time `json:"as_of"`
		Months []promised
	}
	if absent, err := readJSON(ctx, t.Page, path, &doc); err != nil || absent {
		return 0, err
	}
	recorded := map[string][]promise.Promise{}
	for _, p := range f.promises {
		month := p.MadeAt.In(zone).Format("2006-01")
		recorded[month] = append(recorded[month], *p)
	}
	for _, shown := range doc.Months {
		all := recorded[shown.Month]
		tally := promise.Count(all, doc.AsOf)
		want := promised{shown.Month, tally.Made, tally.Kept, tally.KeptLate, tally.Overdue, tally.Automatic, tally.Dropped, tally.Pending}
		if shown != want && !f.awaits("promise_") {
			return n, moved(differs(path, -1, "of the promises made in %s it counts %+v; what was recorded is %+v", shown.Month, shown, want))
		}
		n += len(all)
	}
	return n, nil
}

// zoneOf accepts the name of a zone as the page spells it.
func zoneOf(name string) string { return orElse(name, "UTC") }

func readJSON(ctx context.Context, from Source, path string, into any) (absent bool, err error) {
	b, err := from(ctx, path)
	if errors.Is(err, ErrAbsent) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return false, differs(path, -1, "it is no JSON: %v", err)
	}
	return false, nil
}
