package duty_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/reach"
	"candor/reach/dry"
	"candor/settings"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// T19: ten thousand people opt out, by the link in a letter and by STOP, while two nodes tell them and others. Not one message is claimed after
// the opt-out is committed. A restore that brings the subscriptions of before back, and an import of every address, change nothing about that.
func TestT19NoMessageIsClaimedAfterAnOptOut(t *testing.T) {
	storetest.Crowd(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := optingOut(t, db, storetest.Crowded(10_000))
		a := o.announce(reach.First)
		nodes := []*dry.Channel{dry.New(audience.Email), dry.New(audience.SMS)}
		for _, name := range []string{"one", "two"} {
			o.start(o.node(name, func(settings.Settings) (map[string]reach.Channel, error) {
				return map[string]reach.Channel{audience.Email: nodes[0], audience.SMS: nodes[1]}, nil
			}))
		}
		o.until(a, "the fan-out to run", told(50))
		o.leaveAll()
		o.check(a)

		o.restore()
		o.reimport()
		o.silent(o.announceToCustomers())
	})
}

// leavers are people of whom two thirds opt out, some by text.
type leavers struct {
	*world
	office *desk.Desk
	people []audience.Contact
	secret []byte
	after  []reach.Delivery // of people[n], as it stood right after the opt-out; without an id if there was none yet
}

func optingOut(t *testing.T, db *store.DB, n int) *leavers {
	t.Helper()
	o := &leavers{world: newWorld(t, db), office: desk.New(db, publicURL, nil), people: make([]audience.Contact, n+n/2), after: make([]reach.Delivery, n)}
	for i := range o.people {
		c := audience.Contact{ID: id.New[id.Contact](began), Code: id.NewCode(), Channel: audience.Email, Language: "en", CreatedAt: began, ConfirmedAt: began}
		c.Address = audience.Address(fmt.Sprintf("reader%06d@%d.example", i, i%50))
		if i%5 == 0 { // every fifth has a mobile
			c.Channel, c.Address = audience.SMS, audience.Address(fmt.Sprintf("+49151%08d", i))
		}
		o.people[i] = c
	}
	for part := o.people; len(part) > 0; part = part[min(len(part), 5000):] {
		o.write(func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Contacts.AddMany(ctx, part[:min(len(part), 5000)])
			return err
		})
	}
	o.write(func(ctx context.Context, tx *store.Tx) (err error) {
		o.secret, err = tx.Instance.Secret(ctx, store.LinkSecret)
		return err
	})
	return o
}

