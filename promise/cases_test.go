package promise

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The worked deadlines and the list of duties were gathered apart from this code; it must agree with both.

func listed(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile("../testdata/facts/" + name)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func house(t testing.TB) []Clock {
	t.Helper()
	clocks, err := Clocks()
	if err != nil {
		t.Fatal(err)
	}
	return clocks
}

func calendars(t testing.TB) []Calendar {
	t.Helper()
	all, err := Calendars()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func region(t testing.TB, name string) Calendar {
	t.Helper()
	for _, c := range calendars(t) {
		if c.Region == name {
			return c
		}
	}
	t.Fatalf("no region %q", name)
	return Calendar{}
}

func find(t testing.TB, all []Deadline, c ClockID) Deadline {
	t.Helper()
	for _, d := range all {
		if d.Clock.ID == c {
			return d
		}
	}
	t.Fatalf("no deadline for %s", c)
	return Deadline{}
}

func TestEveryWorkedDeadlineComesOutAsWorked(t *testing.T) {
	t.Parallel()
	var cases []struct {
		ID, Rule, Deadline                                string
		Aware, Material, Notified, Classified, Discovered string
		Holidays                                          []Day
	}
	listed(t, "promise_cases.json", &cases)
	if len(cases) < 6 {
		t.Fatalf("%d cases, want 6 or more", len(cases))
	}
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			regime, _, _ := strings.Cut(c.Rule, "-")
			var recorded []Fact
			for event, when := range map[Event]string{
				Aware: c.Aware, Material: c.Material, Classified: c.Classified, Discovered: c.Discovered,
			} {
				if when != "" {
					recorded = append(recorded, Fact{Event: event, Regime: Regime(regime), At: moment(t, when)})
				}
			}
			if c.Notified != "" {
				recorded = append(recorded, Fact{Event: Submitted, Clock: "nis2-notice", At: moment(t, c.Notified)})
			}
			places := Places{Regions: calendars(t)}
			if c.Holidays != nil { // the case brings its own
				places.Regions = []Calendar{{Region: "us", Dates: c.Holidays}}
			}
			d := find(t, Deadlines(house(t), recorded, places), ClockID(c.Rule))
			if len(c.Deadline) == len(time.DateOnly) {
				got := DayOf(d.At, places.of(d.Clock).zone()).String()
				if got != c.Deadline {
					t.Errorf("due on %s, want %s", got, c.Deadline)
				}
				return
			}
			if want := moment(t, c.Deadline); !d.At.Equal(want) {
				t.Errorf("due %s, want %s (%s)", d.At, want, d.Why)
			}
		})
	}
}

// moment reads an instant; a day alone is its noon, at sea.
func moment(t testing.TB, s string) time.Time {
	t.Helper()
	if len(s) == len(time.DateOnly) {
		s += "T12:00:00Z"
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestEveryDutyOfTheListIsAClock(t *testing.T) {
	t.Parallel()
	type duty struct {
		ID, Regime, Step, Trigger, Unit, Recipient, Status, Source, Notes string
		Amount                                                            int
		Content                                                           string
	}
	var list struct{ Promises []duty }
	listed(t, "promises.json", &list)
	if len(list.Promises) != 26 {
		t.Fatalf("%d duties, want 26", len(list.Promises))
	}
	clocks := house(t)
	for _, want := range list.Promises {
		if want.Source == "-" {
			want.Source = ""
		}
		i := 0
		for i < len(clocks) && string(clocks[i].ID) != want.ID {
			i++
		}
		if i == len(clocks) {
			t.Errorf("no clock %s", want.ID)
			continue
		}
		c := clocks[i]
		got := duty{
			string(c.ID), c.Regime, c.Step, c.Trigger, string(c.Unit), c.Recipient, string(c.Status), c.Source, c.Notes,
			c.Amount, want.Content, // the content became a checklist
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-list +clock):\n%s", want.ID, diff)
		}
		if want.Content != "-" && want.Content != "as above" && !strings.HasPrefix(want.Content, "then ") && len(c.Checklist) == 0 {
			t.Errorf("%s: nothing says what it has to contain: %q", want.ID, want.Content)
		}
	}
}
