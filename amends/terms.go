package amends

import (
	"math/big"
	"time"

	"candor/money"
)

// Terms are what a contract says about credits, as data. Every field that JSON leaves out means what it says below, and Lint asks about it
// where that could be another thing than the contract means.
type Terms struct {
	ID         string  `json:"id"`
	Provider   string  `json:"provider,omitempty"`
	Service    string  `json:"service,omitempty"`
	Commitment *Number `json:"commitment"` // the uptime that is promised, in percent

	Period  PeriodKind `json:"period"`
	Zone    string     `json:"tz"`                      // whose midnight ends a month; "customer" is each customer's own, UTC where it is not known
	FixedS  *Number    `json:"fixed_total_s,omitempty"` // terms that divide every month by the same seconds
	Counted Count      `json:"granularity"`
	Overlap Overlap    `json:"overlap,omitempty"`

	Maintenance Maintenance  `json:"maintenance"`
	Defined     *Maintaining `json:"maintenance_def,omitempty"`

	Model    Model          `json:"model"`
	Cap      *string        `json:"cap"`  // in words; "100%", "month" and "one month" are understood and applied
	Base     *string        `json:"base"` // in words: the fee that a case brings is this one
	Form     string         `json:"form,omitempty"`
	MinIssue *MinIssue      `json:"min_issue,omitempty"`
	Rounding money.Rounding `json:"rounding,omitempty"`

	Exclusions []string `json:"exclusions,omitempty"`
	Claim      Claim    `json:"claim"`
	Note       string   `json:"note,omitempty"`
	Sources    []Source `json:"sources,omitempty"`
}

// A Source is where terms were read, and how well: seen, secondary or recalled.
type Source struct {
	URL    string `json:"url"`
	Status string `json:"status"`
	Note   string `json:"note"`
}

// A PeriodKind is what uptime is measured over.
type PeriodKind string

const (
	Month    PeriodKind = "calendar_month"
	Quarter  PeriodKind = "calendar_quarter"
	Incident PeriodKind = "incident" // no period: each incident by itself, and so no uptime
)

// An Overlap says what counts while several outages last at once.
type Overlap string

const (
	Union        Overlap = "union"         // a second counts once, whatever else was down; what terms mean that do not say
	PerComponent Overlap = "per_component" // each component's seconds are added up
	Heaviest     Overlap = "max"           // at each instant the heaviest outage counts, by its weight
)

// Maintenance says whether announced work counts as downtime.
type Maintenance string

const (
	Counts       Maintenance = "counts"
	NotDowntime  Maintenance = "not_downtime"
	IfDefined    Maintenance = "not_downtime_if_defined" // not downtime as far as it is announced and short enough
	OutOfTheSpan Maintenance = "excluded_from_total"     // not downtime, and taken out of the period as well
)

// Maintaining is what a contract calls maintenance.
type Maintaining struct {
	NoticeHours  *Number `json:"notice_h"`    // announced at least so many hours before
	MostSecondsS *Number `json:"max_total_s"` // at most so many seconds in a period; what is beyond counts
}

// A CountKind says which seconds of an outage are downtime.
type CountKind string

const (
	EachSecond    CountKind = "exact"
	WholeMinutes  CountKind = "whole_minutes"  // whole minutes in a row, at least min_s together
	MinDuration   CountKind = "min_duration"   // outages longer than over_s, and then all of them
	RoundUp       CountKind = "round_up"       // each outage up to a whole unit_s
	RoundNearest  CountKind = "round_nearest"  // each outage to the nearest unit_s, halves up
	ErrorMinutes  CountKind = "error_minutes"  // minutes of the clock with errors of threshold percent, or above it if strict
	ErrorRates    CountKind = "error_rate_avg" // the average error rate of all intervals
	FullIntervals CountKind = "full_intervals" // intervals of the clock that were down from end to end
)

// A Count is a kind with its measures, each used by the kinds above that name it.
type Count struct {
	Kind      CountKind `json:"kind"`
	MinS      *Number   `json:"min_s,omitempty"`
	OverS     *Number   `json:"over_s,omitempty"`
	UnitS     *Number   `json:"unit_s,omitempty"`
	IntervalS *Number   `json:"interval_s,omitempty"`
	Threshold *Number   `json:"threshold,omitempty"`
	Strict    *bool     `json:"strict,omitempty"` // above only; a minute at the threshold counts if nobody says
}

// MinIssue is the sum that a credit must exceed to be issued.
type MinIssue struct {
	Over     *Number `json:"gt"`
	Currency string  `json:"currency"`
}

// In is where these terms count time for a customer who lives in the given zone, which may be empty.
func (t Terms) In(customers string) (*time.Location, error) {
	name := customers
	if name == "" {
		name = t.Zone
	}
	if name == "" || name == "customer" {
		return time.UTC, nil
	}
	return loadZone(name)
}

// fixed is the length of every period, nil where it is that of the calendar.
func (t Terms) fixed() *big.Rat { return t.FixedS.rat() }
