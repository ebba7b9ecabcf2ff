package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"candor/amends"
	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// RunForm asks for a credit run.
type RunForm struct {
	Incident id.Code // empty: all customers, for the month
	Month    string
	By       amends.By
	Edits    []amends.Edit
	Again    bool // reckon anew, though the question is the same: customers may have changed
}

// DraftRun begins to reckon what an incident's customers are owed, or those of a month. The same question about the same facts is the run there
// is already; another one takes the place of the draft. After a run was approved the next supplements it: it has what the first did not give.
func (d *Desk) DraftRun(ctx context.Context, in RunForm) (run amends.Run, err error) {
	defer wrap(&err, "draft a credit run of %s", in.Incident)
	if err := need(ctx, staff.Pay); err != nil {
		return run, err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		run, err = d.draftRun(ctx, tx, in)
		return err
	})
	if err == nil {
		d.wake()
	}
	return run, err
}

func (d *Desk) draftRun(ctx context.Context, tx *store.Tx, in RunForm) (run amends.Run, err error) {
	at := now()
	run, err = newRun(ctx, tx, in)
	if err != nil {
		return run, err
	}
	all, err := tx.CreditRuns.Of(ctx, run.Basis.Incident, run.Basis.Month)
	if err != nil {
		return run, err
	}
	var replaced id.CreditRun
	for _, before := range all {
		switch {
		case before.State.Final():
			run.Supplements = before.ID
		case before.State.Open() && before.Inputs == run.Inputs && before.Rule == run.Rule && !in.Again:
			return before, nil
		case before.State.Open():
			if err := dropRun(ctx, tx, before); err != nil {
				return run, err
			}
			replaced = before.ID
		}
	}
	run.ID, run.MadeAt, run.MadeBy = id.New[id.CreditRun](at), at, staff.Acting(ctx).Person.ID
	if err := tx.CreditRuns.Add(ctx, run); err != nil {
		return run, err
	}
	return run, d.audit(ctx, tx, at, "credit run draft", string(run.ID), nil, struct {
		Incident    id.Incident   `json:"incident,omitempty"`
		Month       string        `json:"month"`
		By          amends.By     `json:"by"`
		Edits       []amends.Edit `json:"edits,omitempty"`
		Replaces    id.CreditRun  `json:"replaces,omitempty"`
		Supplements id.CreditRun  `json:"supplements,omitempty"`
		Inputs      string        `json:"inputs"`
	}{run.Basis.Incident, run.Basis.Month, run.Rule, run.Basis.Edits, replaced, run.Supplements, run.Inputs})
}

func dropRun(ctx context.Context, tx *store.Tx, r amends.Run) error {
	from := r.State
	r.State = amends.Dropped
	mine, err := tx.CreditRuns.Decide(ctx, r, from)
	if err == nil && !mine {
		return problem.New(problem.Conflict, "problem.credits.changed")
	}
	return err
}

// newRun is a run as the facts are now, of which no customer is reckoned yet.
func newRun(ctx context.Context, tx *store.Tx, in RunForm) (run amends.Run, err error) {
	if in.By != amends.ByContract && in.By != amends.ByGoodwill {
		return run, problem.Field("by", "problem.choice")
	}
	edits, err := checkEdits(ctx, tx, in.Edits)
	if err != nil {
		return run, err
	}
	draft := Draft{Incident: in.Incident, Month: in.Month, Edits: edits}
	if in.By == amends.ByContract {
		if draft.Contracts, err = holdingContracts(ctx, tx, in.Incident == ""); err != nil {
			return run, err
		}
	}
	run = amends.Run{State: amends.Reckoning, Rule: in.By}
	if run.Basis, err = creditBasis(ctx, tx, draft); err != nil {
		return run, err
	}
	month, err := draftMonth(run.Basis.Month, incident.Incident{}, nil)
	if err != nil {
		return run, err
	}
	first, last := month.quarter()
	before, err := tx.CreditRuns.Approved(ctx, first, last)
	if err != nil {
		return run, err
	}
	for _, r := range before {
		run.Basis.Before = append(run.Basis.Before, r.ID)
	}
	if run.Expected, err = howManyOwed(ctx, tx, run.Basis.Incident); err != nil {
		return run, err
	}
	run.Inputs, err = inputsOf(run.Basis)
	return run, err
}

func howManyOwed(ctx context.Context, tx *store.Tx, i id.Incident) (int64, error) {
	if i == "" {
		return tx.Customers.Count(ctx)
	}
	return tx.Affected.HowMany(ctx, i)
}

