// Package demo is an invented company with an invented bad day.
//
// Whoever tries Candor should see it at work within a minute: a company called Harbour, its people, its parts and three months of its past,
// and a known timeline replayed compressed, as it should have gone. Harbour and its people do not exist, and no real company is quoted.
// Everything happens through the same acts as everything else; its letters go to the outbox unless a relay is named.
package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"candor/component"
	"candor/incident"
	"candor/lang"
	"candor/staff"
)

//go:embed *.json portraits/*.jpg
var files embed.FS

// A Scenario is a timeline: what is said at which minute.
type Scenario struct {
	Name  string
	About string
	Steps []Step
}

// A Step is one act. Minutes count from when it broke.
type Step struct {
	At         int
	Act        string // declare, post, hold, resolve
	By         string
	Kind       incident.Kind
	Status     incident.Status
	CannotWork bool               `json:"cannot_work"`
	DetectedBy incident.Detection `json:"detected_by"`
	Detected   int
	// FirstReport is the minute in which the first customer told the company.
	FirstReport int `json:"first_report"`
	Title       lang.Text
	Body        lang.Text
	WorkingOn   lang.Text `json:"working_on"`
	Affected    map[string]component.Status
	Cause       incident.CauseState
	Whose       incident.Whose
	Attack      incident.Attack
	Data        incident.SafetyState
	Steps       lang.Text // what customers must do
	Classes     map[incident.DataClass]incident.SafetyState
	CheckedBy   string `json:"checked_by"`
	Estimate    *struct{ From, Until int }
	ReportDays  int `json:"report_due_days"`
}

// Load reads a scenario by name.
func Load(name string) (s Scenario, err error) {
	b, err := files.ReadFile(name + ".json")
	if err != nil || name == "harbour" {
		return s, fmt.Errorf("there is no scenario %q: godaddy-2012 or dreamhost-2008", name)
	}
	return s, json.Unmarshal(b, &s)
}

type company struct {
	Company, Zone string
	People        []person
	Components    []part
	Subscribers   []subscriber
	Past          []past
	Planned       planned
}

type person struct {
	Key, Name, Mail string
	PublicMail      string `json:"public_mail"`
	PublicPhone     string `json:"public_phone"`
	Roles           []staff.Role
	Language        lang.Tag
	Title           lang.Text
}

type part struct {
	Key       string
	Group     bool
	In        string
	Earns     bool
	Status    component.Status
	DependsOn []string `json:"depends_on"`
	Name      lang.Text
}

type subscriber struct {
	Address     string
	Language    lang.Tag
	EveryUpdate bool `json:"every_update"`
	Components  []string
}

type past struct {
	DaysAgo     int `json:"days_ago"`
	At          clock
	Minutes     int
	By          string
	Affected    map[string]component.Status
	Title       lang.Text
	First, Last lang.Text
	Report      *account
}

type planned struct {
	InDays   int `json:"in_days"`
	At       clock
	Minutes  int
	By       string
	Affected map[string]component.Status
	Title    lang.Text
	Body     lang.Text
}

// clock is a time of day.
type clock struct{ hour, minute int }

// UnmarshalText reads 15:04.
func (c *clock) UnmarshalText(b []byte) error {
	t, err := time.Parse("15:04", string(b))
	c.hour, c.minute = t.Hour(), t.Minute()
	return err
}

// on is that time on a day so many days from now.
func (c clock) on(now time.Time, days int, zone *time.Location) time.Time {
	t := now.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day()+days, c.hour, c.minute, 0, 0, zone)
}
