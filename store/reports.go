package store

import (
	"context"
	"time"

	"candor/id"
	"candor/report"
)

// Reports are the accounts of incidents: as they are written, and what was published of them.
type Reports struct{ tx *Tx }

const (
	reportColumns = `id, code, incident, state, version, author, reviewer, account, inside, created_at, updated_at, submitted_at, published_at`
	// Revisions say whose they are, so that one query brings those of many.
	revisionColumns = `report, number, at, author, reason, account`
)

// Of is the report of an incident, or ErrNotFound while nobody has begun one.
func (v Reports) Of(ctx context.Context, i id.Incident) (_ report.Report, err error) {
	defer wrap(&err, "read the report of %s", i)
	return one(ctx, v.tx, readReport, `SELECT `+reportColumns+` FROM reports WHERE incident = $1`, i)
}

// ByID finds one.
func (v Reports) ByID(ctx context.Context, x id.Report) (_ report.Report, err error) {
	defer wrap(&err, "read report %s", x)
	return one(ctx, v.tx, readReport, `SELECT `+reportColumns+` FROM reports WHERE id = $1`, x)
}

// Unpublished are those being written, the oldest first: for staff.
func (v Reports) Unpublished(ctx context.Context) (_ []report.Report, err error) {
	defer wrap(&err, "read the reports being written")
	return many(ctx, v.tx, readReport, `SELECT `+reportColumns+` FROM reports
		WHERE published_at IS NULL
		ORDER BY created_at, id
		LIMIT 200`)
}

// Published are those of public incidents that were published before an instant, the newest first.
func (v Reports) Published(ctx context.Context, before time.Time, limit int) (_ []report.Report, err error) {
	defer wrap(&err, "read the published reports")
	return many(ctx, v.tx, readReport, `SELECT `+reportColumns+` FROM reports
		WHERE published_at IS NOT NULL AND published_at < $1
			AND EXISTS (SELECT 1 FROM incidents i WHERE i.id = reports.incident AND i.visibility = 'public')
		ORDER BY published_at DESC, id DESC
		LIMIT $2`, instant(before), min(max(limit, 1), 500))
}

// PublishedOf are the published reports of some incidents.
func (v Reports) PublishedOf(ctx context.Context, incidents []id.Incident) (_ []report.Report, err error) {
	defer wrap(&err, "read the reports of %d incidents", len(incidents))
	if len(incidents) == 0 {
		return nil, nil
	}
	list, args := in(incidents)
	return many(ctx, v.tx, readReport, `SELECT `+reportColumns+` FROM reports
		WHERE published_at IS NOT NULL AND incident IN `+list+`
		ORDER BY published_at DESC, id DESC
		LIMIT 1000`, args...)
}

// Add appends one. A second report of an incident is ErrExists.
func (v Reports) Add(ctx context.Context, x report.Report) (err error) {
	defer wrap(&err, "begin report %s", x.ID)
	return exec(ctx, v.tx, `INSERT INTO reports (`+reportColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		x.ID, x.Code, x.Incident, x.State, x.Version, x.Author, x.Reviewer, asJSON(&x.Account), asJSON(&x.Inside), instant(x.CreatedAt),
		instant(x.UpdatedAt), instant(x.SubmittedAt), instant(x.PublishedAt))
}

// Save keeps a report that had this version, and counts it up; false if somebody else has saved it meanwhile.
func (v Reports) Save(ctx context.Context, x report.Report) (mine bool, err error) {
	defer wrap(&err, "save report %s", x.ID)
	n, err := execCount(ctx, v.tx, `UPDATE reports
		SET state = $3, version = version + 1, author = $4, reviewer = $5, account = $6, inside = $7, updated_at = $8, submitted_at = $9,
			published_at = $10
		WHERE id = $1 AND version = $2`, x.ID, x.Version, x.State, x.Author, x.Reviewer, asJSON(&x.Account), asJSON(&x.Inside),
		instant(x.UpdatedAt), instant(x.SubmittedAt), instant(x.PublishedAt))
	return n == 1, err
}

// Publish appends a revision.
func (v Reports) Publish(ctx context.Context, x report.Revision) (err error) {
	defer wrap(&err, "publish revision %d of %s", x.Number, x.Report)
	err = exec(ctx, v.tx, `INSERT INTO report_revisions (`+revisionColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`,
		x.Report, x.Number, instant(x.At), x.By, x.Reason, asJSON(&x.Account))
	if err != nil {
		return err
	}
	return v.tx.Record.report(ctx, x)
}

// Revisions are all of one report, the newest first.
func (v Reports) Revisions(ctx context.Context, x id.Report) (_ []report.Revision, err error) {
	defer wrap(&err, "read the revisions of %s", x)
	return many(ctx, v.tx, readRevision, `SELECT `+revisionColumns+` FROM report_revisions WHERE report = $1 ORDER BY number DESC LIMIT 500`, x)
}

// Latest is what stands now, or ErrNotFound before a report is published.
func (v Reports) Latest(ctx context.Context, x id.Report) (_ report.Revision, err error) {
	defer wrap(&err, "read what %s says", x)
	return one(ctx, v.tx, readRevision, `SELECT `+revisionColumns+` FROM report_revisions WHERE report = $1 ORDER BY number DESC LIMIT 1`, x)
}

func readReport(scan scan) (x report.Report, err error) {
	err = scan(&x.ID, &x.Code, &x.Incident, &x.State, &x.Version, &x.Author, &x.Reviewer, asJSON(&x.Account), asJSON(&x.Inside),
		(*instant)(&x.CreatedAt), (*instant)(&x.UpdatedAt), (*instant)(&x.SubmittedAt), (*instant)(&x.PublishedAt))
	return x, err
}

func readRevision(scan scan) (x report.Revision, err error) {
	err = scan(&x.Report, &x.Number, (*instant)(&x.At), &x.By, &x.Reason, asJSON(&x.Account))
	return x, err
}
