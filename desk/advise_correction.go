package desk

import (
	"context"

	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/playbook"
	"candor/problem"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// adviseCorrection looks at corrected words as at new ones; only what was written anew is looked at.
func (d *Desk) adviseCorrection(ctx context.Context, tx *store.Tx, x incident.Update, in Correction, read map[lang.Tag]playbook.Reading) error {
	i, err := tx.Incidents.ByID(ctx, x.Incident)
	if err != nil {
		return err
	}
	s, _, err := tx.Settings.Load(ctx)
	if err != nil {
		return err
	}
	revision := x.Revisions[len(x.Revisions)-1]
	findings, err := d.ReviewCorrection(ctx, tx, s, i, x, in.Body.Trimmed(), read)
	if err != nil {
		return err
	}
	var wrong problem.List
	confirmed := confirm(&wrong, findings, in.Ask, in.Confirmed)
	if err := wrong.Err(); err != nil {
		return err
	}
	return tx.Advice.Add(ctx, playbook.Advice{
		Update: x.ID, Revision: len(x.Revisions), Incident: i.ID, Confirmed: confirmed, Findings: findings, At: revision.At,
	})
}

// ReviewCorrection says what a careful colleague would of corrected words: of the words alone, since the fields stay what they were.
func (d *Desk) ReviewCorrection(ctx context.Context, tx *store.Tx, s settings.Settings, i incident.Incident, x incident.Update, body lang.Text, read map[lang.Tag]playbook.Reading) ([]playbook.Finding, error) {
	w := playbook.Word{
		Incident: i.Kind, Impact: i.Impact, Status: x.Status, First: x.Number == 1, Body: body, Read: read, Fields: x.Fields,
		Author: staff.Acting(ctx).Person, NextBy: x.NextBy, NextReason: x.NextReason,
	}
	all, err := d.Review(ctx, tx, s, i, w, x.At)
	var words []playbook.Finding
	for _, f := range all {
		if f.Field == "" {
			words = append(words, f)
		}
	}
	return words, err
}

// blackOutAdvice follows words into the excerpts: an excerpt of the update itself may hold a part of them, and goes whole.
func blackOutAdvice(ctx context.Context, tx *store.Tx, x incident.Update, words []string) error {
	all, err := tx.Advice.Of(ctx, x.Incident)
	if err != nil {
		return err
	}
	for _, a := range all {
		changed := false
		for n, f := range a.Findings {
			left := markup.Blackout(f.Excerpt, words, markup.Mark)
			if a.Update == x.ID && f.Excerpt != "" {
				left = markup.Mark
			}
			changed = changed || left != f.Excerpt
			a.Findings[n].Excerpt = left
		}
		if changed {
			if err := tx.Advice.SaveFindings(ctx, a); err != nil {
				return err
			}
		}
	}
	return nil
}
