package settings

import (
	"maps"
	"slices"

	"candor/money"
	"candor/problem"
)

// Budget is what reaching the customers of one incident may take beyond what costs nothing. Nothing set: everybody climbs.
type Budget struct {
	// Money by currency, in its smallest unit. Empty: no limit; else a currency that is not there is not spent.
	Money map[string]int64 `json:"money,omitempty"`
	Hours int              `json:"hours,omitempty"` // of agents on the telephone; 0: no limit
}

const (
	mostHours = 100_000
	mostMoney = 1_000_000_000_000
)

// Set reports whether anything is limited.
func (b Budget) Set() bool { return len(b.Money) > 0 || b.Hours > 0 }

func (b Budget) check() (wrong problem.List) {
	for _, currency := range slices.Sorted(maps.Keys(b.Money)) {
		if _, known := money.Digits(currency); !known {
			wrong.Add(problem.Field("budget.currency", "problem.sms.currency"))
		}
		if minor := b.Money[currency]; minor < 0 || minor > mostMoney {
			wrong.Add(problem.Field("budget.money", "problem.budget.money"))
		}
	}
	if b.Hours < 0 || b.Hours > mostHours {
		wrong.Add(problem.Field("budget.hours", "problem.budget.hours", "most", mostHours))
	}
	return wrong
}