// leaveAll has two thirds opt out, from eight sides, and looks at what stands in the ledger right after.
func (o *leavers) leaveAll() {
	o.t.Helper()
	var next atomic.Int64
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for n := int(next.Add(1) - 1); n < len(o.after); n = int(next.Add(1) - 1) {
				if err := o.leave(n); err != nil {
					o.t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
}

func (o *leavers) leave(n int) (err error) {
	c, ctx := o.people[n], o.t.Context()
	if c.Channel == audience.SMS {
		err = o.office.ReceiveText(ctx, "dry", reach.TextWord{Kind: reach.SaysStop, From: string(c.Address), Body: "STOP"})
	} else {
		_, err = o.office.Unsubscribe(ctx, audience.Sign(o.secret, audience.ToUnsubscribe, c.Code))
	}
	if err != nil {
		return err
	}
	return o.db.Read(ctx, func(tx *store.Tx) error {
		last, err := tx.Deliveries.LastTo(ctx, c.ID, c.Channel, began)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		o.after[n] = last
		return err
	})
}

// check compares what stood in the ledger right after each opt-out with what became of it.
func (o *leavers) check(a reach.Announcement) {
	o.t.Helper()
	o.until(a, "an end", func(c reach.Counts) bool {
		return c.All() > 0 && c[reach.Planned]+c[reach.Claimed]+c[reach.RetryAt] == 0 && o.planned(a)
	})
	rows := o.rows(a)
	early, inTime, late := 0, 0, 0
	for n, was := range o.after {
		now, exists := rows[o.people[n].ID]
		switch {
		case !exists:
			early++ // opted out before they were planned
		case was.ID == "" || was.State == reach.Planned:
			inTime++
			if now.State != reach.Suppressed || now.Attempt != 0 {
				late++
			}
		case was.State == reach.RetryAt:
			if now.State != reach.Suppressed {
				late++
			}
		case now.Attempt > was.Attempt:
			late++
		}
	}
	for _, c := range o.people[len(o.after):] {
		if now := rows[c.ID]; now.State != reach.Accepted {
			o.t.Fatalf("%s, who opted out of nothing, ended as %s: %s", now.ID, now.State, now.Reason)
		}
	}
	if late != 0 {
		o.t.Errorf("%d messages were claimed after the opt-out was committed", late)
	}
	if early+inTime < len(o.after)/20 || early+inTime == len(o.after) {
		o.t.Errorf("%d of %d opted out before their message was claimed: that meets no fan-out", early+inTime, len(o.after))
	}
	o.t.Logf("%d opted out: %d before they were planned, %d before their message was claimed", len(o.after), early, inTime)
}

func (o *leavers) planned(a reach.Announcement) (done bool) {
	o.write(func(ctx context.Context, tx *store.Tx) error {
		x, err := tx.Announcements.ByID(ctx, a.ID)
		done = !x.PlannedAt.IsZero()
		return err
	})
	return done
}

func (o *leavers) rows(a reach.Announcement) map[id.Contact]reach.Delivery {
	o.t.Helper()
	all := map[id.Contact]reach.Delivery{}
	var after id.Delivery
	for {
		var page []reach.Delivery
		o.write(func(ctx context.Context, tx *store.Tx) (err error) {
			page, err = tx.Deliveries.Page(ctx, a.ID, "", after, 5000)
			return err
		})
		if len(page) == 0 {
			return all
		}
		for _, d := range page {
			all[d.Contact] = d
		}
		after = page[len(page)-1].ID
	}
}

// restore brings back the subscriptions as they were: of the opt-outs nothing is left but the suppressions, which no restore takes back.
func (o *leavers) restore() {
	o.t.Helper()
	for part := o.people[:len(o.after)]; len(part) > 0; part = part[min(len(part), 1000):] {
		o.write(func(ctx context.Context, tx *store.Tx) error {
			for _, c := range part[:min(len(part), 1000)] {
				if err := tx.Contacts.Save(ctx, c); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// silent tells all again and finds that nobody who opted out is.
func (o *leavers) silent(a reach.Announcement) {
	o.t.Helper()
	o.until(a, "an end", func(c reach.Counts) bool {
		return c.All() > 0 && c[reach.Planned]+c[reach.Claimed]+c[reach.RetryAt] == 0 && o.planned(a)
	})
	rows, kept := o.rows(a), 0
	for i, c := range o.people {
		d, exists := rows[c.ID]
		switch {
		case i >= len(o.after) && d.State != reach.Accepted:
			o.t.Fatalf("%q, who opted out of nothing, is %q", c.Address, d.State)
		case i < len(o.after) && exists && (d.State != reach.Suppressed || d.Attempt != 0 || d.Reason != string(audience.OptedOut)):
			o.t.Fatalf("restored and imported, %q, who opted out, is %q: %s", c.Address, d.State, d.Reason)
		case i < len(o.after) && exists:
			kept++
		}
	}
	if kept != len(o.after) {
		o.t.Errorf("%d of %d opt-outs were looked at", kept, len(o.after))
	}
}

// reimport takes every address in as a customer's.
func (o *leavers) reimport() {
	o.t.Helper()
	var file strings.Builder
	file.WriteString("id,email,mobile\n")
	for i, c := range o.people {
		mail, mobile := string(c.Address), ""
		if c.Channel == audience.SMS {
			mail, mobile = "", mail
		}
		fmt.Fprintf(&file, "A-%d,%s,%s\n", i, mail, mobile)
	}
	ctx := staff.As(o.t.Context(), staff.Actor{System: "test"})
	done, err := o.office.ImportCustomers(ctx, strings.NewReader(file.String()), desk.Import{})
	if err != nil || done.Added != int64(len(o.people)) || done.Refused != 0 {
		o.t.Fatalf("imported %+v: %v", done, err)
	}
}

// announceToCustomers says something to everybody, customers first.
func (o *leavers) announceToCustomers() reach.Announcement {
	o.t.Helper()
	a := reach.Announcement{
		ID: id.New[id.Announcement](time.Now()), Kind: reach.OnUpdate, Incident: o.incident.ID, Update: o.update.ID,
		Target: audience.Target{Everyone: true, Customers: true}, Priority: reach.First, AsOf: time.Now(),
	}
	o.write(func(ctx context.Context, tx *store.Tx) error {
		x := o.incident
		x.Audience = incident.Everyone
		if err := tx.Incidents.Save(ctx, x); err != nil {
			return err
		}
		return tx.Announcements.Add(ctx, a)
	})
	return a
}
