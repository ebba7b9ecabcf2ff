package console

import (
	"context"
	"net/http"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/reach"
	"candor/store"
)

// A reachPage is what went out lately, and to whom it can.
type reachPage struct {
	shell
	flightBoard
	Active     int64
	Calling    int64
	Unanswered int64
}

func (f *Face) showReach(w http.ResponseWriter, r *http.Request) error {
	var p reachPage
	s, err := f.frame(r, "Reach", "reach", func(ctx context.Context, tx *store.Tx, s *shell) error {
		counts, err := tx.Contacts.CountByState(ctx)
		if err != nil {
			return err
		}
		p.Active = counts["active"]
		if p.Calling, err = tx.Affected.Calling(ctx, s.Now); err != nil {
			return err
		}
		replies, err := tx.Replies.Count(ctx, "")
		if err != nil {
			return err
		}
		p.Unanswered = replies[reach.ReplyOpen]
		p.Flights, err = latestFlights(ctx, tx, *s, 25)
		return err
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, http.StatusOK, "reach", p)
}

var announced = map[reach.Kind]string{
	reach.OnUpdate: "Update", reach.OnCorrection: "Correction", reach.OnUpcoming: "Reminder of planned work", reach.OnReport: "Report",
}

// latestFlights are the newest announcements with what became of their letters.
func latestFlights(ctx context.Context, tx *store.Tx, s shell, limit int) (all []flight, err error) {
	latest, err := tx.Announcements.Latest(ctx, limit)
	if err != nil {
		return nil, err
	}
	known := map[id.Incident]incident.Incident{}
	for _, a := range latest {
		i, ok := known[a.Incident]
		if !ok {
			if i, err = tx.Incidents.ByID(ctx, a.Incident); err != nil {
				return nil, err
			}
			known[a.Incident] = i
		}
		one, err := flightOf(ctx, tx, s, a, i)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func flightOf(ctx context.Context, tx *store.Tx, s shell, a reach.Announcement, i incident.Incident) (flight, error) {
	counts, err := tx.Announcements.Counts(ctx, a.ID)
	one := flight{ID: a.ID, Code: i.Code, What: s.In(i.Title), Kind: announced[a.Kind], At: a.AsOf, Counts: counts, planned: !a.PlannedAt.IsZero(), Paused: a.PausedAt}
	return one, err
}

// InFlight reports whether a letter of it is still to come to its end.
func (f flight) InFlight() bool { return !f.planned || f.Waiting() > 0 }

// A ledgerPage is who was told of one incident, and why not.
type ledgerPage struct {
	shell
	Incident incident.Incident
	Flights  []flight
	Chosen   id.Announcement
	State    reach.State
	Counts   []stateCount
	All      int64
	Pausable bool
	Held     *clock       // since when the chosen one is paused
	Why      []troubleRow // of the chosen state, the most frequent first
	Rows     []ledgerRow
	More     string
}

// A troubleRow is a reason that letters have in common, and how many have it.
type troubleRow struct {
	Reason, Code string
	N            int64
}

type ledgerRow struct {
	ID        id.Delivery
	Address   string
	Language  lang.Tag
	Word      string
	Reason    string
	Code      string
	Attempt   int
	Since     clock
	Next      clock
	Retriable bool
}

func (f *Face) showLedger(w http.ResponseWriter, r *http.Request) error {
	p := ledgerPage{State: reach.State(r.URL.Query().Get("state"))}
	s, err := f.frame(r, "Ledger", "reach", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if p.Incident, err = tx.Incidents.ByCode(ctx, codeOf(r)); err != nil {
			return err
		}
		said, err := tx.Announcements.OfIncident(ctx, p.Incident.ID)
		if err != nil {
			return err
		}
		chosen, _ := id.Parse[id.Announcement](r.URL.Query().Get("of"))
		for n := len(said) - 1; n >= 0; n-- {
			a := said[n]
			one, err := flightOf(ctx, tx, *s, a, p.Incident)
			if err != nil {
				return err
			}
			p.Flights = append(p.Flights, one)
			if p.Chosen == "" || a.ID == chosen {
				p.Chosen, p.Counts, p.All = a.ID, stateCounts(*s, one.Counts), one.Counts.All()
				p.Pausable = s.May("incidents") && a.Kind.Bulk() && one.InFlight() && a.PausedAt.IsZero()
				p.Held = nil
				if !a.PausedAt.IsZero() {
					since := s.Clock(a.PausedAt)
					p.Held = &since
				}
			}
		}
		after, _ := id.Parse[id.Delivery](r.URL.Query().Get("after"))
		return p.page(ctx, tx, *s, after)
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, http.StatusOK, "ledger", p)
}

func (p *ledgerPage) page(ctx context.Context, tx *store.Tx, s shell, after id.Delivery) error {
	if p.Chosen == "" {
		return nil
	}
	found, err := tx.Deliveries.Page(ctx, p.Chosen, p.State, after, longPage+1)
	if err != nil {
		return err
	}
	if len(found) > longPage {
		found = found[:longPage]
		p.More = "?of=" + string(p.Chosen) + "&state=" + string(p.State) + "&after=" + string(found[longPage-1].ID)
	}
	if err := p.why(ctx, tx, s); err != nil {
		return err
	}
	for _, d := range found {
		row := ledgerRow{
			ID: d.ID, Address: string(d.Address), Language: d.Language, Word: stateWords[d.State], Reason: reasonWord(s, d.Reason), Code: d.Code,
			Attempt: d.Attempt, Since: s.Clock(d.UpdatedAt),
		}
		if d.State == reach.RetryAt {
			row.Next = s.Clock(d.NextAt)
		}
		row.Retriable = d.State == reach.RetryAt || d.State == reach.Failed || d.State == reach.Bounced || d.State == reach.Poisoned
		p.Rows = append(p.Rows, row)
	}
	return nil
}

// why adds up the reasons of a state that has some: one receiver in trouble shows at a glance, and not row by row. What was told needs none,
// and is too much to add up.
func (p *ledgerPage) why(ctx context.Context, tx *store.Tx, s shell) error {
	switch p.State {
	case reach.RetryAt, reach.Failed, reach.Bounced, reach.Suppressed, reach.Poisoned:
	default:
		return nil
	}
	all, err := tx.Deliveries.Reasons(ctx, p.Chosen, p.State)
	for _, x := range all {
		p.Why = append(p.Why, troubleRow{reasonWord(s, x.Reason), x.Code, x.N})
	}
	return err
}

// reasonWord is why a delivery stands where it stands.
func reasonWord(_ shell, reason string) string {
	if reason == reach.ReasonOutbox {
		return "kept in the outbox, no mail server is set"
	}
	return reason
}
