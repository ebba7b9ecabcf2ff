package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
)

// Contacts are the addresses people gave us, and what they want to hear.
type Contacts struct{ tx *Tx }

const contactColumns = `id, code, channel, address, keys, language, every_update, created_at, confirmed_at, ended_at, asked, last_asked_at`

// ByID finds one.
func (c Contacts) ByID(ctx context.Context, x id.Contact) (_ audience.Contact, err error) {
	defer wrap(&err, "read contact %s", x)
	return c.whole(ctx)(one(ctx, c.tx, readContact, `SELECT `+contactColumns+` FROM contacts WHERE id = $1`, x))
}

// ByCode finds one by its public name.
func (c Contacts) ByCode(ctx context.Context, code id.Code) (_ audience.Contact, err error) {
	defer wrap(&err, "read contact %s", code)
	return c.whole(ctx)(one(ctx, c.tx, readContact, `SELECT `+contactColumns+` FROM contacts WHERE code = $1`, code))
}

// ByAddress finds one by its channel and Address.Key.
func (c Contacts) ByAddress(ctx context.Context, channel, key string) (_ audience.Contact, err error) {
	defer wrap(&err, "look an address up")
	return c.whole(ctx)(one(ctx, c.tx, readContact, `SELECT `+contactColumns+` FROM contacts
		WHERE channel = $1 AND address_key = $2`, channel, key))
}

func (c Contacts) whole(ctx context.Context) func(audience.Contact, error) (audience.Contact, error) {
	return func(x audience.Contact, err error) (audience.Contact, error) {
		if err != nil {
			return x, err
		}
		x.Components, err = many(ctx, c.tx, value[id.Component], `SELECT component FROM contact_components
			WHERE contact = $1
			ORDER BY component`, x.ID)
		return x, err
	}
}

// A ContactPage says which contacts a list shows: the zero value is the first page of all.
type ContactPage struct {
	State     string // of audience.Contact.State; empty for all
	Component id.Component
	Search    string // an Address.Key; empty for all
	After     audience.Contact
	Limit     int
}

// subscribing are the contacts of people who subscribed themselves, or were asked to confirm that they did: the others are only customers'.
const subscribing = `(confirmed_at IS NOT NULL OR last_asked_at IS NOT NULL)`

// Page are subscribers, newest first, without the components they chose.
func (c Contacts) Page(ctx context.Context, p ContactPage) (_ []audience.Contact, err error) {
	defer wrap(&err, "read a page of contacts")
	before, last := int64(1<<62), id.Contact("z")
	if p.After.ID != "" {
		before, last = p.After.CreatedAt.UnixMicro(), p.After.ID
	}
	where := map[string]string{
		"":             `TRUE`,
		"active":       `confirmed_at IS NOT NULL AND ended_at IS NULL`,
		"unconfirmed":  `confirmed_at IS NULL AND ended_at IS NULL`,
		"unsubscribed": `ended_at IS NOT NULL`,
	}[p.State]
	if where == "" {
		return nil, nil
	}
	return many(ctx, c.tx, readContact, `SELECT `+contactColumns+` FROM contacts
		WHERE `+subscribing+` AND (created_at, id) < ($1, $2) AND (CAST($3 AS TEXT) = '' OR address_key = $3) AND `+where+`
			AND (CAST($4 AS TEXT) = '' OR EXISTS (SELECT 1 FROM contact_components WHERE contact = contacts.id AND component = $4))
		ORDER BY created_at DESC, id DESC
		LIMIT $5`, before, last, p.Search, p.Component, min(max(p.Limit, 1), 1000))
}

// CountByState is how many subscribers are active, unconfirmed and unsubscribed.
func (c Contacts) CountByState(ctx context.Context) (_ map[string]int64, err error) {
	defer wrap(&err, "count the contacts")
	type figures struct{ all, confirmed, unconfirmed int64 }
	f, err := one(ctx, c.tx, func(scan scan) (f figures, err error) {
		err = scan(&f.all, &f.confirmed, &f.unconfirmed)
		return f, err
	}, `SELECT count(*),
			count(*) FILTER (WHERE confirmed_at IS NOT NULL AND ended_at IS NULL),
			count(*) FILTER (WHERE confirmed_at IS NULL AND ended_at IS NULL)
		FROM contacts
		WHERE `+subscribing)
	return map[string]int64{"active": f.confirmed, "unconfirmed": f.unconfirmed, "unsubscribed": f.all - f.confirmed - f.unconfirmed}, err
}

