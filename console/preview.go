package console

import (
	"context"
	"html/template"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/letter"
	"candor/markup"
	"candor/playbook"
	"candor/settings"
	"candor/store"
)

// A preview is a draft as customers would read it, and how many would.
type preview struct {
	Headline      mark
	Tag           lang.Tag
	Title         string
	HTML          template.HTML
	Author        string
	NextBy        clock
	NextWhy       string
	Reach         int64
	Customers     *foreseenView // nil where it is carried to none
	Silent        bool
	Subject, Text string // of the mail
	Advice        adviceView
	Waiting       []waitingRow
	readers       []store.Readership
}

// previewOf shows the language whose tab is open.
func previewOf(ctx context.Context, tx *store.Tx, s shell, d draft, about incident.Incident, all []component.Component) (*preview, error) {
	impact, wait, why := harm(s, d, about, all)
	tag := d.Tab
	if d.Body[tag] == "" {
		_, tag = d.Body.In(tag, s.Company.Default())
	}
	words := lang.For(tag)
	i := about
	i.Kind, i.Impact, i.Affected = d.Kind, impact, d.affected(all)
	headline := i.HeadlineStatus()
	p := &preview{
		Headline: mark{Status: headline, Word: words.T("status.component." + string(headline))}, Tag: tag, Author: s.Name(d.Author), Silent: d.Silent,
	}
	if d.Status == incident.Resolved || d.Status == incident.Completed {
		p.Headline = mark{Status: component.Operational, Word: words.T("status.incident." + string(d.Status))}
	}
	title := about.Title
	if !d.Title.Empty() {
		title = d.Title
	}
	p.Title, _ = title.In(tag, s.Company.Default())
	body, _ := d.Body.In(tag, s.Company.Default())
	if body != "" {
		p.HTML = template.HTML(markup.HTML(body)) // the one road from Markdown to safe HTML
	}
	if by := promisedBy(d, s.Now, wait); !by.IsZero() {
		p.NextBy = s.Clock(by)
		if d.nextBy(s.Now).IsZero() {
			p.NextWhy = s.Words.T(why)
		}
	}
	if body != "" {
		p.mail(s, d, i, title, wait, all)
	}
	var err error
	if p.Reach, err = tx.Contacts.CountReached(ctx, aboutOf(d, about, all)); err != nil {
		return nil, err
	}
	p.readers, err = tx.Contacts.CountReading(ctx, aboutOf(d, about, all))
	p.await(s, d)
	return p, err
}

// mail writes the letter as duty will, but for the links that are each reader's own.
func (p *preview) mail(s shell, d draft, i incident.Incident, title lang.Text, wait time.Duration, all []component.Component) {
	i.Title, i.Status = title, d.Status
	if i.Status == "" {
		i.Status = d.Kind.Statuses()[0]
	}
	if i.StartedAt.IsZero() {
		i.StartedAt = s.Now
	}
	u := incident.Update{Number: 1, Status: i.Status, Author: d.Author, Body: d.Body, Fields: d.Fields, NextBy: promisedBy(d, s.Now, wait), At: s.Now}
	for _, c := range all {
		if status, ok := d.Statuses[c.ID]; ok {
			u.Affected = append(u.Affected, incident.Change{Component: c.ID, Old: c.Status, New: status})
		}
	}
	desk := letter.Desk{
		Company: s.Company.Company, Base: "https://…", Language: p.Tag, Fallback: s.Company.Default(), Zone: s.Zone,
	}
	l := desk.Update(letter.News{
		Incident: i, Update: u, Author: s.people[d.Author], CheckedBy: s.people[d.Fields.Data.CheckedBy], Components: all,
	})
	p.Subject = l.Subject
	p.Text, _ = l.Form().Fill(letter.Own{Manage: "…", Unsubscribe: "…", Page: "…"})
}

// promisedBy is when the next word would be promised if this were posted now; zero at the end.
func promisedBy(d draft, now time.Time, wait time.Duration) time.Time {
	if d.Status == incident.Resolved || d.Status == incident.Completed || d.Status == incident.Scheduled {
		return time.Time{}
	}
	if by := d.nextBy(now); !by.IsZero() {
		return by
	}
	return now.Add(wait)
}

// aboutOf are the components a word would be about: those of the incident and those it names.
func aboutOf(d draft, before incident.Incident, all []component.Component) (about []id.Component) {
	for _, a := range d.affected(all) {
		about = append(about, a.Component)
	}
	for _, a := range before.Affected {
		if _, named := d.Statuses[a.Component]; !named {
			about = append(about, a.Component)
		}
	}
	return about
}

// prepared is the first word the company approved for a kind and an impact, in every language of the page.
func prepared(s shell, d draft, impact incident.Impact, all []component.Component) (title, body lang.Text) {
	return preparedFor(s, settings.FirstWords, playbook.Scene{Kind: d.Kind, Impact: impact}, d.affected(all), all)
}

// preparedFor is the company's words for a purpose, in every language of the page.
func preparedFor(s shell, p settings.Purpose, x playbook.Scene, affected []incident.Affected, all []component.Component) (title, body lang.Text) {
	title, body = lang.Text{}, lang.Text{}
	for _, tag := range s.Company.Languages {
		x.Names = nil
		for _, a := range affected {
			for _, c := range all {
				if c.ID == a.Component {
					name, _ := c.Name.In(tag, s.Company.Default())
					x.Names = append(x.Names, name)
				}
			}
		}
		title[tag], body[tag] = playbook.Prepared(s.Company, p, x, tag)
	}
	return title, body
}
