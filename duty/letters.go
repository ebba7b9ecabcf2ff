package duty

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"candor/audience"
	acts "candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/letter"
	"candor/promise"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// fresh is how long a written letter is used. A text that is blacked out or corrected while a bulk send runs reaches nobody after that.
const fresh = 5 * time.Second

// letters keeps what was written for many: one form per announcement and language.
type letters struct {
	mu    sync.Mutex
	forms map[formKey]*form
	alike map[id.Announcement]bool // whether everybody is written the same
}

type formKey struct {
	announcement id.Announcement
	language     lang.Tag
	customer     bool  // to customers' contacts, who may say that they know
	generation   int64 // of the settings
}

// A form is written once by whoever needs it first; the others wait.
type form struct {
	once    sync.Once
	written time.Time
	letter  letter.Form
	shared  *reach.Form
	said    reach.Announcement
	err     error
}

func (l *letters) form(key formKey, write func() (reach.Announcement, letter.Letter, error)) *form {
	at := time.Now()
	l.mu.Lock()
	f := l.forms[key]
	if f == nil || at.Sub(f.written) > fresh {
		if len(l.forms) >= 64 { // what is not being sent any more
			l.forms = nil
		}
		if l.forms == nil {
			l.forms = map[formKey]*form{}
		}
		f = &form{written: at}
		l.forms[key] = f
	}
	l.mu.Unlock()
	f.write(write)
	return f
}

func (f *form) write(write func() (reach.Announcement, letter.Letter, error)) {
	f.once.Do(func() {
		f.err = errUnwritten // stands if write panics
		said, text, err := write()
		f.said, f.letter, f.err = said, text.Form(), err
		f.shared = &reach.Form{Text: text.Text, HTML: text.HTML, Slots: letter.Slots}
	})
}

var errUnwritten = errors.New("the letter could not be written")

// message makes what one recipient gets.
func (d *deliverer) message(ctx context.Context, o *office, x reach.Delivery) (m reach.Message, err error) {
	defer wrap(&err, "write delivery %s", x.ID)
	language := x.Language
	if !language.Known() {
		language = o.settings.Default()
	}
	write := func() (reach.Announcement, letter.Letter, error) { return d.compose(ctx, o, x, language) }
	var f *form
	alike, err := d.writtenAlike(ctx, x.Announcement)
	if err != nil {
		return m, err
	}
	if x.Accounts > 1 || !alike { // names the accounts, or says a sum: nobody else gets the same
		f = &form{}
		f.write(write)
	} else {
		f = d.letters.form(formKey{x.Announcement, language, x.Accounts == 1, o.version}, write)
	}
	if f.err != nil {
		return m, f.err
	}
	m = reach.Message{
		Delivery: x.ID, To: string(x.Address), Attempt: x.Attempt, Date: x.FirstTriedAt, Language: language,
		MessageID: d.messageID(x.ID), Thread: f.letter.Thread,
		From: reach.Mailbox{Name: o.sender(), Address: o.settings.Mail.From}, ReplyTo: o.settings.Mail.ReplyTo,
		Subject: f.letter.Subject, Class: reach.ClassPersonal, FeedbackID: string(f.said.Kind) + ":candor",
	}
	for _, file := range f.letter.Files {
		m.Attachments = append(m.Attachments, reach.Attachment(file))
	}
	var own letter.Own
	if f.said.Kind.Bulk() && x.Contact != "" {
		own.Manage = audience.Sign(o.secret, audience.ToManage, x.Subscriber)
		own.Unsubscribe = audience.Sign(o.secret, audience.ToUnsubscribe, x.Subscriber)
		own.Page = audience.Sign(o.secret, audience.ToReach, x.Subscriber)
		m.Class, m.ListID = reach.ClassBulk, "updates."+d.PublicURL.Hostname()
		m.UnsubscribeURL = d.base() + "/unsubscribe/" + own.Unsubscribe
	}
	if f.said.Kind == reach.OnEffect {
		own.Page = audience.Sign(o.secret, audience.ToReach, x.Subscriber)
	}
	if _, fills := o.channel.(reach.Filler); fills && m.Class == reach.ClassBulk && x.Accounts < 2 {
		m.Form, m.Own = f.shared, own.Words()
	} else {
		m.Text, m.HTML = f.letter.Fill(own)
	}
	if d.channel == audience.SMS {
		m.Text, m.HTML, m.InDoubt = f.letter.SMS(own), "", x.InDoubt
	}
	if f.said.Kind == reach.OnCode {
		m.Class = reach.ClassCode
	}
	m.Brief, m.Keys = f.letter.Short(own), x.Keys
	if d.channel == audience.Webhook {
		m.Data = f.letter.Document(own)
		m.Keys = cmp.Or(x.Keys, reach.HookSecret(o.secret, x.Subscriber))
	}
	if domain := o.settings.Mail.ReturnDomain; domain != "" && d.ReturnPath != nil {
		m.ReturnPath = d.ReturnPath(x.ID, o.secret, domain)
	}
	return m, nil
}

