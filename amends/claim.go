package amends

import (
	"fmt"
	"strings"
	"time"

	"candor/promise"
)

// A Claim says until when a customer may ask for the credit, where the contract does not pay by itself.
type Claim struct {
	Text string    `json:"text"`
	Rule ClaimRule `json:"rule"`
	N    *int      `json:"n,omitempty"`
}

// A ClaimRule is what the days of a claim are counted from.
type ClaimRule string

const (
	Automatic          ClaimRule = "automatic"              // nobody has to ask
	UnknownClaim       ClaimRule = "unknown"                // the contract does not say
	EndOfNthMonth      ClaimRule = "end_of_nth_month_after" // the last day of the nth month after that of the incident
	AfterPeriod        ClaimRule = "days_after_period_end"
	AfterIncident      ClaimRule = "days_after_incident"
	HoursAfter         ClaimRule = "hours_after_incident"
	WorkingDaysAfter   ClaimRule = "business_days_after_incident"
	FixedInstant       ClaimRule = "fixed_instant" // written in the text, with its zone
	mostClaimN                   = 3660
	fixedInstantLayout           = "2006-01-02T15:04:05"
)

// counted reports whether the rule counts something.
func (r ClaimRule) counted() bool {
	switch r {
	case EndOfNthMonth, AfterPeriod, AfterIncident, HoursAfter, WorkingDaysAfter:
		return true
	}
	return false
}

// Validate refuses a rule that cannot be counted by.
func (c Claim) Validate() error {
	switch {
	case c.Rule.counted() && (c.N == nil || *c.N < 0 || *c.N > mostClaimN):
		return fmt.Errorf("claim: n is missing or not between 0 and %d", mostClaimN)
	case c.Rule.counted(), c.Rule == Automatic, c.Rule == UnknownClaim, c.Rule == "":
		return nil
	case c.Rule == FixedInstant:
		if c.fixed().IsZero() {
			return fmt.Errorf("claim: the text has no instant such as 2012-09-19T23:59:59 America/Los_Angeles")
		}
		return nil
	}
	return fmt.Errorf("claim: rule is %.32q, which is none", string(c.Rule))
}

// ClaimBy is the last day on which a customer may claim for an incident that ended on a day; false where there is none. Holidays are those
// of the contract's place.
func (t Terms) ClaimBy(ended promise.Day, holidays ...promise.Day) (promise.Day, bool) {
	c := t.Claim
	if c.Validate() != nil {
		return promise.Day{}, false
	}
	switch c.Rule {
	case EndOfNthMonth:
		return lastOf(ended, *c.N), true
	case AfterPeriod:
		return t.lastOfPeriod(ended).Add(*c.N), true
	case AfterIncident:
		return ended.Add(*c.N), true
	case HoursAfter:
		return ended.Add(*c.N / 24), true // without the hour it ended at, the stricter reading
	case WorkingDaysAfter:
		return promise.Calendar{Dates: holidays}.Working(ended, *c.N), true
	case FixedInstant:
		at := c.fixed()
		return promise.DayOf(at, at.Location()), true
	}
	return promise.Day{}, false
}

// ClaimByHour is the instant by which to claim, for the contracts that count hours.
func (t Terms) ClaimByHour(ended time.Time) (time.Time, bool) {
	if t.Claim.Rule != HoursAfter || t.Claim.Validate() != nil {
		return time.Time{}, false
	}
	return ended.Add(time.Duration(*t.Claim.N) * time.Hour), true
}

// lastOf is the last day of the nth month after that of a day.
func lastOf(d promise.Day, n int) promise.Day {
	return promise.Day{Year: d.Year, Month: d.Month, Date: 1}.Months(n + 1).Add(-1)
}

// lastOfPeriod is the last day of the month or quarter a day is in; of terms by incident, the day itself.
func (t Terms) lastOfPeriod(d promise.Day) promise.Day {
	switch t.Period {
	case Quarter:
		return lastOf(d, (12-int(d.Month))%3)
	case Incident:
		return d
	}
	return lastOf(d, 0)
}

// fixed is the instant a text names, with its zone after it; zero if there is none.
func (c Claim) fixed() time.Time {
	words := strings.Fields(c.Text)
	for i, word := range words {
		if _, err := time.Parse(fixedInstantLayout, word); err != nil || i+1 == len(words) {
			continue
		}
		if zone, err := loadZone(words[i+1]); err == nil {
			at, _ := time.ParseInLocation(fixedInstantLayout, word, zone)
			return at
		}
	}
	return time.Time{}
}
