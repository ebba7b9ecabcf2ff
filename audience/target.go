package audience

import (
	"candor/id"
	"candor/lang"
)

// A Target says whom an announcement is for. It is resolved once, at the announcement's as-of instant.
type Target struct {
	// Subscribers of any of Components (or of everything) when Everyone is set; else the one address below.
	Everyone    bool           `json:"everyone,omitempty"`
	Components  []id.Component `json:"components,omitempty"`
	EveryUpdate bool           `json:"every_update,omitempty"` // only those who chose every update
	// Customers affected by the incident as well; with Reopens those who have answered already, too: they must do something else now.
	Customers bool `json:"customers,omitempty"`
	Reopens   bool `json:"reopens,omitempty"`
	// Added are only the customers whom nobody had counted as affected before: the audience was chosen anew, and the word is out already.
	Added bool `json:"added,omitempty"`
	// Noted are only the customers whom the incident is known to have affected: it is over, and nobody is added.
	Noted bool `json:"noted,omitempty"`
	// Heard are those, and only those, who were told an update: its correction goes to them.
	Heard id.Update `json:"heard,omitzero"`
	// Asked are those drawn by lot to be asked what came of an incident.
	Asked id.Incident `json:"asked,omitzero"`
	// Offered are the customers of a run who were offered something; with Unredeemed those who have not taken it. Customer is one of them.
	Offered    id.CreditRun `json:"offered,omitzero"`
	Unredeemed bool         `json:"unredeemed,omitempty"`
	Customer   id.Customer  `json:"customer,omitzero"`

	Contact id.Contact `json:"contact,omitzero"`
	Person  id.Person  `json:"person,omitzero"` // staff: reminders, rehearsals, tests
	// Also are the channels besides mail by which the person is told.
	Also     []string `json:"also,omitempty"`
	Address  Address  `json:"address,omitzero"`
	Language lang.Tag `json:"language,omitzero"`
}
