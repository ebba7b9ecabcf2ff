package desk

import (
	"context"
	"encoding/csv"
	"io"
	"strings"
	"time"

	"candor/audience"
	"candor/id"
	"candor/promise"
	"candor/staff"
	"candor/store"
)

// NoLegalAdvice stands on everything that carries these deadlines away.
const NoLegalAdvice = "This is not legal advice. Deadlines are computed from what staff recorded; have somebody who answers for it check the rows you rely on."

// LegalRecord is everything about the legal clocks of one incident, for those who carry it away.
type LegalRecord struct {
	Incident  id.Incident   `json:"incident"`
	Notice    string        `json:"notice" doc:"That this is not legal advice"`
	AsOf      time.Time     `json:"as_of"`
	Deadlines []LegalRow    `json:"deadlines" doc:"Running first, the soonest first; then those that wait for their event, then what is settled"`
	Recorded  []LegalRecall `json:"recorded" doc:"What staff wrote down, oldest first"`
}

// A LegalRow is one clock applied to the incident.
type LegalRow struct {
	Clock       promise.ClockID  `json:"clock"`
	Regime      promise.Regime   `json:"regime"`
	Rule        string           `json:"rule"`
	Step        string           `json:"step"`
	State       promise.State    `json:"state" enum:"waiting,running,told,excused,replaced"`
	Starts      promise.Event    `json:"starts" doc:"The event that starts it"`
	Trigger     string           `json:"trigger"`
	From        time.Time        `json:"from,omitzero" doc:"When its event happened"`
	DueAt       time.Time        `json:"due_at,omitzero" doc:"Missing while it waits, and where the law gives no number"`
	ComputedAt  time.Time        `json:"computed_due_at,omitzero" doc:"Before anybody moved it"`
	SentAt      time.Time        `json:"sent_at,omitzero"`
	LateSeconds int64            `json:"late_seconds,omitempty"`
	Why         string           `json:"why"`
	Reason      string           `json:"reason,omitempty" doc:"What a person wrote who moved or excused it"`
	Rest        promise.Rest     `json:"rest,omitempty" doc:"Why nobody works on the day it is due"`
	Recipient   string           `json:"recipient"`
	Checklist   []string         `json:"checklist,omitempty"`
	Known       promise.Standing `json:"known" enum:"seen,recalled"`
	Source      string           `json:"source,omitempty"`
}

// A LegalRecall is one thing staff wrote down.
type LegalRecall struct {
	Event      promise.Event   `json:"event"`
	Regime     promise.Regime  `json:"regime,omitempty"`
	Clock      promise.ClockID `json:"clock,omitempty"`
	Takes      promise.Event   `json:"takes,omitempty"`
	At         time.Time       `json:"at"`
	DueAt      time.Time       `json:"due_at,omitzero"`
	Reason     string          `json:"reason,omitempty"`
	By         id.Person       `json:"by,omitempty"`
	RecordedAt time.Time       `json:"recorded_at"`
}

// LegalRecordOf gathers it. Steps of regimes nothing was recorded about are left out: nobody said that they apply.
func (d *Desk) LegalRecordOf(ctx context.Context, about id.Incident) (out LegalRecord, err error) {
	defer wrap(&err, "read the legal clocks of %s", about)
	if err := need(ctx, staff.Look); err != nil {
		return out, err
	}
	at := now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		all, recorded, err := Deadlines(ctx, tx, s, about)
		out = LegalRecord{Incident: about, Notice: NoLegalAdvice, AsOf: at, Deadlines: []LegalRow{}, Recorded: []LegalRecall{}}
		begun := Begun(all, recorded)
		for _, x := range all {
			if begun[x.Clock.Family] {
				out.Deadlines = append(out.Deadlines, legalRow(x, at))
			}
		}
		for _, f := range recorded {
			out.Recorded = append(out.Recorded, LegalRecall{f.Event, f.Regime, f.Clock, f.Takes, f.At, f.DueAt, f.Reason, f.By, f.RecordedAt})
		}
		return err
	})
	return out, err
}

// Begun are the regimes about which anything is on record.
func Begun(all []promise.Deadline, recorded []store.PromiseFact) map[promise.Regime]bool {
	begun := map[promise.Regime]bool{}
	for _, f := range recorded {
		if f.Regime != "" {
			begun[f.Regime] = true
		}
		for _, d := range all {
			if d.Clock.ID == f.Clock || d.Clock.Instead == f.Clock && f.Clock != "" {
				begun[d.Clock.Family] = true
			}
		}
	}
	return begun
}

func legalRow(d promise.Deadline, at time.Time) LegalRow {
	c := d.Clock
	return LegalRow{
		Clock: c.ID, Regime: c.Family, Rule: c.Regime, Step: c.Step, State: d.State, Starts: c.Starts, Trigger: c.Trigger, From: d.From, DueAt: d.At,
		ComputedAt: d.Strict, SentAt: d.SentAt, LateSeconds: int64(d.Late(at) / time.Second), Why: d.Why, Reason: d.Reason, Rest: d.Rest,
		Recipient: c.Recipient, Checklist: c.Checklist, Known: c.Status, Source: c.Source,
	}
}

var legalHeadings = []string{"rule", "step", "state", "event", "happened at", "due at", "computed", "sent at", "late by", "why", "reason", "to", "has to say", "known", "source", "id"}

// WriteCSV writes the deadlines as a table. No cell becomes a formula (B6).
func (r LegalRecord) WriteCSV(out io.Writer) error {
	w := csv.NewWriter(out)
	_ = w.Write(legalHeadings) // a failed write comes again from Error
	for _, x := range r.Deadlines {
		late := ""
		if x.LateSeconds > 0 {
			late = (time.Duration(x.LateSeconds) * time.Second).Truncate(time.Minute).String()
		}
		cells := []string{
			x.Rule, x.Step, string(x.State), string(x.Starts), day(x.From), day(x.DueAt), day(x.ComputedAt), day(x.SentAt), late, x.Why, x.Reason, x.Recipient,
			strings.Join(x.Checklist, "; "), string(x.Known), x.Source, string(x.Clock),
		}
		for i := range cells {
			cells[i] = audience.SafeCell(cells[i])
		}
		_ = w.Write(cells)
	}
	_ = w.Write([]string{NoLegalAdvice})
	w.Flush()
	return w.Error()
}
