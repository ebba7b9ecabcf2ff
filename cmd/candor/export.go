package main

import (
	"bufio"
	"context"
	"errors"
	"net/url"
	"os"

	"candor/desk"
	"candor/staff"
	"candor/store"
)

type exportCommand struct {
	Customers exportCustomers `cmd:"" help:"Write all customers, as a file that can be imported again."`
}

// exportCustomers works on the database itself, like import.
type exportCustomers struct {
	Database string `default:"${database}" help:"sqlite:PATH or postgres://USER@HOST/DATABASE."`
	Format   string `env:"-" enum:"csv,json" default:"csv" help:"csv: no cell becomes a formula in a spreadsheet. json: as they are."`
}

// Help is shown by candor export customers --help.
func (exportCustomers) Help() string {
	return `Example:

  candor export customers --database sqlite:candor.db > customers.csv`
}

// Run writes to standard output.
func (c exportCustomers) Run(ctx context.Context, term terminal) error {
	db, err := store.Open(ctx, c.Database)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(term.out)
	_, err = desk.New(db, &url.URL{Scheme: "http", Host: "localhost"}, nil).ExportCustomers(
		staff.As(ctx, staff.Actor{System: "cli " + os.Getenv("USER")}), out, c.Format)
	return said(errors.Join(err, out.Flush(), db.Close()))
}
