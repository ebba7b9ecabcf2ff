package api

import (
	"context"
	"maps"
	"slices"
	"time"

	"candor/amends"
	"candor/desk"
	"candor/id"
	"candor/money"
	"candor/staff"
	"candor/store"
)

func (a *API) credits() {
	add(a, operation{"GET /api/v1/credit-runs", "list-credit-runs", "What incidents' and months' customers are owed, newest first", staff.Know, 0}, a.listCreditRuns)
	add(a, operation{"POST /api/v1/credit-runs", "draft-credit-run", "Reckon what an incident's customers are owed; a person approves it", staff.Pay, 202}, a.draftCreditRun)
	add(a, operation{"GET /api/v1/credit-runs/{id}", "show-credit-run", "What a run comes to, and who gets nothing and why", staff.Know, 0}, a.showCreditRun)
	add(a, operation{"GET /api/v1/credit-runs/{id}/credits", "list-credits", "What a run says of each customer, in the order of their ids", staff.Know, 0}, a.listCredits)
}

type creditSum struct {
	Currency  string `json:"currency"`
	Amount    string `json:"amount"`
	Customers int    `json:"customers"`
	Goodwill  int    `json:"goodwill" doc:"Of the customers, those who get more than their contract owes"`
}

type creditRun struct {
	ID          id.CreditRun       `json:"id"`
	Incident    id.Incident        `json:"incident,omitempty" doc:"Empty: all customers, for the month"`
	Month       string             `json:"month"`
	By          amends.By          `json:"by" doc:"contract or goodwill"`
	State       amends.State       `json:"state" doc:"reckoning, draft, approved, offered or dropped"`
	Percent     int                `json:"percent" doc:"How much of it is reckoned"`
	Supplements id.CreditRun       `json:"supplements,omitempty" doc:"The run this one adds to"`
	Digest      string             `json:"digest,omitempty" doc:"Of everything it was reckoned from, and of every customer's sum"`
	Customers   int                `json:"customers"`
	Sums        []creditSum        `json:"sums"`
	Nothing     map[amends.Why]int `json:"nothing" doc:"How many get nothing, by reason"`
	MadeBy      id.Person          `json:"made_by,omitempty"`
	MadeAt      time.Time          `json:"made_at"`
	ApprovedBy  id.Person          `json:"approved_by,omitempty"`
	ApprovedAt  time.Time          `json:"approved_at,omitzero"`
	SecondBy    id.Person          `json:"second_by,omitempty"`
}

func shapeCreditRun(r amends.Run) creditRun {
	out := creditRun{
		ID: r.ID, Incident: r.Basis.Incident, Month: r.Basis.Month, By: r.Rule, State: r.State, Percent: r.Done(), Supplements: r.Supplements,
		Digest: r.Digest, Customers: r.Totals.Customers, Sums: []creditSum{}, Nothing: map[amends.Why]int{}, MadeBy: r.MadeBy, MadeAt: r.MadeAt,
		ApprovedBy: r.ApprovedBy, ApprovedAt: r.ApprovedAt, SecondBy: r.SecondBy,
	}
	for _, currency := range slices.Sorted(maps.Keys(r.Totals.Sums)) {
		sum := r.Totals.Sums[currency]
		out.Sums = append(out.Sums, creditSum{currency, sum.Plain(currency), sum.Customers, sum.Goodwill})
	}
	maps.Copy(out.Nothing, r.Totals.Nothing)
	return out
}

type creditRunList struct {
	Body struct {
		Runs []creditRun `json:"runs"`
	}
}

func (a *API) listCreditRuns(ctx context.Context, _ *struct{}) (*creditRunList, error) {
	out := &creditRunList{}
	out.Body.Runs = []creditRun{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.CreditRuns.Latest(ctx, 100)
		for _, r := range all {
			out.Body.Runs = append(out.Body.Runs, shapeCreditRun(r))
		}
		return err
	})
	return out, err
}

type draftCreditRun struct {
	Body struct {
		Incident id.Incident `json:"incident,omitempty" maxLength:"40" doc:"Left out: all customers, for the month"`
		Month    string      `json:"month,omitempty" maxLength:"7" doc:"Such as 2024-04; left out: the month the incident began in"`
		By       amends.By   `json:"by" enum:"contract,goodwill"`
	}
}

type creditRunBody struct{ Body creditRun }

func (a *API) draftCreditRun(ctx context.Context, in *draftCreditRun) (*creditRunBody, error) {
	form := desk.RunForm{Month: in.Body.Month, By: in.Body.By}
	if in.Body.Incident != "" {
		err := a.db.Read(ctx, func(tx *store.Tx) error {
			i, err := tx.Incidents.ByID(ctx, in.Body.Incident)
			form.Incident = i.Code
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	run, err := a.desk.DraftRun(ctx, form)
	if err != nil {
		return nil, err
	}
	return &creditRunBody{shapeCreditRun(run)}, nil
}

type creditRunPath struct {
	ID id.CreditRun `path:"id" maxLength:"40"`
}

func (a *API) showCreditRun(ctx context.Context, in *creditRunPath) (*creditRunBody, error) {
	out := &creditRunBody{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		r, err := tx.CreditRuns.ByID(ctx, in.ID)
		out.Body = shapeCreditRun(r)
		return err
	})
	return out, err
}

type listCredits struct {
	ID    id.CreditRun `path:"id" maxLength:"40"`
	After id.Customer  `query:"after" maxLength:"40" doc:"The last customer of the page before"`
	Why   amends.Why   `query:"why" maxLength:"20" doc:"Only those of one reason"`
	Limit int          `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type credit struct {
	Customer id.Customer `json:"customer"`
	Amount   string      `json:"amount"`
	Contract string      `json:"contract" doc:"What the contract owes of it"`
	Currency string      `json:"currency,omitempty"`
	Terms    string      `json:"terms,omitempty"`
	Period   string      `json:"period,omitempty"`
	Why      amends.Why  `json:"why"`
	Fault    string      `json:"fault,omitempty"`
}

type creditList struct {
	Body struct {
		Credits []credit `json:"credits"`
	}
}

func (a *API) listCredits(ctx context.Context, in *listCredits) (*creditList, error) {
	out := &creditList{}
	out.Body.Credits = []credit{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		if _, err := tx.CreditRuns.ByID(ctx, in.ID); err != nil {
			return err
		}
		all, err := tx.Credits.Page(ctx, in.ID, in.Why, in.After, in.Limit)
		for _, k := range all {
			out.Body.Credits = append(out.Body.Credits, credit{
				k.Customer, plain(k.Amount), plain(k.Contract), k.Amount.Currency, k.Terms, k.Period, k.Why, k.Fault,
			})
		}
		return err
	})
	return out, err
}

// plain is an amount as a number; nothing where nobody said in what.
func plain(a money.Amount) string {
	if a.Currency == "" {
		return "0"
	}
	return a.Plain()
}
