package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

const (
	// mostNamed bounds a list of customers; whoever is about more is about everybody.
	mostNamed = 100_000
	// namedAtOnce bounds one transaction: acts and results get in between.
	namedAtOnce = 1000
	// mostAnswered are the unknown ids that are answered one by one; the count is always whole.
	mostAnswered = 1000
)

// An Audience says which customers an incident affects.
type Audience struct {
	Which     incident.Audience
	Customers []string // with incident.Listed: what the company's own systems call them
}

// A Chosen is what became of choosing one.
type Chosen struct {
	Named        int64    // customers the incident names now, those of earlier lists included
	Unknown      []string // ids no customer has, the first thousand
	UnknownCount int
	Told         bool // whoever is affected now and was not before is being told the last word
}

// SetAudience chooses which customers an incident affects. Nobody is taken off: who was named or counted as affected stays so. If the word is
// out already, whoever comes new is told it, and only they.
func (d *Desk) SetAudience(ctx context.Context, to id.Incident, a Audience) (done Chosen, err error) {
	defer wrap(&err, "choose the audience of %s", to)
	if err := need(ctx, staff.Say); err != nil {
		return done, err
	}
	if err := a.check(); err != nil {
		return done, err
	}
	if a.Which == incident.Listed {
		if done, err = d.name(ctx, to, a.Customers); err != nil {
			return done, err
		}
	}
	err = d.act(ctx, func(tx *store.Tx, at time.Time) (err error) {
		i, err := found(tx.Incidents.ByID(ctx, to))
		if err != nil {
			return err
		}
		if done.Named, err = tx.Affected.Named(ctx, to); err != nil {
			return err
		}
		if a.Which == incident.Listed && done.Named == 0 {
			return problem.Field("customers", "problem.audience.unknown")
		}
		before := i.Audience
		i.Audience, i.UpdatedAt = a.Which, at
		if err := tx.Incidents.Save(ctx, i); err != nil {
			return err
		}
		if done.Told, err = tellAdded(ctx, tx, i, at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "incident audience", string(to), audited{before, 0}, audited{a.Which, done.Named})
	})
	return done, err
}

// mostDeclared bounds the list that comes with a first word, which is one transaction: nobody may wait for it.
const mostDeclared = 10_000

// chooseAudience takes whom a declaration is about. An id no customer has is refused here, where the form comes back: a first word must not
// silently go to fewer than it names.
func (s *saying) chooseAudience(ctx context.Context, in Declaration) error {
	s.pick("audience", in.Audience == "" || oneOf(in.Audience, incident.Audiences[:]))
	s.incident.Audience = or(in.Audience, s.incident.Audience, incident.ByUse)
	if in.Audience != incident.Listed {
		return nil
	}
	externals := distinct(in.Customers)
	if len(externals) > mostDeclared {
		s.wrong.Add(problem.Field("customers", "problem.audience.many", "most", mostDeclared))
		return nil
	}
	known, err := s.tx.Customers.ByExternals(ctx, slices.DeleteFunc(slices.Clone(externals), impossible))
	if err != nil {
		return err
	}
	var unknown []string
	for _, x := range externals {
		if c, ok := known[x]; ok {
			s.listed = append(s.listed, c)
		} else {
			unknown = append(unknown, x)
		}
	}
	switch {
	case len(s.listed) == 0:
		s.wrong.Add(problem.Field("customers", "problem.audience.unknown"))
	case len(unknown) > 0:
		s.wrong.Add(problem.Field("customers", "problem.audience.some", "n", len(unknown), "which", strings.Join(unknown[:min(len(unknown), 5)], ", ")))
	}
	return nil
}

// audited is what the audit keeps: the count, not the names, which an erasure could not reach there.
type audited struct {
	Audience incident.Audience
	Named    int64
}

func (a Audience) check() error {
	if !slices.Contains(incident.Audiences[:], a.Which) {
		return problem.Field("audience", "problem.choice")
	}
	if a.Which == incident.Listed && len(a.Customers) > mostNamed {
		return problem.Field("customers", "problem.audience.many", "most", mostNamed)
	}
	return nil
}

// name finds and notes customers, some in each transaction. Cut short it has noted some, and doing it again goes on.
func (d *Desk) name(ctx context.Context, to id.Incident, externals []string) (done Chosen, err error) {
	for some := range slices.Chunk(distinct(externals), namedAtOnce) {
		var unknown []string
		err := d.db.Write(ctx, func(tx *store.Tx) error {
			unknown = nil
			if _, err := found(tx.Incidents.ByID(ctx, to)); err != nil {
				return err
			}
			known, err := tx.Customers.ByExternals(ctx, slices.DeleteFunc(slices.Clone(some), impossible))
			if err != nil {
				return err
			}
			var customers []id.Customer
			for _, x := range some {
				if c, ok := known[x]; ok {
					customers = append(customers, c)
				} else {
					unknown = append(unknown, x)
				}
			}
			_, err = tx.Affected.Name(ctx, to, customers)
			return err
		})
		if err != nil {
			return done, err
		}
		done.UnknownCount += len(unknown)
		done.Unknown = append(done.Unknown, unknown[:min(len(unknown), mostAnswered-len(done.Unknown))]...)
	}
	return done, nil
}

// impossible reports that no customer can be called so, and that a database would not even be asked.
func impossible(external string) bool {
	return !utf8.ValidString(external) || strings.ContainsRune(external, 0)
}

// distinct are the ids that were typed, without the spaces around them, each once.
func distinct(typed []string) (all []string) {
	seen := map[string]bool{"": true}
	for _, x := range typed {
		if x = strings.TrimSpace(x); !seen[x] {
			seen[x] = true
			all = append(all, x)
		}
	}
	return all
}

// tellAdded announces the last word that travelled once more, to customers whom nobody had counted before; before the first word there is
// nothing to announce, and after the end nobody to warn.
func tellAdded(ctx context.Context, tx *store.Tx, i incident.Incident, at time.Time) (told bool, err error) {
	if !i.Open() || i.Visibility != incident.Public {
		return false, nil
	}
	said, err := tx.Announcements.OfIncident(ctx, i.ID)
	if err != nil {
		return false, err
	}
	for _, a := range slices.Backward(said) {
		if a.Kind != reach.OnUpdate || !a.Target.Customers {
			continue
		}
		return true, tx.Announcements.Add(ctx, reach.Announcement{
			ID: id.New[id.Announcement](at), Kind: reach.OnUpdate, Incident: i.ID, Update: a.Update,
			Target: audience.Target{Everyone: true, Components: a.Target.Components, Customers: true, Added: true}, Priority: reach.First, AsOf: at,
		})
	}
	return false, nil
}