// messageID names a letter: who answers it names it, and who names it has seen it.
func (d *deliverer) messageID(x id.Delivery) string {
	return strings.ToLower(string(x)) + "@" + d.PublicURL.Hostname()
}

func (d *deliverer) base() string { return strings.TrimSuffix(d.PublicURL.String(), "/") }

// compose writes the letter that a delivery carries, in one language.
func (d *deliverer) compose(ctx context.Context, o *office, x reach.Delivery, language lang.Tag) (a reach.Announcement, l letter.Letter, err error) {
	var about matter
	err = d.DB.Read(ctx, func(tx *store.Tx) (err error) {
		if a, err = tx.Announcements.ByID(ctx, x.Announcement); err != nil {
			return err
		}
		if about, err = gatherMatter(ctx, tx, a); err == nil && !alike(a.Kind) {
			err = about.gatherOffers(ctx, tx, a, x.Contact, o.secret)
		}
		if err != nil || x.Accounts == 0 {
			return err
		}
		about.Customer, about.findings.Customer = true, true
		if x.Accounts > 1 {
			about.Accounts, err = accountsOf(ctx, tx, a.Incident, x.Contact)
			about.findings.Accounts = about.Accounts
		}
		return err
	})
	if err != nil {
		return a, l, err
	}
	desk := letter.Desk{Company: o.settings.Company, Base: d.base(), Language: language, Fallback: o.settings.Default(), Zone: o.settings.Zoned(), TwoWay: o.settings.SMS.TwoWay}
	switch a.Kind {
	case reach.OnUpdate:
		return a, desk.Update(about.News), nil
	case reach.OnCorrection:
		return a, desk.Correction(about.News, about.revision()), nil
	case reach.OnUpcoming:
		return a, desk.Upcoming(about.News), nil
	case reach.OnReport:
		return a, desk.Report(about.findings), nil
	case reach.OnConfirm:
		return a, desk.Confirm(inLanguage(a.Link, language)), nil
	case reach.OnManage:
		return a, desk.Manage(inLanguage(a.Link, language)), nil
	case reach.OnDueSoon:
		return a, desk.DueSoon(about.Incident, about.promise), nil
	case reach.OnDue:
		return a, desk.Due(about.Incident, about.promise), nil
	case reach.OnOverdue:
		return a, desk.Overdue(about.Incident, about.promise, about.promiser.Name, about.promise.Late(a.AsOf)), nil
	case reach.OnApproval:
		return a, desk.Approval(about.Incident), nil
	case reach.OnAlert:
		return a, desk.Alert(about.Incident), nil
	case reach.OnFlood:
		return a, desk.Flood(), nil
	case reach.OnAnswer:
		return a, desk.Answer(d.exchange(about)), nil
	case reach.OnComment:
		return a, desk.Comment(about.talk.Title, inLanguage(a.Link, language)), nil
	case reach.OnAnswered:
		return a, desk.Answered(about.answered()), nil
	case reach.OnReturns:
		return a, desk.Returns(about.returns.Bounced, about.returns.Complained), nil
	case reach.OnHeldBack:
		return a, desk.HeldBack(about.returns.Bounced, about.returns.Complained), nil
	case reach.OnTest:
		return a, desk.Test(), nil
	case reach.OnInvitation:
		return a, desk.Invitation(a.Link), nil
	case reach.OnCallIn:
		return a, desk.CallIn(about.Incident, about.callIn.Terms.Answer, about.starter.Name, about.callIn.Note, a.Link), nil
	case reach.OnCode:
		return a, desk.Code(reach.TextCode(o.secret, a.ID)), nil
	case reach.OnStopped:
		return a, desk.Stopped(), nil
	case reach.OnStarted:
		return a, desk.Started(), nil
	case reach.OnEffect:
		return a, desk.Effect(about.Incident), nil
	case reach.OnOffer, reach.OnOfferEnds:
		return a, desk.Offer(about.offer), nil
	case reach.OnObjection:
		return a, desk.Objection(about.objected), nil
	case reach.OnHelp:
		return a, desk.Help(cmp.Or(o.settings.SMS.Help, o.settings.Support)), nil
	}
	return a, l, errors.New("no letter is written for announcements of kind " + string(a.Kind))
}

