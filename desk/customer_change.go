package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// A CustomerForm is a customer as a program or a colleague describes them, whole: what it leaves out is empty.
type CustomerForm struct {
	Name     string
	Language string // a tag; empty for the company's
	Zone     string
	Plan     string
	Fee      string
	Currency string
	Region   string // of phone numbers without a country code
	Uses     []audience.Use
	Contacts []RecordContact // in order of preference
}

// PutCustomer keeps a customer under the company's own name for them, new or changed. What is said replaces what was known.
func (d *Desk) PutCustomer(ctx context.Context, external string, in CustomerForm) (c audience.Customer, created bool, err error) {
	defer wrap(&err, "put a customer")
	if err := need(ctx, staff.Enlist); err != nil {
		return c, false, err
	}
	at := now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		said, err := in.customer(external, string(s.Default()), at)
		if err != nil {
			return err
		}
		if err := knownUses(ctx, tx, said.Uses); err != nil {
			return err
		}
		if said.Contacts, err = tx.Contacts.Ensure(ctx, said.Contacts); err != nil {
			return err
		}
		before, err := tx.Customers.ByExternal(ctx, external)
		created = errors.Is(err, store.ErrNotFound)
		switch {
		case created:
			c = said
			c.ID, c.Code, c.CreatedAt = id.New[id.Customer](at), id.NewCode(), at
			err = tx.Customers.Add(ctx, c)
		case err == nil:
			c = said
			c.ID, c.Code, c.CreatedAt = before.ID, before.Code, before.CreatedAt
			err = tx.Customers.Save(ctx, c)
		}
		if err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "put customer", string(c.ID), nil, nil) // who they are stays out of the audit, which is never erased
	})
	return c, created, err
}

// customer checks what was said; language is the one for whoever named none.
func (in CustomerForm) customer(external, language string, at time.Time) (c audience.Customer, err error) {
	var faults problem.List
	c, refused := audience.Describe(audience.Description{
		External: external, Name: in.Name, Language: or(in.Language, language), Zone: in.Zone, Plan: in.Plan, Fee: in.Fee, Currency: in.Currency,
	})
	faults = append(faults, refused...)
	for _, x := range in.Contacts {
		address, fault := audience.ParseFor(x.Channel, string(x.Address), in.Region)
		if fault != nil {
			faults.Add(fault)
			continue
		}
		contact := audience.Contact{Channel: x.Channel, Address: address, Language: c.Language, CreatedAt: at}
		if !slices.ContainsFunc(c.Contacts, contact.Same) {
			c.Contacts = append(c.Contacts, contact)
		}
	}
	for _, u := range in.Uses {
		if !u.Since.IsZero() && !u.Until.IsZero() && !u.Since.Before(u.Until) || slices.ContainsFunc(c.Uses, func(o audience.Use) bool { return o.Component == u.Component }) {
			faults.Add(problem.Field("components", "problem.choice"))
			continue
		}
		u.Since, u.Until = u.Since.UTC().Truncate(time.Microsecond), u.Until.UTC().Truncate(time.Microsecond)
		c.Uses = append(c.Uses, u)
	}
	c.UpdatedAt = at
	return c, faults.Err()
}

func knownUses(ctx context.Context, tx *store.Tx, uses []audience.Use) error {
	all, err := componentsByID(ctx, tx)
	if err != nil {
		return err
	}
	for _, u := range uses {
		if c, known := all[u.Component]; !known || c.Group {
			return problem.Field("components", "problem.component_unknown", "name", string(u.Component))
		}
	}
	return nil
}

// EraseCustomer forgets a customer at their wish (GDPR, Art. 17). What was said to how many stays; to whom does not. It cannot be undone, and
// no import brings them back. Safe to repeat.
func (d *Desk) EraseCustomer(ctx context.Context, x id.Customer) (err error) {
	defer wrap(&err, "erase customer %s", x)
	if err := need(ctx, staff.Enlist); err != nil {
		return err
	}
	at := now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customers.ByID(ctx, x)
		if errors.Is(err, store.ErrNotFound) {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		if err != nil || !c.ErasedAt.IsZero() {
			return err
		}
		alone, err := theirsAlone(ctx, tx, c)
		if err != nil {
			return err
		}
		if err := tx.Customers.Erase(ctx, c, at); err != nil {
			return err
		}
		if err := d.withdrawAll(ctx, tx, alone, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "erase customer", string(x), nil, nil)
	})
}

// theirsAlone are the contacts of a customer that nobody else shares.
func theirsAlone(ctx context.Context, tx *store.Tx, c audience.Customer) (alone []audience.Contact, err error) {
	for _, contact := range c.Contacts {
		sharing, err := tx.Customers.Sharing(ctx, contact.ID)
		if err != nil {
			return nil, err
		}
		if len(sharing) == 1 {
			alone = append(alone, contact)
		}
	}
	return alone, nil
}
