package store

import (
	"context"
	"strings"

	"candor/audience"
	"candor/id"
)

// Customers are whom the company serves: what they use, where they can be reached, what they pay.
type Customers struct{ tx *Tx }

const (
	savedCustomerColumns = `id, code, external, name, language, zone, plan, fee, currency, created_at, updated_at, erased_at`
	customerColumns      = savedCustomerColumns + `, any_hour_at`
)

// ByID finds one.
func (c Customers) ByID(ctx context.Context, x id.Customer) (_ audience.Customer, err error) {
	defer wrap(&err, "read customer %s", x)
	return c.whole(ctx)(one(ctx, c.tx, readCustomer, `SELECT `+customerColumns+` FROM customers WHERE id = $1`, x))
}

// ByCode finds one by the name in their page's address.
func (c Customers) ByCode(ctx context.Context, code id.Code) (_ audience.Customer, err error) {
	defer wrap(&err, "read customer %s", code)
	return c.whole(ctx)(one(ctx, c.tx, readCustomer, `SELECT `+customerColumns+` FROM customers WHERE code = $1`, code))
}

// ByExternal finds one by what the company's own systems call them.
func (c Customers) ByExternal(ctx context.Context, external string) (_ audience.Customer, err error) {
	defer wrap(&err, "read a customer by external id")
	return c.whole(ctx)(one(ctx, c.tx, readCustomer, `SELECT `+customerColumns+` FROM customers
		WHERE external = $1 AND external <> ''`, external))
}

func (c Customers) whole(ctx context.Context) func(audience.Customer, error) (audience.Customer, error) {
	return func(x audience.Customer, err error) (audience.Customer, error) {
		if err != nil {
			return x, err
		}
		all := []audience.Customer{x}
		err = c.fill(ctx, all)
		return all[0], err
	}
}

// Chunk are the next customers after a cursor, in the order of their ids, whole, those erased included. Fewer than limit means that there
// are no more.
func (c Customers) Chunk(ctx context.Context, after id.Customer, limit int) (_ []audience.Customer, err error) {
	defer wrap(&err, "read customers after %s", after)
	all, err := many(ctx, c.tx, readCustomer, `SELECT `+customerColumns+` FROM customers
		WHERE id > $1
		ORDER BY id
		LIMIT $2`, after, limit)
	if err != nil {
		return nil, err
	}
	return all, c.fill(ctx, all)
}

// Page are the next customers before a cursor, newest first, whole; those erased are left out.
func (c Customers) Page(ctx context.Context, before id.Customer, limit int) (_ []audience.Customer, err error) {
	defer wrap(&err, "read a page of customers")
	if before == "" {
		before = "cus_z"
	}
	all, err := many(ctx, c.tx, readCustomer, `SELECT `+customerColumns+` FROM customers
		WHERE id < $1 AND erased_at IS NULL
		ORDER BY id DESC
		LIMIT $2`, before, min(max(limit, 1), 1000))
	if err != nil {
		return nil, err
	}
	return all, c.fill(ctx, all)
}

// Search are the customers with this external id, with a name that begins so, or with a contact of this Address.Key, by name. Ids
// and addresses have an index, names are looked through (see the schema); the answer is bounded, not paged.
func (c Customers) Search(ctx context.Context, typed, addressKey string, limit int) (_ []audience.Customer, err error) {
	defer wrap(&err, "search customers")
	from := nameKey(typed)
	all, err := many(ctx, c.tx, readCustomer, `SELECT `+customerColumns+` FROM customers
		WHERE erased_at IS NULL AND id IN (
			SELECT id FROM customers WHERE external = $1 AND external <> ''
			UNION
			SELECT id FROM (SELECT id FROM customers WHERE name_key >= $2 AND name_key < $3 ORDER BY name_key, id LIMIT $4) AS named
			UNION
			SELECT customer FROM customer_contacts WHERE contact IN (SELECT id FROM contacts WHERE channel IN (`+channels+`) AND address_key = $5))
		ORDER BY name_key, id
		LIMIT $4`, typed, from, append(from, 0xff), min(max(limit, 1), 1000), addressKey)
	if err != nil {
		return nil, err
	}
	return all, c.fill(ctx, all)
}

// channels are named so that an address is found by the index, whatever it is for.
const channels = `'email', 'sms', 'voice', 'push', 'webhook', 'chat'`

// nameKey is the beginning of a name as it is searched for.
func nameKey(name string) []byte {
	key := []byte(strings.ToLower(strings.Join(strings.Fields(name), " ")))
	return key[:min(len(key), 48):min(len(key), 48)]
}

// Count is how many there are, those erased left out.
func (c Customers) Count(ctx context.Context) (_ int64, err error) {
	defer wrap(&err, "count customers")
	return one(ctx, c.tx, value[int64], `SELECT count(*) FROM customers WHERE erased_at IS NULL`)
}

// ContactsOf are where a customer can be reached, in their order of preference.
func (c Customers) ContactsOf(ctx context.Context, x id.Customer) (_ []audience.Contact, err error) {
	all := []audience.Customer{{ID: x}}
	err = c.fillContacts(ctx, all)
	return all[0].Contacts, err
}