// CountReached is how many active contacts an announcement about these components would reach: those who chose everything, one of them or
// its group. About no component it is everybody.
func (c Contacts) CountReached(ctx context.Context, about []id.Component) (_ int64, err error) {
	defer wrap(&err, "count whom this reaches")
	query := `SELECT count(*) FROM contacts WHERE confirmed_at IS NOT NULL AND ended_at IS NULL`
	if len(about) == 0 {
		return one(ctx, c.tx, value[int64], query)
	}
	list, args := in(about)
	return one(ctx, c.tx, value[int64], query+`
		AND (NOT EXISTS (SELECT 1 FROM contact_components WHERE contact = contacts.id)
			OR EXISTS (SELECT 1 FROM contact_components WHERE contact = contacts.id AND (component IN `+list+`
				OR component IN (SELECT group_id FROM components WHERE id IN `+list+`))))`, args...)
}

// A Readership is how many of those whom CountReached counts read a language.
type Readership struct {
	Language lang.Tag
	Contacts int64
}

// CountReading is CountReached by language.
func (c Contacts) CountReading(ctx context.Context, about []id.Component) (_ []Readership, err error) {
	defer wrap(&err, "count who reads what")
	list, args := in(append([]id.Component{""}, about...))
	return many(ctx, c.tx, func(scan scan) (x Readership, err error) { return x, scan(&x.Language, &x.Contacts) },
		`SELECT language, count(*) FROM contacts WHERE confirmed_at IS NOT NULL AND ended_at IS NULL
		AND (NOT EXISTS (SELECT 1 FROM contact_components WHERE contact = contacts.id)
			OR EXISTS (SELECT 1 FROM contact_components WHERE contact = contacts.id AND (component IN `+list+`
				OR component IN (SELECT group_id FROM components WHERE id IN `+list+`))))
		GROUP BY language
		ORDER BY count(*) DESC, language`, args...)
}

// Subscribers looks at the next confirmed contacts after one, at most limit of them, and answers those who were subscribers at an instant
// and still are, with the components they chose. last is how far it looked, done whether that was the end.
func (c Contacts) Subscribers(ctx context.Context, after id.Contact, asOf time.Time, limit int) (_ []audience.Contact, last id.Contact, done bool, err error) {
	defer wrap(&err, "read subscribers after %s", after)
	all, err := many(ctx, c.tx, readContact, `SELECT `+contactColumns+` FROM contacts
		WHERE id > $1 AND confirmed_at IS NOT NULL
		ORDER BY id
		LIMIT $2`, after, limit)
	if err != nil || len(all) == 0 {
		return nil, after, true, err
	}
	last, done = all[len(all)-1].ID, len(all) < limit
	all = slices.DeleteFunc(all, func(x audience.Contact) bool { return x.ConfirmedAt.After(asOf) || !x.EndedAt.IsZero() })
	return all, last, done, c.chosen(ctx, all, after, last)
}

// chosen adds the components that contacts in a range of ids chose.
func (c Contacts) chosen(ctx context.Context, all []audience.Contact, after, last id.Contact) error {
	type choice struct {
		contact   id.Contact
		component id.Component
	}
	choices, err := many(ctx, c.tx, func(scan scan) (x choice, err error) {
		err = scan(&x.contact, &x.component)
		return x, err
	}, `SELECT contact, component FROM contact_components
		WHERE contact > $1 AND contact <= $2
		ORDER BY contact, component`, after, last)
	if err != nil || len(choices) == 0 {
		return err
	}
	chosen := map[id.Contact][]id.Component{}
	for _, x := range choices {
		chosen[x.contact] = append(chosen[x.contact], x.component)
	}
	for i := range all {
		all[i].Components = chosen[all[i].ID]
	}
	return nil
}

// Add appends one. An address we have already is ErrExists.
func (c Contacts) Add(ctx context.Context, x audience.Contact) (err error) {
	defer wrap(&err, "add contact %s", x.ID)
	err = exec(ctx, c.tx, `INSERT INTO contacts (`+contactColumns+`, address_key, domain)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		x.ID, x.Code, x.Channel, x.Address, x.Keys, x.Language, x.EveryUpdate, instant(x.CreatedAt), instant(x.ConfirmedAt), instant(x.EndedAt),
		x.Asked, instant(x.LastAskedAt), x.Address.Key(), x.Address.Domain())
	if err != nil {
		return err
	}
	return c.choose(ctx, x)
}

// AddMany appends many without components, for imports. Addresses we have already are left as they are; the answer is how many are new.
func (c Contacts) AddMany(ctx context.Context, all []audience.Contact) (added int, err error) {
	defer wrap(&err, "add %d contacts", len(all))
	for part := range parts(c.tx, all, 14) {
		var args []any
		for _, x := range part {
			args = append(args, x.ID, x.Code, x.Channel, x.Address, x.Keys, x.Language, x.EveryUpdate, instant(x.CreatedAt),
				instant(x.ConfirmedAt), instant(x.EndedAt), x.Asked, instant(x.LastAskedAt), x.Address.Key(), x.Address.Domain())
		}
		n, err := execCount(ctx, c.tx, `INSERT INTO contacts (`+contactColumns+`, address_key, domain)
			VALUES `+rowsOf(len(part), 14)+`
			ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return added, err
		}
		added += n
	}
	return added, nil
}

