package store_test

import (
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

func TestTheWordCountsForWhoeverSharesTheAddressItReached(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, said := t.Context(), time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)
		later, x := said.Add(time.Hour), id.New[id.Incident](said)
		word := reach.Announcement{ID: id.New[id.Announcement](said), Kind: reach.OnUpdate, Incident: x, AsOf: said, PlannedAt: said, Target: audience.Target{Customers: true}}
		since := map[string]time.Time{}
		err := db.Write(ctx, func(tx *store.Tx) error {
			kept, err := tx.Contacts.Ensure(ctx, []audience.Contact{
				{Channel: audience.Email, Address: "anna@example.com", Language: lang.English, CreatedAt: said},
				{Channel: audience.Email, Address: "gone@example.com", Language: lang.English, CreatedAt: said},
			})
			if err != nil {
				return err
			}
			if err := tx.Announcements.Add(ctx, word); err != nil {
				return err
			}
			for _, c := range kept {
				if _, err := tx.Deliveries.Plan(ctx, []reach.Delivery{{
					ID: id.New[id.Delivery](said), Announcement: word.ID, Channel: audience.Email, Address: c.Address, Contact: c.ID, Language: lang.English, PlannedAt: said,
				}}); err != nil {
					return err
				}
			}
			names := map[id.Customer]string{}
			for name, contacts := range map[string][]audience.Contact{"shares": kept[:1], "has another that came back": kept[1:], "has none": nil} {
				c := audience.Customer{ID: id.New[id.Customer](said), Code: id.NewCode(), External: name, Language: lang.English, Contacts: contacts, CreatedAt: said, UpdatedAt: said}
				names[c.ID] = name
				if err := tx.Customers.Add(ctx, c); err != nil {
					return err
				}
			}
			claimed, _, err := tx.Deliveries.Claim(ctx, store.Claim{Channel: audience.Email, Holder: "test", Now: said, Until: said.Add(time.Minute), Limit: 10, Below: reach.Quiet + 1})
			if err != nil {
				return err
			}
			for _, d := range claimed {
				if d.Address != "gone@example.com" {
					continue
				}
				back := reach.After(d, reach.Result{Outcome: reach.Permanent, Reason: reach.ReasonNoMailbox}, said, 0)
				if _, err := tx.Deliveries.Settle(ctx, "test", said, []reach.Step{back}); err != nil {
					return err
				}
			}
			last, _, err := tx.Affected.Assess(ctx, store.Assessment{Incident: x, Audience: incident.Everyone, AsOf: later, NextAt: later.Add(time.Minute)}, "", 100)
			if err != nil {
				return err
			}
			if err := tx.Affected.Heard(ctx, store.AffectedRange{Incident: x, UpTo: last, Since: later}, word); err != nil {
				return err
			}
			for c, name := range names {
				a, err := tx.Affected.Of(ctx, x, c)
				if err != nil {
					return err
				}
				since[name] = a.Since
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]time.Time{"shares": said, "has another that came back": later, "has none": later} {
			if !since[name].Equal(want) {
				t.Errorf("who %s is owed the word since %s, want %s", name, since[name], want)
			}
		}
	})
}