// exchange is what a customer wrote and one of us answers.
func (d *deliverer) exchange(m matter) letter.Exchange {
	x := letter.Exchange{Subject: m.reply.Subject, WrittenAt: m.reply.At, Body: m.reply.Answer, Author: m.Author, Thread: []string{d.messageID(m.reply.Delivery)}}
	if m.reply.MessageID != "" {
		x.Thread = append(x.Thread, m.reply.MessageID)
	}
	return x
}

// accountsOf are the names of the accounts that one letter is about.
func accountsOf(ctx context.Context, tx *store.Tx, i id.Incident, contact id.Contact) (names []string, err error) {
	customers, err := tx.Affected.Behind(ctx, i, contact)
	for _, c := range customers {
		if name := c.Called(); name != "" {
			names = append(names, name)
		}
	}
	return names, err
}

// inLanguage leads a page's path into the reader's language, unless it names one.
func inLanguage(path string, language lang.Tag) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if lang.Tag(first).Known() {
		return path
	}
	return "/" + language.Path() + path
}

// A matter is what an announcement is about.
type matter struct {
	letter.News
	promise  promise.Promise
	promiser staff.Person
	callIn   store.CallIn
	starter  staff.Person // who called everybody in
	returns  reach.Returns
	findings letter.Findings
	reply    reach.Reply      // that is answered
	comment  incident.Comment // that the letter is about: theirs, or our answer to theirs
	asked    incident.Comment // that is answered
	talk     acts.Conversation
	offer    letter.Offer
	objected letter.Objected
}

// revision is the newest correction of the update.
func (m matter) revision() incident.Revision {
	if n := len(m.Update.Revisions); n > 0 {
		return m.Update.Revisions[n-1]
	}
	return incident.Revision{Now: m.Update.Body}
}

func gatherMatter(ctx context.Context, tx *store.Tx, a reach.Announcement) (m matter, err error) {
	if a.Target.Asked != "" {
		m.Incident, err = tx.Incidents.ByID(ctx, a.Target.Asked)
		return m, err
	}
	if a.Kind == reach.OnAnswer {
		if m.reply, err = tx.Replies.AnsweredWith(ctx, a.ID); err != nil {
			return m, err
		}
		m.Author, err = person(ctx, tx, m.reply.AnsweredBy)
		return m, err
	}
	if a.Kind == reach.OnComment || a.Kind == reach.OnAnswered {
		return m, m.gatherComment(ctx, tx, a)
	}
	if a.Kind == reach.OnReturns || a.Kind == reach.OnHeldBack {
		m.returns, err = tx.Deliveries.Returned(ctx, a.AsOf.Add(-reach.ReturnsWindow))
		return m, err
	}
	if a.Kind == reach.OnReport {
		m.findings, err = findings(ctx, tx, a)
		return m, err
	}
	if a.Incident == "" {
		return m, nil // offers come with their reader: gatherOffers
	}
	if m.Incident, err = tx.Incidents.ByID(ctx, a.Incident); err != nil {
		return m, err
	}
	if a.Promise != "" {
		if m.promise, err = tx.Promises.ByID(ctx, a.Promise); err != nil {
			return m, err
		}
		m.promiser, err = person(ctx, tx, m.promise.Promiser)
		return m, err
	}
	if a.Kind == reach.OnCallIn {
		if m.callIn, _, err = tx.CallIns.Latest(ctx, a.Incident); err != nil {
			return m, err
		}
		m.starter, err = person(ctx, tx, m.callIn.StartedBy)
		return m, err
	}
	if m.Components, err = tx.Components.All(ctx); err != nil {
		return m, err
	}
	if a.Update == "" && a.Kind == reach.OnUpcoming {
		updates, err := tx.Updates.Of(ctx, a.Incident)
		if err != nil || len(updates) == 0 {
			return m, err
		}
		a.Update = updates[len(updates)-1].ID
	}
	if a.Update == "" {
		return m, nil
	}
	if m.Update, err = tx.Updates.ByID(ctx, a.Update); err != nil {
		return m, err
	}
	if m.Author, err = person(ctx, tx, m.Update.Author); err != nil {
		return m, err
	}
	m.CheckedBy, err = person(ctx, tx, m.Update.Fields.Data.CheckedBy)
	return m, err
}

func person(ctx context.Context, tx *store.Tx, x id.Person) (staff.Person, error) {
	if x == "" {
		return staff.Person{}, nil
	}
	return tx.People.ByID(ctx, x)
}
