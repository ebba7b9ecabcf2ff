package desk

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	"candor/amends"
	"candor/component"
	"candor/id"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// TermsForm is one contract's terms as somebody wrote them down.
type TermsForm struct {
	Name      string // what the contract is called here; its revisions share it
	Plan      string // whose plan it is for; empty: any
	Component string // name, code or id of what its customers use; empty: anything
	Customers []string
	Body      json.RawMessage // the terms
	Note      string          // why they were changed
	Retired   bool
	Number    int // of the revision this was written from; 0 for new ones
}

const (
	longestTerms   = 64 << 10
	longestPlan    = 200
	mostTermsNamed = 500
)

var termsName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// KeepTerms keeps a revision of a contract's terms. Terms nobody could reckon with are refused; what a careful reader would ask about them is
// for who shows them (amends.Terms.Lint). Kept again as they are, they stay the revision they were.
func (d *Desk) KeepTerms(ctx context.Context, in TermsForm) (r amends.Revision, err error) {
	defer wrap(&err, "keep the terms %.64q", in.Name)
	if err := need(ctx, staff.Pay); err != nil {
		return r, err
	}
	contract, wrong := in.read()
	if len(wrong) > 0 {
		return r, wrong.Err()
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		r, err = d.keepTerms(ctx, tx, in, contract)
		return err
	})
	return r, err
}

func (d *Desk) keepTerms(ctx context.Context, tx *store.Tx, in TermsForm, contract amends.Contract) (r amends.Revision, err error) {
	at := now()
	all, err := tx.Terms.Named(ctx, in.Name)
	if err != nil {
		return r, err
	}
	if contract, err = in.about(ctx, tx, contract); err != nil {
		return r, err
	}
	r = amends.Revision{
		ID: id.New[id.Terms](at), Name: in.Name, Number: 1, Contract: contract, Note: strings.TrimSpace(in.Note), Retired: in.Retired,
		By: staff.Acting(ctx).Person.ID, At: at,
	}
	if len(all) > 0 {
		was := all[0]
		if same, err := sameTerms(was, r); err != nil || same {
			return was, err
		}
		if in.Number != was.Number {
			return r, problem.New(problem.Conflict, "problem.terms.revision", "number", was.Number)
		}
		r.Number = was.Number + 1
	}
	if err := tx.Terms.Add(ctx, r); err != nil {
		return r, err
	}
	return r, d.audit(ctx, tx, at, "terms keep", string(r.ID), nil, struct {
		Name    string `json:"name"`
		Number  int    `json:"revision"`
		Note    string `json:"note,omitempty"`
		Retired bool   `json:"retired,omitempty"`
	}{r.Name, r.Number, r.Note, r.Retired})
}

// sameTerms reports whether a revision would say what the one before it says.
func sameTerms(a, b amends.Revision) (bool, error) {
	before, err := json.Marshal(a.Contract)
	if err != nil {
		return false, err
	}
	after, err := json.Marshal(b.Contract)
	return string(before) == string(after) && a.Retired == b.Retired, err
}

// read is the contract, or everything that is wrong with what was typed.
func (f TermsForm) read() (c amends.Contract, wrong problem.List) {
	if !termsName.MatchString(f.Name) || f.Name == "new" { // that is where new ones are written
		wrong.Add(problem.Field("name", "problem.terms.name"))
	}
	checkLine(&wrong, "plan", f.Plan, longestPlan)
	checkLine(&wrong, "note", f.Note, longestNote)
	if len(f.Customers) > mostTermsNamed {
		wrong.Add(problem.Field("customers", "problem.terms.customers", "most", mostTermsNamed))
	}
	c.Terms, wrong = ReadTerms(f.Name, f.Body, wrong)
	c.Plan = strings.TrimSpace(f.Plan)
	return c, wrong
}

// ReadTerms reads terms as JSON, under a name, and adds what keeps anybody from reckoning with them.
func ReadTerms(name string, body json.RawMessage, wrong problem.List) (t amends.Terms, _ problem.List) {
	if len(body) > longestTerms {
		wrong.Add(problem.Field("body", "problem.text.characters.many", "most", longestTerms))
		return t, wrong
	}
	if err := json.Unmarshal(body, &t); err != nil {
		wrong.Add(problem.Field("body", "problem.terms.json", "why", plainly(err)))
		return t, wrong
	}
	t.ID = name
	if err := errors.Join(t.Validate(), t.Claim.Validate()); err != nil {
		wrong.Add(problem.Field("body", "problem.terms.reckon", "why", plainly(err)))
	}
	return t, wrong
}

// plainly is an error as one line, for who typed what caused it.
func plainly(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// about finds what the terms are for.
func (f TermsForm) about(ctx context.Context, tx *store.Tx, c amends.Contract) (amends.Contract, error) {
	var wrong problem.List
	if name := strings.TrimSpace(f.Component); name != "" {
		all, err := tx.Components.All(ctx)
		if err != nil {
			return c, err
		}
		known, ok := component.Named(all)(name)
		if !ok {
			wrong.Add(problem.Field("component", "problem.credits.component", "name", name))
		}
		c.Component = known
	}
	customers, missing, err := customersNamed(ctx, tx, f.Customers)
	if err != nil {
		return c, err
	}
	if missing != "" {
		wrong.Add(problem.Field("customers", "problem.credits.customer", "name", missing))
	}
	c.Customers = customers
	return c, wrong.Err()
}

// customersNamed finds customers by their id or by what the company calls them, with the first there is not.
func customersNamed(ctx context.Context, tx *store.Tx, names []string) (all []id.Customer, missing string, err error) {
	for _, name := range names {
		name = strings.TrimSpace(name)
		c, err := tx.Customers.ByID(ctx, id.Customer(name))
		if errors.Is(err, store.ErrNotFound) {
			c, err = tx.Customers.ByExternal(ctx, name)
		}
		if errors.Is(err, store.ErrNotFound) || err == nil && !c.ErasedAt.IsZero() {
			return nil, name, nil
		}
		if err != nil {
			return nil, "", err
		}
		all = append(all, c.ID)
	}
	return all, "", nil
}
