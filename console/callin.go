package console

import (
	"cmp"
	"context"
	"errors"
	"html/template"
	"net/http"
	"slices"

	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// A callInPage is who is on, who cannot, and who has not answered.
type callInPage struct {
	shell
	Incident incident.Incident
	Begun    bool
	By       string
	At       clock
	Note     string
	Open     bool
	On, All  int64
	Rows     []callInRow
	Ask      input
}

// A callInRow is one person of the tree.
type callInRow struct {
	Person   id.Person
	Name     string
	Phone    string
	Dial     template.URL
	State    string
	Mark     string // of the state: "kept", "missed", "due" or "unknown"
	By       string
	Why      string
	AskedAt  clock
	Answered clock
	Asked    int
	Level    int
	On       bool
}

func callInPath(i incident.Incident) string { return incidentPath(i.Code) + "/call-in" }

func (f *Face) showCallIn(w http.ResponseWriter, r *http.Request) error {
	return f.renderCallIn(w, r, http.StatusOK, nil)
}

func (f *Face) renderCallIn(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	var p callInPage
	s, err := f.frame(r, "Call-in", "say", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if p.Incident, err = tx.Incidents.ByCode(ctx, codeOf(r)); err != nil {
			return err
		}
		*s = s.asTyped(r, faults)
		c, asks, err := tx.CallIns.Latest(ctx, p.Incident.ID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			p.fill(*s, c, asks)
		}
		return err
	})
	if err != nil {
		return err
	}
	p.shell = s
	p.Ask = s.input("note", "text", "What they should know", "Where to come, what to bring", "")
	return f.render(w, status, "call-in", p)
}

// fill shows the tree from its top, each person with the last time they were asked.
func (p *callInPage) fill(s shell, c store.CallIn, asks []store.CallInAsk) {
	p.Begun, p.Open, p.By, p.At, p.Note, p.All = true, c.ClosedAt.IsZero(), s.Name(c.StartedBy), s.Clock(c.At), c.Note, int64(len(c.Tree))
	roster := c.Roster(s.Now)
	p.On = int64(len(roster.On))
	states := map[id.Person][2]string{}
	for mark, people := range map[[2]string][]id.Person{
		{"is on", "kept"}: roster.On, {"cannot come", "missed"}: roster.Unable, {"was asked", "due"}: roster.Waiting, {"does not answer", "missed"}: roster.Silent,
		{"not asked yet", "unknown"}: roster.Unasked,
	} {
		for _, one := range people {
			states[one] = mark
		}
	}
	for _, place := range c.Tree {
		row := callInRow{
			Person: place.Person, Name: s.Name(place.Person), State: states[place.Person][0], Mark: states[place.Person][1], Level: level(c.Tree, place.Person),
			On: slices.Contains(roster.On, place.Person),
		}
		person := s.people[place.Person]
		row.Phone = cmp.Or(person.Mobile, person.PublicPhone)
		row.Dial = number{Shown: row.Phone}.Dial()
		failed := false
		for _, a := range asks {
			if a.Person != place.Person {
				continue
			}
			failed = a.Failed && a.AnsweredAt.IsZero()
			row.Asked = a.Pass
			row.AskedAt, row.Why = s.Clock(a.At), s.Words.T(a.Why.Key())
			if row.By = ""; a.By != "" {
				row.By = s.Name(a.By)
			}
			if !a.AnsweredAt.IsZero() {
				row.Answered = s.Clock(a.AnsweredAt)
			}
		}
		if failed {
			row.State, row.Mark = "no message arrived", "missed"
		}
		p.Rows = append(p.Rows, row)
	}
	slices.SortStableFunc(p.Rows, func(a, b callInRow) int { return cmp.Compare(a.Level, b.Level) })
}

// level is how many stand above somebody.
func level(t staff.Tree, person id.Person) (n int) {
	for at := t.Under(person); at != "" && n < len(t); at = t.Under(at) {
		n++
	}
	return n
}

func (f *Face) postCallIn(w http.ResponseWriter, r *http.Request) error {
	i, err := f.incidentOf(r)
	if err == nil {
		_, err = f.desk.CallIn(r.Context(), i.ID, typed(r, nil).text("note"))
	}
	if refusals := ofForm(err); refusals != nil {
		return f.renderCallIn(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, callInPath(i)+"?done=called-in")
}

// postAnswerFor notes what somebody said on the telephone.
func (f *Face) postAnswerFor(w http.ResponseWriter, r *http.Request) error {
	i, err := f.incidentOf(r)
	if err != nil {
		return err
	}
	who, err := personOf(r)
	if err != nil {
		return err
	}
	if err := f.desk.AnswerFor(r.Context(), i.ID, who, staff.Answer(typed(r, nil).text("answer"))); err != nil {
		return err
	}
	return back(w, r, callInPath(i)+"?done=answered")
}

// A calledInPage is what one of us opens from the message: what it is about, and two buttons. Opening it answers nothing.
type calledInPage struct {
	shell
	Token    string
	Person   string
	By       string
	About    string
	Note     string
	Answer   staff.Answer
	Answered clock
}

func (f *Face) showCalledIn(w http.ResponseWriter, r *http.Request) error {
	p := calledInPage{Token: r.PathValue("token")}
	s, err := f.frame(r, "Called in", "", func(ctx context.Context, tx *store.Tx, s *shell) error {
		who, err := f.desk.CalledIn(ctx, tx, p.Token, s.Now)
		if err != nil {
			return err
		}
		person, err := tx.People.ByID(ctx, who.Person)
		if err != nil {
			return err
		}
		by, err := tx.People.ByID(ctx, who.In.StartedBy)
		if err != nil {
			return err
		}
		i, err := tx.Incidents.ByID(ctx, who.In.Incident)
		if err != nil {
			return err
		}
		p.Person, p.By, p.About, p.Note, p.Answer = person.Name, by.Name, s.In(i.Title), who.In.Note, who.CallInAsk.Answer
		if !who.AnsweredAt.IsZero() {
			p.Answered = s.Clock(who.AnsweredAt)
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, http.StatusOK, "called-in", p)
}

func (f *Face) postCalledIn(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	if err := f.desk.AnswerCallIn(r.Context(), token, staff.Answer(typed(r, nil).text("answer"))); err != nil {
		return err
	}
	return back(w, r, "/console/call-in/"+token+"?done=answered")
}
