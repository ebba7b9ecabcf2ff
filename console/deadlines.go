package console

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/promise"
	"candor/store"
)

// A deadlinesPage is the legal clocks of one incident: what is due when, what has to be in it, and what was recorded.
type deadlinesPage struct {
	shell
	Incident incident.Incident
	Running  []deadline
	Waiting  []deadline
	Settled  []deadline
	Recorded []recorded
	What     choice
	At, Due  input
	Reason   input
	Refusal  []string
}

// A deadline is one clock as the list shows it.
type deadline struct {
	promise.Deadline
	Of        incident.Incident // on the list of all incidents
	Late      time.Duration
	Left      time.Duration
	Moved     bool
	Unchecked bool
	RestWord  string
	Working   string // the working day after, where the deadline falls on a day of rest
	Sent      string // what the form calls "it was sent"
	Excuse    string
	Move      string
}

// AtOnce reports a duty without a number: it is due, and no time says until when.
func (d deadline) AtOnce() bool { return d.At.IsZero() }

// A recorded fact, and how the form calls taking it back.
type recorded struct {
	store.PromiseFact
	What, By string
	TakeBack string
}

func deadlinesPath(i incident.Incident) string { return incidentPath(i.Code) + "/deadlines" }

func (f *Face) showDeadlines(w http.ResponseWriter, r *http.Request) error {
	return f.renderDeadlines(w, r, http.StatusOK, nil)
}

func (f *Face) renderDeadlines(w http.ResponseWriter, r *http.Request, status int, refusal error) error {
	var p deadlinesPage
	faults := ofForm(refusal)
	for _, one := range faults { // one field asks what happened, whatever is wrong with the answer
		if one.Field == "event" || one.Field == "clock" || one.Field == "regime" {
			one.Field = "what"
		}
	}
	s, err := f.frame(r, "Legal deadlines", "repair", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if p.Incident, err = tx.Incidents.ByCode(ctx, codeOf(r)); err != nil {
			return err
		}
		*s = s.asTyped(r, faults)
		return p.read(ctx, tx, *s, r.URL.Query().Get("what"))
	})
	if err != nil {
		return err
	}
	p.shell, p.Refusal = s, s.all(faults)
	return f.render(w, status, "deadlines", p)
}

func (p *deadlinesPage) read(ctx context.Context, tx *store.Tx, s shell, what string) error {
	all, facts, err := desk.Deadlines(ctx, tx, s.Company, p.Incident.ID)
	if err != nil {
		return err
	}
	clocks, err := s.Company.LegalClocks()
	if err != nil {
		return err
	}
	begun := desk.Begun(all, facts)
	for _, d := range all {
		switch row := s.deadline(d, p.Incident); {
		case d.State == promise.Running:
			p.Running = append(p.Running, row)
		case d.State == promise.Waiting && begun[d.Clock.Family]:
			p.Waiting = append(p.Waiting, row)
		case d.State != promise.Waiting:
			p.Settled = append(p.Settled, row)
		}
	}
	for _, f := range slices.Backward(facts) {
		p.Recorded = append(p.Recorded, s.recorded(f, clocks))
	}
	if s.typed.Has("what") {
		what = s.typed.Get("what")
	}
	p.What = whatHappened(s, clocks, begun, p.Recorded, what)
	p.At = s.moment("at", "When", "Empty: now. "+s.ZoneName(), time.Time{}, s.Zone)
	p.Due = s.moment("due_at", "New deadline", "Only for another time", time.Time{}, s.Zone)
	p.Reason = s.input("reason", "text", "Why", "Needed for “not required”, another time, and taking back", "")
	return nil
}

func (s shell) deadline(d promise.Deadline, of incident.Incident) deadline {
	row := deadline{
		Deadline: d, Of: of, Late: d.Late(s.Now), Moved: !d.Strict.IsZero() && !d.At.Equal(d.Strict), Unchecked: d.Clock.Status == promise.Recalled,
		Sent: act(promise.Submitted, string(d.Clock.ID)), Excuse: act(promise.NotRequired, string(d.Clock.ID)), Move: act(promise.Moved, string(d.Clock.ID)),
	}
	if d.At.After(s.Now) {
		row.Left = d.At.Sub(s.Now)
	}
	if d.Rest != "" {
		row.RestWord, row.Working = string(d.Rest), d.NextWorking.String()
	}
	return row
}

// act names what is recorded about something, in one value of the form.
func act(e promise.Event, of string, takes ...string) string {
	return strings.Join(append([]string{string(e), of}, takes...), "|")
}

// factOf reads it back; what it does not understand is refused by the desk.
func factOf(what string) (f promise.Fact) {
	parts := strings.SplitN(what+"||", "|", 4)
	f.Event, f.Takes = promise.Event(parts[0]), promise.Event(parts[2])
	f.Clock, f.Regime = promise.ClockID(parts[1]), promise.Regime(parts[1])
	return f
}

var eventWords = map[promise.Event]string{
	promise.Aware: "aware, with reasonable certainty", promise.Noticed: "seen at all", promise.Discovered: "known to anybody who works for us",
	promise.Classified: "classified as a major incident", promise.Determined: "determined to be a breach",
	promise.Material: "decided to matter to investors", promise.Failed: "protection failed, whether anybody knew or not",
	promise.Harms: "those whom the notice is for are, or may be, harmed", promise.Normal: "business is back to normal",
	promise.Handled: "nothing is left to do about the incident", promise.Remedied: "a corrective measure is available",
	promise.Incomplete: "what was sent has gaps that were to be filled",
	promise.Submitted:  "sent", promise.NotRequired: "not required", promise.Moved: "another time", promise.Retracted: "taken back",
}

