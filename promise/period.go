package promise

import (
	"fmt"
	"time"
)

// A Unit is what a Period counts. The words are those of clocks.json.
type Unit string

const (
	Hours        Unit = "hours"
	Days         Unit = "days"
	BusinessDays Unit = "business_days"
	Months       Unit = "months"
	// AtOnce is a duty without a number: no deadline can be computed, and none is invented.
	AtOnce Unit = "without undue delay"
)

// A Period is how long somebody has: 72 hours, 4 business days, one month.
type Period struct {
	Amount int  `json:"amount,omitempty"`
	Unit   Unit `json:"unit"`
}

// mostAmount keeps a slip of the keyboard out of the year 10000.
const mostAmount = 10_000

// Validate refuses what cannot be counted.
func (p Period) Validate() error {
	switch p.Unit {
	case AtOnce:
		if p.Amount != 0 {
			return fmt.Errorf("%q has no amount, not %d", p.Unit, p.Amount)
		}
		return nil
	case Hours, Days, BusinessDays, Months:
		if p.Amount < 1 || p.Amount > mostAmount {
			return fmt.Errorf("%d %s is not between 1 and %d", p.Amount, p.Unit, mostAmount)
		}
		return nil
	}
	return fmt.Errorf("%.32q is no unit", p.Unit)
}

// A Place is where time is counted: whose midnight ends a day, and whose holidays do not count.
type Place struct {
	Zone     *time.Location // UTC if there is none
	Calendar Calendar
}

func (p Place) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

// After is when a period that begins at from has run out; false if it has no number.
//
// Hours run through nights, holidays and summer time. Days and business days do not count the day it began and run to the end of the last.
// Months end at the same hour of the same date, or of the last date of a shorter month.
func (p Period) After(from time.Time, in Place) (time.Time, bool) {
	began := DayOf(from, in.zone())
	switch p.Unit {
	case Hours:
		return from.Add(time.Duration(p.Amount) * time.Hour), true
	case Days:
		return began.Add(p.Amount).End(in.zone()), true
	case BusinessDays:
		return in.Calendar.Working(began, p.Amount).End(in.zone()), true
	case Months:
		sinceMidnight := wallOf(from.In(in.zone())).Sub(began.utc())
		return began.Months(p.Amount).at(sinceMidnight, in.zone()), true
	}
	return time.Time{}, false
}
