package api

import (
	"context"
	"time"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/promise"
	"candor/store"
)

// IncidentPath names an incident. It is embedded in requests, which the framework reads only from exported types.
type IncidentPath struct {
	ID string `path:"id" doc:"inc_… or the 12-character code" maxLength:"40"`
}

type incidentBody struct {
	Body Incident
}

type updateBody struct {
	Body Update
}

type listIncidents struct {
	State       string `query:"state" enum:"open,all" default:"all" doc:"open: everything unresolved, drafts and rehearsals included"`
	Maintenance bool   `query:"maintenance" doc:"Only maintenances"`
	After       string `query:"after" maxLength:"40" doc:"The id of the last incident of the page before"`
	Limit       int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type incidentList struct {
	Body struct {
		Incidents []Incident `json:"incidents"`
	}
}

func (a *API) listIncidents(ctx context.Context, in *listIncidents) (*incidentList, error) {
	out := &incidentList{}
	out.Body.Incidents = []Incident{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		all, err := a.pageOf(ctx, tx, in)
		for _, i := range all {
			if !in.Maintenance || i.Kind == incident.Maintenance {
				out.Body.Incidents = append(out.Body.Incidents, shapeIncident(a.base, s.Default(), i))
			}
		}
		return err
	})
	return out, err
}

func (a *API) pageOf(ctx context.Context, tx *store.Tx, in *listIncidents) ([]incident.Incident, error) {
	if in.State == "open" {
		return tx.Incidents.Working(ctx)
	}
	var after store.Place
	if in.After != "" {
		last, err := find(ctx, tx, in.After)
		if err != nil {
			return nil, err
		}
		after = store.PlaceOf(last)
	}
	if in.Maintenance {
		return tx.Incidents.StaffPageOf(ctx, incident.Maintenance, after, in.Limit)
	}
	return tx.Incidents.StaffPage(ctx, after, in.Limit)
}

// find takes an identifier or a code.
func find(ctx context.Context, tx *store.Tx, ref string) (incident.Incident, error) {
	if code, ok := id.ParseCode(ref); ok {
		return tx.Incidents.ByCode(ctx, code)
	}
	x, err := id.Parse[id.Incident](ref)
	if err != nil {
		return incident.Incident{}, store.ErrNotFound
	}
	return tx.Incidents.ByID(ctx, x)
}

func (a *API) showIncident(ctx context.Context, in *IncidentPath) (*incidentBody, error) {
	out := &incidentBody{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		i, err := find(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		out.Body = shapeIncident(a.base, s.Default(), i)
		updates, err := tx.Updates.Of(ctx, i.ID)
		if err != nil {
			return err
		}
		found, err := findings(ctx, tx, i.ID)
		if err != nil {
			return err
		}
		for _, u := range updates {
			shaped := shapeUpdate(u)
			shaped.Findings = found[u.ID]
			out.Body.Updates = append(out.Body.Updates, shaped)
		}
		promises, err := tx.Promises.Of(ctx, i.ID)
		for _, p := range promises {
			if p.Kind == promise.NextUpdate && p.Open() {
				out.Body.NextBy = p.DueAt
			}
		}
		return err
	})
	return out, err
}

// resolve finds which incident a path means.
func (a *API) resolve(ctx context.Context, ref string) (x id.Incident, err error) {
	err = a.db.Read(ctx, func(tx *store.Tx) error {
		i, err := find(ctx, tx, ref)
		x = i.ID
		return err
	})
	return x, err
}

// A Part names a component by id, code or name in the company's language, so that a person can type it.
type Part struct {
	Component string           `json:"component" doc:"id, code or name"`
	Status    component.Status `json:"status" enum:"operational,degraded_performance,partial_outage,major_outage,under_maintenance,unknown"`
}

func (a *API) parts(ctx context.Context, in []Part) ([]incident.Affected, error) {
	var out []incident.Affected
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Components.All(ctx)
		if err != nil || len(in) == 0 {
			return err
		}
		out = nil
		for _, p := range in {
			c, ok := named(all, p.Component)
			if !ok {
				return problem.Field("components", "problem.component_unknown", "name", p.Component)
			}
			out = append(out, incident.Affected{Component: c.ID, Status: p.Status})
		}
		return nil
	})
	return out, err
}

func named(all []component.Component, ref string) (component.Component, bool) {
	for _, c := range all {
		if string(c.ID) == ref || string(c.Code) == ref {
			return c, true
		}
	}
	for _, c := range all {
		for _, name := range c.Name {
			if name == ref && !c.Group && c.ArchivedAt.IsZero() {
				return c, true
			}
		}
	}
	return component.Component{}, false
}

