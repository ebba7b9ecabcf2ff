package playbook

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// What the study found is what is shown; its proposal is what we chose, and stands in the settings themselves.
func TestEverySourceOfTheCadenceIsNamed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../testdata/facts/cadence.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Source, Status string
		Rows           []map[string]any
	}
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, row := range rows {
		if row.Status == "proposal" || !slices.ContainsFunc(row.Rows, func(r map[string]any) bool {
			_, interval := r["interval_min"]
			_, investigating := r["investigating"]
			return interval || investigating
		}) {
			continue
		}
		shown++
		if !slices.ContainsFunc(CadenceSources, func(c CadenceSource) bool {
			first, _, _ := strings.Cut(strings.ToLower(c.Name), ",")
			return strings.HasPrefix(strings.ToLower(row.Source), first)
		}) && !strings.HasPrefix(row.Source, "Fastly") { // its intervals are a support contract's, not a status page's
			t.Errorf("%s is not named", row.Source)
		}
	}
	if shown < 6 {
		t.Errorf("only %d sources were looked at", shown)
	}
}
