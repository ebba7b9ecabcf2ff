package console

import (
	"context"
	"html/template"
	"net/http"

	"candor/id"
	"candor/lang"
	"candor/markup"
	"candor/problem"
	"candor/store"
)

// A waitingWord is one that waits for a second person, on the board.
type waitingWord struct {
	ID       id.Proposal
	Code     id.Code
	Incident lang.Text
	Status   string
	By       string
	Mine     bool
	At, Hold clock
	Said     []saidIn
}

// A saidIn is the words in one language.
type saidIn struct {
	Tag  lang.Tag
	Name string
	HTML template.HTML
}

// waitingWords are the words that wait, each in every language it was written in: who approves it answers for all of them.
func (f *Face) waitingWords(ctx context.Context, tx *store.Tx, s shell) (all []waitingWord, err error) {
	found, err := f.desk.WordsWaiting(ctx, tx)
	for _, w := range found {
		i, err := tx.Incidents.ByID(ctx, w.Incident)
		if err != nil {
			return nil, err
		}
		row := waitingWord{ID: w.ID, Code: i.Code, Incident: i.Title, By: s.Name(w.By), Mine: w.By == s.Actor.Person.ID, At: s.Clock(w.At)}
		if w.Said.Status != "" && w.Said.Status != i.Status {
			row.Status = s.StatusWord(w.Said.Status)
		}
		if !w.Hold.IsZero() {
			row.Hold = s.Clock(w.Hold)
		}
		for _, tag := range lang.All() {
			if body := w.Said.Body[tag]; body != "" {
				row.Said = append(row.Said, saidIn{tag, tag.Name(), template.HTML(markup.HTML(body))})
			}
		}
		all = append(all, row)
	}
	return all, err
}

func proposalOf(r *http.Request) (id.Proposal, error) {
	x, err := id.Parse[id.Proposal](r.PathValue("proposal"))
	if err != nil {
		return "", problem.New(problem.NotFound, "problem.not_found")
	}
	return x, nil
}

func (f *Face) postApprove(w http.ResponseWriter, r *http.Request) error {
	x, err := proposalOf(r)
	if err != nil {
		return err
	}
	if _, err := f.desk.Approve(r.Context(), x); err != nil {
		return err
	}
	return back(w, r, "/console?done=approved")
}

func (f *Face) postDecline(w http.ResponseWriter, r *http.Request) error {
	x, err := proposalOf(r)
	if err != nil {
		return err
	}
	if err := f.desk.Decline(r.Context(), x, r.PostFormValue("note")); err != nil {
		return err
	}
	return back(w, r, "/console?done=declined")
}
