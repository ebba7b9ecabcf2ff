package amends

// A ModelType is how downtime becomes money.
type ModelType string

const (
	Tiers         ModelType = "tiers"          // a percentage of the fee, by uptime
	PerBlock      ModelType = "per_block"      // a percentage for each block of downtime
	Step          ModelType = "step"           // a percentage for each step that uptime falls short
	DaysPerBlock  ModelType = "days_per_block" // days of service for each block of downtime
	BandsDays     ModelType = "bands_days"     // days of service, by downtime
	BandsHours    ModelType = "bands_hours"    // hours of service, by downtime
	ProRata       ModelType = "prorata"        // the downtime's share of the fee, times a multiplier
	AffectedRatio ModelType = "affected_ratio" // the same, times the share of customers affected
	Multiplier    ModelType = "multiplier"     // hours over a fixed month, times a factor, rounded in between
	ClockHour     ModelType = "clock_hour"     // hours of the clock that were down too long are free
	DailyMax      ModelType = "daily_max"      // per full day the larger of a sum and a percentage (German TKG)
	Belgium       ModelType = "belgium"        // one over 8 hours, one more over 24, half a one for each further day
	FlatMonths    ModelType = "flat_months"    // whole months, whatever the downtime: goodwill
	NoClause      ModelType = "none"           // the contract has no clause that could be reckoned
)

// A Model is a type with its figures, each used by the types that name it.
type Model struct {
	Type ModelType `json:"type"`

	Tiers []Tier `json:"tiers,omitempty"`
	Bands []Band `json:"bands,omitempty"`
	Rows  []Day  `json:"rows,omitempty"`

	Pct       *Number `json:"pct,omitempty"`        // per block or step
	BlockS    *Number `json:"block_s,omitempty"`    // seconds of a block
	Round     Started `json:"round,omitempty"`      // what becomes of a started block or step
	Days      *Number `json:"days,omitempty"`       // per block
	DayValue  string  `json:"day_value,omitempty"`  // what a day is worth: "fee/30", "fee/days_in_month", "renewal/365"
	HourValue string  `json:"hour_value,omitempty"` // what an hour is worth: "fee/672", "fee/hours_in_month"
	ExcessPct *Number `json:"excess_over_pct,omitempty"`

	Commitment *Number `json:"commitment,omitempty"` // of a step
	Step       *Number `json:"step,omitempty"`

	Multiplier *Number `json:"multiplier,omitempty"`
	OnlyBelow  *Number `json:"only_if_uptime_lt,omitempty"`

	HoursPerMonth *Number `json:"hours_per_month,omitempty"`
	Factor        *Number `json:"factor,omitempty"`
	Intermediate  *int    `json:"intermediate_decimals,omitempty"` // contracts whose own example rounds before it multiplies
	MostMonths    *Number `json:"cap,omitempty"`                   // of a multiplier: 1 is the whole fee

	OverS    *Number `json:"over_s,omitempty"`
	FreeDays int     `json:"free_days,omitempty"`
	Months   *Number `json:"months,omitempty"`
	Per      string  `json:"per,omitempty"` // what a flat month is paid for: "active_site"

	CapPct  *Number `json:"cap_pct,omitempty"`
	CapBase string  `json:"cap_base,omitempty"` // "fee", which is meant by none, or "renewal"
}

// Started says what becomes of a block that has begun: "each 30 minutes" pays nothing for it, "or part thereof" pays for all of it.
type Started string

const (
	WholeOnly    Started = "floor"
	OrPartOf     Started = "ceil"
	feeBase              = "fee"
	renewalBase          = "renewal"
	daysInMonth          = "days_in_month"
	hoursInMonth         = "hours_in_month"
)

// A Tier pays a percentage for an uptime between two edges. Edges are in percent; which of two rows owns an edge is the contract's to say.
type Tier struct {
	Below   *Number `json:"lt,omitempty"`
	AtMost  *Number `json:"le,omitempty"`
	AtLeast *Number `json:"ge,omitempty"`
	Above   *Number `json:"gt,omitempty"`
	Pct     *Number `json:"pct"`
}

// A Band pays days or hours for so many seconds of downtime.
type Band struct {
	AtLeastS *Number `json:"ge_s,omitempty"`
	AboveS   *Number `json:"gt_s,omitempty"`
	BelowS   *Number `json:"lt_s,omitempty"`
	AtMostS  *Number `json:"le_s,omitempty"`
	Days     *Number `json:"days,omitempty"`
	Hours    *Number `json:"hours,omitempty"`
}

// A Day pays for each of some days the larger of a sum and a percentage.
type Day struct {
	From  int     `json:"from_day"`
	To    int     `json:"to_day,omitempty"` // the last of them; without end if there is none
	Fixed *Number `json:"fixed"`
	Pct   *Number `json:"pct"`
}
