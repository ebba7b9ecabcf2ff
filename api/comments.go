package api

import (
	"context"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// comment is what somebody wrote below an incident or a report.
type comment struct {
	ID          id.Comment            `json:"id"`
	Code        id.Code               `json:"code" doc:"Its public name, which links to it end with"`
	Topic       incident.Topic        `json:"topic" enum:"incident,report"`
	Object      string                `json:"object" doc:"inc_… or the report's id"`
	Number      int                   `json:"number,omitempty" doc:"Its place on the page, which nobody else gets"`
	State       incident.CommentState `json:"state" enum:"unconfirmed,checking,held,shown,hidden,lapsed"`
	Name        string                `json:"name,omitempty" doc:"As they want to be called; erased words are left out"`
	Language    lang.Tag              `json:"language"`
	Text        string                `json:"text,omitempty" doc:"Markdown"`
	Signs       []incident.Sign       `json:"signs,omitempty" doc:"Why it waits, or looks like spam, with points"`
	At          time.Time             `json:"at"`
	ShownAt     time.Time             `json:"shown_at,omitzero"`
	Reason      incident.HideReason   `json:"reason,omitempty" doc:"Why it is hidden"`
	DecidedAt   time.Time             `json:"decided_at,omitzero"`
	DecidedBy   id.Person             `json:"decided_by,omitempty"`
	Flags       int                   `json:"flags,omitempty" doc:"Readers who asked us to look at it"`
	FirstReport bool                  `json:"first_report,omitempty" doc:"This is how a customer told us"`
}

func commentOf(c incident.Comment) comment {
	return comment{
		ID: c.ID, Code: c.Code, Topic: c.Topic, Object: c.Object, Number: c.Number, State: c.State, Name: c.Name, Language: c.Language, Text: c.Body,
		Signs: c.Signs, At: c.At, ShownAt: c.ShownAt, Reason: c.Reason, DecidedAt: c.DecidedAt, DecidedBy: c.DecidedBy, Flags: c.Flags, FirstReport: c.FirstReport,
	}
}

type listComments struct {
	State   incident.CommentState `query:"state" enum:"unconfirmed,checking,held,shown,hidden,lapsed" default:"held"`
	Flagged bool                  `query:"flagged" doc:"Only those that readers pointed out"`
	After   id.Comment            `query:"after" maxLength:"40" doc:"The id of the last one of the page before"`
	Limit   int                   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type commentList struct {
	Body struct {
		Waiting  int64     `json:"waiting" doc:"How many one of us has to decide about"`
		Comments []comment `json:"comments"`
	}
}

func (a *API) listComments(ctx context.Context, in *listComments) (*commentList, error) {
	if _, err := id.Parse[id.Comment](string(in.After)); err != nil && in.After != "" {
		return nil, problem.New(problem.NotFound, "problem.not_found")
	}
	out := &commentList{}
	err := a.db.Read(ctx, func(tx *store.Tx) (err error) {
		out.Body.Comments = []comment{}
		if out.Body.Waiting, err = tx.Comments.Waiting(ctx); err != nil {
			return err
		}
		all, err := tx.Comments.Page(ctx, store.CommentPage{State: in.State, Flagged: in.Flagged, After: in.After, Limit: in.Limit})
		for _, c := range all {
			out.Body.Comments = append(out.Body.Comments, commentOf(c))
		}
		return err
	})
	return out, err
}

// CommentPath names a comment.
type CommentPath struct {
	ID string `path:"id" maxLength:"40" doc:"cmt_…"`
}

func (p CommentPath) comment() (id.Comment, error) {
	x, err := id.Parse[id.Comment](p.ID)
	if err != nil {
		return "", problem.New(problem.NotFound, "problem.not_found")
	}
	return x, nil
}

func (a *API) showComment(ctx context.Context, in *CommentPath) (*struct{}, error) {
	x, err := in.comment()
	if err != nil {
		return nil, err
	}
	return nil, a.desk.ShowComment(ctx, x)
}

func (a *API) keepComment(ctx context.Context, in *CommentPath) (*struct{}, error) {
	x, err := in.comment()
	if err != nil {
		return nil, err
	}
	return nil, a.desk.KeepComment(ctx, x)
}

type hideComment struct {
	CommentPath
	Body struct {
		Reason incident.HideReason `json:"reason" enum:"spam,personal_data,abuse,unlawful" doc:"Criticism is no reason. Personal data and what is unlawful is erased at once"`
	}
}

func (a *API) hideComment(ctx context.Context, in *hideComment) (*struct{}, error) {
	x, err := in.comment()
	if err != nil {
		return nil, err
	}
	return nil, a.desk.HideComment(ctx, x, in.Body.Reason)
}

type answerComment struct {
	CommentPath
	Body struct {
		Text     string   `json:"text" doc:"Markdown"`
		Language lang.Tag `json:"language,omitempty" doc:"Of the answer; the company's first without it"`
	}
}

type answeredComment struct{ Body comment }

func (a *API) answerComment(ctx context.Context, in *answerComment) (*answeredComment, error) {
	x, err := in.comment()
	if err != nil {
		return nil, err
	}
	if in.Body.Language == "" {
		err := a.db.Read(ctx, func(tx *store.Tx) error {
			s, _, err := tx.Settings.Load(ctx)
			in.Body.Language = s.Default()
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	c, err := a.desk.AnswerComment(ctx, x, in.Body.Text, in.Body.Language)
	if err != nil {
		return nil, err
	}
	return &answeredComment{commentOf(c)}, nil
}

// comments is the part of the table about what visitors write.
func (a *API) comments() {
	add(a, operation{"GET /api/v1/comments", "list-comments", "What visitors wrote, by state; what waits for one of us without a state", staff.Say, 0}, a.listComments)
	add(a, operation{"POST /api/v1/comments/{id}/show", "show-comment", "Let a comment stand on the page", staff.Say, 204}, a.showComment)
	add(a, operation{"POST /api/v1/comments/{id}/hide", "hide-comment", "Hide a comment's words; its place, the reason and who decided stay", staff.Say, 204}, a.hideComment)
	add(a, operation{"POST /api/v1/comments/{id}/keep", "keep-comment", "Leave a comment that readers pointed out where it is", staff.Say, 204}, a.keepComment)
	add(a, operation{"POST /api/v1/comments/{id}/answer", "answer-comment", "Answer below a comment, in the name of the token's person", staff.Say, 201}, a.answerComment)
}
