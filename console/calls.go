package console

import (
	"cmp"
	"context"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/store"
)

const callsPath = "/console/calls"

// A callsPage is the person to call now, and the list they come from.
type callsPage struct {
	shell
	Call    *callView
	Waiting int64
	Turns   []turnRow
	Report  *fileReport
}

// A turnRow is somebody on the list.
type turnRow struct {
	Name     string
	Asked    bool
	Incident string
	Code     id.Code
	Why      string
	Since    clock
	With     string // who of us has them on the telephone
	Mine     bool
}

// listed is how much of the list the page shows.
const listed = 50

func (f *Face) showCalls(w http.ResponseWriter, r *http.Request) error {
	return f.renderCalls(w, r, http.StatusOK, nil, nil)
}

func (f *Face) renderCalls(w http.ResponseWriter, r *http.Request, status int, faults problem.List, noted *desk.CallsNoted) error {
	var p callsPage
	s, err := f.frame(r, "Call list", "reach", func(ctx context.Context, tx *store.Tx, s *shell) error {
		*s = s.asTyped(r, faults)
		turns, until, err := f.desk.HeldTurns(ctx, tx, s.Now)
		if err != nil {
			return err
		}
		if len(turns) > 0 {
			if p.Call, err = f.viewCall(ctx, tx, *s, turns, until); err != nil {
				return err
			}
		}
		if p.Waiting, err = tx.Affected.Calling(ctx, s.Now); err != nil {
			return err
		}
		p.Turns, err = turnRows(ctx, tx, *s)
		return err
	})
	if err != nil {
		return err
	}
	p.shell, p.Report = s, s.report(noted)
	return f.render(w, status, "calls", p)
}

