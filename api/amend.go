package api

import (
	"context"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/store"
)

// amendIncident changes only what the body names.
type amendIncident struct {
	IncidentPath
	Body struct {
		Title         *lang.Text          `json:"title,omitempty"`
		Lead          *id.Person          `json:"lead,omitempty"`
		StartedAt     *time.Time          `json:"started_at,omitempty"`
		DetectedAt    *time.Time          `json:"detected_at,omitempty"`
		DetectedBy    *incident.Detection `json:"detected_by,omitempty" enum:"probe,alert,staff,customer"`
		FirstReportAt *time.Time          `json:"first_report_at,omitempty"`
		Impact        *incident.Impact    `json:"impact,omitempty"`
		CannotWork    *bool               `json:"cannot_work,omitempty"`
		ReportDueAt   *time.Time          `json:"report_due_at,omitempty"`
		Window        *Window             `json:"window,omitempty"`
	}
}

func (a *API) amendIncident(ctx context.Context, in *amendIncident) (*incidentBody, error) {
	var i incident.Incident
	err := a.db.Read(ctx, func(tx *store.Tx) (err error) {
		i, err = find(ctx, tx, in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	facts := desk.Facts{
		Title: i.Title, Lead: i.Lead, StartedAt: i.StartedAt, DetectedAt: i.DetectedAt, DetectedBy: i.DetectedBy, FirstReportAt: i.FirstReportAt,
		Override: i.Override, CannotWork: i.CannotWork, ReportDueAt: i.ReportDueAt, Window: i.Window,
	}
	b := in.Body
	replace(&facts.Title, b.Title)
	replace(&facts.Lead, b.Lead)
	replace(&facts.StartedAt, b.StartedAt)
	replace(&facts.DetectedAt, b.DetectedAt)
	replace(&facts.DetectedBy, b.DetectedBy)
	replace(&facts.FirstReportAt, b.FirstReportAt)
	replace(&facts.Override, b.Impact)
	replace(&facts.CannotWork, b.CannotWork)
	replace(&facts.ReportDueAt, b.ReportDueAt)
	if b.Window != nil {
		facts.Window = b.Window.plain()
	}
	if err := a.desk.Amend(ctx, i.ID, facts); err != nil {
		return nil, err
	}
	return a.showIncident(ctx, &in.IncidentPath)
}

func replace[T any](old, next *T) {
	if next != nil {
		*old = *next
	}
}

// UpdatePath names an update.
type UpdatePath struct {
	ID id.Update `path:"id" doc:"upd_…" maxLength:"40"`
}

type correctUpdate struct {
	UpdatePath
	Body struct {
		Body   lang.Text `json:"body" doc:"The whole text as it shall read; the old one stays visible"`
		Reason string    `json:"reason" maxLength:"500"`
		Notify bool      `json:"notify,omitempty" doc:"Mail whoever was sent the old text"`
	}
}

func (a *API) correctUpdate(ctx context.Context, in *correctUpdate) (*struct{}, error) {
	return nil, a.desk.Correct(ctx, in.ID, desk.Correction{Body: in.Body.Body, Reason: in.Body.Reason, Notify: in.Body.Notify})
}

type blackOutUpdate struct {
	UpdatePath
	Body struct {
		Language lang.Tag                `json:"language"`
		Words    []string                `json:"words" minItems:"1" doc:"Each exactly as it stands in the text"`
		Reason   incident.BlackoutReason `json:"reason" enum:"secret,personal_data,court_order"`
		Note     string                  `json:"note,omitempty" maxLength:"500" doc:"Shown beside the mark"`
	}
}

func (a *API) blackOutUpdate(ctx context.Context, in *blackOutUpdate) (*struct{}, error) {
	b := in.Body
	return nil, a.desk.BlackOut(ctx, in.ID, desk.BlackingOut{Language: b.Language, Words: b.Words, Reason: b.Reason, Note: b.Note})
}
