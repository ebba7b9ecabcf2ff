package component

import (
	"time"

	"candor/id"
	"candor/lang"
)

// A Component is one part of the service, or a group of them.
type Component struct {
	ID          id.Component
	Code        id.Code
	Group       bool         // holds other components and has no status of its own
	GroupID     id.Component // empty at the top
	Name        lang.Text
	Description lang.Text
	Position    int // among its siblings
	// Earns says customers earn money with this one: while it is out, the next word is due every quarter of an hour (S1's rule 3).
	Earns          bool
	Private        bool // shown to staff only
	OnlyIfDegraded bool // on the page only while it is not operational
	Showcase       bool // Statuspage's wish to show the uptime bars
	StartDate      time.Time
	DependsOn      []id.Component
	Status         Status // of a leaf; what a group shows is WorstOf its children
	Since          time.Time
	CreatedAt      time.Time
	UpdatedAt      time.Time
	ArchivedAt     time.Time // no longer offered; its past stays
}

// An Interval is one status of one component from From until To (zero while it lasts), and what caused it.
type Interval struct {
	Component id.Component
	Status    Status
	From, To  time.Time
	Incident  id.Incident // empty when staff set the status without one
}
