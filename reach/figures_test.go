package reach

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/money"
	"candor/settings"
)

// facts is the table that domain research left of call-downs, trees and effectiveness checks.
func facts(t *testing.T) (f struct {
	Attempts []struct {
		Per   string            `json:"per_attempt"`
		After map[string]string `json:"after"`
	} `json:"attempts_math"`
	Staffing []struct {
		Customers, Attempts, Minutes, Staff int
		Hours                               string
	} `json:"staffing"`
	Levels []struct{ Level, Contacted string } `json:"fda_levels"`
},
) {
	t.Helper()
	text, err := os.ReadFile("../testdata/facts/reach.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTwoHoursIntoAnOutageTheLeadReads(t *testing.T) {
	t.Parallel()
	got := Cover(slices.Values([]Standing{
		{Customers: 4000, Language: lang.English, Components: []id.Component{"hosting"}, Channel: audience.Email, Told: true, End: EndAcknowledged, Reason: WhyByLink},
		{Customers: 700, Language: lang.German, Components: []id.Component{"hosting", "mail"}, Channel: audience.SMS, Told: true, End: EndAcknowledged, Reason: WhyByReply},
		{Customers: 90, Language: lang.German, Components: []id.Component{"mail"}, Channel: settings.Person, End: EndSpokenWith, Reason: WhySpokenWith},
		{Customers: 22, Language: lang.English, Components: []id.Component{"mail"}, Channel: settings.Person, Told: true, Calling: true, Reason: WhyNoAck},
		{Customers: 3, Language: lang.English, Components: []id.Component{"mail"}, Channel: settings.Person, End: EndUnreachable, Reason: WhyNobodyAnswers},
	}))
	all := got.All
	if all.Affected != 4815 || all.Reached != 4790 || all.Calling != 22 || all.Ends[EndUnreachable] != 3 || all.Closed != 4793 || all.Told != 4812 || all.Open != 22 {
		t.Errorf("%+v", all)
	}
	if g := got.ByLanguage[lang.German]; g.Reached != 790 || g.Affected != 790 {
		t.Errorf("in German %+v", g)
	}
	if h, m := got.ByComponent["hosting"], got.ByComponent["mail"]; h.Affected != 4700 || m.Affected != 815 {
		t.Errorf("by component %+v %+v", h, m)
	}
	if got.ByChannel[settings.Person].Affected != 115 {
		t.Errorf("by channel %+v", got.ByChannel)
	}
	if faults := got.Faults(); faults != nil {
		t.Error(faults)
	}
	broken := got
	broken.All.Reached++
	if len(broken.Faults()) == 0 || len(broken.All.Faults()) == 0 {
		t.Error("a wrong figure goes unnoticed")
	}
}

func TestAShareNeverSaysMoreThanWeKnow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ some, all, want int64 }{{4814, 4815, 999}, {4815, 4815, 1000}, {0, 4815, 0}, {1, 4815, 0}, {2, 3, 666}} {
		if got, known := Share(c.some, c.all); !known || got != c.want {
			t.Errorf("%d of %d: %d", c.some, c.all, got)
		}
	}
	if _, known := Share(0, 0); known {
		t.Error("a share of nobody is known")
	}
}

func TestPatienceMakesUpForUnansweredCalls(t *testing.T) {
	t.Parallel()
	for _, row := range facts(t).Attempts {
		for attempts, want := range row.After {
			got := 100 * AfterAttempts(number(t, row.Per), int(number(t, attempts)))
			if math.Abs(got-number(t, want)) > 1e-9 {
				t.Errorf("%s attempts at %s: %v%%, want %s%%", attempts, row.Per, got, want)
			}
		}
	}
}

func TestTheHoursOfTheCallListAreKnownBeforehand(t *testing.T) {
	t.Parallel()
	for _, row := range facts(t).Staffing {
		l := settings.Ladder{
			Rungs: []settings.Rung{{Channel: settings.Person, Proof: settings.ProofSpokenWith}},
			Calls: settings.Calls{Most: row.Attempts, Minutes: row.Minutes},
		}
		climbers := make([]Climber, row.Customers)
		for i := range climbers {
			climbers[i].Telephone = true
		}
		got, known := Price(l, climbers, false, Answering{}).Most.Elapsed(row.Staff)
		if want := time.Duration(number(t, row.Hours) * float64(time.Hour)); !known || got != want {
			t.Errorf("%+v: %v", row, got)
		}
	}
	if _, known := (Cost{Work: time.Hour}).Elapsed(0); known {
		t.Error("nobody is done at some time")
	}
}

