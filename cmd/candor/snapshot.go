package main

import (
	"context"
	"fmt"
	"log/slog"

	"candor/app"
)

type snapshotCommand struct {
	Directory string `arg:"" type:"path" help:"Where the files go; it is made if it does not exist."`
	Database  string `default:"${database}" help:"sqlite:PATH or postgres://USER@HOST/DATABASE."`
	PublicURL string `name:"public-url" default:"http://127.0.0.1:8080" help:"What customers type."`
}

// Help is shown by candor snapshot --help.
func (snapshotCommand) Help() string {
	return `Writes every public page in every language, with its feeds, pictures and style, as plain files that open from disk.

Example:

  candor snapshot --database sqlite:candor.db --public-url https://status.example.com ./page`
}

// Run writes the page.
func (c snapshotCommand) Run(ctx context.Context, term terminal) error {
	cfg := app.Config{Listen: "127.0.0.1:0", Database: c.Database, PublicURL: c.PublicURL}
	if err := cfg.Validate(); err != nil {
		return usageError{err}
	}
	n, err := app.Snapshot(ctx, cfg, c.Directory, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	fmt.Fprintf(term.out, "Wrote %d files to %s.\n", n, c.Directory)
	return nil
}
