package amends

import (
	"encoding/json"
	"time"

	"candor/audience"
	"candor/id"
	"candor/money"
)

// Facts are what a run must remember of one customer, so that with its basis it comes to the same sum and the same lines in a year, when the
// customer has long had another plan. There is nothing in them that says who it is.
type Facts struct {
	Plan string `json:"plan,omitempty"`
	Fee  int64  `json:"fee"`
	Zone string `json:"zone,omitempty"`
	Uses []Used `json:"uses,omitempty"`
	Had  *Had   `json:"had,omitempty"`
}

// Used is one of the components a customer used, and from when until when.
type Used struct {
	Component id.Component `json:"c"`
	Since     time.Time    `json:"since,omitzero"`
	Until     time.Time    `json:"until,omitzero"`
}

// FactsOf are those of one customer.
func FactsOf(c audience.Customer, had Had) Facts {
	f := Facts{Plan: c.Plan, Fee: c.Fee.Minor, Zone: c.Zone}
	for _, u := range c.Uses {
		f.Uses = append(f.Uses, Used(u))
	}
	if had.Currency != "" {
		f.Had = &had
	}
	return f
}

// Customer is the one that these facts were of, as far as a reckoning looks at them.
func (f Facts) Customer(x id.Customer, currency string) (audience.Customer, Had) {
	c := audience.Customer{ID: x, Plan: f.Plan, Fee: money.Amount{Minor: f.Fee, Currency: currency}, Zone: f.Zone}
	for _, u := range f.Uses {
		c.Uses = append(c.Uses, audience.Use(u))
	}
	if f.Had == nil {
		return c, Had{}
	}
	return c, *f.Had
}

// Text is how facts are kept.
func (f Facts) Text() (string, error) {
	text, err := json.Marshal(f)
	return string(text), err
}
