package api

import (
	"context"
	"time"

	"candor/component"
	"candor/desk"
	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/staff"
	"candor/store"
)

// checkIn is a message before it is sent. What is known beside the text sharpens the answer and may be left out.
type checkIn struct {
	Body struct {
		Text   string               `json:"text" minLength:"1" maxLength:"100000"`
		Lang   lang.Tag             `json:"lang,omitempty" enum:"en,de,es,id,zh,zh-Hant,zh-Hans" doc:"Detected if left out"`
		Kind   playbook.Kind        `json:"kind" enum:"notice,update,resolved,report,apology"`
		Impact incident.Impact      `json:"impact,omitempty" enum:"none,minor,major,critical,maintenance"`
		Of     incident.Kind        `json:"incident_kind,omitempty" enum:"outage,billing,data,security,maintenance" doc:"Jokes are warned about where money or data is concerned, whatever the impact"`
		Data   incident.SafetyState `json:"data_safety,omitempty" enum:"checking,unknown,unaffected,affected" doc:"The field beside the text: words that contradict it are asked about"`
		Cause  incident.CauseState  `json:"cause,omitempty" enum:"unknown,suspected,known"`
		NextBy time.Time            `json:"next_by,omitzero" doc:"The next update's field: with it, the text need not say when the next word comes"`
		About  string               `json:"incident,omitempty" maxLength:"40" doc:"inc_… or the 12-character code: what is left out is taken from it, with how much of everything it hits and how often we apologised before"`
	}
}

type checkOut struct{ Body playbook.Verdict }

// checkWords writes nothing: who may read may ask.
func (a *API) checkWords(ctx context.Context, in *checkIn) (*checkOut, error) {
	b := in.Body
	c := playbook.Context{
		Language: b.Lang, Kind: b.Kind, Impact: b.Impact, Incident: b.Of, NextBy: b.NextBy,
		Fields: &incident.Fields{Data: incident.Safety{State: b.Data}, Cause: incident.Cause{State: b.Cause}},
	}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		s, _, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		c.House = a.desk.House(s)
		if b.About == "" {
			return nil
		}
		return sharpen(ctx, tx, &c, b.About)
	})
	if err != nil {
		return nil, err
	}
	verdict, err := playbook.Judge(b.Text, c)
	return &checkOut{verdict}, err
}

// sharpen takes from an incident what the request leaves out.
func sharpen(ctx context.Context, tx *store.Tx, c *playbook.Context, ref string) error {
	i, err := find(ctx, tx, ref)
	if err != nil {
		return err
	}
	if c.Impact == "" {
		c.Impact = i.Impact
	}
	if c.Incident == "" {
		c.Incident = i.Kind
	}
	if i.Visibility != incident.Draft {
		last, err := tx.Updates.Latest(ctx, i.ID)
		if err != nil {
			return err
		}
		fields := c.Fields.Or(last.Fields)
		c.Fields = &fields
	}
	m, err := measuredOf(ctx, tx, i)
	c.Affected, c.Apologies = m.Share(), m.EarlierApologies
	return err
}

func measuredOf(ctx context.Context, tx *store.Tx, i incident.Incident) (m playbook.Measured, err error) {
	var all []component.Component
	if all, err = tx.Components.All(ctx); err != nil {
		return m, err
	}
	m = desk.Parts(i.Affected, all)
	if m.Customers, err = tx.Affected.HowMany(ctx, i.ID); err != nil {
		return m, err
	}
	if m.Of, err = tx.Customers.Count(ctx); err != nil {
		return m, err
	}
	now := time.Now()
	m.EarlierApologies, err = tx.Advice.Apologies(ctx, i.ID, now.Add(-playbook.ApologyMemory), now)
	return m, err
}

// checks is the part of the table about words before they are sent.
func (a *API) checks() {
	add(a, operation{"POST /api/v1/check", "check-words", "Read a message as a careful colleague would, before it is sent", staff.Look, 0}, a.checkWords)
}
