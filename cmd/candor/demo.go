package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"candor/app"
	"candor/demo"
)

type demoCommand struct {
	node
	Scenario string  `enum:"godaddy-2012,dreamhost-2008,none" default:"godaddy-2012" help:"godaddy-2012, dreamhost-2008, or none for a calm day."`
	Speed    float64 `default:"60" help:"How many minutes of the story a minute takes; 0 plays all of it at once."`
}

// Help is shown by candor demo --help.
func (demoCommand) Help() string {
	return `Makes an invented company, Harbour, in a new database and replays a known timeline as it should have gone. Letters land in the
outbox, which the console shows, unless --smtp names a relay. Without --database everything is forgotten at the end.

Example:

  candor demo --scenario godaddy-2012 --speed 60`
}

// Run plays until the process is told to stop.
func (c demoCommand) Run(ctx context.Context, term terminal) (err error) {
	if c.Database == "" {
		dir, err := os.MkdirTemp("", "candor-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		c.Database = "sqlite:" + filepath.Join(dir, "demo.db")
	}
	cfg := c.config()
	if err := cfg.Validate(); err != nil {
		return usageError{err}
	}
	a, err := app.New(ctx, cfg, c.logger(term.err))
	if err != nil {
		return err
	}
	stage, err := c.seed(ctx, a)
	if err != nil {
		return errors.Join(err, a.Stop())
	}
	hello := greeting{Site: a.SiteURL(), Console: a.ConsoleURL(), Mail: stage.Mail, Password: stage.Password, Token: stage.Token}

	// The play ends before the node does: it acts through the node's desk.
	ctx, cancel := context.WithCancel(ctx)
	var play sync.WaitGroup
	defer func() { cancel(); play.Wait() }()
	return runApp(ctx, a, func() {
		hello.print(term.out, c.JSON)
		play.Go(func() { c.play(ctx, stage, term) })
	})
}

func (c demoCommand) seed(ctx context.Context, a *app.App) (*demo.Stage, error) {
	_, empty, err := a.Desk().SetupToken(ctx)
	if err != nil {
		return nil, err
	}
	if !empty {
		return nil, errors.New("the demo needs a new database: this one has people already; leave --database out, or name a file that does not exist")
	}
	return demo.Seed(ctx, a.Store(), a.Desk())
}

func (c demoCommand) play(ctx context.Context, stage *demo.Stage, term terminal) {
	err := stage.PublishReports(ctx)
	if err == nil && c.Scenario != "none" {
		var scene demo.Scenario
		if scene, err = demo.Load(c.Scenario); err == nil {
			err = stage.Play(ctx, scene, c.Speed)
		}
	}
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(term.err, "candor demo: %v\n", said(err))
	}
}
