package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/problem"
	"candor/reach"
	"candor/settings"
	"candor/store"
)

// A CommentForm is what somebody wrote below an incident or a report.
type CommentForm struct {
	Topic    incident.Topic
	Code     id.Code // of what it is below
	Name     string
	Mail     string // empty: they leave none
	Body     string
	Language lang.Tag
	IP       string
	Agent    string
	Honeypot string // must be empty; people do not see the field
	Work     string // the browser's proof of work; asked for only while very many write
}

// The limits of B8: by network, by the address that our question goes to (B3), and for the whole site. What waits for one of us is limited
// most of all: nobody can read a thousand comments a minute, and who leaves an address needs nobody to.
var (
	perCommentNetwork = limit{"comment network", 10 * time.Minute, 6}
	perCommentMail    = limit{"comment mail", 24 * time.Hour, 3}
	perCommentMails   = limit{"comment mail site", time.Hour, 300}
	perCommentQueue   = limit{"comment queue", 10 * time.Minute, 20}
	perCommentSite    = limit{"comment site", time.Minute, 60}
	// commentLoad is how many come in a minute before a form without an address must bring a proof of work.
	commentLoad = limit{"comment load", time.Minute, 1 << 40}
)

const (
	busyComments = 30
	// repeatWithin is how long the same form is the same comment: somebody pressed twice, or went back.
	repeatWithin = time.Hour
)

// WriteComment takes a comment and answers what became of it: unconfirmed (a question is on its way to the address), held (one of us
// decides), checking, or shown. It answers the same for an address that we know and one that we do not (B13), and the same form sent twice
// is one comment.
func (d *Desk) WriteComment(ctx context.Context, in CommentForm) (c incident.Comment, err error) {
	defer wrap(&err, "comment on %s %s", in.Topic, in.Code)
	at := now()
	var s settings.Settings
	var on Conversation
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if s, _, err = tx.Settings.Load(ctx); err != nil {
			return err
		}
		on, err = Talk(ctx, tx, s, in.Topic, in.Code)
		return err
	})
	if err != nil {
		return c, err
	}
	if !on.Open(s, at) {
		return c, problem.New(problem.Gone, "problem.comment.closed")
	}
	address, err := in.check(s)
	if err != nil {
		return c, err
	}
	if in.Honeypot != "" {
		return incident.Comment{State: incident.CommentHeld}, nil // a machine filled it in; it need not know
	}
	if err := d.admit(ctx, in, address, at); err != nil {
		return c, err
	}
	err = d.insist(ctx, func(tx *store.Tx) error {
		c, err = d.writeComment(ctx, tx, s, on, in, address, at)
		return err
	})
	if err != nil {
		return c, err
	}
	d.wake()
	if address != "" {
		evenly(at, 50*time.Millisecond)
	}
	return c, nil
}

// check says everything that is wrong with the form.
func (in *CommentForm) check(s settings.Settings) (address audience.Address, err error) {
	var wrong problem.List
	in.Name, in.Mail = strings.Join(strings.Fields(in.Name), " "), strings.TrimSpace(in.Mail)
	in.Body = strings.TrimSpace(strings.ReplaceAll(in.Body, "\r\n", "\n"))
	if in.Body == "" {
		wrong.Add(problem.Field("comment", "problem.comment.empty"))
	} else {
		wrong.Add(settings.Lines("comment", in.Body, incident.LongestComment))
		if err := markup.Check(in.Body); err != nil {
			wrong.Add(problem.Field("comment", "problem.text.nested"))
		}
		if incident.Links(in.Body) > incident.MostLinks {
			wrong.Add(problem.Field("comment", "problem.comment.links", "most", incident.MostLinks))
		}
	}
	if in.Name == "" {
		wrong.Add(problem.Field("name", "problem.comment.name"))
	}
	wrong.Add(settings.Line("name", in.Name, incident.LongestName))
	if in.Mail != "" {
		var refused *problem.Problem
		if address, refused = audience.ParseAddress(in.Mail); refused != nil {
			wrong.Add(problem.Field("mail", refused.Key, refused.Args...))
		}
	}
	if !in.Language.Known() || !slices.Contains(s.Languages, in.Language) {
		wrong.Add(problem.Field("language", "problem.choice"))
	}
	return address, wrong.Err()
}