// inputsOf names a basis by its content.
func inputsOf(b amends.Basis) (string, error) {
	text, err := json.Marshal(b)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// holdingContracts are the terms that runs are reckoned by, at least one.
func holdingContracts(ctx context.Context, tx *store.Tx, month bool) ([]amends.Contract, error) {
	all, err := keptContracts(ctx, tx, month)
	if err == nil && len(all) == 0 {
		return nil, problem.Field("by", "problem.credits.no_terms")
	}
	return all, err
}

// keptContracts are the terms in use. Those that pay by incident say nothing about a month.
func keptContracts(ctx context.Context, tx *store.Tx, month bool) (all []amends.Contract, err error) {
	terms, err := tx.Terms.Holding(ctx)
	for _, r := range terms {
		if r.Holds() && (!month || r.Contract.Terms.Period != amends.Incident) {
			all = append(all, r.Contract)
		}
	}
	return all, err
}

// checkEdits refuses edits that nobody could carry out, or that say nothing.
func checkEdits(ctx context.Context, tx *store.Tx, edits []amends.Edit) ([]amends.Edit, error) {
	var wrong problem.List
	if len(edits) > amends.MostEdits {
		wrong.Add(problem.Field("edits", "problem.credits.edits", "most", amends.MostEdits))
	}
	all, err := tx.Components.All(ctx)
	if err != nil {
		return nil, err
	}
	named := component.Named(all)
	checked := make([]amends.Edit, len(edits))
	for n, e := range edits {
		if why := e.Wrong(); why != "" {
			wrong.Add(problem.Field(editFields[why], "problem.edit."+string(why)))
		}
		if e.Where.Component != "" {
			known, ok := named(string(e.Where.Component))
			if !ok {
				wrong.Add(problem.Field("component", "problem.credits.component", "name", string(e.Where.Component)))
			}
			e.Where.Component = known
		}
		names := make([]string, len(e.Where.Customers))
		for i, c := range e.Where.Customers {
			names[i] = string(c)
		}
		found, missing, err := customersNamed(ctx, tx, names)
		if err != nil {
			return nil, err
		}
		if missing != "" {
			wrong.Add(problem.Field("customers", "problem.credits.customer", "name", missing))
		}
		e.Where.Customers = found
		checked[n] = e
	}
	return checked, wrong.Err()
}

// editFields are the fields of the form that faults of an edit concern.
var editFields = map[amends.Wrong]string{
	amends.NoAct: "act", amends.NoReason: "reason", amends.NoSum: "sum", amends.TooMuch: "sum", amends.NotForSums: "sum", amends.TooMany: "customers",
}

// EditRun changes the rules of a draft and reckons it again: what was looked at is dropped, and another draft takes its place.
func (d *Desk) EditRun(ctx context.Context, x id.CreditRun, change func([]amends.Edit) []amends.Edit) (run amends.Run, err error) {
	defer wrap(&err, "edit credit run %s", x)
	if err := need(ctx, staff.Pay); err != nil {
		return run, err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		was, err := found(tx.CreditRuns.ByID(ctx, x))
		if err != nil {
			return err
		}
		if !was.State.Open() {
			return problem.New(problem.Conflict, "problem.credits.final")
		}
		code, err := incidentCode(ctx, tx, was.Basis.Incident)
		if err != nil {
			return err
		}
		run, err = d.draftRun(ctx, tx, RunForm{Incident: code, Month: was.Basis.Month, By: was.Rule, Edits: change(was.Basis.Edits)})
		return err
	})
	if err == nil {
		d.wake()
	}
	return run, err
}

// AddEdit and WithoutEdit are changes for EditRun.
func AddEdit(e amends.Edit) func([]amends.Edit) []amends.Edit {
	return func(all []amends.Edit) []amends.Edit { return append(all[:len(all):len(all)], e) }
}

// WithoutEdit takes the n-th away, counted from 0; where there is none nothing changes.
func WithoutEdit(n int) func([]amends.Edit) []amends.Edit {
	return func(all []amends.Edit) []amends.Edit {
		if n < 0 || n >= len(all) {
			return all
		}
		return append(all[:n:n], all[n+1:]...)
	}
}

func incidentCode(ctx context.Context, tx *store.Tx, x id.Incident) (id.Code, error) {
	if x == "" {
		return "", nil
	}
	i, err := tx.Incidents.ByID(ctx, x)
	return i.Code, err
}

// Moved reports that the facts are others than those a run was reckoned from: times were corrected, terms changed, another run was approved.
func (d *Desk) Moved(ctx context.Context, tx *store.Tx, r amends.Run) (moved bool, err error) {
	defer wrap(&err, "see whether the facts of %s have moved", r.ID)
	code, err := incidentCode(ctx, tx, r.Basis.Incident)
	if err != nil {
		return false, err
	}
	again, err := newRun(ctx, tx, RunForm{Incident: code, Month: r.Basis.Month, By: r.Rule, Edits: r.Basis.Edits})
	if problem.Is(err, problem.Conflict) || errors.As(err, new(problem.List)) || problem.Is(err, problem.Invalid) {
		return true, nil // it goes on again, or its terms are gone
	}
	if err != nil {
		return false, err
	}
	if r.State.Final() { // what it paid itself, and who was paid after it, is no news
		again.Basis.Before, r.Basis.Before = nil, nil
		r.Inputs, err = inputsOf(r.Basis)
		if err == nil {
			again.Inputs, err = inputsOf(again.Basis)
		}
	}
	return again.Inputs != r.Inputs, err
}
