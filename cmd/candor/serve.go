package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"

	"candor/app"
)

const defaultDatabase = "sqlite:candor.db"

// node holds the flags that serve and demo share.
type node struct {
	Listen        string   `default:"127.0.0.1:8080" help:"Address of the public page and the API."`
	ConsoleListen string   `help:"Serve the console at an address of its own."`
	Database      string   `help:"sqlite:PATH or postgres://USER@HOST/DATABASE. Default: sqlite:candor.db; the demo forgets its own."`
	PublicURL     string   `name:"public-url" help:"What customers type; every link is built on it. Default: http:// and --listen."`
	SMTP          string   `name:"smtp" help:"smtp://USER:PASSWORD@HOST:PORT of the relay; wins over the console's setting."`
	StripeKey     string   `name:"stripe-key" placeholder:"KEY" help:"Secret key of Stripe, where credits are booked; better given as CANDOR_STRIPE_KEY. Default: files for finance."`
	StripeURL     string   `name:"stripe-url" hidden:"" help:"Where Stripe is (tests)."`
	Intake        string   `help:"Address for the mail that comes back, such as 127.0.0.1:2525. Default: none."`
	IntakeCert    string   `placeholder:"FILE" help:"Certificate to offer STARTTLS with at --intake."`
	IntakeKey     string   `placeholder:"FILE" help:"Its key."`
	TrustedProxy  []string `help:"Address or network of a proxy whose X-Forwarded-For is believed; repeat it."`
	AllowNetwork  []string `help:"Address or network that gateways and webhooks may be in although it is not public; repeat it."`
	Node          string   `help:"Name of this node among several on one PostgreSQL. Default: the machine's name."`
	LogFormat     string   `enum:"text,json" default:"text" help:"text or json."`
	LogLevel      string   `enum:"debug,info,warn,error" default:"info" help:"debug, info, warn or error."`
	JSON          bool     `name:"json" env:"-" help:"Print one line of JSON when ready."`
	RecordKey     string   `type:"path" help:"File of the keys that sign the public record, one a line. Default: one this installation draws for itself."`
	Failpoint     string   `hidden:"" help:"Kill this process at a named point (tests)."`
}

func (n node) config() app.Config {
	return app.Config{
		Listen: n.Listen, ConsoleListen: n.ConsoleListen, Database: cmp.Or(n.Database, defaultDatabase), PublicURL: n.PublicURL, SMTP: n.SMTP,
		StripeKey: n.StripeKey, StripeURL: n.StripeURL,
		Intake: n.Intake, IntakeCert: n.IntakeCert, IntakeKey: n.IntakeKey,
		TrustedProxies: n.TrustedProxy, AllowNetworks: n.AllowNetwork, Node: n.Node, Failpoint: n.Failpoint, RecordKey: n.RecordKey,
	}
}

func (n node) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(n.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	opts := &slog.HandlerOptions{Level: level}
	if n.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// greeting is what a program that starts Candor wants to know.
type greeting struct {
	Site     string `json:"site"`
	Console  string `json:"console"`
	Mail     string `json:"mail,omitempty"`
	Password string `json:"password,omitempty"`
	Token    string `json:"token,omitempty"`
	Setup    string `json:"setup,omitempty"`
}

func (g greeting) print(w io.Writer, asJSON bool) {
	if asJSON {
		json.NewEncoder(w).Encode(g)
		return
	}
	fmt.Fprintf(w, "\n  The page     %s\n  The console  %s\n", g.Site, g.Console)
	if g.Setup != "" {
		fmt.Fprintf(w, "\n  Nobody owns this Candor yet. Open this once, within a day:\n  %s\n", g.Setup)
	}
	if g.Mail != "" {
		fmt.Fprintf(w, "  Sign in as   %s\n  Password     %s\n", g.Mail, g.Password)
	}
	fmt.Fprintln(w)
}

type serveCommand struct {
	node
}

// Help is shown by candor serve --help.
func (serveCommand) Help() string {
	return `Example:

  candor serve --listen 127.0.0.1:8080 --database sqlite:candor.db --public-url https://status.example.com

The first start prints a link to set up the owner. Every flag is also read from the environment (CANDOR_LISTEN, CANDOR_DATABASE, …) and
from the JSON file given by --config.`
}

// Run serves until the process is told to stop.
func (c serveCommand) Run(ctx context.Context, term terminal) error {
	cfg := c.config()
	if err := cfg.Validate(); err != nil {
		return usageError{err}
	}
	a, err := app.New(ctx, cfg, c.logger(term.err))
	if err != nil {
		return err
	}
	hello, err := welcome(ctx, a)
	if err != nil {
		return errors.Join(err, a.Stop())
	}
	return runApp(ctx, a, func() { hello.print(term.out, c.JSON) })
}

func welcome(ctx context.Context, a *app.App) (greeting, error) {
	g := greeting{Site: a.SiteURL(), Console: a.ConsoleURL()}
	token, needed, err := a.Desk().SetupToken(ctx)
	if needed {
		g.Setup = a.OwnerURL() + "/setup/" + token
	}
	return g, err
}

// runApp starts, says so, waits for the end, and stops in order.
func runApp(ctx context.Context, a *app.App, ready func()) error {
	if err := a.Start(ctx); err != nil {
		return errors.Join(err, a.Stop())
	}
	ready()
	debug.FreeOSMemory() // migrating, rendering and hashing took more than a quiet node needs; it may stay quiet for weeks
	select {
	case <-ctx.Done():
	case <-a.Failed():
	}
	return a.Stop()
}
