package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net"

	"candor/app"
)

type doctorCommand struct {
	Listen    string `default:"127.0.0.1:8080" help:"Address of the public page."`
	Database  string `default:"${database}" help:"sqlite:PATH or postgres://USER@HOST/DATABASE."`
	PublicURL string `name:"public-url" help:"What customers type. Default: http:// and --listen."`
	SMTP      string `name:"smtp" help:"The relay; wins over the console's setting."`
	JSON      bool   `name:"json" env:"-" help:"Print JSON."`
}

// Help is shown by candor doctor --help.
func (doctorCommand) Help() string {
	return `Looks at database, clock, disk, mail relay, DNS records for mail, and at what shares a fate with the services it reports on.
Exit status 1 when something is bad; a warning alone is 0.

Example:

  candor doctor --database sqlite:candor.db --public-url https://status.example.com`
}

// Run examines and reports.
func (c doctorCommand) Run(ctx context.Context, term terminal) error {
	cfg := node{Listen: c.Listen, Database: c.Database, PublicURL: cmp.Or(c.PublicURL, "http://"+c.Listen), SMTP: c.SMTP}.config()
	if err := cfg.Validate(); err != nil {
		return usageError{err}
	}
	findings := app.Doctor{Config: cfg, Resolve: net.DefaultResolver}.Examine(ctx)
	if c.JSON {
		if err := json.NewEncoder(term.out).Encode(findings); err != nil {
			return err
		}
	}
	sick := false
	for _, f := range findings {
		sick = sick || f.Grade == app.Bad
		if c.JSON {
			continue
		}
		fmt.Fprintf(term.out, "%-8s %-12s %s\n", f.Grade, f.About, f.Saw)
		if f.Advice != "" {
			fmt.Fprintf(term.out, "%21s → %s\n", "", f.Advice)
		}
	}
	if sick {
		return errNo
	}
	return nil
}
