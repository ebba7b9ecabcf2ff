package promise

import (
	"slices"
	"time"
)

// A Holiday is a rule that gives at most one day a year: a date, the nth weekday of a month, or so many days from Easter Sunday.
type Holiday struct {
	Name    string       `json:"name"`
	Month   time.Month   `json:"month,omitempty"`
	Date    int          `json:"date,omitempty"`
	Weekday time.Weekday `json:"weekday,omitempty"`
	Nth     int          `json:"nth,omitempty"`    // of Weekday in Month; -1 is the last
	Easter  *int         `json:"easter,omitempty"` // days from Easter Sunday, Gregorian
	Since   int          `json:"since,omitempty"`  // the first year it is kept
	Until   int          `json:"until,omitempty"`  // the last
	Moves   Move         `json:"moves,omitempty"`
}

// A Move says where a holiday on a weekend goes; most are lost.
type Move string

const (
	// Nearest moves Saturday to Friday and Sunday to Monday: the federal holidays of the United States (5 U.S.C. 6103).
	Nearest Move = "nearest"
)

// in is the holiday's day of a year, before any move.
func (h Holiday) in(year int) (Day, bool) {
	if year < h.Since || h.Until != 0 && year > h.Until {
		return Day{}, false
	}
	switch {
	case h.Easter != nil:
		return easter(year).Add(*h.Easter), true
	case h.Nth > 0:
		first := Day{year, h.Month, 1}
		return first.Add(int(h.Weekday-first.Weekday()+7)%7 + 7*(h.Nth-1)), true
	case h.Nth < 0:
		last := Day{year, h.Month + 1, 1}.Add(-1)
		return last.Add(-(int(last.Weekday()-h.Weekday+7) % 7)), true
	}
	return Day{year, h.Month, h.Date}, true
}

// observed is the day nobody works on account of it.
func (h Holiday) observed(on Day, weekend []time.Weekday) Day {
	if h.Moves != Nearest || !slices.Contains(weekend, on.Weekday()) {
		return on
	}
	if on.Weekday() == time.Saturday {
		return on.Add(-1)
	}
	return on.Add(1)
}

// easter is Easter Sunday by the Gregorian rule, in the form J. M. Oudin gave it in 1940.
func easter(year int) Day {
	century := year / 100
	golden := year % 19
	moon := (century - century/4 - (century-(century-17)/25)/3 + 19*golden + 15) % 30
	moon -= moon / 28 * (1 - moon/28*(29/(moon+1))*((21-golden)/11))
	weekday := (year + year/4 + moon + 2 - century + century/4) % 7
	after := moon - weekday
	month := 3 + (after+40)/44
	return Day{year, time.Month(month), after + 28 - 31*(month/4)}
}
