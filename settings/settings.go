// Package settings holds what the company chose.
//
// A customer sees its effects: the name over the page, the languages it speaks, the zone its times are in, how often it promises to speak.
// Everything has an honest default, so a new installation works before anybody configured it.
package settings

import (
	"time"

	"candor/incident"
	"candor/lang"
)

// Settings of one company. They live in the database, never in files, and nothing in them is ever expanded or executed (V3, V4).
type Settings struct {
	Company   string     `json:"company"`
	Languages []lang.Tag `json:"languages"` // the first is the default
	Zone      string     `json:"zone"`      // IANA name
	Logo      string     `json:"logo,omitempty"`
	Site      string     `json:"site,omitempty"`    // the company's own address, linked from the masthead
	Support   string     `json:"support,omitempty"` // mail address or phone shown in the footer
	Published bool       `json:"published"`         // until then only staff see the page
	Cadence   Cadence    `json:"cadence"`
	// Remind is how long before a maintenance subscribers are reminded.
	Remind []time.Duration `json:"remind"`
	// PublicCoverage is whether an incident's page says how many affected customers were reached.
	PublicCoverage Publicity           `json:"public_coverage,omitempty"`
	Templates      map[string]Template `json:"templates,omitempty"` // edited words, by Occasion.Name
	Words          Words               `json:"words,omitzero"`
	Approval       Approval            `json:"approval,omitzero"`
	Mail           Mail                `json:"mail"`
	Chat           Chat                `json:"chat,omitzero"`
	Rates          Rates               `json:"rates,omitempty"`
	SMS            SMS                 `json:"sms,omitzero"`
	OnCall         string              `json:"on_call,omitempty"` // staff person id shown on calm days
	// CallRequests: may people ask us to call them?
	CallRequests Asking `json:"call_requests,omitempty"`
	// Ladders are kept only where the company edited them, so that a better default reaches everybody else.
	Ladders Ladders `json:"ladders,omitempty"`
	Budget  Budget  `json:"budget,omitzero"`
	// Promises is about the record of promises and the legal clocks.
	Promises  Promises `json:"promises,omitzero"`
	Scorecard Weights  `json:"scorecard,omitempty"`
	Credits   Credits  `json:"credits,omitzero"`
	Reports   Reports  `json:"reports,omitzero"`
	Comments  Comments `json:"comments,omitzero"`
}

// Mail is how letters leave. URL empty means the local outbox: nothing pretends to be sent.
type Mail struct {
	URL          string `json:"url,omitempty"` // smtp://user:password@host:port
	From         string `json:"from,omitempty"`
	FromName     string `json:"from_name,omitempty"`
	ReplyTo      string `json:"reply_to,omitempty"`
	ReturnDomain string `json:"return_domain,omitempty"` // bounces come back to addresses there
	Connections  int    `json:"connections,omitempty"`
	DKIMSelector string `json:"dkim_selector,omitempty"`
	DKIMKey      string `json:"dkim_key,omitempty"` // PEM
}

// Cadence is how often we promise to speak: by impact and phase.
type Cadence map[incident.Impact]Phases

// Phases of an incident, each with the interval to the next word.
type Phases struct {
	Investigating time.Duration `json:"investigating"`
	Identified    time.Duration `json:"identified"`
	Monitoring    time.Duration `json:"monitoring"`
}

// Zoned is the company's time zone; UTC if the name is not known here.
func (s Settings) Zoned() *time.Location {
	if loc, err := time.LoadLocation(s.Zone); err == nil {
		return loc
	}
	return time.UTC
}

// Default is the first language.
func (s Settings) Default() lang.Tag {
	if len(s.Languages) == 0 {
		return lang.English
	}
	return s.Languages[0]
}
