package site

import (
	"context"
	"html/template"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/markup"
	"candor/store"
)

// A talk is part of a conversation as it was read: the comments from one place to another, with our answers.
type talk struct {
	on       desk.Conversation
	from     int
	last     int // how many have a place
	unmarked int // what was hidden before anybody saw it
	all      []incident.Comment
	answers  map[id.Comment][]incident.Comment
}

// newestComments are on the page of an incident itself; the others have pages of their own.
const newestComments = 10

// loadNewestTalk reads the end of a conversation.
func loadNewestTalk(ctx context.Context, tx *store.Tx, on desk.Conversation) (t talk, err error) {
	last, err := tx.Comments.Last(ctx, on.Object)
	if err != nil {
		return t, err
	}
	if t, err = loadTalk(ctx, tx, on, max(1, last-newestComments+1), last); err != nil {
		return t, err
	}
	t.last = last
	t.unmarked, err = tx.Comments.Unmarked(ctx, on.Object)
	return t, err
}

func loadTalk(ctx context.Context, tx *store.Tx, on desk.Conversation, from, to int) (talk, error) {
	t := talk{on: on, from: from, answers: map[id.Comment][]incident.Comment{}}
	all, answers, err := tx.Comments.Between(ctx, on.Object, from, to)
	t.all = all
	for _, a := range answers {
		t.answers[a.Answers] = append(t.answers[a.Answers], a)
	}
	return t, err
}

// A talkView is a conversation as a page shows it.
type talkView struct {
	Heading  string
	Comments []commentView
	All      *pageLink // where the earlier ones are
	Unmarked string
	Closed   string
	Form     *commentForm
	Feed     string
	FeedWord string
	Pointing string // the word of the link that points a comment out
}

type pageLink struct{ Href, Word string }

// A commentView is one comment with what we answered, or what stands in its place.
type commentView struct {
	Anchor  string
	Href    string
	Name    string
	At      moment
	Lang    string
	Body    template.HTML
	First   string // it is how a customer first told us
	Gone    string
	Flag    string // where a reader can point it out
	Answers []answerView
}

// An answerView is ours, with the card of who wrote it.
type answerView struct {
	commentView
	Title phrase
	Mail  string
}

func (r reader) talk(w *world, t talk) talkView {
	v := talkView{Heading: r.T("site.comments"), Feed: r.home + t.on.Path + "/comments.atom", FeedWord: r.T("site.comments.feed"), Pointing: r.T("site.comment.flag")}
	for _, c := range t.all {
		view := r.comment(w, t.on, c, c.Number)
		for _, a := range t.answers[c.ID] {
			view.Answers = append(view.Answers, r.answer(w, t.on, a, c.Number))
		}
		v.Comments = append(v.Comments, view)
	}
	return v
}

// newestTalk is the part of a conversation that stands on the page it is about. It is nothing where nothing was said and nothing can be.
func (r reader) newestTalk(w *world, t talk) *talkView {
	open := t.on.Open(w.settings, r.now)
	if !open && t.last == 0 && t.unmarked == 0 {
		return nil
	}
	v := r.talk(w, t)
	if t.last > len(t.all) {
		v.All = &pageLink{r.commentsPath(t.on, 1), r.N("site.comments.all", t.last)}
	}
	if t.unmarked > 0 {
		v.Unmarked = r.N("site.comments.unmarked", t.unmarked)
	}
	if open {
		v.Form = r.commentForm(w, t.on)
	} else {
		v.Closed = r.closedTalk(w, t.on)
	}
	return &v
}

func (r reader) closedTalk(w *world, on desk.Conversation) string {
	if w.settings.Comments.Off || on.Closes.IsZero() {
		return r.T("site.comments.off")
	}
	return r.T("site.comments.closed", "time", r.clockText(on.Closes))
}

func (r reader) comment(w *world, on desk.Conversation, c incident.Comment, number int) commentView {
	v := commentView{Anchor: string(c.Code), Href: r.commentsPath(on, incident.PageOf(number)) + "#" + string(c.Code), At: r.clock(c.At)}
	if c.State != incident.CommentShown {
		v.Gone = r.tombstone(w, c)
		return v
	}
	v.Name, v.Body, v.Lang = c.Name, template.HTML(markup.Comment(c.Body)), r.foreign(c.Body, c.Language) //nolint:gosec // markup is the one road to safe HTML
	v.Flag = r.home + "comments/" + string(c.Code) + "/flag"
	if c.FirstReport {
		v.First = r.T("site.comment.first")
	}
	return v
}

func (r reader) answer(w *world, on desk.Conversation, c incident.Comment, number int) answerView {
	v := answerView{commentView: r.comment(w, on, c, number)}
	if v.Gone != "" {
		return v
	}
	author := w.people[c.Person]
	v.Name, v.Title, v.Mail, v.Flag = r.byWhom(author), r.phrase(author.Title), author.PublicMail, ""
	return v
}

// tombstone is what stands where a comment was: why it is gone and who decided.
func (r reader) tombstone(w *world, c incident.Comment) string {
	if c.Reason == incident.HideWithdrawn || c.DecidedBy == "" {
		return r.T("site.comment.withdrawn", "time", r.clockText(c.DecidedAt))
	}
	return r.T("site.comment.hidden", "reason", r.T("site.comment.gone."+string(c.Reason)), "name", r.who(w, c.DecidedBy), "time", r.clockText(c.DecidedAt))
}

// commentsPath is a page of a conversation. The first has no number, so that it has one address.
func (r reader) commentsPath(on desk.Conversation, page int) string {
	return r.home + on.Page(page)
}

// closing is when a page with a form changes by itself because the conversation closes.
func (t talk) closing(now time.Time) time.Time { return after(t.on.Closes, now) }