// admit counts a comment against the limits, and asks for more while very many come.
func (d *Desk) admit(ctx context.Context, in CommentForm, address audience.Address, at time.Time) error {
	err := d.counted(ctx, problem.New(problem.TooMany, "problem.comment.many"), counting{perCommentNetwork, network(in.IP)})
	if err != nil {
		return err
	}
	var load int64
	err = d.db.Batch(ctx, func(tx *store.Tx) (err error) {
		if _, err = tx.Limits.Take(ctx, commentLoad.row(""), commentLoad.window, commentLoad.most, at); err != nil {
			return err
		}
		load, err = tx.Limits.Taken(ctx, commentLoad.row(""), commentLoad.window, at)
		return err
	})
	if err != nil {
		return err
	}
	if address == "" && load > busyComments && !Worked(in.Work, in.Code, in.Name, in.Body, at) {
		return problem.Field("mail", "problem.comment.busy")
	}
	if address == "" {
		return d.counted(ctx, problem.New(problem.TooMany, "problem.comment.site"), counting{perCommentSite, ""})
	}
	return d.counted(ctx, problem.New(problem.TooMany, "problem.comment.mails"), counting{perCommentMails, ""})
}

func (d *Desk) writeComment(ctx context.Context, tx *store.Tx, s settings.Settings, on Conversation, in CommentForm, address audience.Address, at time.Time) (c incident.Comment, err error) {
	said := digestOf(in.Body)
	form := digestOf(in.Name + "\n" + address.Key() + "\n" + in.Body)
	if before, there, err := tx.Comments.ByDigest(ctx, on.Object, form, at.Add(-repeatWithin)); err != nil || there {
		return before, err
	}
	seen, err := tx.Limits.Taken(ctx, "comment said:"+said, 24*time.Hour, at)
	if err != nil {
		return c, err
	}
	if _, err := tx.Limits.Take(ctx, "comment said:"+said, 24*time.Hour, 1<<40, at); err != nil {
		return c, err
	}
	c = incident.Comment{
		ID: id.New[id.Comment](at), Code: id.NewCode(), Thread: on.Thread, Name: in.Name, Language: in.Language, Body: in.Body,
		Signs: incident.SignsOf(in.Name, in.Body, seen > 0), At: at,
	}
	if s.Comments.Checked() {
		c.Origin = incident.Origin{IP: in.IP, Agent: cutTo(in.Agent, 200)}
	}
	if address != "" {
		err = d.askCommenter(ctx, tx, &c, address, at)
	} else if c.State, c.Signs = s.Comments.Place(c.Signs, false); c.State == incident.CommentHeld {
		err = queue(ctx, tx, at)
	}
	if err == nil && c.State == incident.CommentShown {
		err = present(ctx, tx, &c, at)
	}
	if err != nil {
		return c, err
	}
	if err := tx.Comments.Add(ctx, c, form); err != nil {
		return c, err
	}
	if c.State == incident.CommentShown {
		if err := commented(ctx, tx, c, at); err != nil {
			return c, err
		}
	}
	return c, d.audit(ctx, tx, at, "comment write", string(c.ID), nil, commentFacts(c))
}

// queue refuses once more wait for one of us than anybody can read.
func queue(ctx context.Context, tx *store.Tx, at time.Time) error {
	allowed, err := tx.Limits.Take(ctx, perCommentQueue.row(""), perCommentQueue.window, perCommentQueue.most, at)
	if err == nil && !allowed {
		return problem.Field("mail", "problem.comment.queue")
	}
	return err
}

// askCommenter keeps the address as a contact and asks whether it is theirs. Nothing a stranger typed is in that letter, and one address gets
// few of them (B3): beyond that the comment waits for one of us instead, which looks the same from outside.
func (d *Desk) askCommenter(ctx context.Context, tx *store.Tx, c *incident.Comment, address audience.Address, at time.Time) error {
	kept, err := tx.Contacts.Ensure(ctx, []audience.Contact{{Channel: audience.Email, Address: address, Language: c.Language, CreatedAt: at}})
	if err != nil {
		return err
	}
	c.Contact, c.State = kept[0].ID, incident.CommentUnconfirmed
	allowed, err := tx.Limits.Take(ctx, perCommentMail.row(address.Key()), perCommentMail.window, perCommentMail.most, at)
	if err == nil && !allowed {
		c.State, c.Signs = incident.CommentHeld, append(c.Signs, incident.Sign{Kind: incident.SignNoMail})
		return queue(ctx, tx, at)
	}
	if err != nil {
		return err
	}
	secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
	if err != nil {
		return err
	}
	c.Announcement = id.New[id.Announcement](at)
	return tx.Announcements.Add(ctx, reach.Announcement{
		ID: c.Announcement, Kind: reach.OnComment, Target: audience.Target{Contact: c.Contact, Language: c.Language}, Priority: reach.Urgent,
		Link: "/comment/" + audience.Sign(secret, audience.ToComment, c.Code), AsOf: at,
	})
}

// commentFacts are what the audit keeps: nothing that anybody wrote, since it is never erased.
func commentFacts(c incident.Comment) any {
	return map[string]any{"on": c.Object, "state": c.State, "reason": c.Reason, "number": c.Number, "signs": c.Signs}
}

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

func cutTo(s string, most int) string {
	for len(s) > most {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}