func euros(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func TestTheCostOfAClimbIsKnownBeforehand(t *testing.T) {
	t.Parallel()
	climbers := []Climber{
		{Caller: Caller{Customer: "a"}, Text: euros(2 * 8), Telephone: true}, // two parts at 8 cents
		{Caller: Caller{Customer: "b"}, Text: money.Amount{Minor: 900, Currency: "IDR"}, Voice: euros(5), Telephone: true},
		{Caller: Caller{Customer: "c"}},
	}
	got := Price(total, climbers, true, Answering{Machine: 0.5, Person: 0.5})
	if got.Customers != 3 || got.Most.Money["EUR"] != 16+2*5 || got.Most.Money["IDR"] != 900 || got.Most.Work != 2*3*4*time.Minute {
		t.Errorf("at most %+v", got.Most)
	}
	// Half answer the mail: a's text is 8 of 16; b's voice comes after mail and text, 1.25 and 0.625.
	if got.Expected.Money["EUR"] != 10 || got.Expected.Money["IDR"] != 450 {
		t.Errorf("expected %+v", got.Expected.Money)
	}
	if got.Expected.Work >= got.Most.Work || got.Expected.Work <= 0 {
		t.Errorf("expected %v of %v", got.Expected.Work, got.Most.Work)
	}
}

func TestWhenNotAllCanClimb(t *testing.T) {
	t.Parallel()
	one := func(name string, change func(*Climber)) Climber {
		c := Climber{Caller: Caller{Customer: id.Customer(name), Told: true, Fee: 100, Since: noon}, Text: euros(10)}
		change(&c)
		return c
	}
	climbers := []Climber{
		one("small", func(*Climber) {}),
		one("lost most", func(c *Climber) { c.Fee = 900 }),
		one("not told at all", func(c *Climber) { c.Told = false }),
		one("must act", func(c *Climber) { c.MustAct = true }),
		one("asked", func(c *Climber) { c.AskedAt = noon }),
	}
	texts := settings.Ladder{Rungs: []settings.Rung{{Channel: audience.Email, Attempts: 1}, {Channel: audience.SMS, Attempts: 1}}}
	for _, c := range []struct {
		cents int64
		want  []id.Customer
	}{
		{50, []id.Customer{"asked", "must act", "not told at all", "lost most", "small"}},
		{49, []id.Customer{"asked", "must act", "not told at all", "lost most"}},
		{25, []id.Customer{"asked", "must act"}},
		{0, nil},
	} {
		climb, rest := Afford(texts, climbers, false, Budget{Money: map[string]int64{"EUR": c.cents}})
		var names []id.Customer
		for _, x := range climb {
			names = append(names, x.Customer)
		}
		if !slices.Equal(names, c.want) || len(climb)+len(rest) != len(climbers) {
			t.Errorf("for %d cents climb %v, %d rest", c.cents, names, len(rest))
		}
	}
	if (Budget{Money: map[string]int64{"EUR": 100}}).Fits(Cost{Money: map[string]int64{"USD": 1}}) {
		t.Error("dollars come out of a budget of euros")
	}
}

func TestHowManyAreAskedAfterwards(t *testing.T) {
	t.Parallel()
	for _, row := range facts(t).Levels {
		switch row.Contacted {
		case "100%", "10%", "2%":
			if want := row.Contacted; fmt.Sprintf("%d%%", percent[Level(row.Level)]) != want {
				t.Errorf("level %s asks %d%%, want %s", row.Level, percent[Level(row.Level)], want)
			}
		case "none":
			if percent[Level(row.Level)] != 0 {
				t.Errorf("level %s asks somebody", row.Level)
			}
		}
	}
	for _, c := range []struct {
		what   string
		kind   incident.Kind
		impact incident.Impact
		n      int
		want   int
	}{
		{"a total outage of a small company: everybody", incident.Outage, incident.ImpactCritical, 120, 120},
		{"of a large one: four hundred", incident.Outage, incident.ImpactCritical, 4815, 400},
		{"data touched, however few", incident.Data, incident.ImpactMinor, 30, 30},
		{"money touched", incident.Billing, incident.ImpactMinor, 100_000, 400},
		{"major: one in ten", incident.Outage, incident.ImpactMajor, 1234, 124},
		{"major and large", incident.Outage, incident.ImpactMajor, 1_000_000, 400},
		{"minor: one in fifty", incident.Outage, incident.ImpactMinor, 1234, 25},
		{"planned work: nobody", incident.Maintenance, incident.ImpactMaintenance, 1234, 0},
		{"nobody hit: nobody", incident.Outage, incident.ImpactNone, 1234, 0},
	} {
		if got := SampleSize(LevelOf(c.kind, c.impact), c.n); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
	}
}

func TestASampleIsChanceThatCanBeRecomputed(t *testing.T) {
	t.Parallel()
	customers := make([]id.Customer, 1000)
	for i := range customers {
		customers[i] = id.Customer(fmt.Sprintf("cus_%04d", i))
	}
	one := Sample("inc_1", 100, customers)
	shuffled := append(slices.Clone(customers), customers[:50]...) // doubles change nothing
	slices.Reverse(shuffled)
	if !slices.Equal(one, Sample("inc_1", 100, shuffled)) || len(one) != 100 || !slices.IsSorted(one) {
		t.Error("another order, another sample")
	}
	if slices.Equal(one, Sample("inc_2", 100, customers)) {
		t.Error("another seed, the same sample")
	}
	if len(Sample("x", 5000, customers)) != 1000 || len(Sample("x", 0, customers)) != 0 {
		t.Error("more than there are, or nobody")
	}
	// Each is drawn as often as another: 1,000 draws of one in ten make 100 ± 9.5 each; 6 deviations never come by chance.
	counts := map[id.Customer]int{}
	for seed := range 1000 {
		for _, c := range Sample(fmt.Sprint(seed), 100, customers) {
			counts[c]++
		}
	}
	for c, n := range counts {
		if n < 43 || n > 157 {
			t.Errorf("%s was drawn %d times in 1,000", c, n)
		}
	}
}

func TestFourHundredAnswersKnowItToFivePoints(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what            string
		yes, asked, all int
		least, most     float64
	}{
		{"400 of a million, half yes", 200, 400, 1_000_000, 4.8, 5},
		{"400 of 500", 200, 400, 500, 2, 2.3},
		{"everybody", 60, 120, 120, 0, 0},
		{"all of 20 said yes: not certainly everybody", 20, 20, 1000, 8, 12},
	} {
		got, known := Margin(c.yes, c.asked, c.all)
		if !known || got < c.least || got > c.most {
			t.Errorf("%s: ±%.2f", c.what, got)
		}
	}
	for _, c := range [][3]int{{0, 0, 10}, {2, 1, 10}, {-1, 1, 10}, {1, 11, 10}} {
		if _, known := Margin(c[0], c[1], c[2]); known {
			t.Errorf("%v is known", c)
		}
	}
}
