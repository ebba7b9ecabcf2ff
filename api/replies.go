package api

import (
	"context"
	"time"

	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// reply is what a customer wrote back, and who answered.
type reply struct {
	ID         id.Receipt          `json:"id"`
	Incident   id.Incident         `json:"incident"`
	Standing   reach.ReplyStanding `json:"standing" enum:"open,answered,automatic" doc:"automatic: a machine wrote it, and nobody answers"`
	Customer   id.Customer         `json:"customer,omitempty" doc:"cus_…, the first one behind the address"`
	Name       string              `json:"name,omitempty"`
	Channel    string              `json:"channel"`
	Address    string              `json:"address,omitempty" doc:"Where our message went"`
	Sender     string              `json:"sender,omitempty" doc:"As the mail names it: it proves nothing"`
	Subject    string              `json:"subject,omitempty"`
	Text       string              `json:"text,omitempty"`
	At         time.Time           `json:"at"`
	AnsweredAt time.Time           `json:"answered_at,omitzero"`
	AnsweredBy id.Person           `json:"answered_by,omitempty"`
	Answer     string              `json:"answer,omitempty" doc:"Markdown; left out if it was answered otherwise"`
	Carried    reach.State         `json:"answer_state,omitempty" doc:"How far the answer has come"`
}

type listReplies struct {
	IncidentPath
	Standing reach.ReplyStanding `query:"standing" enum:"open,answered,automatic" default:"open"`
	After    id.Receipt          `query:"after" maxLength:"40" doc:"The id of the last one of the page before"`
	Limit    int                 `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type replyList struct {
	Body struct {
		Open      int64   `json:"open" doc:"How many wait for an answer"`
		Answered  int64   `json:"answered"`
		Automatic int64   `json:"automatic"`
		Replies   []reply `json:"replies"`
	}
}

func (a *API) listReplies(ctx context.Context, in *listReplies) (*replyList, error) {
	if _, err := id.Parse[id.Receipt](string(in.After)); err != nil && in.After != "" {
		return nil, problem.New(problem.NotFound, "problem.not_found")
	}
	out := &replyList{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		b := &out.Body
		b.Replies = []reply{}
		i, err := find(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		counts, err := tx.Replies.Count(ctx, i.ID)
		if err != nil {
			return err
		}
		b.Open, b.Answered, b.Automatic = counts[reach.ReplyOpen], counts[reach.ReplyAnswered], counts[reach.ReplyAutomatic]
		all, err := tx.Replies.Page(ctx, store.ReplyPage{Incident: i.ID, Standing: in.Standing, After: in.After, Limit: in.Limit})
		for _, x := range all {
			b.Replies = append(b.Replies, reply{
				x.ID, x.Incident, x.Standing, x.Customer, x.Name, x.Channel, x.Address, x.Sender, x.Subject, x.Body, x.At,
				x.AnsweredAt, x.AnsweredBy, x.Answer, x.Carried,
			})
		}
		return err
	})
	return out, err
}

// replies is the part of the table about what customers write back.
func (a *API) replies() {
	add(a, operation{"GET /api/v1/incidents/{id}/replies", "list-replies", "What customers wrote back about an incident, who has waited longest first", staff.Know, 0}, a.listReplies)
}
