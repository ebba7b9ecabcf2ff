package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"slices"

	"candor/amends"
	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/money"
	"candor/staff"
	"candor/store"
)

// creditsDraftCommand works on the database itself, like export.
type creditsDraftCommand struct {
	Code      string `arg:"" help:"The incident: the 12 letters in the page's address."`
	Database  string `default:"${database}" help:"sqlite:PATH or postgres://USER@HOST/DATABASE."`
	Contracts string `placeholder:"FILE" help:"For whom which terms are, as JSON; the terms kept in the console if not given."`
	Month     string `placeholder:"MONTH" help:"The month that is reckoned, such as 2024-04; that in which the incident began if not given."`
	Percent   string `name:"goodwill-percent" placeholder:"N" help:"Offer at least so many percent of the fee."`
	Months    string `name:"goodwill-months" placeholder:"N" help:"Offer at least so many months of the fee."`
	CSV       string `name:"csv" placeholder:"FILE" help:"Write one row for each customer into this file."`
}

// Help is the example below the flags.
func (creditsDraftCommand) Help() string {
	return `Nothing is offered to anybody, and nothing kept but that it was asked for.

Example: candor credits draft --database sqlite:candor.db --contracts contracts.json --csv owed.csv k3f9x0a1b2c3`
}

// Run drafts.
func (c creditsDraftCommand) Run(ctx context.Context, term terminal) (err error) {
	in := desk.Draft{Incident: id.Code(c.Code), Month: c.Month}
	if c.Contracts != "" {
		if in.Contracts, err = readContracts(c.Contracts); err != nil {
			return usageError{err}
		}
	}
	if in.Goodwill, err = c.goodwill(); err != nil {
		return usageError{err}
	}
	rows, done, err := c.rows()
	if err != nil {
		return usageError{err}
	}
	db, err := store.Open(ctx, c.Database)
	if err != nil {
		return errors.Join(err, done())
	}
	_, totals, err := desk.New(db, &url.URL{Scheme: "http", Host: "localhost"}, nil).DraftCredits(
		staff.As(ctx, staff.Actor{System: "cli " + os.Getenv("USER")}), in, rows)
	if err := errors.Join(err, done(), db.Close()); err != nil {
		return said(err)
	}
	return printTotals(term.out, totals)
}

func (c creditsDraftCommand) goodwill() (*amends.Goodwill, error) {
	if c.Percent == "" && c.Months == "" {
		return nil, nil
	}
	percent, err := goodwillNumber(c.Percent)
	if err != nil {
		return nil, err
	}
	months, err := goodwillNumber(c.Months)
	return &amends.Goodwill{Percent: percent, Months: months}, err
}

func goodwillNumber(typed string) (*amends.Number, error) {
	if typed == "" {
		return nil, nil
	}
	n := new(amends.Number)
	if err := n.UnmarshalJSON([]byte(typed)); err != nil || n.Sign() < 0 {
		return nil, fmt.Errorf("goodwill: %.16q is not a number of 0 or more", typed)
	}
	return n, nil
}

// readContracts takes {"contracts": [{"plan": …, "component": …, "terms": {…}}]} or the list alone.
func readContracts(name string) (all []amends.Contract, err error) {
	raw, err := readBounded(name, nil)
	if err != nil {
		return nil, err
	}
	list, err := listIn(raw, "contracts")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for i, one := range list {
		var contract amends.Contract
		if err := json.Unmarshal(one, &contract); err != nil {
			return nil, fmt.Errorf("%s: contract %d: %w", name, i+1, err)
		}
		all = append(all, contract)
	}
	return all, nil
}

var draftHeadings = []string{"customer", "id", "name", "plan", "fee", "currency", "terms", "contract owes", "offer", "why"}

// rows writes into the CSV file as customers come; no cell becomes a formula (B6).
func (c creditsDraftCommand) rows() (each func(audience.Customer, amends.Owed) error, done func() error, err error) {
	if c.CSV == "" {
		return func(audience.Customer, amends.Owed) error { return nil }, func() error { return nil }, nil
	}
	out, err := os.OpenFile(c.CSV, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, nil, err
	}
	buffer := bufio.NewWriter(out)
	w := csv.NewWriter(buffer)
	_ = w.Write(draftHeadings) // a failed write comes again from Error
	each = func(x audience.Customer, o amends.Owed) error {
		cells := []string{
			string(x.ID), x.External, x.Name, x.Plan, x.Fee.Plain(), x.Fee.Currency, o.Terms, o.Contract.Plain(), o.Amount.Plain(),
			cmp.Or(o.Fault, string(o.Why)),
		}
		for i := range cells {
			cells[i] = audience.SafeCell(cells[i])
		}
		return w.Write(cells)
	}
	return each, func() error {
		w.Flush()
		return errors.Join(w.Error(), buffer.Flush(), out.Close())
	}, nil
}

// printTotals shows what a person looks at before anything is approved.
func printTotals(out io.Writer, t amends.Totals) error {
	b := bufio.NewWriter(out)
	fmt.Fprintf(b, "%d customers\n", t.Customers)
	for _, currency := range slices.Sorted(maps.Keys(t.Sums)) {
		sum := t.Sums[currency]
		fmt.Fprintf(b, "\n%s %s to %d of them, %d of those by goodwill\n", sum.Plain(currency), currency, sum.Customers, sum.Goodwill)
		for _, bar := range sum.Spread {
			fmt.Fprintf(b, "  below %s  %d\n", money.Amount{Minor: bar.Below, Currency: currency}, bar.Customers)
		}
	}
	if len(t.Largest) > 0 {
		fmt.Fprintln(b, "\nlargest")
	}
	for _, o := range t.Largest {
		fmt.Fprintf(b, "  %s  %s  %s\n", o.Customer, o.Amount, o.Terms)
	}
	if len(t.Nothing) > 0 {
		fmt.Fprintln(b, "\nnothing")
	}
	for _, why := range slices.Sorted(maps.Keys(t.Nothing)) {
		fmt.Fprintf(b, "  %s  %d\n", why, t.Nothing[why])
	}
	return b.Flush()
}
