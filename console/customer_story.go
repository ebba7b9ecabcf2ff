package console

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"candor/audience"
	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/reach"
	"candor/store"
)

// A storyPage is everything that happened between us and one customer in one incident, in order, and why.
type storyPage struct {
	shell
	Incident incident.Incident
	Customer audience.Customer
	Name     string
	End, Why string
	Because  string // why they are affected
	Next     clock
	Calling  bool
	Events   []event
}

// An event is one thing that happened: to the microsecond in the order it did, shown in the company's zone and in UTC.
type event struct {
	At     clock
	UTC    string
	What   string
	Detail string
	Words  string // a person's own
	at     time.Time
}

func (f *Face) showCustomerStory(w http.ResponseWriter, r *http.Request) error {
	customer, err := id.Parse[id.Customer](r.PathValue("customer"))
	if err != nil {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	var p storyPage
	s, err := f.frame(r, "What was tried", "reach", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if p.Incident, err = tx.Incidents.ByCode(ctx, codeOf(r)); err != nil {
			return err
		}
		if p.Customer, err = tx.Customers.ByID(ctx, customer); err != nil {
			return err
		}
		return p.read(ctx, tx, *s)
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, http.StatusOK, "customer-story", p)
}

func (p *storyPage) read(ctx context.Context, tx *store.Tx, s shell) error {
	p.Name = cmp.Or(p.Customer.Name, p.Customer.External, "A customer without a name")
	x, err := tx.Affected.Of(ctx, p.Incident.ID, p.Customer.ID)
	if err != nil {
		return err
	}
	all, err := tx.Components.All(ctx)
	if err != nil {
		return err
	}
	p.End, p.Why, p.Calling = endWord(s, x.Ended), whyWord(s, x.Reason), !x.CallAt.IsZero()
	if !x.NextAt.IsZero() {
		p.Next = s.Clock(x.NextAt)
	}
	p.Because = because(s, x, all)
	p.add(s, x.Since, "Affected", p.Because)
	for _, read := range []func(context.Context, *store.Tx, shell) error{p.addDecisions, p.addSent, p.addReplies, p.addAnswers, p.addCalls} {
		if err := read(ctx, tx, s); err != nil {
			return err
		}
	}
	slices.SortStableFunc(p.Events, func(a, b event) int { return a.at.Compare(b.at) })
	return nil
}

// because is why the incident affects them.
func because(s shell, x reach.Affected, all []component.Component) string {
	switch {
	case x.Why == incident.Listed:
		return "Named in the list of this incident"
	case x.Why == incident.Everyone:
		return "Everybody is"
	case x.Component != "":
		return "Uses " + nameOf(s, x.Component, all)
	}
	return "Told us of no component, so every one concerns them"
}

func (p *storyPage) add(s shell, at time.Time, what, detail string) *event {
	p.Events = append(p.Events, event{At: s.Clock(at), UTC: at.UTC().Format("2006-01-02 15:04:05"), What: what, Detail: detail, at: at})
	return &p.Events[len(p.Events)-1]
}

// decided is what each decision means for the one it is about.
var decided = map[reach.Do]string{reach.Wait: "We wait", reach.HandOver: "To the call list", reach.Close: "Closed"}

func (p *storyPage) addDecisions(ctx context.Context, tx *store.Tx, s shell) error {
	all, err := tx.Decisions.Of(ctx, p.Incident.ID, p.Customer.ID)
	for _, d := range all {
		what := decided[d.Do]
		switch d.Do {
		case reach.Send:
			what = channelWords[d.Channel] + " decided"
		case reach.Close:
			what = endWord(s, d.End)
		}
		p.add(s, d.DecidedAt, what, whyWord(s, d.Reason))
	}
	return err
}

var carriedKinds = map[reach.Kind]string{reach.OnUpdate: "an update", reach.OnCorrection: "a correction", reach.OnUpcoming: "a reminder of planned work", reach.OnReport: "the report"}

// addSent adds each message twice: when it was planned, and where it stands since.
func (p *storyPage) addSent(ctx context.Context, tx *store.Tx, s shell) error {
	sent, err := tx.Deliveries.SentTo(ctx, p.Incident.ID, p.Customer.ID)
	if err != nil {
		return err
	}
	for _, d := range sent {
		to := channelWords[d.Channel] + " to " + string(d.Address)
		p.add(s, d.PlannedAt, to+": planned", carriedKinds[d.Kind])
		if d.State == reach.Planned {
			continue
		}
		detail := reasonWord(s, d.Reason)
		if d.Code != "" {
			detail += " (" + d.Code + ")"
		}
		p.add(s, d.UpdatedAt, to+": "+stateWords[d.State], detail)
	}
	receipts, err := tx.Receipts.OfCustomer(ctx, p.Incident.ID, p.Customer.ID)
	for _, r := range receipts {
		if r.Kind == reach.SaysReply || r.Kind == reach.SaysAway {
			continue // with its answer, see addReplies
		}
		e := p.add(s, r.At, "Came back: "+receiptWord(r.Kind), r.Reason)
		if e.Words = r.Body; r.Machine {
			e.Detail = "written by a machine"
		}
	}
	return err
}

// addReplies adds what they wrote to us, and what one of us answered.
func (p *storyPage) addReplies(ctx context.Context, tx *store.Tx, s shell) error {
	replies, err := tx.Replies.OfCustomer(ctx, p.Incident.ID, p.Customer.ID)
	for _, r := range replies {
		what, detail := "They wrote to us", r.Subject
		if r.Standing == reach.ReplyAutomatic {
			what, detail = "A machine answered for them", r.Subject+" (nobody answers it)"
		}
		p.add(s, r.At, what, detail).Words = r.Body
		switch {
		case r.AnsweredAt.IsZero():
		case r.Announcement == "":
			p.add(s, r.AnsweredAt, s.Name(r.AnsweredBy)+" noted it as answered", "not by mail")
		default:
			p.add(s, r.AnsweredAt, s.Name(r.AnsweredBy)+" answered", "in their thread").Words = r.Answer
		}
	}
	return err
}

var receiptWords = map[reach.ReceiptKind]string{
	reach.SaysTaken: "the network has it", reach.SaysDelivered: "it has arrived", reach.SaysFailed: "it will not arrive",
	reach.SaysBounced: "nobody is there", reach.SaysStop: "they want no more", reach.SaysStart: "they want it again",
	reach.SaysHelp: "they ask what this is",
}

// receiptWord falls back on the stored word, because what mail servers say has more kinds than a person asks about.
func receiptWord(k reach.ReceiptKind) string { return cmp.Or(receiptWords[k], string(k)) }

var ackWords = map[reach.AckBy]string{
	reach.ByLink: "They pressed the button: they know", reach.ByReply: "They answered: they know", reach.ByRegister: "They came by themselves",
	reach.ByMachine: "A machine opened the link, which proves nothing",
}

func (p *storyPage) addAnswers(ctx context.Context, tx *store.Tx, s shell) error {
	acks, err := tx.Acknowledgements.Ways(ctx, p.Incident.ID, p.Customer.ID)
	if err != nil {
		return err
	}
	for _, a := range acks {
		p.add(s, a.At, ackWords[a.By], p.address(a.Contact))
	}
	return nil
}

func (p *storyPage) addCalls(ctx context.Context, tx *store.Tx, s shell) error {
	asked, err := tx.CallRequests.OfCustomer(ctx, p.Incident.ID, p.Customer.ID)
	if err != nil {
		return err
	}
	for _, q := range asked {
		p.add(s, q.At, "They asked to be called", string(q.Number)).Words = q.Note
	}
	calls, err := tx.Calls.Of(ctx, p.Incident.ID, p.Customer.ID)
	for _, k := range calls {
		p.add(s, k.At, s.Name(k.Person)+" called "+p.address(k.Contact)+": "+outcomeWord(s, k.Call), k.Note)
	}
	return err
}

// address is where a contact of theirs is; empty once it is gone.
func (p *storyPage) address(x id.Contact) string {
	for _, c := range p.Customer.Contacts {
		if c.ID == x {
			return string(c.Address)
		}
	}
	return ""
}
