package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"candor/audience"
	"candor/id"
)

// insert appends customers, who are not erased. An external id that somebody kept meanwhile is ErrExists.
func (c Customers) insert(ctx context.Context, all []audience.Customer) error {
	for part := range wide(all, 12) {
		args := make([]any, 0, len(part)*12)
		for _, x := range part {
			args = append(args, x.ID, x.Code, x.External, x.Name, nameKey(x.Name), x.Language, x.Zone, x.Plan, x.Fee.Minor, x.Fee.Currency,
				x.CreatedAt.UnixMicro(), x.UpdatedAt.UnixMicro())
		}
		if err := exec(ctx, c.tx, `INSERT INTO customers (id, code, external, name, name_key, language, zone, plan, fee, currency, created_at, updated_at)
			VALUES `+rowsOf(len(part), 12), args...); err != nil {
			return err
		}
	}
	return nil
}

func customerArgs(part []audience.Customer) []any {
	args := make([]any, 0, len(part)*13)
	for _, x := range part {
		args = append(args, x.ID, x.Code, x.External, x.Name, x.Language, x.Zone, x.Plan, x.Fee.Minor, x.Fee.Currency,
			instant(x.CreatedAt), instant(x.UpdatedAt), instant(x.ErasedAt), nameKey(x.Name))
	}
	return args
}

type used struct {
	customer id.Customer
	audience.Use
}

// attach links customers, who have no links yet, with their contacts and with what they use.
func (c Customers) attach(ctx context.Context, all []audience.Customer) error {
	type link struct {
		customer id.Customer
		contact  id.Contact
		rank     int
		channel  string
	}
	var links []link
	var uses []used
	for _, x := range all {
		for rank, contact := range x.Contacts {
			links = append(links, link{x.ID, contact.ID, rank, contact.Channel})
		}
		for _, u := range x.Uses {
			uses = append(uses, used{x.ID, u})
		}
	}
	for part := range wide(links, 4) {
		args := make([]any, 0, len(part)*4)
		for _, l := range part {
			args = append(args, l.customer, l.contact, l.rank, l.channel)
		}
		if err := exec(ctx, c.tx, `INSERT INTO customer_contacts (customer, contact, rank, by_channel)
			VALUES `+rowsOf(len(part), 4), args...); err != nil {
			return err
		}
	}
	return c.attachUses(ctx, uses)
}

