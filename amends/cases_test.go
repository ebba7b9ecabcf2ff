package amends

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"candor/promise"
)

// Terms of real providers and worked cases were gathered apart from this code; it must agree with both.

func listed(t testing.TB, name string, into any) {
	t.Helper()
	text, err := os.ReadFile("../testdata/facts/" + name)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func contracts(t testing.TB) map[string]Terms {
	t.Helper()
	var list struct{ Terms []Terms }
	listed(t, "sla-terms.json", &list)
	if len(list.Terms) != 58 {
		t.Fatalf("%d terms, want 58", len(list.Terms))
	}
	all := map[string]Terms{}
	for _, terms := range list.Terms {
		if err := terms.Validate(); err != nil {
			t.Fatalf("%s: %v", terms.ID, err)
		}
		all[terms.ID] = terms
	}
	return all
}

// expected is what a case comes to; what JSON does not say is not compared.
type expected struct {
	Total    *string `json:"total_seconds"`
	Down     string  `json:"downtime_seconds"`
	Fraction string  `json:"uptime_fraction"`
	Printed  string  `json:"uptime_pct_2dp"`
	Row      *int    `json:"tier"`
	Pct      *string `json:"credit_pct"`
	Exact    string  `json:"credit_fraction"`
	Credit   string  `json:"credit"`
	Minor    int64   `json:"credit_minor"`
	Flags    []string
}

func (c Credit) expected() expected {
	e := expected{Down: Plain(c.Down), Row: c.Row, Exact: fraction(c.Exact), Credit: c.Amount(), Minor: c.Minor.Int64(), Flags: c.Flags}
	if c.Total != nil {
		total := Plain(c.Total)
		e.Total, e.Fraction, e.Printed = &total, fraction(c.Uptime), c.Printed()
	}
	if c.Pct != nil {
		pct := Plain(c.Pct)
		e.Pct = &pct
	}
	return e
}

func TestEveryWorkedCaseComesOutAsWorked(t *testing.T) {
	t.Parallel()
	all := contracts(t)
	var list struct {
		Cases []struct {
			Case
			Expected expected
		}
	}
	var raw struct{ Cases []json.RawMessage }
	listed(t, "sla-cases.json", &raw)
	list.Cases = slices.Grow(list.Cases, len(raw.Cases))[:len(raw.Cases)]
	for i, text := range raw.Cases {
		var want struct{ Expected expected }
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &list.Cases[i].Case); err != nil {
			t.Fatal(err)
		}
		list.Cases[i].Expected = want.Expected
	}
	if len(list.Cases) != 48 {
		t.Fatalf("%d cases, want 48", len(list.Cases))
	}
	for _, c := range list.Cases {
		t.Run(c.ID, func(t *testing.T) {
			got, err := all[c.Terms].Compute(c.Case)
			if err != nil {
				t.Fatal(err)
			}
			same(t, got.expected(), c.Expected)
		})
	}
}

func same(t *testing.T, got, want expected) {
	t.Helper()
	g, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	w, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if string(g) != string(w) {
		t.Errorf("got  %s\nwant %s", g, w)
	}
}

func TestEveryLookUpFindsItsRow(t *testing.T) {
	t.Parallel()
	all := contracts(t)
	var list struct {
		Rows []struct {
			Terms, At string
			Uptime    Number  `json:"uptime_pct"`
			Tier      *int    `json:"tier"`
			Pct       *Number `json:"credit_pct"`
			Gap       bool
		} `json:"tier_lookup"`
	}
	listed(t, "sla-cases.json", &list)
	if len(list.Rows) != 34 {
		t.Fatalf("%d look-ups, want 34", len(list.Rows))
	}
	for _, row := range list.Rows {
		got := all[row.Terms].Model.LookUp(row.Uptime.rat())
		if (got.Row == nil) != (row.Tier == nil) || got.Row != nil && *got.Row != *row.Tier || got.Pct.Cmp(row.Pct.rat()) != 0 || got.Gap != row.Gap {
			t.Errorf("%s, %s: got row %v, %s %%, gap %v", row.Terms, row.At, got.Row, Plain(got.Pct), got.Gap)
		}
	}
}

func TestEveryClaimEndsOnItsDay(t *testing.T) {
	t.Parallel()
	all := contracts(t)
	var list struct {
		Claims []struct {
			Terms    string
			Ended    promise.Day `json:"incident_end"`
			Holidays []promise.Day
			Deadline promise.Day
		} `json:"claim_deadlines"`
	}
	listed(t, "sla-cases.json", &list)
	if len(list.Claims) != 7 {
		t.Fatalf("%d claims, want 7", len(list.Claims))
	}
	for _, c := range list.Claims {
		if got, ok := all[c.Terms].ClaimBy(c.Ended, c.Holidays...); !ok || got != c.Deadline {
			t.Errorf("%s, ended %s: %s, want %s", c.Terms, c.Ended, got, c.Deadline)
		}
	}
}

func TestThePromisedUptimeLeavesThisManySeconds(t *testing.T) {
	t.Parallel()
	var list struct {
		Budgets []map[string]Number `json:"downtime_budget_seconds"`
	}
	listed(t, "sla-cases.json", &list)
	if len(list.Budgets) < 7 {
		t.Fatal(list)
	}
	for _, row := range list.Budgets {
		pct := row["pct"]
		for days, length := range map[string]time.Duration{"28d": 28, "29d": 29, "30d": 30, "31d": 31, "90d": 90, "365d": 365} {
			want := row[days]
			if got := Budget(pct.rat(), length*24*time.Hour); got.Cmp(want.rat()) != 0 {
				t.Errorf("%s %% of %s: %s, want %s", Plain(pct.rat()), days, Plain(got), Plain(want.rat()))
			}
		}
	}
}