func turnRows(ctx context.Context, tx *store.Tx, s shell) (rows []turnRow, err error) {
	list, err := tx.Affected.CallList(ctx, s.Now, listed)
	if err != nil {
		return nil, err
	}
	titles := map[id.Incident]turnRow{}
	for _, t := range list[:min(len(list), listed)] {
		row, known := titles[t.Incident]
		if !known && t.Incident != "" {
			i, err := tx.Incidents.ByID(ctx, t.Incident)
			if err != nil {
				return nil, err
			}
			row = turnRow{Incident: s.In(i.Title), Code: i.Code}
			titles[t.Incident] = row
		}
		row.Name, row.Asked, row.Why = cmp.Or(t.Name, t.External, "Somebody"), !t.AskedAt.IsZero(), s.Words.T(t.Reason.Key())
		row.Since = s.Clock(latest(t.Since, t.AskedAt))
		if t.Holder != "" {
			row.With, row.Mine = s.Name(t.Holder), t.Holder == s.Actor.Person.ID
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// postNextCall claims the next person. Only what is posted claims: a page that is merely looked at takes nobody from the others.
func (f *Face) postNextCall(w http.ResponseWriter, r *http.Request) error {
	return f.toNextCall(w, r, "")
}

func (f *Face) toNextCall(w http.ResponseWriter, r *http.Request, done string) error {
	_, found, err := f.desk.NextCall(r.Context())
	switch {
	case err != nil:
		return err
	case !found:
		return back(w, r, callsPath+"?done=calls-done")
	case done != "":
		return back(w, r, callsPath+"?done="+done)
	}
	return back(w, r, callsPath)
}

func (f *Face) postCallOutcome(w http.ResponseWriter, r *http.Request) error {
	in := typed(r, nil)
	called, err := f.called(r, in)
	if err == nil {
		err = cmp.Or(in.faults.Err(), f.desk.CallOutcome(r.Context(), called))
	}
	if refusals := ofForm(err); refusals != nil {
		return f.renderCalls(w, r, http.StatusUnprocessableEntity, refusals, nil)
	}
	if err != nil {
		return err
	}
	return f.toNextCall(w, r, "")
}

// called is the form of one call. The time to call back is the customer's: that is what they said on the telephone.
func (f *Face) called(r *http.Request, in *form) (c desk.Called, err error) {
	who := r.PathValue("who")
	c = desk.Called{Outcome: reach.CallOutcome(in.text("outcome")), Note: in.text("note"), External: in.text("external")}
	err = f.db.Read(r.Context(), func(tx *store.Tx) (err error) {
		in.zone, err = f.zoneOf(r.Context(), tx, who)
		return err
	})
	if err != nil {
		return c, err
	}
	if c.Outcome == reach.CallBack {
		c.Back = in.at("back_at")
	}
	if x, err := id.Parse[id.CallRequest](who); err == nil {
		c.Request = x
		return c, nil
	}
	if c.Customer, err = id.Parse[id.Customer](who); err != nil {
		return c, problem.New(problem.NotFound, "problem.not_found")
	}
	if x, err := id.Parse[id.Contact](in.text("contact")); err == nil {
		c.Contact = x
	}
	for _, one := range in.all("incident") {
		if x, err := id.Parse[id.Incident](one); err == nil {
			c.Incidents = append(c.Incidents, x)
		}
	}
	return c, nil
}

// zoneOf is somebody's own zone, the company's if we do not know it.
func (f *Face) zoneOf(ctx context.Context, tx *store.Tx, who string) (*time.Location, error) {
	s, _, err := tx.Settings.Load(ctx)
	if err != nil {
		return nil, err
	}
	x, err := id.Parse[id.Customer](who)
	if err != nil {
		return s.Zoned(), nil
	}
	c, err := tx.Customers.ByID(ctx, x)
	if err != nil {
		return nil, err
	}
	return zoned(c.Zone, s.Zoned()), nil
}

func zoned(name string, otherwise *time.Location) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" {
		return otherwise
	}
	return zone
}

func (f *Face) postLeaveCall(w http.ResponseWriter, r *http.Request) error {
	err := f.desk.LeaveCall(r.Context(), r.PathValue("who"), typed(r, nil).text("note"))
	if refusals := ofForm(err); refusals != nil {
		return f.renderCalls(w, r, http.StatusUnprocessableEntity, refusals, nil)
	}
	if err != nil {
		return err
	}
	return f.toNextCall(w, r, "call-left")
}

// postKeepCall prolongs the claim while the page is open; it is asked by a script, and without one the claim lasts its ten minutes.
func (f *Face) postKeepCall(w http.ResponseWriter, r *http.Request) error {
	if err := f.desk.KeepCall(r.Context()); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// phones are the numbers of a customer that can be called, the one the ladder wants first.
func phones(contacts []audience.Contact, chase reach.Chase, first id.Contact, picked string) (all []number) {
	stopped := map[id.Contact]audience.SuppressionReason{}
	for _, way := range chase.Ways {
		stopped[way.Contact] = way.Stop
	}
	for _, c := range contacts {
		if c.Channel != audience.SMS && c.Channel != audience.Voice || slices.ContainsFunc(all, func(n number) bool { return n.Shown == string(c.Address) }) {
			continue
		}
		n := number{Contact: c.ID, Shown: string(c.Address), Best: c.ID == first, Stopped: stopped[c.ID] == audience.OptedOut || stopped[c.ID] == audience.Complaint}
		for _, k := range chase.Calls {
			n.Wrong = n.Wrong || k.Contact == c.ID && k.Outcome == reach.WrongNumber
		}
		all = append(all, n)
	}
	slices.SortStableFunc(all, func(a, b number) int { return cmp.Compare(a.rank(), b.rank()) })
	chosen := slices.IndexFunc(all, func(n number) bool { return string(n.Contact) == picked })
	if len(all) > 0 {
		all[max(chosen, 0)].Chosen = true
	}
	return all
}

// A number is one of a customer's telephones.
type number struct {
	Contact                      id.Contact
	Shown                        string
	Best, Wrong, Stopped, Chosen bool
}

func (n number) rank() int {
	switch {
	case n.Wrong || n.Stopped:
		return 2
	case n.Best:
		return 0
	}
	return 1
}

// Dial is what a telephone dials: digits and a plus, whatever somebody typed as their number.
func (n number) Dial() template.URL {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, n.Shown)
	return template.URL("tel:" + digits) //nolint:gosec // digits and a plus
}
