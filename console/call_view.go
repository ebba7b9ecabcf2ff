package console

import (
	"context"
	"slices"
	"strings"
	"time"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/letter"
	"candor/reach"
	"candor/store"
)

// A callView is everything an agent needs for one call.
type callView struct {
	Who       string
	Request   bool // a number somebody left, who is no customer we know
	Name      string
	External  string
	Plan, Fee string
	Language  string
	Tag       lang.Tag
	Why       string
	Note      string // what they wrote with their number
	Since     clock
	There     string // what the clock says where they are
	ZoneName  string
	Until     clock // whose turn it is till then
	Numbers   []number
	Code      string
	Incidents []id.Incident
	Scripts   []scriptView
	Tried     []triedRow
	Back      input
	Left      input
	Whose     input
	Outcomes  []outcomeKey
}

// A scriptView is what to say about one incident.
type scriptView struct {
	letter.Script
	Title string
	Code  id.Code
}

// A triedRow is one thing that was tried before.
type triedRow struct {
	At   clock
	What string
	Note string
	at   time.Time
}

// An outcomeKey is one outcome and the key that says it.
type outcomeKey struct {
	Key     int
	Outcome reach.CallOutcome
	Word    string
}

var outcomeWords = map[reach.CallOutcome]string{
	reach.SpokenWith: "Spoken with", reach.LeftMessage: "Left a message", reach.NoAnswer: "No answer", reach.WrongNumber: "Wrong number",
	reach.CallBack: "Call back at the time below", reach.RefusedCall: "Wants no calls",
}

var channelWords = map[string]string{
	audience.Email: "Mail", audience.SMS: "Text message", audience.Voice: "Call by a machine", audience.Push: "On their screen",
	audience.Webhook: "To their program", audience.Chat: "Chat",
}

// viewCall gathers what is known of somebody. Who is on the list for several incidents is told of all of them in one call.
func (f *Face) viewCall(ctx context.Context, tx *store.Tx, s shell, turns []store.Turn, until time.Time) (*callView, error) {
	t := turns[0]
	zone := zoned(t.Zone, s.Zone)
	v := &callView{
		Who: t.Who(), Request: t.Request != "", Name: t.Name, External: t.External, Plan: t.Plan, Language: t.Language.Name(), Tag: t.Language,
		Why: s.Words.T(t.Reason.Key()), Note: t.Note, Since: s.Clock(latest(t.Since, t.AskedAt)), Until: s.Clock(until),
		There: s.Words.Time(s.Now, zone), ZoneName: s.Words.Zone(s.Now, zone),
	}
	if t.Charge.Currency != "" && t.Charge.Minor > 0 {
		v.Fee = t.Charge.String()
	}
	secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
	if err != nil {
		return nil, err
	}
	v.Code = reach.CallCode(secret, t.Incident, t.Customer)
	if v.Request {
		v.Code = ""
		v.Numbers = []number{{Shown: string(t.Number), Best: true, Chosen: true}}
	}
	for _, t := range turns {
		if err := f.addTurn(ctx, tx, s, v, t, zone); err != nil {
			return nil, err
		}
	}
	if err := v.addNotes(ctx, tx, s); err != nil {
		return nil, err
	}
	slices.SortStableFunc(v.Tried, func(a, b triedRow) int { return b.at.Compare(a.at) })
	v.Tried = v.Tried[:min(len(v.Tried), 12)]
	for n, o := range reach.CallOutcomes {
		v.Outcomes = append(v.Outcomes, outcomeKey{n + 1, o, outcomeWords[o]})
	}
	v.Back = s.moment("back_at", "Call back at", "Their time, "+v.ZoneName, s.Now.Add(time.Hour).Truncate(15*time.Minute), zone)
	v.Left = s.input("note", "text", "Note for whoever calls next", "", "")
	v.Whose = s.input("external", "text", "Their customer number", "If they say who they are", "")
	return v, nil
}

// addTurn adds what there is to say about one incident, and what was tried.
func (f *Face) addTurn(ctx context.Context, tx *store.Tx, s shell, v *callView, t store.Turn, zone *time.Location) error {
	if t.Incident == "" {
		return nil
	}
	news, err := desk.News(ctx, tx, t.Incident)
	if err != nil {
		return err
	}
	office := letter.Desk{
		Company: s.Company.Company, Base: strings.TrimSuffix(f.public.String(), "/"), Language: t.Language, Fallback: s.Company.Default(), Zone: zone,
	}
	v.Incidents = append(v.Incidents, t.Incident)
	v.Scripts = append(v.Scripts, scriptView{office.Script(news, s.Actor.Person.Name, v.Code, s.Now), s.In(news.Incident.Title), news.Incident.Code})
	if t.Customer == "" {
		return nil
	}
	x, err := tx.Affected.Of(ctx, t.Incident, t.Customer)
	if err != nil {
		return err
	}
	chase, customer, act, err := f.desk.Pursued(ctx, tx, x, s.Now)
	if err != nil {
		return err
	}
	if len(v.Numbers) == 0 {
		v.Numbers = phones(customer.Contacts, chase, act.Contact, s.typed.Get("contact"))
	}
	return v.addTried(ctx, tx, s, t, chase, customer)
}

func (v *callView) addTried(ctx context.Context, tx *store.Tx, s shell, t store.Turn, chase reach.Chase, customer audience.Customer) error {
	add := func(at time.Time, what, note string) {
		v.Tried = append(v.Tried, triedRow{At: s.Clock(at), What: what, Note: note, at: at})
	}
	address := map[id.Contact]string{}
	for _, c := range customer.Contacts {
		address[c.ID] = string(c.Address)
	}
	for _, try := range chase.Tries {
		add(try.UpdatedAt, channelWords[try.Channel]+" to "+address[try.Contact]+": "+stateWords[try.State], reasonWord(s, try.Reason))
	}
	for _, ack := range chase.Acks {
		if ack.By != reach.ByMachine {
			add(ack.At, "They said that they know", "")
		}
	}
	if chase.Asked.Open() {
		add(chase.Asked.At, "They asked to be called", "")
	}
	calls, err := tx.Calls.Of(ctx, t.Incident, t.Customer)
	for _, k := range calls {
		what := s.Name(k.Person) + " called " + address[k.Contact] + ": " + outcomeWord(s, k.Call)
		add(k.At, what, k.Note)
	}
	return err
}

func outcomeWord(s shell, k reach.Call) string {
	if k.Outcome == reach.CallBack {
		return "call back " + s.Clock(k.Back).Said
	}
	return strings.ToLower(outcomeWords[k.Outcome])
}

func (v *callView) addNotes(ctx context.Context, tx *store.Tx, s shell) error {
	notes, err := tx.Calls.Notes(ctx, v.Who)
	for _, n := range notes {
		v.Tried = append(v.Tried, triedRow{At: s.Clock(n.At), What: s.Name(n.Person) + " gave this call back", Note: n.Note, at: n.At})
	}
	return err
}
