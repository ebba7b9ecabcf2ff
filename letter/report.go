package letter

import (
	"encoding/json"
	"strings"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/staff"
)

// Findings are what a report says, as far as a letter carries it: the rest stands on the page.
type Findings struct {
	Incident incident.Incident
	Revision int    // from 1; a later one is a correction
	Reason   string // of the correction
	At       time.Time
	Author   staff.Person
	Summary  lang.Text
	Cause    lang.Text
	Apology  lang.Text
	Actions  []ActionLine
	// Customer and Accounts are as in News.
	Customer bool
	Accounts []string
}

// An ActionLine is what is done, and by when.
type ActionLine struct {
	Code  id.Code
	Title lang.Text
	DueAt time.Time
	Done  bool
}

// Report tells everybody whom the incident affected why it happened and what is done, in the words of who signs it.
func (d Desk) Report(f Findings) Letter {
	w := d.words()
	title, _ := d.free(f.Incident.Title)
	summary, note := d.free(f.Summary)
	cause, other := d.free(f.Cause)
	if len(note) == 0 {
		note = other
	}
	apology, other := d.free(f.Apology)
	if len(note) == 0 {
		note = other
	}
	page := d.page("/incidents/" + string(f.Incident.Code) + "/report")
	s := sheet{
		Language: d.Language, Masthead: w.T("mail.masthead", "company", d.Company), Label: w.T("mail.report.label"), Colour: "#15181c", Class: "ink",
		Subject: w.T("mail.subject.report", "title", unstopped(title)), Title: title, Notes: note, Body: strings.TrimSpace(apology + "\n\n" + summary),
		Preheader: preheader(summary), Links: []link{{w.T("mail.report.all"), page}}, Author: d.author(f.Author),
		Why:     w.T("mail.why", "company", d.Company),
		Closing: w.T("mail.report.at", "at", w.DateTime(f.At, d.Zone)),
		Footer:  []link{{w.T("mail.manage"), d.page("/manage/" + ManageSlot)}, {w.T("mail.unsubscribe"), d.page("/unsubscribe/" + UnsubscribeSlot)}},
	}
	if f.Revision > 1 {
		s.Subject = w.T("mail.subject.report.corrected", "title", unstopped(title))
		s.Notes = append([]string{w.T("mail.report.corrected", "reason", f.Reason)}, s.Notes...)
	}
	if cause != "" {
		s.After = []passage{{w.T("report.part.cause"), cause}}
	}
	for _, a := range f.Actions {
		words, _ := d.free(a.Title)
		when := w.T("mail.report.due", "date", w.Date(a.DueAt, d.Zone))
		if a.Done {
			when = w.T("mail.report.done")
		}
		s.Facts = append(s.Facts, fact{Name: when, Rest: words})
	}
	if f.Customer {
		s.Why = w.T("mail.why.customer", "company", d.Company)
		s.Footer[0].URL = d.page("/me/" + PageSlot)
		if line := d.accounts(f.Accounts); line != "" {
			s.Notes = append([]string{line}, s.Notes...)
		}
	}
	if f.Incident.Visibility == incident.Rehearsal {
		s.Rehearsal, s.Why, s.Footer = w.T("mail.rehearsal"), w.T("mail.why.staff", "company", d.Company), nil
	}
	l := s.print()
	l.Brief = Brief{
		Title: l.Subject, Body: strings.TrimSpace(strings.Join(append(s.Notes, shortened(markup.Text(summary), longestBrief)), "\n\n")),
		URL: page, More: w.T("mail.report.all"), By: f.Author.Name, Topic: string(f.Incident.Code) + "-report",
	}
	l.SMS = texted(title, func(words string) string {
		return w.T("sms.report", "company", d.Company, "title", words, "link", page)
	})
	l.Document = d.reportDocument(f, page)
	return l
}

// A reportDocument is what a customer's program reads of a report (docs/webhooks.md).
type reportDocument struct {
	Type      string     `json:"type"`
	Timestamp *time.Time `json:"timestamp"`
	Data      reportData `json:"data"`
}

type reportData struct {
	Company   string           `json:"company"`
	Language  lang.Tag         `json:"language"`
	Rehearsal bool             `json:"rehearsal"`
	Incident  documentIncident `json:"incident"`
	Report    reportText       `json:"report"`
	Actions   []reportAction   `json:"actions"`
	Links     reportLinks      `json:"links"`
}

type reportText struct {
	Revision int             `json:"revision"`
	Reason   string          `json:"reason"`
	Summary  string          `json:"summary"`
	Cause    string          `json:"cause"`
	Author   *documentAuthor `json:"author"`
}

type reportAction struct {
	ID    string     `json:"id"`
	Title string     `json:"title"`
	DueAt *time.Time `json:"due_at"`
	Done  bool       `json:"done"`
}

type reportLinks struct {
	Report      string `json:"report"`
	Manage      string `json:"manage"`
	Unsubscribe string `json:"unsubscribe"`
}

const typeReport = "incident.report"

func (d Desk) reportDocument(f Findings, page string) []byte {
	title, _ := d.free(f.Incident.Title)
	summary, _ := d.free(f.Summary)
	cause, _ := d.free(f.Cause)
	i := f.Incident
	x := reportDocument{Type: typeReport, Timestamp: second(f.At), Data: reportData{
		Company: d.Company, Language: d.Language, Rehearsal: i.Visibility == incident.Rehearsal, Actions: []reportAction{},
		Incident: documentIncident{ID: string(i.Code), Kind: i.Kind, Title: title, Status: i.Status, Impact: i.Impact, StartedAt: second(i.StartedAt), ResolvedAt: second(i.ResolvedAt)},
		Report:   reportText{Revision: f.Revision, Reason: f.Reason, Summary: markup.Text(summary), Cause: markup.Text(cause)},
		Links:    reportLinks{Report: page, Manage: d.page("/manage/" + ManageSlot), Unsubscribe: d.page("/unsubscribe/" + UnsubscribeSlot)},
	}}
	if a := d.author(f.Author); a != nil {
		x.Data.Report.Author = &documentAuthor{a.Name, a.Title}
	}
	for _, a := range f.Actions {
		words, _ := d.free(a.Title)
		x.Data.Actions = append(x.Data.Actions, reportAction{string(a.Code), words, second(a.DueAt), a.Done})
	}
	b, err := json.Marshal(x)
	if err != nil {
		panic(err) // texts and instants: it is in a golden test
	}
	return b
}
