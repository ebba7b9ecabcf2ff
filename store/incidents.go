package store

import (
	"cmp"
	"context"
	"time"

	"candor/id"
	"candor/incident"
)

// Incidents are what went wrong and what will be worked on. None is ever deleted.
type Incidents struct{ tx *Tx }

const incidentColumns = `id, code, number, kind, visibility, title, status, impact, impact_override, cannot_work, affected, audience, lead,
	started_at, detected_at, detected_by, first_report_at, declared_at, monitoring_at, resolved_at, report_due_at,
	window_from, window_until, auto_start, auto_end, remind_before, alert_group, created_at, updated_at`

// A Place is where a page of incidents ended; the zero Place is before the newest.
type Place struct {
	At time.Time
	ID id.Incident
}

// PlaceOf is where the page goes on after i.
func PlaceOf(i incident.Incident) Place { return Place{i.StartedAt, i.ID} }

// orEnd makes the zero Place the end of time, so that one query serves the first page and every other.
func (p Place) orEnd() Place {
	if p.At.IsZero() {
		return Place{At: time.UnixMicro(1 << 62), ID: "z"}
	}
	return p
}

// ByID finds one, whoever may see it.
func (i Incidents) ByID(ctx context.Context, x id.Incident) (_ incident.Incident, err error) {
	defer wrap(&err, "read incident %s", x)
	return one(ctx, i.tx, readIncident, `SELECT `+incidentColumns+` FROM incidents WHERE id = $1`, x)
}

// ByCode finds one by its public name, whoever may see it: a public face looks at Visibility (V23).
func (i Incidents) ByCode(ctx context.Context, code id.Code) (_ incident.Incident, err error) {
	defer wrap(&err, "read incident %s", code)
	return one(ctx, i.tx, readIncident, `SELECT `+incidentColumns+` FROM incidents WHERE code = $1`, code)
}

// Open are the public incidents customers wait for, scheduled maintenance included, newest first.
func (i Incidents) Open(ctx context.Context) (_ []incident.Incident, err error) {
	defer wrap(&err, "read the open incidents")
	return many(ctx, i.tx, readIncident, `SELECT `+incidentColumns+` FROM incidents
		WHERE resolved_at IS NULL AND visibility = 'public'
		ORDER BY started_at DESC, id DESC
		LIMIT 500`)
}

// Working are all unresolved incidents, drafts, private ones and rehearsals included: for staff only.
func (i Incidents) Working(ctx context.Context) (_ []incident.Incident, err error) {
	defer wrap(&err, "read the incidents being worked on")
	return many(ctx, i.tx, readIncident, `SELECT `+incidentColumns+` FROM incidents
		WHERE resolved_at IS NULL
		ORDER BY started_at DESC, id DESC
		LIMIT 500`)
}

// Page are public incidents, newest first, older than a place.
func (i Incidents) Page(ctx context.Context, after Place, limit int) (_ []incident.Incident, err error) {
	defer wrap(&err, "read a page of incidents")
	after = after.orEnd()
	return many(ctx, i.tx, readIncident, `SELECT `+incidentColumns+` FROM incidents
		WHERE (started_at, id) < ($1, $2) AND visibility = 'public'
		ORDER BY started_at DESC, id DESC
		LIMIT $3`, instant(after.At), after.ID, limit)
}

// StaffPage are incidents of every visibility, newest first, older than a place: for staff only.
func (i Incidents) StaffPage(ctx context.Context, after Place, limit int) (_ []incident.Incident, err error) {
	defer wrap(&err, "read a page of all incidents")
	after = after.orEnd()
	return many(ctx, i.tx, readIncident, `SELECT `+incidentColumns+` FROM incidents
		WHERE (started_at, id) < ($1, $2)
		ORDER BY started_at DESC, id DESC
		LIMIT $3`, instant(after.At), after.ID, limit)
}

// StaffPageOf is StaffPage of one kind.
func (i Incidents) StaffPageOf(ctx context.Context, kind incident.Kind, after Place, limit int) (_ []incident.Incident, err error) {
	defer wrap(&err, "read a page of all incidents of kind %s", kind)
	after = after.orEnd()
	return many(ctx, i.tx, readIncident, `SELECT `+incidentColumns+` FROM incidents
		WHERE kind = $1 AND (started_at, id) < ($2, $3)
		ORDER BY started_at DESC, id DESC
		LIMIT $4`, kind, instant(after.At), after.ID, limit)
}

// wentOn is true of an incident that customers could feel between $1 and $2: what began earlier and ran into that time is part of it.
const wentOn = `started_at < $2 AND (started_at >= $1 OR resolved_at > $1 OR resolved_at IS NULL)`

// Between are the public incidents that went on in [from, until), newest first: a month, or the last days.
func (i Incidents) Between(ctx context.Context, from, until time.Time) (_ []incident.Incident, err error) {
	defer wrap(&err, "read the incidents from %s", from.Format(time.DateOnly))
	return many(ctx, i.tx, readIncident, `SELECT `+incidentColumns+` FROM incidents
		WHERE `+wentOn+` AND visibility = 'public'
		ORDER BY started_at DESC, id DESC
		LIMIT 2000`, instant(from), instant(until))
}