// Said is what declaring and posting share. Everything may be left out but a text.
type Said struct {
	Body        lang.Text        `json:"body,omitempty" doc:"Markdown per language"`
	Status      incident.Status  `json:"status,omitempty"`
	Components  []Part           `json:"components,omitempty"`
	Fields      *incident.Fields `json:"fields,omitempty" doc:"Left out: what was said last, or the honest default of the kind"`
	Author      id.Person        `json:"author,omitempty" doc:"Left out: the token's person"`
	NextBy      time.Time        `json:"next_by,omitzero" doc:"When the next word comes; left out: by the cadence"`
	NextReason  string           `json:"next_reason,omitempty" maxLength:"500" doc:"Needed where next_by is later than the cadence"`
	Silent      bool             `json:"silent,omitempty" doc:"Page and feeds only"`
	CannotWork  *bool            `json:"cannot_work,omitempty" doc:"Customers cannot work at all: impact critical"`
	Impact      *incident.Impact `json:"impact,omitempty" doc:"Overrides what the components say"`
	ReportDueAt time.Time        `json:"report_due_at,omitzero" doc:"With status resolved: when cause and corrective action are published; left out: as the settings have it"`
	NoReport    bool             `json:"no_report,omitempty" doc:"With status resolved: promise no report on cause and corrective action"`
}

func (a *API) word(ctx context.Context, in Said) (desk.Word, error) {
	affected, err := a.parts(ctx, in.Components)
	w := desk.Word{
		Status: in.Status, Body: in.Body, Affected: affected, Author: in.Author, NextBy: in.NextBy, NextReason: in.NextReason,
		Silent: in.Silent, CannotWork: in.CannotWork, Override: in.Impact, ReportDueAt: in.ReportDueAt, ReportByDefault: !in.NoReport, Key: keyFrom(ctx),
	}
	if in.Fields != nil {
		w.Fields = *in.Fields
	}
	return w, err
}

// Declared is the request that opens an incident, schedules a maintenance or publishes a draft.
type Declared struct {
	Said
	Kind          incident.Kind       `json:"kind,omitempty" enum:"outage,billing,data,security,maintenance" default:"outage"`
	Title         lang.Text           `json:"title,omitempty"`
	Draft         string              `json:"draft,omitempty" doc:"The draft to publish"`
	Visibility    incident.Visibility `json:"visibility,omitempty" enum:"public,private,rehearsal" default:"public"`
	StartedAt     time.Time           `json:"started_at,omitzero"`
	DetectedAt    time.Time           `json:"detected_at,omitzero"`
	DetectedBy    incident.Detection  `json:"detected_by,omitempty" enum:"probe,alert,staff,customer"`
	FirstReportAt time.Time           `json:"first_report_at,omitzero"`
	Window        *Window             `json:"window,omitempty" doc:"Needed for a maintenance"`
	Audience      incident.Audience   `json:"audience,omitempty" enum:"uses,listed,everyone" doc:"Which customers it affects; left out: by what they use"`
	Customers     []string            `json:"customers,omitempty" maxItems:"10000" doc:"With listed: what your own systems call them"`
}

type declareIncident struct {
	Body Declared
}

func (a *API) declareIncident(ctx context.Context, in *declareIncident) (*incidentBody, error) {
	b := in.Body
	word, err := a.word(ctx, b.Said)
	if err != nil {
		return nil, err
	}
	d := desk.Declaration{
		Visibility: b.Visibility, Kind: b.Kind, Title: b.Title, StartedAt: b.StartedAt, DetectedAt: b.DetectedAt, DetectedBy: b.DetectedBy,
		FirstReportAt: b.FirstReportAt, Window: b.Window.plain(), First: word,
		Audience: b.Audience, Customers: b.Customers,
	}
	if b.CannotWork != nil {
		d.CannotWork = *b.CannotWork
	}
	if b.Impact != nil {
		d.Override = *b.Impact
	}
	if b.Draft != "" {
		if d.Draft, err = a.resolve(ctx, b.Draft); err != nil {
			return nil, err
		}
	}
	i, _, err := a.desk.Declare(ctx, d)
	if err != nil {
		return nil, err
	}
	return a.showIncident(ctx, &IncidentPath{ID: string(i.ID)})
}

type postUpdate struct {
	IncidentPath
	Body Said
}

func (a *API) postUpdate(ctx context.Context, in *postUpdate) (*updateBody, error) {
	x, err := a.resolve(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	word, err := a.word(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	u, waits, err := a.desk.PostOrWait(ctx, x, word)
	if err != nil {
		return nil, err
	}
	if waits != "" {
		return &updateBody{Update{Incident: x, Body: word.Body, Status: word.Status, Waits: waits}}, nil
	}
	return a.said(ctx, u)
}

// said is an update with what was pointed out about it.
func (a *API) said(ctx context.Context, u incident.Update) (*updateBody, error) {
	out := &updateBody{shapeUpdate(u)}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		found, err := findings(ctx, tx, u.Incident)
		out.Body.Findings = found[u.ID]
		return err
	})
	return out, err
}

func (a *API) holdIncident(ctx context.Context, in *IncidentPath) (*updateBody, error) {
	x, err := a.resolve(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	u, err := a.desk.Hold(ctx, x)
	if err != nil {
		return nil, err
	}
	return a.said(ctx, u)
}

func (a *API) setAside(ctx context.Context, in *IncidentPath) (*struct{}, error) {
	x, err := a.resolve(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.desk.SetAside(ctx, x)
}
