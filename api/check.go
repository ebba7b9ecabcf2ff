package api

import (
	"context"
	"time"

	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/staff"
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
	}
}

type checkOut struct{ Body playbook.Verdict }

// checkWords writes nothing: who may read may ask.
func (a *API) checkWords(_ context.Context, in *checkIn) (*checkOut, error) {
	b := in.Body
	verdict, err := playbook.Judge(b.Text, playbook.Context{
		Language: b.Lang, Kind: b.Kind, Impact: b.Impact, Incident: b.Of, NextBy: b.NextBy,
		Fields: &incident.Fields{Data: incident.Safety{State: b.Data}, Cause: incident.Cause{State: b.Cause}},
	})
	return &checkOut{verdict}, err
}

// checks is the part of the table about words before they are sent.
func (a *API) checks() {
	add(a, operation{"POST /api/v1/check", "check-words", "Read a message as a careful colleague would, before it is sent", staff.Look, 0}, a.checkWords)
}
