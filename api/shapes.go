package api

import (
	"net/url"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
)

// Incident as programs see it. Texts are per language; absent instants are left out.
type Incident struct {
	ID            id.Incident         `json:"id"`
	Code          id.Code             `json:"code" doc:"Short id, as in the Statuspage documents"`
	URL           string              `json:"url" doc:"Where customers read it"`
	Kind          incident.Kind       `json:"kind" enum:"outage,billing,data,security,maintenance"`
	Visibility    incident.Visibility `json:"visibility" enum:"draft,public,private,rehearsal"`
	Title         lang.Text           `json:"title"`
	Status        incident.Status     `json:"status"`
	Impact        incident.Impact     `json:"impact"`
	CannotWork    bool                `json:"cannot_work"`
	Affected      []incident.Affected `json:"affected"`
	Lead          id.Person           `json:"lead"`
	StartedAt     time.Time           `json:"started_at"`
	DetectedAt    time.Time           `json:"detected_at,omitzero"`
	DetectedBy    incident.Detection  `json:"detected_by"`
	FirstReportAt time.Time           `json:"first_report_at,omitzero"`
	DeclaredAt    time.Time           `json:"declared_at,omitzero"`
	ResolvedAt    time.Time           `json:"resolved_at,omitzero"`
	ReportDueAt   time.Time           `json:"report_due_at,omitzero"`
	Window        *Window             `json:"window,omitempty"`
	NextBy        time.Time           `json:"next_by,omitzero" doc:"When the next word is promised"`
	Updates       []Update            `json:"updates,omitempty" doc:"Newest first; only where one incident is asked for"`
}

// Window of a maintenance.
type Window struct {
	From         time.Time `json:"from"`
	Until        time.Time `json:"until"`
	AutoStart    bool      `json:"auto_start,omitempty"`
	AutoEnd      bool      `json:"auto_end,omitempty"`
	RemindBefore []int     `json:"remind_before_minutes,omitempty" doc:"Subscribers are reminded so many minutes ahead"`
}

// Update as programs see it.
type Update struct {
	ID         id.Update           `json:"id"`
	Code       id.Code             `json:"code"`
	Incident   id.Incident         `json:"incident"`
	Number     int                 `json:"number" doc:"1 is the first word"`
	Status     incident.Status     `json:"status"`
	Author     id.Person           `json:"author"`
	Body       lang.Text           `json:"body" doc:"Markdown"`
	Fields     incident.Fields     `json:"fields"`
	Affected   []incident.Change   `json:"affected"`
	Holding    bool                `json:"holding"`
	Automatic  bool                `json:"automatic,omitempty" doc:"Nobody wrote it: words waited for a second person, and the promised time came"`
	Waits      id.Proposal         `json:"waits,omitempty" doc:"Not posted yet: a second person has to approve it under this id"`
	NextBy     time.Time           `json:"next_by,omitzero"`
	NextReason string              `json:"next_reason,omitempty"`
	At         time.Time           `json:"at"`
	Revisions  []incident.Revision `json:"revisions,omitempty"`
	Blackouts  []incident.Blackout `json:"blackouts,omitempty"`
	Findings   []Finding           `json:"findings,omitempty" doc:"What was pointed out before it went out; for staff"`
}

func shapeUpdate(u incident.Update) Update {
	return Update{
		ID: u.ID, Code: u.Code, Incident: u.Incident, Number: u.Number, Status: u.Status, Author: u.Author, Body: u.Body,
		Fields: u.Fields, Affected: filled(u.Affected), Holding: u.Holding, Automatic: u.Automatic, NextBy: u.NextBy, NextReason: u.NextReason, At: u.At,
		Revisions: u.Revisions, Blackouts: u.Blackouts,
	}
}

func shapeIncident(base *url.URL, speaks lang.Tag, i incident.Incident) Incident {
	out := Incident{
		ID: i.ID, Code: i.Code, URL: base.JoinPath(speaks.Path(), "incidents", string(i.Code)).String(),
		Kind: i.Kind, Visibility: i.Visibility, Title: i.Title, Status: i.Status, Impact: i.Impact, CannotWork: i.CannotWork,
		Affected: filled(i.Affected), Lead: i.Lead, StartedAt: i.StartedAt, DetectedAt: i.DetectedAt, DetectedBy: i.DetectedBy,
		FirstReportAt: i.FirstReportAt, DeclaredAt: i.DeclaredAt, ResolvedAt: i.ResolvedAt, ReportDueAt: i.ReportDueAt,
	}
	if !i.Window.From.IsZero() {
		out.Window = shapeWindow(i.Window)
	}
	return out
}

func shapeWindow(w incident.Window) *Window {
	out := &Window{From: w.From, Until: w.Until, AutoStart: w.AutoStart, AutoEnd: w.AutoEnd}
	for _, d := range w.RemindBefore {
		out.RemindBefore = append(out.RemindBefore, int(d/time.Minute))
	}
	return out
}

func (w *Window) plain() incident.Window {
	if w == nil {
		return incident.Window{}
	}
	out := incident.Window{From: w.From, Until: w.Until, AutoStart: w.AutoStart, AutoEnd: w.AutoEnd}
	for _, m := range w.RemindBefore {
		out.RemindBefore = append(out.RemindBefore, time.Duration(m)*time.Minute)
	}
	return out
}

// Component as programs see it.
type Component struct {
	ID             id.Component     `json:"id"`
	Code           id.Code          `json:"code"`
	Group          bool             `json:"group"`
	GroupID        id.Component     `json:"group_id,omitempty"`
	Name           lang.Text        `json:"name"`
	Description    lang.Text        `json:"description,omitempty"`
	Position       int              `json:"position"`
	Earns          bool             `json:"earns" doc:"Customers earn money with it"`
	Private        bool             `json:"private"`
	OnlyIfDegraded bool             `json:"only_if_degraded"`
	Showcase       bool             `json:"showcase"`
	DependsOn      []id.Component   `json:"depends_on,omitempty"`
	Status         component.Status `json:"status"`
	Since          time.Time        `json:"since"`
	ArchivedAt     time.Time        `json:"archived_at,omitzero"`
}

func shapeComponent(c component.Component) Component {
	return Component{
		ID: c.ID, Code: c.Code, Group: c.Group, GroupID: c.GroupID, Name: c.Name, Description: c.Description, Position: c.Position,
		Earns: c.Earns, Private: c.Private, OnlyIfDegraded: c.OnlyIfDegraded, Showcase: c.Showcase, DependsOn: c.DependsOn,
		Status: c.Status, Since: c.Since, ArchivedAt: c.ArchivedAt,
	}
}

// filled makes an empty list [], not null.
func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
