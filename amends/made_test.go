package amends

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// A maker of cases and of contracts that nobody signed yet.
type maker struct{ *rand.Rand }

func (m maker) toss() bool { return m.IntN(2) == 0 }

func pick[T any](m maker, from ...T) T { return from[m.IntN(len(from))] }

func exact(text string) *Number {
	var n Number
	if err := n.UnmarshalJSON([]byte(text)); err != nil {
		panic(err)
	}
	return &n
}

func (m maker) terms(list []Terms) Terms {
	t := pick(m, list...)
	if m.IntN(3) > 0 { // the rest is as printed
		strict := m.toss()
		t.Counted = pick(m, Count{Kind: EachSecond}, Count{Kind: WholeMinutes, MinS: exact(pick(m, "60", "300"))},
			Count{Kind: MinDuration, OverS: exact(pick(m, "60", "300"))}, Count{Kind: RoundUp, UnitS: exact("900")},
			Count{Kind: RoundNearest, UnitS: exact(pick(m, "1800", "7"))}, Count{Kind: FullIntervals, IntervalS: exact(pick(m, "300", "60"))},
			Count{Kind: ErrorMinutes, Threshold: exact(pick(m, "5", "50", "12.5")), Strict: &strict}, Count{Kind: ErrorRates, IntervalS: exact("300")})
		t.Overlap = pick(m, "", Union, PerComponent)
		if k := t.Counted.Kind; (k == EachSecond || k == ErrorMinutes || k == ErrorRates) && m.toss() {
			t.Overlap = Heaviest
		}
		t.Maintenance = pick(m, Counts, NotDowntime, OutOfTheSpan, IfDefined)
	}
	if t.Maintenance == IfDefined {
		t.Defined = &Maintaining{NoticeHours: exact("72"), MostSecondsS: exact(pick(m, "3600", "600", "1"))}
	}
	return t
}

// Zones and months in which something is odd: half an hour's distance, a change of the clock at midnight, twice, or by half an hour.
var (
	oddZones  = []string{"UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Havana", "America/Asuncion", "Asia/Taipei", "Pacific/Apia"}
	oddMonths = []string{"2024-02", "2023-02", "2024-03", "2024-04", "2024-10", "2024-11", "2024-12", "2020-11", "2011-12", "2017-10"}
)

func (m maker) theCase(t Terms) Case {
	c := Case{
		ID: "made", Terms: t.ID, Fee: exact(fmt.Sprintf("%d.%02d", m.IntN(2000), m.IntN(100))), Currency: pick(m, "EUR", "USD", "JPY", "KWD", "CLF"),
		Renewal: exact("119.40"), Month: pick(m, oddMonths...), Zone: pick(m, oddZones...),
	}
	if c.Currency == "JPY" {
		c.Fee = exact(fmt.Sprint(m.IntN(200_000)))
	}
	first, err := time.Parse("2006-01", c.Month)
	if err != nil {
		panic(err)
	}
	// At the beginning or the end of the month, where the clock changes, or anywhere.
	around := pick(m, first, first.AddDate(0, 1, 0), first.AddDate(0, 0, 26), first.Add(time.Duration(m.IntN(28*86400))*time.Second))
	stretch := func(longest int) (start, end time.Time) {
		start = around.Add(time.Duration(m.IntN(6*3600)-3*3600) * time.Second)
		if m.IntN(3) == 0 {
			start = start.Truncate(pick(m, time.Minute, 5*time.Minute, time.Hour))
		}
		return start, start.Add(time.Duration(m.IntN(longest)) * time.Second)
	}
	for range 1 + m.IntN(5) {
		longest := pick(m, 10, 100, 700, 7200)
		if m.IntN(60) == 0 {
			longest = 3 * 86400
		}
		start, end := stretch(longest)
		o := Outage{Start: start, End: end, Component: pick(m, "shop", "mail"), Weight: exact(pick(m, "0.3", "0.5", "1", "0", "0.07"))}
		if n := len(c.Outages); n > 0 && m.IntN(4) == 0 { // touching the one before
			o.Start = c.Outages[n-1].End
			o.End = o.Start.Add(time.Duration(m.IntN(200)) * time.Second)
		}
		if m.IntN(8) == 0 {
			o.Excluded = "your own change"
		}
		c.Outages = append(c.Outages, o)
	}
	for range m.IntN(3) {
		start, end := stretch(5000)
		c.Announce = append(c.Announce, Maintained{Start: start, End: end, Notice: pick(m, nil, exact("71.9"), exact("72"), exact("100"))})
	}
	if m.IntN(6) == 0 {
		c.Exists = []time.Time{first.AddDate(0, 0, 2), first.AddDate(0, 0, 27)}
	}
	return c
}
