package console

import (
	"context"
	"net/http"
	"time"

	"candor/amends"
	"candor/desk"
	"candor/id"
	"candor/problem"
	"candor/store"
)

// An objectionsPage is what customers say is not right with their offers, the most urgent first.
type objectionsPage struct {
	shell
	Rows []objectionRow
}

// An objectionRow is one of them, with the form that answers it.
type objectionRow struct {
	ID       id.Objection
	Customer id.Customer
	Name     string
	Run      id.CreditRun
	What     string
	Words    string
	Sum      string
	Currency string
	At, Due  time.Time
	Late     bool
	Answer   string // as it was typed, if it came back
	More     string
	Verdicts []option
	Faults   []string
}

var objectionWords = map[amends.ObjectionKind]string{
	amends.WrongSum: "says the sum is wrong", amends.MissingSite: "says something is missing", amends.RatherCash: "would rather have the money",
}

var verdictWords = []option{
	{Value: string(amends.Upheld), Word: "They are right, and get more"}, {Value: string(amends.Declined), Word: "It stays as it is"}, {Value: string(amends.Talked), Word: "Cleared up otherwise"},
}

const (
	objectionsPath    = creditsPath + "/objections"
	objectionsAtOnce  = 50
	objectionAnswered = objectionsPath + "?done=objection-answered"
)

func (f *Face) showObjections(w http.ResponseWriter, r *http.Request) error {
	return f.renderObjections(w, r, http.StatusOK, "", nil)
}

func (f *Face) renderObjections(w http.ResponseWriter, r *http.Request, status int, refused id.Objection, faults problem.List) error {
	var p objectionsPage
	s, err := f.frame(r, "What customers object to", "repair", func(ctx context.Context, tx *store.Tx, s *shell) error {
		all, err := tx.Objections.Open(ctx, objectionsAtOnce)
		for _, o := range all {
			c, err := tx.Customers.ByID(ctx, o.Customer)
			if err != nil {
				return err
			}
			offer, err := tx.Offers.ByID(ctx, o.Offer)
			if err != nil {
				return err
			}
			p.Rows = append(p.Rows, objectionRow{
				ID: o.ID, Customer: o.Customer, Name: c.Called(), Run: o.Run, What: objectionWords[o.Kind], Words: o.Words, Sum: s.Money(offer.Amount),
				Currency: offer.Amount.Currency, At: o.At, Due: o.DueAt, Late: s.Now.After(o.DueAt), Verdicts: verdictWords,
			})
		}
		return err
	})
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	p.shell = s
	for i := range p.Rows {
		if p.Rows[i].ID == refused {
			p.Rows[i].Answer, p.Rows[i].More, p.Rows[i].Faults = r.PostFormValue("answer"), r.PostFormValue("more"), s.all(faults)
		}
	}
	return f.render(w, status, "objections", p)
}

func (f *Face) postObjectionAnswer(w http.ResponseWriter, r *http.Request) error {
	x, err := id.Parse[id.Objection](r.PathValue("objection"))
	if err != nil {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	err = f.desk.AnswerObjection(r.Context(), desk.Ruling{
		Objection: x, Verdict: amends.Verdict(r.PostFormValue("verdict")), Answer: lines(r.PostFormValue("answer")), More: r.PostFormValue("more"),
	})
	if refusals := ofForm(err); refusals != nil {
		return f.renderObjections(w, r, http.StatusUnprocessableEntity, x, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, objectionAnswered)
}