// whatHappened offers the events of every regime, and for regimes on record what may be said of each clock.
func whatHappened(s shell, clocks []promise.Clock, begun map[promise.Regime]bool, facts []recorded, chosen string) choice {
	c := choice{Name: "what", Legend: "What happened", Fault: s.Err("what"), Options: []option{{Word: "Choose"}}}
	offer := func(value, word string) {
		if !slices.ContainsFunc(c.Options, func(o option) bool { return o.Value == value }) {
			c.Options = append(c.Options, option{Value: value, Word: word, Chosen: value == chosen})
		}
	}
	for _, clock := range clocks {
		for _, e := range []promise.Event{clock.Starts, clock.Until, capEvent(clock)} {
			if e != "" && e != promise.Submitted {
				offer(act(e, string(clock.Family)), family(clock)+": "+eventWords[e])
			}
		}
	}
	for _, clock := range clocks {
		if !begun[clock.Family] {
			continue
		}
		for _, e := range []promise.Event{promise.Submitted, promise.NotRequired, promise.Moved} {
			offer(act(e, string(clock.ID)), clock.Name()+": "+eventWords[e])
		}
		if clock.Instead != "" {
			offer(act(promise.Submitted, string(clock.Instead)), family(clock)+", progress report: sent")
		}
	}
	for _, f := range facts {
		if f.TakeBack != "" {
			offer(f.TakeBack, "Take back: "+f.What)
		}
	}
	return c
}

func capEvent(c promise.Clock) promise.Event {
	if c.Cap == nil {
		return ""
	}
	return c.Cap.Event
}

// family is what a regime is called before its article: "GDPR art. 33" is GDPR.
func family(c promise.Clock) string {
	name, _, _ := strings.Cut(c.Regime, " art. ")
	return name
}

func (s shell) recorded(f store.PromiseFact, clocks []promise.Clock) recorded {
	row := recorded{PromiseFact: f, By: s.Name(f.By)}
	subject, about := string(cmp.Or(string(f.Clock), string(f.Regime))), f.Event
	if f.Event == promise.Retracted {
		about = f.Takes
	} else {
		row.TakeBack = act(promise.Retracted, subject, string(f.Event))
	}
	name := subject
	for _, c := range clocks {
		switch {
		case f.Clock != "" && c.ID == f.Clock:
			name = c.Name()
		case f.Clock == "" && c.Family == f.Regime:
			name = family(c)
		}
	}
	row.What = name + ": " + eventWords[about]
	if f.Event == promise.Retracted {
		row.What += ", taken back"
	}
	return row
}

func (f *Face) postDeadlines(w http.ResponseWriter, r *http.Request) error {
	i, err := f.incidentOf(r)
	if err != nil {
		return err
	}
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	fact := factOf(in.text("what"))
	fact.At, fact.DueAt, fact.Reason = in.at("at"), in.at("due_at"), in.text("reason")
	if err = in.faults.Err(); err == nil {
		err = f.desk.RecordFact(r.Context(), i.ID, fact)
	}
	if ofForm(err) != nil {
		return f.renderDeadlines(w, r, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return back(w, r, deadlinesPath(i)+"?done=recorded")
}

// showDeadlinesTable and showDeadlinesJSON carry all of it away.
func (f *Face) showDeadlinesTable(w http.ResponseWriter, r *http.Request) error {
	of, err := f.incidentAt(r)
	if err != nil {
		return err
	}
	all, err := f.desk.LegalRecordOf(r.Context(), of)
	if err != nil {
		return err
	}
	attach(w, "text/csv; charset=utf-8", "deadlines.csv")
	return all.WriteCSV(w)
}

func (f *Face) showDeadlinesJSON(w http.ResponseWriter, r *http.Request) error {
	of, err := f.incidentAt(r)
	if err != nil {
		return err
	}
	all, err := f.desk.LegalRecordOf(r.Context(), of)
	if err != nil {
		return err
	}
	attach(w, "application/json", "deadlines.json")
	return json.NewEncoder(w).Encode(all)
}

// An allDeadlinesPage is what is due by law on every incident, the soonest first.
type allDeadlinesPage struct {
	shell
	Running []deadline
	Quiet   []incident.Incident // with something on record and nothing due
}

func (f *Face) showAllDeadlines(w http.ResponseWriter, r *http.Request) error {
	var p allDeadlinesPage
	s, err := f.frame(r, "Legal deadlines", "repair", func(ctx context.Context, tx *store.Tx, s *shell) error {
		about, err := tx.PromiseFacts.Incidents(ctx)
		if err != nil {
			return err
		}
		for _, x := range about {
			if err := p.add(ctx, tx, *s, x); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(p.Running, func(a, b deadline) int { return a.At.Compare(b.At) })
	p.shell = s
	return f.render(w, http.StatusOK, "deadlines-all", p)
}

func (p *allDeadlinesPage) add(ctx context.Context, tx *store.Tx, s shell, x id.Incident) error {
	i, err := tx.Incidents.ByID(ctx, x)
	if err != nil {
		return err
	}
	all, _, err := desk.Deadlines(ctx, tx, s.Company, x)
	before := len(p.Running)
	for _, d := range all {
		if d.State == promise.Running {
			p.Running = append(p.Running, s.deadline(d, i))
		}
	}
	if len(p.Running) == before {
		p.Quiet = append(p.Quiet, i)
	}
	return err
}
