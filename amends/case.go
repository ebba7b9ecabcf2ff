package amends

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"candor/money"
)

// A Case is one customer's period under some terms: what was paid, and what was down.
type Case struct {
	ID    string `json:"id"`
	Terms string `json:"terms"`
	Note  string `json:"note,omitempty"`

	Fee      *Number `json:"fee"`
	Currency string  `json:"currency"`
	Renewal  *Number `json:"renewal_fee,omitempty"` // where terms reckon from the next prepaid renewal
	Sites    *Number `json:"active_sites,omitempty"`

	Month    string       `json:"month,omitempty"`   // "2024-04"
	Quarter  string       `json:"quarter,omitempty"` // "2024-Q2"
	Zone     string       `json:"tz,omitempty"`      // the customer's; wins over the terms'
	Exists   []time.Time  `json:"exists,omitempty"`  // from when to when there was a service at all
	BaseDays *Number      `json:"base_days,omitempty"`
	Outages  []Outage     `json:"outages,omitempty"`
	Announce []Maintained `json:"maintenance,omitempty"`

	Minutes   []Rate  `json:"minutes,omitempty"`   // measured error rates of minutes, for terms that count those
	Intervals []Rate  `json:"intervals,omitempty"` // measured error rates of intervals; those not listed had no errors
	FullDays  *int    `json:"full_days_down,omitempty"`
	Affected  *Number `json:"affected_ratio,omitempty"` // which share of the customer's visitors; everybody if nobody says

	Digits   *int           `json:"minor,omitempty"` // digits of the currency, where the company has its own mind about it
	Rounding money.Rounding `json:"rounding,omitempty"`
}

// UnmarshalJSON also takes "sites" or "units" for active sites.
func (c *Case) UnmarshalJSON(raw []byte) error {
	type bare Case
	if err := json.Unmarshal(raw, (*bare)(c)); err != nil {
		return err
	}
	if c.Sites != nil {
		return nil
	}
	var also struct {
		Sites *Number `json:"sites"`
		Units *Number `json:"units"`
	}
	err := json.Unmarshal(raw, &also)
	if c.Sites = also.Sites; c.Sites == nil {
		c.Sites = also.Units
	}
	return err
}

// An Outage is a stretch during which something was down: from its start up to, and not including, its end.
type Outage struct {
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"`
	Weight    *Number   `json:"weight,omitempty"` // how much of it was down, 0 to 1; all of it if nobody says
	Component string    `json:"component,omitempty"`
	Excluded  string    `json:"excluded,omitempty"` // why the contract does not count it, in words for the customer
}

// A Maintained stretch was announced as maintenance.
type Maintained struct {
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	Notice *Number   `json:"notice_h,omitempty"` // hours between announcement and start
}

// A Rate is so many minutes or intervals with the same share of failed requests.
type Rate struct {
	Count int64   `json:"count"`
	Error *Number `json:"error_pct"` // percent; none where there was no request, which is no error
}

const (
	mostOutages = 10_000
	mostSpans   = 1_000_000
)

// Validate refuses what cannot be reckoned, with the first reason.
func (c Case) Validate() error {
	switch {
	case c.Fee == nil:
		return errors.New("fee is missing")
	case c.Fee.Sign() < 0 || c.Renewal != nil && c.Renewal.Sign() < 0:
		return errors.New("a fee is negative")
	case len(c.Outages) > mostOutages || len(c.Announce) > mostOutages:
		return fmt.Errorf("more than %d outages or maintenances", mostOutages)
	case len(c.Exists) != 0 && (len(c.Exists) != 2 || !c.Exists[0].Before(c.Exists[1])):
		return errors.New("exists is not a start and an end after it")
	case c.BaseDays != nil && c.BaseDays.Sign() <= 0:
		return errors.New("base_days is not above 0")
	case c.FullDays != nil && (*c.FullDays < 0 || *c.FullDays > mostFullDays):
		return fmt.Errorf("full_days_down is not between 0 and %d", mostFullDays)
	case c.Sites != nil && c.Sites.Sign() < 0:
		return errors.New("active_sites is negative")
	case !share(c.Affected):
		return errors.New("affected_ratio is not between 0 and 1")
	case c.Digits != nil && (*c.Digits < 0 || *c.Digits > 6):
		return errors.New("minor is not between 0 and 6")
	}
	for _, at := range c.Exists {
		if !countable(at) {
			return fmt.Errorf("exists: the year is not between %d and %d", earliestYear, latestYear)
		}
	}
	for i, o := range c.Outages {
		switch {
		case o.Start.IsZero() || o.End.IsZero():
			return fmt.Errorf("outage %d has no start or no end", i+1)
		case o.End.Before(o.Start):
			return fmt.Errorf("outage %d ends before it starts", i+1)
		case !countable(o.Start) || !countable(o.End):
			return fmt.Errorf("outage %d: the year is not between %d and %d", i+1, earliestYear, latestYear)
		case !share(o.Weight):
			return fmt.Errorf("outage %d: weight is not between 0 and 1", i+1)
		}
	}
	for i, m := range c.Announce {
		if !countable(m.Start) || !countable(m.End) || m.End.Before(m.Start) {
			return fmt.Errorf("maintenance %d has no start, or ends before it", i+1)
		}
	}
	if err := rates(c.Minutes); err != nil {
		return err
	}
	if err := rates(c.Intervals); err != nil {
		return err
	}
	return c.Rounding.Valid()
}

const mostFullDays = 3660

// countable reports whether nanoseconds reach an instant.
func countable(at time.Time) bool { return at.Year() >= earliestYear && at.Year() <= latestYear }

func share(n *Number) bool { return n == nil || n.Sign() >= 0 && n.Cmp(whole(1)) <= 0 }

func rates(all []Rate) error {
	for i, r := range all {
		switch {
		case r.Count < 0 || r.Count > mostSpans:
			return fmt.Errorf("rate %d: count is not between 0 and %d", i+1, mostSpans)
		case r.Error != nil && (r.Error.Sign() < 0 || r.Error.Cmp(hundred) > 0):
			return fmt.Errorf("rate %d: error_pct is not between 0 and 100", i+1)
		}
	}
	return nil
}

// digits is how many digits the credit has after the point.
func (c Case) digits() (int, error) {
	known, ok := money.Digits(c.Currency)
	switch {
	case c.Digits != nil:
		return *c.Digits, nil
	case !ok:
		return 0, fmt.Errorf("%.16q is not a currency of ISO 4217", c.Currency)
	}
	return known, nil
}

// rounding is the case's own way, else that of the terms.
func (c Case) rounding(t Terms) money.Rounding {
	for _, how := range []money.Rounding{c.Rounding, t.Rounding} {
		if how != "" {
			return how
		}
	}
	return money.HalfUp
}

func (c Case) renewal() (*big.Rat, error) {
	if c.Renewal == nil {
		return nil, errors.New("renewal_fee is missing: these terms reckon from it")
	}
	return c.Renewal.rat(), nil
}
