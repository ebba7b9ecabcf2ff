package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"candor/audience"
	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/monitor"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// ReceiveAlerts opens or updates one draft per alert group and notifies the communicators once. Nothing becomes public by it.
func (d *Desk) ReceiveAlerts(ctx context.Context, alerts []monitor.Alert) (drafts []id.Incident, err error) {
	defer wrap(&err, "receive %d alerts", len(alerts))
	if err := need(ctx, staff.Alert); err != nil {
		return nil, err
	}
	var groups []string
	byGroup := map[string][]monitor.Alert{}
	for _, a := range alerts {
		a.Group, a.Fingerprint = indexable(a.Group), indexable(a.Fingerprint)
		if _, known := byGroup[a.Group]; !known {
			groups = append(groups, a.Group)
		}
		byGroup[a.Group] = append(byGroup[a.Group], a)
	}
	at := now()
	err = d.insist(ctx, func(tx *store.Tx) error {
		drafts = nil
		all, err := componentsByID(ctx, tx)
		if err != nil {
			return err
		}
		for _, group := range groups {
			x, err := d.receiveGroup(ctx, tx, all, group, byGroup[group], at)
			if err != nil {
				return err
			}
			if x != "" {
				drafts = append(drafts, x)
			}
		}
		return nil
	})
	if err == nil {
		d.wake()
	}
	return drafts, err
}

// indexable is a sender's key as both databases can look it up: PostgreSQL takes no NUL, and no key of more than 2,704 bytes, which the
// labels of a group easily make (V1). An alert must not be lost for its name.
func indexable(key string) string {
	if len(key) <= 500 && utf8.ValidString(key) && !strings.Contains(key, "\x00") {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// receiveGroup files the alerts of one group with the incident they belong to. What is resolved is noted there and changes nothing else: a
// person decides when it is over.
func (d *Desk) receiveGroup(ctx context.Context, tx *store.Tx, all map[id.Component]component.Component, group string, alerts []monitor.Alert, at time.Time) (id.Incident, error) {
	i, err := tx.Incidents.ByAlertGroup(ctx, group)
	exists := err == nil
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	if exists && !i.ResolvedAt.IsZero() {
		known, err := tx.Alerts.Of(ctx, i.ID)
		if err != nil {
			return "", err
		}
		exists = !slices.ContainsFunc(alerts, func(a monitor.Alert) bool { return a.Firing && !monitor.SameEpisode(a, known) })
	}
	firing := slices.ContainsFunc(alerts, func(a monitor.Alert) bool { return a.Firing })
	if !exists && !firing {
		return "", nil // the end of something we never heard the beginning of
	}
	if !exists {
		if i, err = d.draft(ctx, tx, all, group, alerts, at); err != nil {
			return "", err
		}
	} else if i.Visibility == incident.Draft {
		i.Affected = mergeGuess(i.Affected, guess(all, alerts))
		i.Impact = impactOf(i, i.Impact, all)
		i.UpdatedAt = at
		if err := tx.Incidents.Save(ctx, i); err != nil {
			return "", err
		}
	}
	for _, a := range alerts {
		if err := tx.Alerts.Put(ctx, i.ID, a, at); err != nil {
			return "", err
		}
	}
	return i.ID, nil
}

// draft is the incident half written, for whoever is on call to find.
func (d *Desk) draft(ctx context.Context, tx *store.Tx, all map[id.Component]component.Component, group string, alerts []monitor.Alert, at time.Time) (incident.Incident, error) {
	set, _, err := tx.Settings.Load(ctx)
	if err != nil {
		return incident.Incident{}, err
	}
	number, err := tx.Incidents.NextNumber(ctx)
	if err != nil {
		return incident.Incident{}, err
	}
	i := incident.Incident{
		ID: id.New[id.Incident](at), Code: id.NewCode(), Number: number, Kind: incident.Outage, Visibility: incident.Draft,
		Title: titleOf(alerts, set.Default()), Status: incident.Investigating, Affected: guess(all, alerts),
		StartedAt: startOf(alerts, at), DetectedAt: at, DetectedBy: incident.ByAlert, AlertGroup: group, CreatedAt: at, UpdatedAt: at,
	}
	i.Impact = impactOf(i, "", all)
	if err := tx.Incidents.Add(ctx, i); err != nil {
		return i, err
	}
	if err := d.audit(ctx, tx, at, "incident draft", string(i.ID), nil, auditedIncident(i)); err != nil {
		return i, err
	}
	return i, tellCommunicators(ctx, tx, i, at)
}

// tellCommunicators mails everybody who could publish the draft: the communicators, or the owners of a company that has none.
func tellCommunicators(ctx context.Context, tx *store.Tx, i incident.Incident, at time.Time) error {
	people, err := tx.People.All(ctx)
	if err != nil {
		return err
	}
	people = slices.DeleteFunc(people, func(p staff.Person) bool { return !p.Active() })
	role := staff.Communicator
	if !slices.ContainsFunc(people, func(p staff.Person) bool { return p.Has(role) }) {
		role = staff.Owner
	}
	for _, p := range people {
		if !p.Has(role) {
			continue
		}
		err := tx.Announcements.Add(ctx, reach.Announcement{
			ID: id.New[id.Announcement](at), Kind: reach.OnAlert, Incident: i.ID,
			Target: audience.Target{Person: p.ID}, Priority: reach.Urgent, AsOf: at,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// titleOf is what the first firing alert says of itself, made fit for a title.
func titleOf(alerts []monitor.Alert, tag lang.Tag) lang.Text {
	for _, a := range alerts {
		said := strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(or(a.Summary, a.Name), "\x00", ""), "")), " ")
		if runes := []rune(said); len(runes) > longestHeading {
			said = string(runes[:longestHeading-1]) + "…"
		}
		if a.Firing && said != "" {
			return lang.Text{tag: said}
		}
	}
	return lang.Text{}
}

// startOf is when the first of them began, as their sender says, unless its clock is ahead of ours.
func startOf(alerts []monitor.Alert, at time.Time) time.Time {
	start := at
	for _, a := range alerts {
		if a.Firing && a.StartsAt.Year() > 2000 && a.StartsAt.Before(start) {
			start = a.StartsAt.UTC().Truncate(time.Microsecond)
		}
	}
	return start
}

// guess are the components the firing alerts name.
func guess(all map[id.Component]component.Component, alerts []monitor.Alert) (affected []incident.Affected) {
	var list []monitor.Named
	for _, c := range all {
		list = append(list, monitor.Named{Component: c.ID, Names: c.Names()})
	}
	for _, a := range alerts {
		if c := a.Names(list); a.Firing && c != "" {
			affected = mergeGuess(affected, []incident.Affected{{Component: c, Status: a.Status()}})
		}
	}
	slices.SortFunc(affected, func(a, b incident.Affected) int { return strings.Compare(string(a.Component), string(b.Component)) })
	return affected
}

// mergeGuess keeps the worse of two guesses about a component.
func mergeGuess(all, more []incident.Affected) []incident.Affected {
	for _, m := range more {
		at := slices.IndexFunc(all, func(a incident.Affected) bool { return a.Component == m.Component })
		switch {
		case at < 0:
			all = append(all, m)
		case m.Status.Worse(all[at].Status):
			all[at].Status = m.Status
		}
	}
	return all
}
