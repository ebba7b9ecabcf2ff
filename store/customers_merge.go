package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
)

// erasedChannel keeps the external ids of erased customers among the suppressions, as hashes: no file brings them back.
const erasedChannel = "customer"

// A Merge is what rows of a file would change.
type Merge struct {
	Refused   []int // indexes of rows about customers who were erased
	Fresh     []audience.Customer
	Changed   []audience.Customer
	Unchanged int

	consents []audience.Consent
	contacts map[contactKey]id.Contact // those that are kept already
}

// PlanMerge finds whom rows are about and what they change. A row is about the customer with its external id; failing that about one without
// any who has its mail address, who then gets the id. A row without an external id is about whoever has its mail address. No two rows may be
// about the same customer by these words: the caller cuts the file there. Nothing is written.
func (c Customers) PlanMerge(ctx context.Context, rows []audience.Row, speaks lang.Tag, at time.Time) (m Merge, err error) {
	defer wrap(&err, "plan to merge %d rows", len(rows))
	var externals []string
	var contacts []audience.Contact
	for _, r := range rows {
		if r.Customer.External != "" {
			externals = append(externals, r.Customer.External)
		}
		contacts = append(contacts, r.Customer.Contacts...)
	}
	byExternal, err := c.amongExternal(ctx, externals)
	if err != nil {
		return m, err
	}
	erased, err := c.amongErased(ctx, externals)
	if err != nil {
		return m, err
	}
	if m.contacts, err = c.tx.Contacts.find(ctx, contacts); err != nil {
		return m, err
	}
	owners, err := c.ownersOf(ctx, m.contacts)
	if err != nil {
		return m, err
	}
	type match struct {
		row   int
		whose audience.Customer
	}
	var known []match
	fresh := id.Ascending[id.Customer](at, len(rows))
	taken := map[id.Customer]bool{}
	for i, r := range rows {
		whose, found := byExternal[r.Customer.External]
		if !found {
			whose, found = owner(r.Customer, owners, taken)
		}
		switch {
		case erased[r.Customer.External]:
			m.Refused = append(m.Refused, i)
		case found && !taken[whose.ID]:
			taken[whose.ID] = true
			known = append(known, match{i, whose})
		case !found:
			m.add(r, fresh[i], speaks, at)
		default:
			m.Unchanged++ // the same person a second time, under another of their addresses
		}
	}
	whole := make([]audience.Customer, len(known))
	for i, k := range known {
		whole[i] = k.whose
	}
	if err := c.fill(ctx, whole); err != nil {
		return m, err
	}
	for i, k := range known {
		merged, changed := whole[i].Merged(rows[k.row].Customer, at)
		if changed {
			m.Changed = append(m.Changed, merged)
		} else {
			m.Unchanged++
		}
		m.consent(merged.ID, rows[k.row])
	}
	return m, nil
}

func (m *Merge) add(r audience.Row, as id.Customer, speaks lang.Tag, at time.Time) {
	x := r.Customer
	x.ID, x.Code, x.CreatedAt, x.UpdatedAt = as, id.NewCodeNear(at), at, at
	x.Language = cmp.Or(x.Language, speaks)
	m.Fresh = append(m.Fresh, x)
	m.consent(x.ID, r)
}

func (m *Merge) consent(x id.Customer, r audience.Row) {
	if k := r.Consent; k.Text != "" {
		k.Customer = x
		m.consents = append(m.consents, k)
	}
}

// owner is whose mail address a row has: one without an external id if the row brings one.
func owner(said audience.Customer, owners map[string][]audience.Customer, taken map[id.Customer]bool) (audience.Customer, bool) {
	for _, x := range said.Contacts {
		if x.Channel != audience.Email {
			continue
		}
		for _, o := range owners[x.Address.Key()] {
			if said.External == "" || o.External == "" && !taken[o.ID] {
				return o, true
			}
		}
	}
	return audience.Customer{}, false
}

