package desk_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

func active(t *testing.T, d door, address, ip string) audience.Contact {
	t.Helper()
	if _, err := d.Subscribe(t.Context(), wish(address, ip)); err != nil {
		t.Fatal(err)
	}
	c, err := d.Confirm(t.Context(), token(t, d.letters(t)[0]))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestOneClickFiveTimesIsOneOptOutThatSurvivesAnImport(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, d door) {
		c := active(t, d, "ana@reader.example", "192.0.2.1")
		link := d.sign(t, audience.ToUnsubscribe, c)
		for range 5 {
			if got, err := d.Unsubscribe(t.Context(), link); err != nil || got.State() != "unsubscribed" {
				t.Fatalf("%s, %v", got.State(), err)
			}
		}
		if err := d.db.Read(t.Context(), func(tx *store.Tx) error {
			lines, err := tx.Audit.Of(t.Context(), string(c.ID), store.AuditLine{}, 50)
			events := 0
			for _, l := range lines {
				if l.Act == "unsubscribe" {
					events++
				}
			}
			if events != 1 {
				t.Errorf("%d events", events)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		system := staff.As(t.Context(), staff.Actor{System: "cli"})
		imported, err := d.AddSubscriber(system, wish("ANA@reader.example", ""), true)
		if err != nil || imported.State() != "active" {
			t.Fatalf("import: %s, %v", imported.State(), err)
		}
		if got := d.claimFor(t, imported); len(got) != 0 {
			t.Error("an import brought the opted-out address back")
		}
		if err := d.EndSubscription(system, imported.ID); err != nil {
			t.Fatal(err)
		}
	})
}

func TestANewDoubleOptInLiftsTheOptOut(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, d door) {
		c := active(t, d, "ana@reader.example", "192.0.2.1")
		if _, err := d.Unsubscribe(t.Context(), d.sign(t, audience.ToUnsubscribe, c)); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Confirm(t.Context(), d.sign(t, audience.ToConfirm, c)); !problem.Is(err, problem.Gone) {
			t.Errorf("an old link confirmed an ended subscription: %v", err)
		}
		c = active(t, d, "ana@reader.example", "198.51.100.1")
		if got := d.claimFor(t, c); len(got) != 1 {
			t.Errorf("claimed %d after the new opt-in", len(got))
		}
	})
}

// claimFor plans a delivery to the contact and claims what may be sent.
func (d door) claimFor(t *testing.T, c audience.Contact) (claimed []reach.Delivery) {
	t.Helper()
	at := time.Now()
	a := reach.Announcement{ID: id.New[id.Announcement](at), Kind: reach.OnUpdate, Target: audience.Target{Everyone: true}, Priority: reach.First, AsOf: at, PlannedAt: at}
	if err := d.db.Batch(t.Context(), func(tx *store.Tx) error {
		if err := tx.Announcements.Add(t.Context(), a); err != nil {
			return err
		}
		if _, err := tx.Deliveries.Plan(t.Context(), []reach.Delivery{{
			ID: id.New[id.Delivery](at), Announcement: a.ID, Channel: "email",
			Address: c.Address, Contact: c.ID, Language: c.Language, Priority: reach.First, PlannedAt: at,
		}}); err != nil {
			return err
		}
		var err error
		claimed, _, err = tx.Deliveries.Claim(t.Context(), store.Claim{Channel: "email", Holder: "test", Now: at, Until: at.Add(time.Minute), Limit: 10, Below: reach.Quiet + 1})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return claimed
}

// V25: a token is for one person and one purpose.
func TestV25ATokenForOnePurposeIsWorthNothingForAnother(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, d door) {
		c := active(t, d, "ana@reader.example", "192.0.2.1")
		manage, unsubscribe := d.sign(t, audience.ToManage, c), d.sign(t, audience.ToUnsubscribe, c)
		if _, err := d.Confirm(t.Context(), manage); !problem.Is(err, problem.NotFound) {
			t.Errorf("a manage link confirmed: %v", err)
		}
		if _, err := d.ChangeSubscription(t.Context(), unsubscribe, wish("", "")); !problem.Is(err, problem.NotFound) {
			t.Errorf("an unsubscribe link changed: %v", err)
		}
		forged := strings.Repeat("a", 12) + manage[12:]
		for _, bad := range []string{"", forged, manage[:33], manage + "x", strings.ToUpper(manage)} {
			if _, err := d.Unsubscribe(t.Context(), bad); !problem.Is(err, problem.NotFound) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		changed, err := d.ChangeSubscription(t.Context(), manage, desk.Subscription{Language: "es", EveryUpdate: true})
		if err != nil || changed.Language != "es" || !changed.EveryUpdate {
			t.Errorf("%+v, %v", changed, err)
		}
	})
}

func TestARetryIsANewCycleAndTheOldOneStays(t *testing.T) {
	t.Parallel()
	eachDoor(t, func(t *testing.T, d door) {
		c := active(t, d, "ana@reader.example", "192.0.2.1")
		x := d.claimFor(t, c)[0]
		if err := d.RetryDelivery(staff.As(t.Context(), staff.Actor{System: "cli"}), x.ID); !problem.Is(err, problem.Conflict) {
			t.Errorf("one that a connection has this instant was retried: %v", err)
		}
		if err := d.db.Batch(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Deliveries.Settle(t.Context(), "test", time.Now(), []reach.Step{reach.After(x, reach.Result{Outcome: reach.Permanent, Reason: reach.ReasonNoMailbox}, time.Now(), 0)})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := d.RetryDelivery(t.Context(), x.ID); !problem.Is(err, problem.Unauthenticated) {
			t.Errorf("a stranger retried: %v", err)
		}
		system := staff.As(t.Context(), staff.Actor{System: "cli"})
		for range 2 { // the second finds the new cycle waiting
			if err := d.RetryDelivery(system, x.ID); err != nil {
				t.Fatal(err)
			}
		}
		d.ledger(t, x.Announcement, reach.Counts{reach.Bounced: 1, reach.Planned: 1})
	})
}

func (d door) ledger(t *testing.T, a id.Announcement, want reach.Counts) {
	t.Helper()
	if err := d.db.Read(t.Context(), func(tx *store.Tx) error {
		got, err := tx.Announcements.Counts(context.WithoutCancel(t.Context()), a)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