// Save keeps what may change about one: all but the address.
func (c Contacts) Save(ctx context.Context, x audience.Contact) (err error) {
	defer wrap(&err, "save contact %s", x.ID)
	err = execOne(ctx, c.tx, `UPDATE contacts
		SET language = $2, every_update = $3, confirmed_at = $4, ended_at = $5, asked = $6, last_asked_at = $7, keys = $8
		WHERE id = $1`,
		x.ID, x.Language, x.EveryUpdate, instant(x.ConfirmedAt), instant(x.EndedAt), x.Asked, instant(x.LastAskedAt), x.Keys)
	if err != nil {
		return err
	}
	// A choice is a wish, not a fact: the new one replaces the old.
	if err := exec(ctx, c.tx, `DELETE FROM contact_components WHERE contact = $1`, x.ID); err != nil {
		return err
	}
	return c.choose(ctx, x)
}

func (c Contacts) choose(ctx context.Context, x audience.Contact) error {
	for _, component := range x.Components {
		if err := exec(ctx, c.tx, `INSERT INTO contact_components (contact, component)
			VALUES ($1, $2)
			ON CONFLICT DO NOTHING`, x.ID, component); err != nil {
			return err
		}
	}
	return nil
}

// EndUnconfirmed ends the subscriptions asked for before an instant that nobody confirmed: an address typed by a stranger is not ours to
// write to. A customer's address stays what it was: somebody else's typing must not silence it.
func (c Contacts) EndUnconfirmed(ctx context.Context, before, at time.Time) (n int, err error) {
	defer wrap(&err, "end unconfirmed contacts")
	return execCount(ctx, c.tx, `UPDATE contacts
		SET ended_at = $2
		WHERE confirmed_at IS NULL AND ended_at IS NULL AND last_asked_at IS NOT NULL AND last_asked_at < $1
			AND NOT EXISTS (SELECT 1 FROM customer_contacts WHERE contact = contacts.id)`,
		instant(before), instant(at))
}

// A subscriber is a contact as a claim sees it.
type subscriber struct {
	code id.Code
	keys string
	audience.Standing
}

// standing is what the claim knows of contacts: on PostgreSQL the rows stay locked until the claim commits, so that an opt-out is either
// before the claim and seen, or after it (T19).
func (c Contacts) standing(ctx context.Context, all []id.Contact) (map[id.Contact]subscriber, error) {
	found := map[id.Contact]subscriber{}
	for part := range padded(c.tx, all, 2) {
		list, args := in(part)
		type row struct {
			id                      id.Contact
			code                    id.Code
			keys                    string
			confirmed, ended, asked instant
		}
		rows, err := many(ctx, c.tx, func(scan scan) (r row, err error) {
			err = scan(&r.id, &r.code, &r.keys, &r.confirmed, &r.ended, &r.asked)
			return r, err
		}, `SELECT id, code, keys, confirmed_at, ended_at, last_asked_at FROM contacts WHERE id IN `+list+` ORDER BY id`+c.tx.lockShared(), args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[r.id] = subscriber{r.code, r.keys, audience.Standing{
				Contact: true, Confirmed: !time.Time(r.confirmed).IsZero(), Asked: !time.Time(r.asked).IsZero(), Ended: !time.Time(r.ended).IsZero(),
			}}
		}
	}
	return found, nil
}

func readContact(scan scan) (x audience.Contact, err error) {
	err = scan(&x.ID, &x.Code, &x.Channel, &x.Address, &x.Keys, &x.Language, &x.EveryUpdate, (*instant)(&x.CreatedAt), (*instant)(&x.ConfirmedAt),
		(*instant)(&x.EndedAt), &x.Asked, (*instant)(&x.LastAskedAt))
	return x, err
}

// in is a list of placeholders and their arguments.
func in[T any](values []T) (list string, args []any) {
	var b strings.Builder
	for i, v := range values {
		b.WriteString(placeholder(i == 0, i+1))
		args = append(args, v)
	}
	return "(" + b.String() + ")", args
}
