// Package monitor turns looking into knowing.
//
// A customer should hear of an outage before they notice it (S1's rule 1). Alerts from the company's own monitoring open a draft, so that
// the person on call finds the incident half written; nothing becomes public by itself.
package monitor

import "time"

// An Alert is one signal from a monitoring system, in Alertmanager's terms.
type Alert struct {
	Group       string // the sender's group key: one draft per group
	Fingerprint string // one alert within the group, however often it is sent again
	Firing      bool
	Name        string
	Summary     string
	Severity    string
	Component   string // code or name of the component it names, if any
	StartsAt    time.Time
	EndsAt      time.Time
	URL         string
}
