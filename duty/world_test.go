package duty_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"candor/audience"
	"candor/duty"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/reach"
	"candor/reach/email"
	"candor/settings"
	"candor/staff"
	"candor/store"
	"candor/tools/sink"
)

var began = time.Date(2012, 9, 10, 17, 0, 0, 0, time.UTC)

var publicURL = &url.URL{Scheme: "https", Host: "status.example"}

// A world is a database with an incident, and subscribers to tell about it.
type world struct {
	t        testing.TB
	db       *store.DB
	incident incident.Incident
	update   incident.Update
}

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	w := &world{t: t, db: db}
	author := staff.Person{
		ID: id.New[id.Person](began), Name: "Dana Whitfield", Title: lang.Text{"en": "Head of network operations"},
		PublicMail: "dana@harbour.example", Mail: "dana@harbour.example", Language: "en", Roles: []staff.Role{staff.Owner}, CreatedAt: began,
	}
	w.incident = incident.Incident{
		ID: id.New[id.Incident](began), Code: id.NewCode(), Number: 1, Kind: incident.Outage, Visibility: incident.Public,
		Title: lang.Text{"en": "Websites, mail and DNS are down"}, Status: incident.Investigating, Impact: incident.ImpactCritical, CannotWork: true,
		Lead: author.ID, StartedAt: began, DetectedBy: incident.ByStaff, DeclaredAt: began, CreatedAt: began, UpdatedAt: began,
	}
	w.update = incident.Update{
		ID: id.New[id.Update](began), Code: id.NewCode(), Incident: w.incident.ID, Number: 1, Status: incident.Investigating,
		Author: author.ID, Body: lang.Text{"en": "We have found the cause and are repairing it. Nobody attacked us."},
		Fields: incident.DefaultFields(incident.Outage, began.Add(time.Hour)), NextBy: began.Add(15 * time.Minute), Notify: true, At: began,
	}
	w.write(func(ctx context.Context, tx *store.Tx) error {
		if err := tx.People.Add(ctx, author, author.Mail); err != nil {
			return err
		}
		if err := tx.Incidents.Add(ctx, w.incident); err != nil {
			return err
		}
		return tx.Updates.Add(ctx, w.update, "")
	})
	return w
}

func (w *world) write(f func(ctx context.Context, tx *store.Tx) error) {
	w.t.Helper()
	ctx := w.t.Context()
	if err := w.db.Write(ctx, func(tx *store.Tx) error { return f(ctx, tx) }); err != nil {
		w.t.Fatal(err)
	}
}

// subscribers adds n people, each at the domain that at gives them.
func (w *world) subscribers(n int, at func(i int) string) []audience.Contact {
	w.t.Helper()
	all := make([]audience.Contact, n)
	for i := range all {
		all[i] = audience.Contact{
			ID: id.New[id.Contact](began), Code: id.NewCode(), Channel: "email", Language: "en",
			Address: audience.Address(fmt.Sprintf("reader%06d@%s", i, at(i))), CreatedAt: began, ConfirmedAt: began,
		}
	}
	for part := all; len(part) > 0; part = part[min(len(part), 5000):] {
		w.write(func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Contacts.AddMany(ctx, part[:min(len(part), 5000)])
			return err
		})
	}
	return all
}

func example(int) string { return "example.com" }

func (w *world) announce(p reach.Priority) reach.Announcement {
	w.t.Helper()
	a := reach.Announcement{
		ID: id.New[id.Announcement](time.Now()), Kind: reach.OnUpdate, Incident: w.incident.ID, Update: w.update.ID,
		Target: audience.Target{Everyone: true}, Priority: p, AsOf: time.Now(),
	}
	w.write(func(ctx context.Context, tx *store.Tx) error { return tx.Announcements.Add(ctx, a) })
	return a
}

func (w *world) counts(a reach.Announcement) (c reach.Counts) {
	w.t.Helper()
	if err := w.db.Read(context.WithoutCancel(w.t.Context()), func(tx *store.Tx) (err error) {
		c, err = tx.Announcements.Counts(w.t.Context(), a.ID)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return c
}

// until waits until the ledger of an announcement says so.
func (w *world) until(a reach.Announcement, what string, says func(reach.Counts) bool) reach.Counts {
	w.t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for {
		c := w.counts(a)
		if says(c) {
			return c
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("waiting for %s, the ledger says %v", what, c)
		}
		time.Sleep(50 * time.Millisecond) // a database tells nobody when it changes
	}
}

func told(n int64) func(reach.Counts) bool {
	return func(c reach.Counts) bool { return c.Told() >= n }
}

// relay starts an SMTP sink on loopback.
func relay(t testing.TB, c sink.Config) (*sink.Server, string) {
	t.Helper()
	if c.DupKey == "" {
		c.DupKey = "rcpt"
	}
	s, address, err := sink.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, address
}

func mail(address string, connections int, fail func(string)) func(settings.Settings) (map[string]reach.Channel, error) {
	return func(settings.Settings) (map[string]reach.Channel, error) {
		c, err := email.ParseURL(fmt.Sprintf("smtp://%s?tls=none&from=status@harbour.example&connections=%d", address, connections))
		if err != nil {
			return nil, err
		}
		c.Failpoint = fail
		channel, err := email.New(c)
		return map[string]reach.Channel{"email": channel}, err
	}
}

func through(c reach.Channel) func(settings.Settings) (map[string]reach.Channel, error) {
	return func(settings.Settings) (map[string]reach.Channel, error) {
		return map[string]reach.Channel{c.Name(): c}, nil
	}
}

// node makes the duty of one node. Its log is the test's.
func (w *world) node(name string, channels func(settings.Settings) (map[string]reach.Channel, error)) *duty.Duty {
	return duty.New(duty.Config{DB: w.db, Log: log(w.t), Node: name, PublicURL: publicURL, Channels: channels, ReturnPath: email.ReturnPath, Connections: 10})
}

func (w *world) start(d *duty.Duty) {
	w.t.Helper()
	if err := d.Start(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { w.stop(d) })
}

func (w *world) stop(d *duty.Duty) {
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	if err := d.Stop(ctx); err != nil {
		w.t.Errorf("stop: %v", err)
	}
}

func log(t testing.TB) *slog.Logger {
	if os.Getenv("CANDOR_TEST_LOG") == "" {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(output{t}, nil))
}

type output struct{ t testing.TB }

func (o output) Write(p []byte) (int, error) {
	fmt.Fprintln(os.Stderr, o.t.Name(), strings.TrimSpace(string(p)))
	return len(p), nil
}

// nothing is a company without a mail server.
func nothing(settings.Settings) (map[string]reach.Channel, error) { return nil, nil }
