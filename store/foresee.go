package store

import (
	"context"
	"slices"
	"strings"

	"candor/audience"
	"candor/id"
	"candor/incident"
)

// Foresee is how many customers an assessment would find affected, before anybody is noted; who was noted earlier and would not be now is
// left out.
func (v Affected) Foresee(ctx context.Context, a Assessment) (_ int64, err error) {
	defer wrap(&err, "count whom %s would affect", a.Incident)
	switch a.Audience {
	case incident.Everyone:
		return v.tx.Customers.Count(ctx)
	case incident.Listed:
		return one(ctx, v.tx, value[int64], `SELECT count(*) FROM incident_customers l JOIN customers c ON c.id = l.customer
			WHERE l.incident = $1 AND c.erased_at IS NULL`, a.Incident)
	}
	list, args := in(append([]id.Component{""}, a.Components...))
	users, err := one(ctx, v.tx, value[int64], `SELECT count(DISTINCT customer) FROM customer_components
		WHERE component IN `+list+` AND (until_at IS NULL OR until_at > $`+next(args)+`)`, append(args, instant(a.From))...)
	if err != nil {
		return 0, err
	}
	// Who told us of no component uses everything. Counting both sides reads two indexes; looking for each who is missing reads a million rows.
	all, err := v.tx.Customers.Count(ctx)
	if err != nil {
		return 0, err
	}
	told, err := one(ctx, v.tx, value[int64], `SELECT count(DISTINCT customer) FROM customer_components`)
	return users + max(all-told, 0), err
}

// ForeseeSome are at most limit of them, with their contacts: drawn by lot, because codes are random.
func (v Affected) ForeseeSome(ctx context.Context, a Assessment, limit int) (some []audience.Customer, err error) {
	defer wrap(&err, "draw some of those whom %s would affect", a.Incident)
	args := []any{instant(a.From), a.Incident, a.Audience, limit}
	var list strings.Builder
	for i, x := range append(slices.Clone(a.Components), "") { // the empty one finds nothing and keeps the list from being empty
		args = append(args, x)
		list.WriteString(placeholder(i == 0, len(args)))
	}
	some, err = many(ctx, v.tx, readCustomer, `SELECT `+customerColumns+` FROM customers c
		WHERE erased_at IS NULL AND CASE CAST($3 AS TEXT) WHEN 'everyone' THEN TRUE
			WHEN 'listed' THEN EXISTS (SELECT 1 FROM incident_customers l WHERE l.incident = $2 AND l.customer = c.id)
			ELSE EXISTS (SELECT 1 FROM customer_components u WHERE u.customer = c.id AND u.component IN (`+list.String()+`)
					AND (u.until_at IS NULL OR u.until_at > $1))
				OR NOT EXISTS (SELECT 1 FROM customer_components u WHERE u.customer = c.id) END
		ORDER BY code
		LIMIT $4`, args...)
	if err != nil {
		return nil, err
	}
	return some, v.tx.Customers.fillContacts(ctx, some)
}
