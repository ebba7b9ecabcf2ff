package promise

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// What the documentation says is what the code does.

func document(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../docs/promises.md")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(text), "\n")
}

func TestTheDocumentListsEveryClockAsItIs(t *testing.T) {
	t.Parallel()
	lines := document(t)
	for _, c := range house(t) {
		if row := inWords(c); !slices.Contains(lines, row) {
			t.Errorf("docs/promises.md lacks the row\n%s", row)
		}
	}
	for e := range events() {
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "| `"+string(e)+"` |") }) {
			t.Errorf("docs/promises.md does not explain %s", e)
		}
	}
}

// events are those some clock of the house starts at.
func events() map[Event]bool {
	all := map[Event]bool{}
	clocks, _ := Clocks()
	for _, c := range clocks {
		all[c.Starts] = true
	}
	return all
}

func inWords(c Clock) string {
	start, length := "`"+string(c.Starts)+"`", inFigures(c.Period)
	if c.Starts == Submitted {
		start = "`" + string(c.Of) + "` submitted"
	}
	if c.Latest {
		start += " last"
	}
	if c.FromYearEnd {
		start = "end of the year of " + start
	}
	if c.Needs != "" {
		start += ", after `" + string(c.Needs) + "`"
	}
	if c.Cap != nil {
		length += ", at most " + inFigures(c.Cap.Period) + " from `" + string(c.Cap.Event) + "`"
	}
	if c.Instead != "" {
		length += "; `" + string(c.Instead) + "` does as well"
	}
	return "| `" + strings.Join([]string{string(c.ID) + "`", c.Regime, c.Step, start, length, c.Recipient, string(c.Status)}, " | ") + " |"
}

func inFigures(p Period) string {
	unit := strings.ReplaceAll(string(p.Unit), "_", " ")
	switch p.Amount {
	case 0:
		return unit
	case 1:
		return "1 " + strings.TrimSuffix(unit, "s")
	}
	return fmt.Sprintf("%d %s", p.Amount, unit)
}

func TestTheDocumentedPoliciesAreTheHouses(t *testing.T) {
	t.Parallel()
	lines := document(t)
	for _, k := range Kinds() {
		policy := PolicyOf(k)
		var before []string
		for _, d := range policy.Before {
			before = append(before, figures(k, d))
		}
		ends := fmt.Sprintf("| %s | %s |", strings.Join(before, ", "), figures(k, policy.After))
		if !slices.ContainsFunc(lines, func(l string) bool {
			return strings.HasPrefix(l, "| `"+string(k)+"` |") && strings.HasSuffix(l, ends)
		}) {
			t.Errorf("docs/promises.md does not say of %s: %s", k, ends)
		}
	}
}

// figures writes a length as the table does: a law's day is 24 hours, everybody else's a day.
func figures(k Kind, d time.Duration) string {
	switch days := d / day; {
	case d%day == 0 && k != LegalNotice && days == 1:
		return "1 day"
	case d%day == 0 && k != LegalNotice:
		return fmt.Sprintf("%d days", days)
	case d%hour == 0:
		return fmt.Sprintf("%d h", d/hour)
	}
	return fmt.Sprintf("%d min", d/time.Minute)
}
