package duty

import (
	"context"
	"slices"

	"candor/audience"
	"candor/id"
	"candor/letter"
	"candor/reach"
	"candor/report"
	"candor/store"
)

// findings are what the letter about a report says: the report as it stands, and what is done about it.
func findings(ctx context.Context, tx *store.Tx, a reach.Announcement) (f letter.Findings, err error) {
	if f.Incident, err = tx.Incidents.ByID(ctx, a.Incident); err != nil {
		return f, err
	}
	r, err := tx.Reports.ByID(ctx, id.Report(a.Link))
	if err != nil {
		return f, err
	}
	revision, err := tx.Reports.Latest(ctx, r.ID)
	if err != nil {
		return f, err
	}
	words := revision.Account.Words
	f.Revision, f.Reason, f.At = revision.Number, revision.Reason, revision.At
	f.Summary, f.Cause, f.Apology = words[report.Summary], words[report.Cause], words[report.Apology]
	if f.Author, err = person(ctx, tx, r.Author); err != nil {
		return f, err
	}
	actions, err := tx.Actions.Of(ctx, a.Incident)
	for _, x := range actions {
		if (x.Public() || f.Incident.Visibility != "public" && !x.Internal) && x.State != report.Dropped {
			f.Actions = append(f.Actions, letter.ActionLine{Code: x.Code, Title: x.Title, DueAt: x.DueAt, Done: x.State != report.Open})
		}
	}
	return f, err
}

// planNoted plans the next of the customers whom an incident is known to have affected. It is over: nobody is added, nobody climbs, and what
// is no matter of minutes wakes nobody by text.
func (d *Duty) planNoted(ctx context.Context, tx *store.Tx, a reach.Announcement) (after, last id.Customer, done bool, err error) {
	after = id.Customer(a.Cursor)
	last, done, err = tx.Affected.Stretch(ctx, a.Incident, after, chunk)
	return after, last, done, err
}

// unhurried are the channels of the first rung that may carry what is not urgent.
func unhurried(channels []string) []string {
	return slices.DeleteFunc(slices.Clone(channels), func(c string) bool { return c == audience.SMS || c == audience.Voice })
}
