package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"
	"time"

	"candor/component"
	"candor/desk"
	"candor/duty"
	"candor/incident"
	"candor/lang"
	"candor/reach"
	"candor/reach/email"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// An order is what the worker is started with.
type order struct {
	Database, Relay, Failpoint, Profile, DKIM string
	Connections                               int
	World                                     world
	Log                                       bool
}

// word is the update that is posted, here and through the API alike.
var word = lang.Text{
	"en": "We have found the cause and are repairing it. Routing tables inside our own network were corrupted, and each router passed the damage to the next. Nobody attacked us.\n\nWe are rebuilding the tables router by router; four of eleven are done and hold. I cannot tell you yet at what time, and I will not guess.",
}

var title = lang.Text{"en": "Websites, mail and DNS are down"}

// work is the delivery machine alone, with a door by which the word is posted.
func work(ctx context.Context, raw string) error {
	var o order
	if err := json.Unmarshal([]byte(raw), &o); err != nil {
		return err
	}
	if o.Profile != "" {
		f, err := os.Create(o.Profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	db, err := store.Open(ctx, o.Database)
	if err != nil {
		return err
	}
	defer db.Close()
	base := &url.URL{Scheme: "https", Host: "status.example"}
	log := slog.New(slog.DiscardHandler)
	if o.Log {
		log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	fail := failpoint(o.Failpoint)
	var runner *duty.Duty
	d := desk.New(db, base, func() { runner.Wake() })
	runner = duty.New(duty.Config{
		DB: db, Desk: d, Log: log, Node: "bench", PublicURL: base, ReturnPath: email.ReturnPath, Failpoint: fail,
		Channels: func(s settings.Settings) (map[string]reach.Channel, error) { return o.channels(s, fail) },
	})
	if err := runner.Start(ctx); err != nil {
		return err
	}
	if err := door(d, db); err != nil {
		return err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	return runner.Stop(ctx)
}

func (o order) channels(s settings.Settings, fail func(string)) (map[string]reach.Channel, error) {
	c, err := email.ParseURL(fmt.Sprintf("smtp://%s?tls=none&from=%s&connections=%d", o.Relay, s.Mail.From, o.Connections))
	if err != nil {
		return nil, err
	}
	c.Failpoint = fail
	if s.Mail.DKIMKey != "" {
		c.DKIM = []email.DKIM{{Domain: "harbour.example", Selector: s.Mail.DKIMSelector, KeyPEM: email.Secret(s.Mail.DKIMKey)}}
	}
	channel, err := email.New(c)
	return map[string]reach.Channel{"email": channel}, err
}

// door answers POST /post by declaring the incident, and prints where it is.
func door(d *desk.Desk, db *store.DB) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in world
		err := json.NewDecoder(r.Body).Decode(&in)
		if err == nil {
			err = declare(r.Context(), d, db, in)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}))
	return json.NewEncoder(os.Stdout).Encode(map[string]string{"site": "http://" + l.Addr().String()})
}

func declare(ctx context.Context, d *desk.Desk, db *store.DB, in world) error {
	var people []staff.Person
	if err := db.Read(ctx, func(tx *store.Tx) (err error) {
		people, err = tx.People.All(ctx)
		return err
	}); err != nil {
		return err
	}
	ctx = staff.As(ctx, staff.Actor{Person: people[0]})
	_, _, err := d.Declare(ctx, desk.Declaration{
		Title: title, CannotWork: true,
		First: desk.Word{Body: word, Affected: []incident.Affected{{Component: in.Component, Status: component.MajorOutage}}},
	})
	return err
}