func (c Customers) attachUses(ctx context.Context, uses []used) error {
	always := func(u used) bool { return u.Since.IsZero() && u.Until.IsZero() } // mostly, and then it takes half the arguments
	slices.SortStableFunc(uses, func(a, b used) int { return cmp.Compare(truth(always(a)), truth(always(b))) })
	dated := slices.IndexFunc(uses, always)
	if dated < 0 {
		dated = len(uses)
	}
	for part := range wide(uses[:dated], 4) {
		var args []any
		for _, u := range part {
			args = append(args, u.customer, u.Component, instant(u.Since), instant(u.Until))
		}
		if err := exec(ctx, c.tx, `INSERT INTO customer_components (customer, component, since_at, until_at)
			VALUES `+rowsOf(len(part), 4), args...); err != nil {
			return err
		}
	}
	for part := range wide(uses[dated:], 2) {
		var args []any
		for _, u := range part {
			args = append(args, u.customer, u.Component)
		}
		if err := exec(ctx, c.tx, `INSERT INTO customer_components (customer, component)
			VALUES `+rowsOf(len(part), 2), args...); err != nil {
			return err
		}
	}
	return nil
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// saveMany writes changed customers, and their links anew.
func (c Customers) saveMany(ctx context.Context, all []audience.Customer) error {
	for part := range parts(c.tx, all, 13) {
		if err := exec(ctx, c.tx, `INSERT INTO customers (`+savedCustomerColumns+`, name_key)
			VALUES `+rowsOf(len(part), 13)+`
			ON CONFLICT (id) DO UPDATE
			SET external = excluded.external, name = excluded.name, language = excluded.language, zone = excluded.zone, plan = excluded.plan,
				fee = excluded.fee, currency = excluded.currency, updated_at = excluded.updated_at, erased_at = excluded.erased_at,
				name_key = excluded.name_key`, customerArgs(part)...); err != nil {
			return err
		}
	}
	// What somebody uses and how they can be reached are wishes and terms, not facts that were said: the new ones replace the old.
	for part := range padded(c.tx, idsOf(all), 2) {
		list, args := in(part)
		if err := exec(ctx, c.tx, `DELETE FROM customer_contacts WHERE customer IN `+list, args...); err != nil {
			return err
		}
		if err := exec(ctx, c.tx, `DELETE FROM customer_components WHERE customer IN `+list, args...); err != nil {
			return err
		}
	}
	return c.attach(ctx, all)
}

// Ensure answers the contacts with the ids under which they are kept: an address that somebody has already, subscriber or customer, is
// shared and keeps its owner's choices; a new one is appended, with a new id if it has none. The contacts may name an address twice.
func (c Contacts) Ensure(ctx context.Context, all []audience.Contact) (_ []audience.Contact, err error) {
	defer wrap(&err, "keep %d contacts", len(all))
	known, err := c.find(ctx, all)
	if err != nil {
		return nil, err
	}
	return c.ensure(ctx, all, known, keptStays)
}

// What becomes of a contact that somebody kept between our look and our word: it stays as it is, or it refuses ours (ErrExists), and the caller
// begins again. PostgreSQL looks twice into each index for the first, which a file of a million need not pay for.
const (
	keptStays   = ` ON CONFLICT DO NOTHING`
	keptRefuses = ``
)

// ensure is Ensure where it is known which of them are kept.
func (c Contacts) ensure(ctx context.Context, all []audience.Contact, known map[contactKey]id.Contact, clash string) ([]audience.Contact, error) {
	var fresh []audience.Contact
	var ids []id.Contact // all at once, so that they lie side by side in the index, and in the order of their customers
	var at time.Time
	for _, x := range all {
		if k := keyOf(x); known[k] == "" {
			if x.ID == "" {
				if len(ids) == 0 || !x.CreatedAt.Equal(at) {
					ids, at = id.Ascending[id.Contact](x.CreatedAt, len(all)), x.CreatedAt
				}
				x.ID, x.Code, ids = ids[0], id.NewCodeNear(x.CreatedAt), ids[1:]
			}
			known[k] = x.ID
			fresh = append(fresh, x)
		}
	}
	added, err := c.addPlain(ctx, fresh, clash)
	if err != nil {
		return nil, err
	}
	if added < len(fresh) { // somebody kept one of them between our look and our word
		if known, err = c.find(ctx, all); err != nil {
			return nil, err
		}
	}
	out := make([]audience.Contact, len(all))
	for i, x := range all {
		if x.ID = known[keyOf(x)]; x.ID == "" {
			return nil, ErrExists // not the address clashed but the code: it is drawn again
		}
		out[i] = x
	}
	return out, nil
}

// addPlain appends contacts of which nothing is known but the address and the language.
func (c Contacts) addPlain(ctx context.Context, all []audience.Contact, clash string) (added int, err error) {
	for part := range wide(all, 9) {
		args := make([]any, 0, len(part)*9)
		for _, x := range part {
			args = append(args, x.ID, x.Code, x.Channel, x.Address, x.Address.Key(), x.Address.Domain(), x.Keys, x.Language, x.CreatedAt.UnixMicro())
		}
		n, err := execCount(ctx, c.tx, `INSERT INTO contacts (id, code, channel, address, address_key, domain, keys, language, created_at, every_update, asked)
			VALUES `+rowsEnding(len(part), 9, ", FALSE, 0")+clash, args...)
		if err != nil {
			return added, err
		}
		added += n
	}
	return added, nil
}

type contactKey struct{ channel, address string }

func keyOf(x audience.Contact) contactKey { return contactKey{x.Channel, x.Address.Key()} }

// find is which of these contacts are kept.
func (c Contacts) find(ctx context.Context, all []audience.Contact) (map[contactKey]id.Contact, error) {
	wanted := map[string][]string{}
	asked := make(map[contactKey]id.Contact, len(all))
	for _, x := range all {
		k := keyOf(x)
		if _, already := asked[k]; !already {
			asked[k] = ""
			wanted[k.channel] = append(wanted[k.channel], k.address)
		}
	}
	for channel, keys := range wanted {
		found, err := c.among(ctx, channel, keys)
		if err != nil {
			return nil, err
		}
		for address, x := range found {
			asked[contactKey{channel, address}] = x
		}
	}
	return asked, nil
}

// among is which of these addresses are kept, by Address.Key.
func (c Contacts) among(ctx context.Context, channel string, keys []string) (map[string]id.Contact, error) {
	type row struct {
		key string
		id  id.Contact
	}
	found := make(map[string]id.Contact, len(keys))
	for part := range padded(c.tx, keys, 1) {
		list, args := in(part)
		rows, err := many(ctx, c.tx, func(scan scan) (r row, err error) {
			err = scan(&r.key, &r.id)
			return r, err
		}, `SELECT address_key, id FROM contacts
			WHERE address_key IN `+list+` AND channel = $`+next(args)+`
			ORDER BY id`, append(args, channel)...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[r.key] = r.id
		}
	}
	return found, nil
}
