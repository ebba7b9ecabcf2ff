package letter

import (
	"encoding/json"
	"time"

	"candor/incident"
	"candor/lang"
	"candor/markup"
)

// A document is what a customer's program reads (docs/webhooks.md). Its names are a promise: they may be added to, never changed.
type document struct {
	Type      string       `json:"type"`
	Timestamp *time.Time   `json:"timestamp"`
	Data      documentData `json:"data"`
}

type documentData struct {
	Company    string           `json:"company"`
	Language   lang.Tag         `json:"language"`
	Rehearsal  bool             `json:"rehearsal"`
	Incident   documentIncident `json:"incident"`
	Update     documentUpdate   `json:"update"`
	Correction *documentChange  `json:"correction"`
	Components []documentPart   `json:"components"`
	Links      documentLinks    `json:"links"`
}

type documentIncident struct {
	ID         string            `json:"id"`
	Kind       incident.Kind     `json:"kind"`
	Title      string            `json:"title"`
	Status     incident.Status   `json:"status"`
	Impact     incident.Impact   `json:"impact"`
	StartedAt  *time.Time        `json:"started_at"`
	ResolvedAt *time.Time        `json:"resolved_at"`
	Window     *documentInterval `json:"window"`
}

type documentInterval struct {
	From  *time.Time `json:"from"`
	Until *time.Time `json:"until"`
}

type documentUpdate struct {
	ID           string          `json:"id"`
	Number       int             `json:"number"`
	Status       incident.Status `json:"status"`
	Text         string          `json:"text"`
	At           *time.Time      `json:"at"`
	NextUpdateBy *time.Time      `json:"next_update_by"`
	Author       *documentAuthor `json:"author"`
	Data         documentSafety  `json:"data_safety"`
}

type documentAuthor struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

type documentSafety struct {
	State incident.SafetyState `json:"state"`
	Steps string               `json:"steps"`
}

type documentChange struct {
	Was    string `json:"was"`
	Now    string `json:"now"`
	Reason string `json:"reason"`
}

type documentPart struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Status string `json:"status"`
}

type documentLinks struct {
	Incident    string `json:"incident"`
	Manage      string `json:"manage"`
	Unsubscribe string `json:"unsubscribe"`
	Own         string `json:"own,omitempty"` // a customer's own page
}

// Types of documents.
const (
	typeUpdate     = "incident.update"
	typeCorrection = "incident.correction"
	typeUpcoming   = "maintenance.upcoming"
)

// document writes what is said for programs; a correction's at is when it was made.
func (d Desk) document(kind string, n News, r *incident.Revision) []byte {
	i, u := n.Incident, n.Update
	title, _ := d.free(i.Title)
	text, _ := d.free(u.Body)
	steps, _ := d.free(u.Fields.Data.Steps)
	x := document{Type: kind, Timestamp: second(u.At), Data: documentData{
		Company: d.Company, Language: d.Language, Rehearsal: i.Visibility == incident.Rehearsal, Components: []documentPart{},
		Incident: documentIncident{ID: string(i.Code), Kind: i.Kind, Title: title, Status: u.Status, Impact: i.Impact, StartedAt: second(i.StartedAt), ResolvedAt: second(i.ResolvedAt)},
		Update: documentUpdate{
			ID: string(u.Code), Number: u.Number, Status: u.Status, Text: markup.Text(text), At: second(u.At), NextUpdateBy: second(u.NextBy),
			Data: documentSafety{State: u.Fields.Data.State, Steps: steps},
		},
		Links: documentLinks{
			Incident: d.page("/incidents/" + string(i.Code) + "#" + string(u.Code)),
			Manage:   d.page("/manage/" + ManageSlot), Unsubscribe: d.page("/unsubscribe/" + UnsubscribeSlot),
		},
	}}
	if !i.Window.From.IsZero() {
		x.Data.Incident.Window = &documentInterval{second(i.Window.From), second(i.Window.Until)}
	}
	if n.Customer {
		x.Data.Links.Own = d.ownPage(i)
	}
	if a := d.author(n.Author); a != nil {
		x.Data.Update.Author = &documentAuthor{a.Name, a.Title}
	}
	if r != nil {
		now, _ := d.free(r.Now)
		was, _ := d.free(r.Was)
		x.Timestamp = second(r.At)
		x.Data.Correction = &documentChange{Was: markup.Text(was), Now: markup.Text(now), Reason: r.Reason}
	}
	for _, a := range i.Affected {
		for _, c := range n.Components {
			if c.ID == a.Component && !c.Private {
				name, _ := d.free(c.Name)
				x.Data.Components = append(x.Data.Components, documentPart{string(c.Code), name, string(a.Status)})
			}
		}
	}
	b, err := json.Marshal(x)
	if err != nil {
		panic(err) // texts and instants: every kind is in a golden test
	}
	return b
}

// second is an instant as documents show it: UTC, to the second, and null for none.
func second(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}