// UsesOf are the components a customer uses or used.
func (c Customers) UsesOf(ctx context.Context, x id.Customer) (_ []audience.Use, err error) {
	all := []audience.Customer{{ID: x}}
	err = c.fillUses(ctx, all)
	return all[0].Uses, err
}

// Sharing are the customers whom a contact belongs to: one person may have several accounts.
func (c Customers) Sharing(ctx context.Context, x id.Contact) (_ []id.Customer, err error) {
	defer wrap(&err, "read whose contact %s is", x)
	return many(ctx, c.tx, value[id.Customer], `SELECT customer FROM customer_contacts
		WHERE contact = $1
		ORDER BY customer
		LIMIT 1000`, x)
}

// fill completes customers that are ordered by id, or are few.
func (c Customers) fill(ctx context.Context, all []audience.Customer) error {
	if err := c.fillContacts(ctx, all); err != nil {
		return err
	}
	return c.fillUses(ctx, all)
}

func (c Customers) fillContacts(ctx context.Context, all []audience.Customer) (err error) {
	defer wrap(&err, "read the contacts of %d customers", len(all))
	type owned struct {
		customer id.Customer
		contact  audience.Contact
	}
	place := placeOf(all)
	for part := range padded(c.tx, idsOf(all), 2) {
		list, args := in(part)
		rows, err := many(ctx, c.tx, func(scan scan) (r owned, err error) {
			r.contact, err = readContact(func(dest ...any) error { return scan(append([]any{&r.customer}, dest...)...) })
			return r, err
		}, `SELECT customer, `+contactColumns+` FROM customer_contacts
			JOIN contacts ON id = contact
			WHERE customer IN `+list+`
			ORDER BY customer, rank, contact`, args...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			x := &all[place[r.customer]]
			x.Contacts = append(x.Contacts, r.contact)
		}
	}
	return nil
}

func (c Customers) fillUses(ctx context.Context, all []audience.Customer) (err error) {
	defer wrap(&err, "read what %d customers use", len(all))
	place := placeOf(all)
	for part := range padded(c.tx, idsOf(all), 2) {
		list, args := in(part)
		rows, err := many(ctx, c.tx, func(scan scan) (r used, err error) {
			err = scan(&r.customer, &r.Component, (*instant)(&r.Since), (*instant)(&r.Until))
			return r, err
		}, `SELECT customer, component, since_at, until_at FROM customer_components
			WHERE customer IN `+list+`
			ORDER BY customer, component`, args...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			x := &all[place[r.customer]]
			x.Uses = append(x.Uses, r.Use)
		}
	}
	return nil
}

func placeOf(all []audience.Customer) map[id.Customer]int {
	place := make(map[id.Customer]int, len(all))
	for i, x := range all {
		place[x.ID] = i
	}
	return place
}

func idsOf(all []audience.Customer) []id.Customer {
	ids := make([]id.Customer, len(all))
	for i, x := range all {
		ids[i] = x.ID
	}
	return ids
}

func readCustomer(scan scan) (x audience.Customer, err error) {
	err = scan(&x.ID, &x.Code, &x.External, &x.Name, &x.Language, &x.Zone, &x.Plan, &x.Fee.Minor, &x.Fee.Currency,
		(*instant)(&x.CreatedAt), (*instant)(&x.UpdatedAt), (*instant)(&x.ErasedAt), (*instant)(&x.AnyHour))
	return x, err
}

// Consents are what a customer agreed to, oldest first.
func (c Customers) Consents(ctx context.Context, x id.Customer) (_ []audience.Consent, err error) {
	defer wrap(&err, "read the consents of %s", x)
	return many(ctx, c.tx, func(scan scan) (k audience.Consent, err error) {
		err = scan(&k.Customer, &k.Contact, &k.Text, &k.How, (*instant)(&k.At))
		return k, err
	}, `SELECT customer, contact, text, how, at FROM consents
		WHERE customer = $1
		ORDER BY at, contact
		LIMIT 1000`, x)
}

// Add appends one, with what they use and their contacts, which must have been kept before (Contacts.Ensure). An external id we have
// already is ErrExists.
func (c Customers) Add(ctx context.Context, x audience.Customer) (err error) {
	defer wrap(&err, "add customer %s", x.ID)
	if err := c.insert(ctx, []audience.Customer{x}); err != nil {
		return err
	}
	return c.attach(ctx, []audience.Customer{x})
}

// Save keeps what may change about one: all but its ids. What it uses and its contacts are replaced.
func (c Customers) Save(ctx context.Context, x audience.Customer) (err error) {
	defer wrap(&err, "save customer %s", x.ID)
	return c.saveMany(ctx, []audience.Customer{x})
}

// Consent keeps a proof; the same one twice is kept once.
func (c Customers) Consent(ctx context.Context, all []audience.Consent) (err error) {
	defer wrap(&err, "keep %d consents", len(all))
	for part := range parts(c.tx, all, 5) {
		var args []any
		for _, x := range part {
			args = append(args, x.Customer, x.Contact, x.Text, x.How, instant(x.At))
		}
		if err := exec(ctx, c.tx, `INSERT INTO consents (customer, contact, text, how, at)
			VALUES `+rowsOf(len(part), 5)+`
			ON CONFLICT DO NOTHING`, args...); err != nil {
			return err
		}
	}
	return nil
}
