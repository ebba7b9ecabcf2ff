package desk

import (
	"context"
	"strconv"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/settings"
	"candor/store"
)

// A Conversation is what comments are below, as far as commenting needs to know it.
type Conversation struct {
	incident.Thread
	Incident incident.Incident // the incident it is about, or whose report it is
	Title    lang.Text
	Path     string // of the page it stands on, without its language: "incidents/CODE"
	Closes   time.Time
}

// Open reports whether anybody may still write there.
func (c Conversation) Open(s settings.Settings, at time.Time) bool {
	return !s.Comments.Off && (c.Closes.IsZero() || at.Before(c.Closes))
}

// Page is the address of one page of the conversation, without its language. The first has no number, so that it has one address.
func (c Conversation) Page(page int) string {
	path := c.Path + "/comments"
	if page > 1 {
		path += "/" + strconv.Itoa(page)
	}
	return path
}

// Talk finds the conversation below what has this code; what is not public has none (V23).
func Talk(ctx context.Context, tx *store.Tx, s settings.Settings, topic incident.Topic, code id.Code) (c Conversation, err error) {
	if topic != incident.OnIncident {
		return c, wrongLink
	}
	i, err := publicIncident(ctx, tx, code)
	return OnIncident(i, s), err
}

// OnIncident is the conversation below an incident.
func OnIncident(i incident.Incident, s settings.Settings) Conversation {
	over := i.ResolvedAt
	if i.Open() {
		over = time.Time{}
	}
	return Conversation{
		Thread: incident.Thread{Topic: incident.OnIncident, Object: string(i.ID)}, Incident: i, Title: i.Title,
		Path: "incidents/" + string(i.Code), Closes: incident.Closes(over, s.Comments.OpenFor()),
	}
}

// TalkOf is the conversation that a comment is part of, public or not.
func TalkOf(ctx context.Context, tx *store.Tx, s settings.Settings, x incident.Thread) (c Conversation, err error) {
	if x.Topic != incident.OnIncident {
		return c, store.ErrNotFound
	}
	i, err := tx.Incidents.ByID(ctx, id.Incident(x.Object))
	return OnIncident(i, s), err
}

// CommentTopic names a change of a conversation: the object and the number of the comment that came or changed, 0 for one without a place.
func CommentTopic(object string, number int) string {
	return commentTopic + object + "/" + strconv.Itoa(number)
}

const commentTopic = "comments:"

// commented notes that a conversation looks different.
func commented(ctx context.Context, tx *store.Tx, c incident.Comment, at time.Time) error {
	number := c.Number
	if c.Answers != "" {
		asked, err := tx.Comments.ByID(ctx, c.Answers)
		if err != nil {
			return err
		}
		number = asked.Number
	}
	return tx.Changes.Add(ctx, CommentTopic(c.Object, number), at)
}

// place gives a comment its place at the end of the conversation, once and for good.
func place(ctx context.Context, tx *store.Tx, c *incident.Comment) error {
	if c.Number > 0 || c.Answers != "" {
		return nil
	}
	last, err := tx.Comments.Last(ctx, c.Object)
	c.Number = last + 1
	return err
}

// present shows a comment on the page.
func present(ctx context.Context, tx *store.Tx, c *incident.Comment, at time.Time) error {
	c.State, c.Reason = incident.CommentShown, ""
	if c.ShownAt.IsZero() {
		c.ShownAt = at
	}
	return place(ctx, tx, c)
}

// movable is a comment that must be there, and may come to a state.
func movable(ctx context.Context, tx *store.Tx, x id.Comment, to incident.CommentState) (c incident.Comment, err error) {
	c, err = found(tx.Comments.ByID(ctx, x))
	if err == nil && c.State != to && !c.May(to) {
		err = problem.New(problem.Conflict, "problem.comment.decided")
	}
	return c, err
}