// ApplyMerge writes what was planned in the same transaction. Somebody else's customer with the same external id, or contact with the same
// address, kept meanwhile, is ErrExists.
func (c Customers) ApplyMerge(ctx context.Context, m Merge, at time.Time) (err error) {
	defer wrap(&err, "merge %d customers", len(m.Fresh)+len(m.Changed))
	var contacts []audience.Contact
	for _, all := range [...][]audience.Customer{m.Fresh, m.Changed} {
		for _, x := range all {
			for _, contact := range x.Contacts {
				if contact.ID == "" {
					contact.Language, contact.CreatedAt = x.Language, at
				}
				contacts = append(contacts, contact)
			}
		}
	}
	for _, x := range contacts {
		if x.ID != "" {
			m.contacts[keyOf(x)] = x.ID // of a channel that the file does not mention
		}
	}
	if contacts, err = c.tx.Contacts.ensure(ctx, contacts, m.contacts, keptRefuses); err != nil {
		return err
	}
	for _, all := range [...][]audience.Customer{m.Fresh, m.Changed} {
		for i := range all {
			n := len(all[i].Contacts)
			all[i].Contacts, contacts = contacts[:n:n], contacts[n:]
		}
	}
	if err := c.insert(ctx, m.Fresh); err != nil {
		return err
	}
	if err := c.attach(ctx, m.Fresh); err != nil {
		return err
	}
	if err := c.saveMany(ctx, m.Changed); err != nil {
		return err
	}
	return c.Consent(ctx, m.consents)
}

// amongExternal is which customers have these external ids, without contacts and uses.
func (c Customers) amongExternal(ctx context.Context, externals []string) (map[string]audience.Customer, error) {
	found := make(map[string]audience.Customer)
	for part := range padded(c.tx, externals, 1) {
		list, args := in(part)
		rows, err := many(ctx, c.tx, readCustomer, `SELECT `+customerColumns+` FROM customers
			WHERE external IN `+list+` AND external <> ''
			ORDER BY id`, args...)
		if err != nil {
			return nil, err
		}
		for _, x := range rows {
			found[x.External] = x
		}
	}
	return found, nil
}

// amongErased is which of these external ids belonged to customers who were erased. Mostly nobody was, and then nothing is looked up.
func (c Customers) amongErased(ctx context.Context, externals []string) (map[string]bool, error) {
	some, err := many(ctx, c.tx, value[string], `SELECT hash FROM suppressions WHERE channel = $1 ORDER BY hash LIMIT 1`, erasedChannel)
	if err != nil || len(some) == 0 {
		return nil, err
	}
	found, err := c.tx.Suppressions.among(ctx, erasedChannel, externals)
	erased := make(map[string]bool, len(found))
	for external := range found {
		erased[external] = external != ""
	}
	return erased, err
}

// ownersOf is whose these mail addresses are, by Address.Key, those with an external id last.
func (c Customers) ownersOf(ctx context.Context, known map[contactKey]id.Contact) (map[string][]audience.Customer, error) {
	var contacts []id.Contact
	keys := map[id.Contact]string{}
	for k, x := range known {
		if x != "" && k.channel == audience.Email {
			contacts = append(contacts, x)
			keys[x] = k.address
		}
	}
	slices.Sort(contacts)
	type owned struct {
		contact id.Contact
		audience.Customer
	}
	owners := make(map[string][]audience.Customer, len(contacts))
	for part := range padded(c.tx, contacts, 2) {
		list, args := in(part)
		rows, err := many(ctx, c.tx, func(scan scan) (r owned, err error) {
			r.Customer, err = readCustomer(func(dest ...any) error { return scan(append([]any{&r.contact}, dest...)...) })
			return r, err
		}, `SELECT contact, `+customerColumns+` FROM customer_contacts
			JOIN customers ON id = customer
			WHERE contact IN `+list+`
			ORDER BY contact, external <> '', id`, args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			owners[keys[r.contact]] = append(owners[keys[r.contact]], r.Customer)
		}
	}
	return owners, nil
}
