package incident

import (
	"time"

	"candor/component"
	"candor/id"
	"candor/lang"
)

// A Kind says what sort of trouble it is; templates, fields and defaults hang on it.
type Kind string

const (
	Outage      Kind = "outage"
	Billing     Kind = "billing"
	Data        Kind = "data"
	Security    Kind = "security"
	Maintenance Kind = "maintenance"
)

// Kinds in the order the console offers them.
var Kinds = [...]Kind{Outage, Billing, Data, Security, Maintenance}

// A Visibility says who may see an incident.
type Visibility string

const (
	Draft     Visibility = "draft"     // an alert opened it, or somebody is still writing: staff only
	Public    Visibility = "public"    // on the page
	Private   Visibility = "private"   // worked on, told to nobody: staff only
	Rehearsal Visibility = "rehearsal" // the same path, reaching only the person who rehearses
)

// A Detection says who noticed first: S1's rule 1, "if customers tell you, you have already failed", is measured by it.
type Detection string

const (
	ByProbe    Detection = "probe"
	ByAlert    Detection = "alert"
	ByStaff    Detection = "staff"
	ByCustomer Detection = "customer"
)

// Detections in the order the console offers them.
var Detections = [...]Detection{ByStaff, ByAlert, ByProbe, ByCustomer}

// An Audience says which customers an incident affects.
type Audience string

const (
	ByUse    Audience = "uses"     // who uses what is broken, what depends on it included; who told us of no component uses everything
	Listed   Audience = "listed"   // whom we named: a billing error has its accounts
	Everyone Audience = "everyone" // every customer
)

// Audiences in the order the console offers them.
var Audiences = [...]Audience{ByUse, Listed, Everyone}

// An Incident is one outage, billing error, data or security incident, or maintenance.
type Incident struct {
	ID         id.Incident
	Code       id.Code
	Number     int64 // 1, 2, 3 …: the feeds' permanent entry number
	Kind       Kind
	Visibility Visibility
	Title      lang.Text
	Status     Status
	// Impact is what everybody sees: Override if a person set it, else what the components say.
	Impact     Impact
	Override   Impact
	CannotWork bool // "can customers work at all?" answered no: critical, whatever the formula says
	Affected   []Affected
	Audience   Audience
	Lead       id.Person // at first who declared it

	StartedAt     time.Time // when it broke for customers
	DetectedAt    time.Time // when we knew
	DetectedBy    Detection
	FirstReportAt time.Time // when the first customer told us; zero if none did
	DeclaredAt    time.Time // when the first word was posted
	MonitoringAt  time.Time
	ResolvedAt    time.Time
	ReportDueAt   time.Time // cause-and-corrective-action report, promised at resolution
	Window        Window    // maintenance only
	AlertGroup    string    // the group of alerts that opened it, if one did; staff only

	CreatedAt time.Time
	UpdatedAt time.Time
}

// Affected is one component as the incident has it now.
type Affected struct {
	Component id.Component     `json:"component"`
	Status    component.Status `json:"status"`
}

// A Window is the announced time of a maintenance.
type Window struct {
	From, Until time.Time
	AutoStart   bool // starts by itself at From
	AutoEnd     bool // ends by itself at Until; else it overruns visibly until a person ends it
	// RemindBefore lists how long before From subscribers are reminded.
	RemindBefore []time.Duration
}

// Open reports whether customers still wait for an end.
func (i Incident) Open() bool { return i.Status != Resolved && i.Status != Completed }

// Overrun is how much longer than announced a maintenance takes; zero while it is in time or over.
func (i Incident) Overrun(now time.Time) time.Duration {
	if i.Kind != Maintenance || i.Status == Scheduled || !i.Open() || i.Window.Until.IsZero() || !now.After(i.Window.Until) {
		return 0
	}
	return now.Sub(i.Window.Until)
}
