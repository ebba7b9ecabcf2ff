package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"candor/id"
	"candor/lang"
	"candor/reach"
)

// Count is how the customers of an incident stand, those who stand alike in one row. It steps from one standing to the next and counts
// each in the index: a GROUP BY takes every row apart, which at a million is twice the work.
func (v Affected) Count(ctx context.Context, i id.Incident) (all []reach.Standing, err error) {
	defer wrap(&err, "count the customers of %s", i)
	for word := ""; ; {
		if word, err = v.nextStanding(ctx, i, word); err != nil || word == "" {
			return all, err
		}
		s, err := parseStanding(word)
		if err != nil {
			return all, err
		}
		s.Customers, err = one(ctx, v.tx, value[int64], `SELECT count(*) FROM affected
			WHERE incident = $1 AND standing = $2`, i, word)
		if err != nil {
			return all, err
		}
		all = append(all, s)
	}
}

// nextStanding is the first standing of an incident's customers after one; empty if there is none.
func (v Affected) nextStanding(ctx context.Context, i id.Incident, after string) (string, error) {
	next, err := many(ctx, v.tx, value[string], `SELECT standing FROM affected
		WHERE incident = $1 AND standing > $2
		ORDER BY standing
		LIMIT 1`, i, after)
	if err != nil || len(next) == 0 {
		return "", err
	}
	return next[0], nil
}

// parseStanding undoes what the column affected.standing did.
func parseStanding(word string) (s reach.Standing, err error) {
	part := strings.Split(word, " ")
	if len(part) != 7 {
		return s, fmt.Errorf("standing %q has %d parts", word, len(part))
	}
	s = reach.Standing{
		End: reach.End(part[0]), Channel: part[1], Told: part[2] != "", Calling: part[3] != "", Language: lang.Tag(part[4]), Reason: reach.Why(part[6]),
	}
	if part[5] != "" {
		s.Components = []id.Component{id.Component(part[5])}
	}
	return s, nil
}

// An AffectedList says which of an incident's customers a list shows.
type AffectedList struct {
	Incident id.Incident
	Keep     func(reach.Standing) bool // nil: all
	After    id.Customer
	Limit    int
}

// A ListedCustomer is one of them, with what they are called.
type ListedCustomer struct {
	reach.Affected
	Name     string
	External string
}

// List are customers of an incident: all in the order of their ids, or those whose standing is kept, the ones who stand alike together.
// Who moves from one standing to another while somebody turns the pages may come twice or not at all; in the list of all nobody does.
func (v Affected) List(ctx context.Context, l AffectedList) (all []ListedCustomer, err error) {
	defer wrap(&err, "list customers of %s", l.Incident)
	limit := min(max(l.Limit, 1), 1000)
	if l.Keep == nil {
		return many(ctx, v.tx, readListed, listed+`
			WHERE incident = $1 AND customer > $2
			ORDER BY customer
			LIMIT $3`, l.Incident, l.After, limit)
	}
	word, after := "", l.After
	if after != "" {
		if word, err = v.standingOf(ctx, l.Incident, after); err != nil {
			return nil, err
		}
	}
	for {
		if after == "" {
			if word, err = v.nextStanding(ctx, l.Incident, word); err != nil || word == "" {
				return all, err
			}
		}
		s, err := parseStanding(word)
		if err != nil {
			return nil, err
		}
		if l.Keep(s) {
			some, err := many(ctx, v.tx, readListed, listed+`
				WHERE incident = $1 AND standing = $2 AND customer > $3
				ORDER BY customer
				LIMIT $4`, l.Incident, word, after, limit-len(all))
			all = append(all, some...)
			if err != nil || len(all) >= limit {
				return all, err
			}
		}
		after = ""
	}
}

// standingOf is where a customer stands; empty if the incident does not affect them, which begins a list anew.
func (v Affected) standingOf(ctx context.Context, i id.Incident, c id.Customer) (string, error) {
	word, err := one(ctx, v.tx, value[string], `SELECT standing FROM affected WHERE incident = $1 AND customer = $2`, i, c)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return word, err
}

const listed = `SELECT incident, customer, why, component, a.language, channel, since_at, told_at, reached_at, closed_at, ended, reason, call_at, next_at, beyond_at,
		coalesce(c.name, ''), coalesce(c.external, '')
	FROM affected a LEFT JOIN customers c ON c.id = customer`

func readListed(scan scan) (x ListedCustomer, err error) {
	x.Affected, err = readAffected(func(into ...any) error { return scan(append(into, &x.Name, &x.External)...) })
	return x, err
}
