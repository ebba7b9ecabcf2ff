package desk

import (
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/playbook"
)

// A Declaration is the one screen at three in the morning. Every field but a text has an honest default: zero values mean "default".
type Declaration struct {
	Draft      id.Incident         // the draft an alert opened, to be published by this
	Visibility incident.Visibility // Public unless Rehearsal or Private is asked for
	Kind       incident.Kind
	Title      lang.Text
	CannotWork bool
	Override   incident.Impact
	StartedAt  time.Time
	DetectedAt time.Time
	DetectedBy incident.Detection
	// FirstReportAt is when the first customer told us, if one did.
	FirstReportAt time.Time
	Window        incident.Window // maintenance
	// Audience is which customers it affects; empty is by what they use. With incident.Listed, Customers are what the company's own systems
	// call them, ten thousand at most: more are named after the first word, with SetAudience.
	Audience  incident.Audience
	Customers []string
	Lead      id.Person
	First     Word // the first word
}

// A Word is what an update says.
type Word struct {
	// Key makes repeating safe: the same person saying the same key twice says it once. Forms carry a random one. Empty: the key that a
	// program gave with its request, if it gave one.
	Key        string
	Status     incident.Status
	Body       lang.Text
	Fields     incident.Fields // zero: what the incident last said, or the defaults of its kind
	Affected   []incident.Affected
	Author     id.Person // zero: who acts
	NextBy     time.Time // zero: the cadence
	NextReason string    // required when NextBy is later than the cadence
	Silent     bool      // page and feeds only
	CannotWork *bool
	Override   *incident.Impact
	// ReportDueAt is asked for when the status is resolved: when cause and corrective action are published. Zero: no report promised.
	ReportDueAt time.Time
	// ReportByDefault promises one when the incident is over, as the company's settings have it, unless one is promised or ReportDueAt says when.
	ReportByDefault bool
	// Ask: somebody sits in front of it, and may be asked once more if the words contradict a field. Confirmed is what they confirmed, as
	// playbook.Confirmation names it. A first word is never held up by it.
	Ask       bool
	Confirmed string
	// Read is Body as it was read before, so that no transaction waits for it. Nil is read here.
	Read map[lang.Tag]playbook.Reading `json:"-"`
}

// A Correction changes what an update says, in the open.
type Correction struct {
	Body   lang.Text
	Reason string
	Notify bool // mails whoever got the wrong one
	// Ask and Confirmed are as in Word.
	Ask       bool
	Confirmed string
}

// A BlackingOut takes words out of an update for good.
type BlackingOut struct {
	Language lang.Tag
	Words    []string // each exactly as it stands in the body
	Reason   incident.BlackoutReason
	Note     string
}

// Facts about an incident that are learned later. Empty texts, ids and times leave what is there; Override and CannotWork are taken as
// they are.
type Facts struct {
	Title         lang.Text
	Lead          id.Person
	StartedAt     time.Time
	DetectedAt    time.Time
	DetectedBy    incident.Detection
	FirstReportAt time.Time
	Override      incident.Impact
	CannotWork    bool
	ReportDueAt   time.Time
	Window        incident.Window
}

// A ComponentForm is what a person may decide about a component.
type ComponentForm struct {
	Group          bool
	GroupID        id.Component
	Name           lang.Text
	Description    lang.Text
	Position       int
	Earns          bool
	Private        bool
	OnlyIfDegraded bool
	Showcase       bool
	StartDate      time.Time
	DependsOn      []id.Component
	Status         component.Status // zero: operational for a new one, unchanged otherwise
}