// First is when the oldest public incident started, zero if there is none: how far back the history goes.
func (i Incidents) First(ctx context.Context) (t time.Time, err error) {
	defer wrap(&err, "find the first incident")
	at, err := many(ctx, i.tx, value[instant], `SELECT started_at FROM incidents WHERE visibility = 'public' ORDER BY started_at, id LIMIT 1`)
	if len(at) == 1 {
		t = time.Time(at[0])
	}
	return t, err
}

// Maintenances are public maintenances whose window ends after t, soonest first.
func (i Incidents) Maintenances(ctx context.Context, t time.Time, limit int) (_ []incident.Incident, err error) {
	defer wrap(&err, "read the maintenances")
	return many(ctx, i.tx, readIncident, `SELECT `+incidentColumns+` FROM incidents
		WHERE kind = 'maintenance' AND visibility = 'public' AND (window_until IS NULL OR window_until > $1 OR resolved_at IS NULL)
		ORDER BY window_from, id
		LIMIT $2`, instant(t), limit)
}

// ByAlertGroup is the newest incident that a group of alerts opened, resolved or set aside ones included, or ErrNotFound.
func (i Incidents) ByAlertGroup(ctx context.Context, group string) (_ incident.Incident, err error) {
	defer wrap(&err, "find the incident of an alert group")
	return one(ctx, i.tx, readIncident, `SELECT `+incidentColumns+` FROM incidents
		WHERE alert_group = $1 AND alert_group <> ''
		ORDER BY created_at DESC, id DESC
		LIMIT 1`, group)
}

// NextNumber is the number of the next incident. Inside a Write no two acts get the same.
func (i Incidents) NextNumber(ctx context.Context) (_ int64, err error) {
	defer wrap(&err, "number an incident")
	return one(ctx, i.tx, value[int64], `SELECT CAST(coalesce(max(number), 0) + 1 AS BIGINT) FROM incidents`)
}

// Add appends one.
func (i Incidents) Add(ctx context.Context, x incident.Incident) (err error) {
	defer wrap(&err, "add incident %s", x.ID)
	err = exec(ctx, i.tx, `INSERT INTO incidents (id, code, number, kind, created_at, alert_group,
			visibility, title, status, impact, impact_override, cannot_work, affected, audience, lead,
			started_at, detected_at, detected_by, first_report_at, declared_at, monitoring_at, resolved_at, report_due_at,
			window_from, window_until, auto_start, auto_end, remind_before, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)`,
		append([]any{x.ID, x.Code, x.Number, x.Kind, instant(x.CreatedAt), x.AlertGroup}, changing(&x)...)...)
	if err != nil {
		return err
	}
	return i.tx.Record.incident(ctx, x)
}

// Save keeps what may change about one.
func (i Incidents) Save(ctx context.Context, x incident.Incident) (err error) {
	defer wrap(&err, "save incident %s", x.ID)
	err = execOne(ctx, i.tx, `UPDATE incidents
		SET kind = $2, visibility = $3, title = $4, status = $5, impact = $6, impact_override = $7, cannot_work = $8, affected = $9, audience = $10, lead = $11,
			started_at = $12, detected_at = $13, detected_by = $14, first_report_at = $15, declared_at = $16, monitoring_at = $17,
			resolved_at = $18, report_due_at = $19, window_from = $20, window_until = $21, auto_start = $22, auto_end = $23,
			remind_before = $24, updated_at = $25
		WHERE id = $1`, append([]any{x.ID, x.Kind}, changing(&x)...)...)
	if err != nil {
		return err
	}
	return i.tx.Record.incident(ctx, x)
}

// changing are the values from visibility to updated_at, in the order both statements name them.
func changing(x *incident.Incident) []any {
	return []any{
		x.Visibility, asJSON(&x.Title), x.Status, x.Impact, x.Override, x.CannotWork, asJSON(&x.Affected), cmp.Or(x.Audience, incident.ByUse), x.Lead,
		instant(x.StartedAt), instant(x.DetectedAt), x.DetectedBy, instant(x.FirstReportAt), instant(x.DeclaredAt),
		instant(x.MonitoringAt), instant(x.ResolvedAt), instant(x.ReportDueAt), instant(x.Window.From), instant(x.Window.Until),
		x.Window.AutoStart, x.Window.AutoEnd, asJSON(&x.Window.RemindBefore), instant(x.UpdatedAt),
	}
}

func readIncident(scan scan) (x incident.Incident, err error) {
	err = scan(&x.ID, &x.Code, &x.Number, &x.Kind, &x.Visibility, asJSON(&x.Title), &x.Status, &x.Impact, &x.Override, &x.CannotWork,
		asJSON(&x.Affected), &x.Audience, &x.Lead, (*instant)(&x.StartedAt), (*instant)(&x.DetectedAt), &x.DetectedBy, (*instant)(&x.FirstReportAt),
		(*instant)(&x.DeclaredAt), (*instant)(&x.MonitoringAt), (*instant)(&x.ResolvedAt), (*instant)(&x.ReportDueAt),
		(*instant)(&x.Window.From), (*instant)(&x.Window.Until), &x.Window.AutoStart, &x.Window.AutoEnd, asJSON(&x.Window.RemindBefore),
		&x.AlertGroup, (*instant)(&x.CreatedAt), (*instant)(&x.UpdatedAt))
	return x, err
}
