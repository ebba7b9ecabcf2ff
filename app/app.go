package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"candor/api"
	"candor/console"
	"candor/desk"
	"candor/duty"
	"candor/intake"
	"candor/lang"
	"candor/outward"
	"candor/playbook"
	"candor/reach/email"
	"candor/reach/push"
	"candor/site"
	"candor/store"
)

// drain is how long Stop waits for messages in flight and requests to end.
const drain = 20 * time.Second

// App is one node.
type App struct {
	config  Config
	log     *slog.Logger
	db      *store.DB
	desk    *desk.Desk
	duty    *duty.Duty
	site    *site.Face
	api     *api.API
	console *console.Face
	out     *outward.Client
	pushKey push.Key

	public, staff *server
	intake        *intake.Intake
	inbound       net.Listener // of the intake; nil without one
	failed        chan struct{}

	rules      sync.WaitGroup // of the words' languages, made ready meanwhile: the first word of the day waits for none
	collecting sync.WaitGroup
	stop       context.CancelFunc // of collecting
}

// New opens the database and the listeners and builds the parts; nothing runs before Start.
func New(ctx context.Context, c Config, log *slog.Logger) (*App, error) {
	a := &App{config: c, log: log, failed: make(chan struct{}, 3), stop: func() {}}
	for _, tag := range lang.All() {
		a.rules.Go(func() { playbook.Ready([]lang.Tag{tag}) })
	}
	if err := a.build(ctx); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

func (a *App) build(ctx context.Context) (err error) {
	if a.db, err = store.Open(ctx, a.config.Database); err != nil {
		return err
	}
	if a.public, err = listen(ctx, a.config.Listen); err != nil {
		return err
	}
	if a.config.ConsoleListen != "" {
		if a.staff, err = listen(ctx, a.config.ConsoleListen); err != nil {
			return err
		}
	}
	if a.config.Intake != "" {
		inbound, err := listen(ctx, a.config.Intake)
		if err != nil {
			return err
		}
		a.inbound = inbound.listener
	}
	if a.config.PublicURL == "" {
		a.config.PublicURL = "http://" + a.public.reachable()
	}
	base, err := a.config.base()
	if err != nil {
		return err
	}
	a.desk = desk.New(a.db, base, a.wake)
	if err := a.reachOut(ctx); err != nil {
		return err
	}
	a.site = site.New(a.db, a.desk, base, a.log)
	a.site.OfferPush(a.pushKey.Public())
	a.console = console.New(a.db, a.desk, base, a.log)
	a.api = api.New(a.db, a.desk, base, a.log)
	keys, err := a.config.recordKeys()
	if err != nil {
		return err
	}
	a.site.SignRecord(keys)
	a.duty = duty.New(duty.Config{
		DB: a.db, Desk: a.desk, Log: a.log, Node: a.config.node(), PublicURL: base,
		Channels: a.channels, ReturnPath: email.ReturnPath, Book: a.book(), Failpoint: failpoint(a.config.Failpoint), Out: a.out, RecordKeys: keys,
	})
	if a.inbound != nil {
		if err := a.openIntake(); err != nil {
			return err
		}
	}
	return a.mount(base)
}

// mount puts the faces behind their guards. The page's hot path stands before every guard: it reads nothing but memory.
func (a *App) mount(base *url.URL) error {
	trusted, err := a.config.proxies()
	if err != nil {
		return err
	}
	origin := http.NewCrossOriginProtection()
	desks := http.NewServeMux()
	desks.Handle("/console/", knownHost(base, origin.Handler(a.console.Handler())))
	desks.Handle("/console", knownHost(base, origin.Handler(a.console.Handler())))
	desks.HandleFunc("GET /healthz", healthz)
	desks.HandleFunc("GET /readyz", readyz(a))
	desks.Handle("GET /metrics", metrics(a))

	pages := desks
	if a.staff != nil {
		pages = http.NewServeMux()
		a.staff.handle(clientAddress(trusted, guard(a.log, desks)))
	}
	pages.Handle("/api/v1/", a.api.Handler())
	pages.Handle("/api/v2/", a.site.Handler())
	pages.Handle("/", origin.Handler(a.site.Handler()))
	a.public.listener = a.site.Quick(a.public.listener)
	a.public.handle(a.site.Hot(clientAddress(trusted, guard(a.log, pages))))
	return nil
}

// Start begins to serve and to do what the clock owes.
func (a *App) Start(ctx context.Context) error {
	if err := a.site.Start(ctx); err != nil {
		return err
	}
	if err := a.duty.Start(ctx); err != nil {
		return err
	}
	a.rules.Wait()
	a.public.serve(a.log, a.failed)
	if a.staff != nil {
		a.staff.serve(a.log, a.failed)
	}
	a.serveIntake()
	ctx, a.stop = context.WithCancel(context.WithoutCancel(ctx))
	a.collecting.Go(func() { collectByLoad(ctx) })
	a.log.Info("candor is up", "site", a.SiteURL(), "console", a.ConsoleURL())
	return nil
}

// Failed receives when a listener broke and the node should end.
func (a *App) Failed() <-chan struct{} { return a.failed }

// Stop takes no more requests, finishes those it has and every message in flight, gives leases back, and closes the database.
func (a *App) Stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	err := errors.Join(a.public.stop(ctx), a.staff.stop(ctx), a.stopIntake(ctx), a.duty.Stop(ctx))
	a.site.Stop()
	a.stop()
	a.collecting.Wait()
	return errors.Join(err, a.close())
}

func (a *App) close() error {
	a.rules.Wait()
	a.public.close()
	a.staff.close()
	if a.out != nil {
		a.out.Close()
	}
	if a.inbound != nil {
		a.inbound.Close()
	}
	if a.db == nil {
		return nil
	}
	if err := a.db.Close(); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

// wake tells this node's loops and page that something changed; others see it in the database.
func (a *App) wake() {
	a.duty.Wake()
	a.site.Nudge()
}

// Desk is where this node's acts are done; the demo and the commands use it.
func (a *App) Desk() *desk.Desk { return a.desk }

// Store is the node's database, for reads.
func (a *App) Store() *store.DB { return a.db }

// SiteURL is where this node's page is reached on this machine.
func (a *App) SiteURL() string { return "http://" + a.public.reachable() }

// ConsoleURL is where this node's console is reached on this machine.
func (a *App) ConsoleURL() string {
	if a.staff != nil {
		return "http://" + a.staff.reachable() + "/console"
	}
	return a.SiteURL() + "/console"
}

// OwnerURL is where the owner's browser reaches the console: under the public address, unless the console has an address of its own.
func (a *App) OwnerURL() string {
	if a.staff != nil {
		return a.ConsoleURL()
	}
	return strings.TrimRight(a.config.PublicURL, "/") + "/console"
}

// reachable is an address a browser on this machine can open: no host means every interface.
func (s *server) reachable() string {
	host, port, err := net.SplitHostPort(s.listener.Addr().String())
	if err != nil {
		return s.listener.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
