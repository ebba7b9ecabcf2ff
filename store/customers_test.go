package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/money"
	"candor/store"
	"candor/store/storetest"
)

// aCustomer has a contact, whose id is not kept yet.
func aCustomer(external, name, address string, at time.Time) audience.Customer {
	return audience.Customer{
		ID: id.New[id.Customer](at), Code: id.NewCode(), External: external, Name: name, Language: lang.German, Zone: "Europe/Berlin",
		Plan: "pro", Fee: money.Amount{Minor: 1250, Currency: "EUR"}, CreatedAt: at, UpdatedAt: at,
		Contacts: []audience.Contact{{
			ID: id.New[id.Contact](at), Code: id.NewCode(), Channel: audience.Email, Address: audience.Address(address), Language: lang.German, CreatedAt: at,
		}},
	}
}

func TestCustomersAreKeptAndFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
		acme, bolt := aCustomer("A-1", "Acme GmbH", "Ann@Example.com", at), aCustomer("", "Bolt", "ann@example.com", at.Add(time.Second))
		err := db.Write(ctx, func(tx *store.Tx) error {
			for _, x := range []*audience.Customer{&acme, &bolt} {
				contacts, err := tx.Contacts.Ensure(ctx, x.Contacts)
				if err != nil {
					return err
				}
				x.Contacts = contacts
				if err := tx.Customers.Add(ctx, *x); err != nil {
					return err
				}
			}
			return tx.Customers.Consent(ctx, []audience.Consent{{Customer: acme.ID, Text: "Write to me", How: "form", At: at}})
		})
		if err != nil {
			t.Fatal(err)
		}
		if acme.Contacts[0].ID != bolt.Contacts[0].ID {
			t.Error("two accounts of one person have two contacts")
		}
		err = db.Read(ctx, func(tx *store.Tx) error {
			got, err := tx.Customers.ByExternal(ctx, "A-1")
			if diff := cmp.Diff(acme, got); diff != "" {
				t.Error("by external id:", diff)
			}
			byCode, err2 := tx.Customers.ByCode(ctx, bolt.Code)
			if byCode.ID != bolt.ID {
				t.Errorf("by code: %+v", byCode)
			}
			for typed, want := range map[string]int{"acme": 1, "ACME g": 1, "cme": 0, "A-1": 1, "bo": 1, "": 2, "nobody": 0} {
				found, err := tx.Customers.Search(ctx, typed, "", 10)
				if err != nil || len(found) != want {
					t.Errorf("%q finds %d customers, want %d (%v)", typed, len(found), want, err)
				}
			}
			byMail, err3 := tx.Customers.Search(ctx, "Ann@example.com", "ann@example.com", 10)
			if len(byMail) != 2 {
				t.Errorf("their address finds %d customers, want 2", len(byMail))
			}
			page, err4 := tx.Customers.Page(ctx, "", 1)
			if len(page) != 1 || page[0].ID != bolt.ID {
				t.Errorf("the newest is not first: %+v", page)
			}
			next, err5 := tx.Customers.Page(ctx, page[0].ID, 10)
			if len(next) != 1 || next[0].ID != acme.ID {
				t.Errorf("the next page: %+v", next)
			}
			sharing, err6 := tx.Customers.Sharing(ctx, acme.Contacts[0].ID)
			if len(sharing) != 2 {
				t.Errorf("%d share the address", len(sharing))
			}
			if counts, _ := tx.Contacts.CountByState(ctx); counts["unconfirmed"] != 0 {
				t.Errorf("a customer's address counts as a subscriber: %v", counts)
			}
			_, err7 := tx.Customers.ByExternal(ctx, "")
			if !errors.Is(err7, store.ErrNotFound) {
				t.Errorf("no external id finds %v", err7)
			}
			return errors.Join(err, err2, err3, err4, err5, err6)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestASavedCustomerHasOnlyWhatWasSaved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
		const shop = id.Component("cmp_shop")
		acme := aCustomer("A-1", "Acme", "ann@example.com", at)
		acme.Uses = []audience.Use{{Component: shop, Since: at}}
		err := db.Write(ctx, func(tx *store.Tx) (err error) {
			if acme.Contacts, err = tx.Contacts.Ensure(ctx, acme.Contacts); err != nil {
				return err
			}
			if err := tx.Customers.Add(ctx, acme); err != nil {
				return err
			}
			acme.Name, acme.Contacts, acme.Uses[0].Until, acme.UpdatedAt = "Acme AG", nil, at.Add(time.Hour), at.Add(time.Hour)
			return tx.Customers.Save(ctx, acme)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Read(ctx, func(tx *store.Tx) error {
			got, err := tx.Customers.ByID(ctx, acme.ID)
			if diff := cmp.Diff(acme, got); diff != "" {
				t.Error(diff)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
