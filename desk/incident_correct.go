package desk

import (
	"context"
	"maps"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/playbook"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// Correct revises an update in the open: what stood there stays to be read, with who changed it, when and why. Languages that Body does
// not name stay as they are.
func (d *Desk) Correct(ctx context.Context, u id.Update, in Correction) (err error) {
	defer wrap(&err, "correct update %s", u)
	if err := need(ctx, staff.Say); err != nil {
		return err
	}
	var wrong problem.List
	body := in.Body.Trimmed()
	if body.Empty() {
		wrong.Add(problem.Field("body", "problem.text.empty"))
	}
	checkBody(&wrong, "body", body)
	checkLine(&wrong, "reason", in.Reason, longestNote)
	if err := wrong.Err(); err != nil {
		return err
	}
	at, read := now(), playbook.ReadAll(body)
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		x, err := found(tx.Updates.ByID(ctx, u))
		if err != nil {
			return err
		}
		next := maps.Clone(x.Body)
		maps.Copy(next, body)
		if maps.Equal(next, x.Body) {
			return nil // said twice, corrected once
		}
		by := staff.Acting(ctx).Person.ID
		x.Revisions = append(x.Revisions, incident.Revision{At: at, By: by, Reason: in.Reason, Was: x.Body, Now: next})
		x.Body = next
		if err := tx.Updates.SaveBody(ctx, x); err != nil {
			return err
		}
		if err := d.adviseCorrection(ctx, tx, x, in, read); err != nil {
			return err
		}
		// Nobody who was never sent the words is sent their correction.
		return d.correct(ctx, tx, x, in.Notify && x.Notify)
	})
	if err == nil {
		d.wake()
	}
	return err
}

// correct does what follows from a correction; the audit leaves the words out, as auditIt does.
func (d *Desk) correct(ctx context.Context, tx *store.Tx, x incident.Update, notify bool) error {
	revision := x.Revisions[len(x.Revisions)-1]
	i, err := tx.Incidents.ByID(ctx, x.Incident)
	if err != nil {
		return err
	}
	if err := noteIncident(ctx, tx, i, revision.At); err != nil {
		return err
	}
	after := map[string]any{"revision": len(x.Revisions), "notify": notify}
	if err := d.audit(ctx, tx, revision.At, "update correct", string(x.ID), nil, after); err != nil {
		return err
	}
	if !notify || i.Visibility == incident.Private {
		return nil
	}
	target := audience.Target{Heard: x.ID, Reopens: true}
	if i.Visibility == incident.Rehearsal {
		target = audience.Target{Person: revision.By}
	}
	return tx.Announcements.Add(ctx, reach.Announcement{
		ID: id.New[id.Announcement](revision.At), Kind: reach.OnCorrection, Incident: i.ID, Update: x.ID,
		Target: target, Priority: reach.Ordinary, AsOf: revision.At,
	})
}

// noteIncident tells every node's page that an incident reads differently now.
func noteIncident(ctx context.Context, tx *store.Tx, i incident.Incident, at time.Time) error {
	if i.Visibility != incident.Public {
		return nil
	}
	return tx.Changes.Add(ctx, "incident:"+string(i.ID), at)
}

// BlackOut takes words out of an update: out of every language, revision and copy, for good. What remains is a mark, the reason and who
// decided it.
func (d *Desk) BlackOut(ctx context.Context, u id.Update, in BlackingOut) (err error) {
	defer wrap(&err, "black out words of update %s", u)
	if err := need(ctx, staff.Say); err != nil {
		return err
	}
	var wrong problem.List
	if !mayBlackOut(in.Reason) {
		wrong.Add(problem.Field("reason", "problem.choice"))
	}
	checkLine(&wrong, "note", in.Note, longestNote)
	if err := wrong.Err(); err != nil {
		return err
	}
	at := now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		x, err := found(tx.Updates.ByID(ctx, u))
		if err != nil {
			return err
		}
		if !standsIn(x, in) {
			return problem.Field("words", "problem.blackout.absent")
		}
		blackOut(&x, in.Words)
		x.Blackouts = append(x.Blackouts, incident.Blackout{
			At: at, By: staff.Acting(ctx).Person.ID, Reason: in.Reason, Note: markup.Blackout(in.Note, in.Words, markup.Mark),
		})
		if err := tx.Updates.SaveBody(ctx, x); err != nil {
			return err
		}
		return d.eraseCopies(ctx, tx, x, in, at)
	})
	if err == nil {
		d.wake()
	}
	return err
}

// standsIn reports whether every one of the words is there to be taken out, in the body as it stands or in one of its revisions.
func standsIn(x incident.Update, in BlackingOut) bool {
	texts := []string{x.Body[in.Language]}
	for _, r := range x.Revisions {
		texts = append(texts, r.Was[in.Language])
	}
	for _, words := range in.Words {
		there := false
		for _, text := range texts {
			there = there || (words != "" && markup.Blackout(text, []string{words}, "") != text)
		}
		if !there {
			return false
		}
	}
	return len(in.Words) > 0
}

func blackOut(x *incident.Update, words []string) {
	out := func(s string) string { return markup.Blackout(s, words, markup.Mark) }
	all := func(t lang.Text) lang.Text {
		for tag := range t {
			t[tag] = out(t[tag])
		}
		return t
	}
	x.Body, x.NextReason = all(x.Body), out(x.NextReason)
	x.Fields.WorkingOn, x.Fields.Data.Steps = all(x.Fields.WorkingOn), all(x.Fields.Data.Steps)
	for n, r := range x.Revisions {
		x.Revisions[n].Was, x.Revisions[n].Now, x.Revisions[n].Reason = all(r.Was), all(r.Now), out(r.Reason)
	}
	for n, b := range x.Blackouts {
		x.Blackouts[n].Note = out(b.Note)
	}
}

// eraseCopies follows the words into what was copied from the update: the fields later updates repeat, the title, letters, answers.
func (d *Desk) eraseCopies(ctx context.Context, tx *store.Tx, x incident.Update, in BlackingOut, at time.Time) error {
	if err := blackOutAdvice(ctx, tx, x, in.Words); err != nil {
		return err
	}
	updates, err := tx.Updates.Of(ctx, x.Incident)
	if err != nil {
		return err
	}
	for n := range updates {
		if updates[n].ID == x.ID {
			continue
		}
		blackOut(&updates[n], in.Words)
		if err := tx.Updates.SaveBody(ctx, updates[n]); err != nil {
			return err
		}
	}
	i, err := tx.Incidents.ByID(ctx, x.Incident)
	if err != nil {
		return err
	}
	for tag, title := range i.Title {
		i.Title[tag] = markup.Blackout(title, in.Words, markup.Mark)
	}
	i.UpdatedAt = at
	if err := tx.Incidents.Save(ctx, i); err != nil {
		return err
	}
	if err := tx.Record.BlackedOut(ctx, i, updates, at); err != nil {
		return err
	}
	if err := tx.Updates.EraseLetters(ctx, x.Incident, x.ID, markup.Mark); err != nil {
		return err
	}
	for _, words := range in.Words {
		if err := tx.Updates.Erase(ctx, x.Incident, x.ID, words, markup.Mark); err != nil {
			return err
		}
	}
	if err := noteIncident(ctx, tx, i, at); err != nil {
		return err
	}
	after := map[string]any{"reason": in.Reason, "places": len(in.Words)}
	return d.audit(ctx, tx, at, "update blackout", string(x.ID), nil, after)
}
