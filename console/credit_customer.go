package console

import (
	"context"
	"net/http"
	"net/url"

	"candor/amends"
	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/store"
)

// A runCustomersPage is who gets what in a run, or who nothing for one reason.
type runCustomersPage struct {
	shell
	Run   amends.Run
	About string
	Why   amends.Why
	Word  string
	Whys  []runFilter
	Rows  []creditRow
	More  string
}

type runFilter struct {
	Link, Word string
	Chosen     bool
}

// A creditRow is one customer of a run.
type creditRow struct {
	Customer      id.Customer
	Name          string
	Fee, Contract string
	Amount, Why   string
	Terms         string
	Fault         string
}

const creditsAtOnce = 50

func (f *Face) showRunCustomers(w http.ResponseWriter, r *http.Request) error {
	x, err := runOf(r)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	p := runCustomersPage{Why: amends.Why(query.Get("why"))}
	if _, known := whyWords[p.Why]; !known {
		p.Why = ""
	}
	s, err := f.frame(r, "Who gets what", "repair", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if p.Run, err = tx.CreditRuns.ByID(ctx, x); err != nil {
			return err
		}
		if p.About, err = aboutRun(ctx, tx, *s, p.Run); err != nil {
			return err
		}
		all, err := tx.Credits.Page(ctx, x, p.Why, id.Customer(query.Get("after")), creditsAtOnce+1)
		if err != nil {
			return err
		}
		if len(all) > creditsAtOnce {
			all = all[:creditsAtOnce]
			p.More = p.link(p.Why, all[len(all)-1].Customer)
		}
		for _, k := range all {
			c, err := tx.Customers.ByID(ctx, k.Customer)
			if err != nil {
				return err
			}
			p.Rows = append(p.Rows, s.creditRow(c, k))
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.shell, p.Word = s, whyWords[p.Why]
	p.Whys = append(p.Whys, runFilter{p.link("", ""), "All", p.Why == ""})
	for _, why := range whysInOrder {
		if p.Run.Totals.Nothing[why] > 0 || why == amends.IsOwed || why == amends.IsGoodwill {
			p.Whys = append(p.Whys, runFilter{p.link(why, ""), whyWords[why], why == p.Why})
		}
	}
	return f.render(w, http.StatusOK, "credit-customers", p)
}

var whysInOrder = []amends.Why{
	amends.IsOwed, amends.IsGoodwill, amends.IsKept, amends.IsGap, amends.IsTooSmall, amends.IsGiven, amends.IsLeftOut, amends.NoFee,
	amends.NoContract, amends.NotComputed,
}

func (p runCustomersPage) link(why amends.Why, after id.Customer) string {
	query := url.Values{}
	if why != "" {
		query.Set("why", string(why))
	}
	if after != "" {
		query.Set("after", string(after))
	}
	path := runPath(p.Run.ID) + "/customers"
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

func (s shell) creditRow(c audience.Customer, k amends.Kept) creditRow {
	fee := k.Amount
	fee.Minor = k.Facts.Fee
	return creditRow{
		Customer: k.Customer, Name: called(c), Fee: s.Money(fee), Contract: s.Money(k.Contract), Amount: s.Money(k.Amount),
		Why: whyWords[k.Why], Terms: k.Terms, Fault: k.Fault,
	}
}

// called is a customer's name, or that there is none any more.
func called(c audience.Customer) string {
	if c.Called() == "" {
		return "somebody who was erased"
	}
	return c.Called()
}

// A pencilPage is how one customer's sum was reckoned, line by line.
type pencilPage struct {
	shell
	Run      amends.Run
	About    string
	Name     string
	Customer id.Customer
	Credit   creditRow
	Lines    []string
	Differs  bool
}

func (f *Face) showPencil(w http.ResponseWriter, r *http.Request) error {
	x, err := runOf(r)
	if err != nil {
		return err
	}
	customer, err := id.Parse[id.Customer](r.PathValue("customer"))
	if err != nil {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	p := pencilPage{Customer: customer}
	s, err := f.frame(r, "How it was reckoned", "repair", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if p.Run, err = tx.CreditRuns.ByID(ctx, x); err != nil {
			return err
		}
		if p.About, err = aboutRun(ctx, tx, *s, p.Run); err != nil {
			return err
		}
		kept, err := tx.Credits.Of(ctx, x, customer)
		if err != nil {
			return err
		}
		c, err := tx.Customers.ByID(ctx, customer)
		if err != nil {
			return err
		}
		p.Name, p.Credit = called(c), s.creditRow(c, kept)
		var owed amends.Owed
		owed, p.Differs = p.Run.Explain(kept)
		for _, line := range owed.Lines {
			p.Lines = append(p.Lines, line.In(s.Words))
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, http.StatusOK, "credit-customer", p)
}

// showRunFile is the whole run for a spreadsheet.
func (f *Face) showRunFile(w http.ResponseWriter, r *http.Request) error {
	x, err := runOf(r)
	if err != nil {
		return err
	}
	attach(w, "text/csv; charset=utf-8", "credits-"+string(x)+".csv")
	_, err = f.desk.ExportRun(r.Context(), x, w)
	return err
}
