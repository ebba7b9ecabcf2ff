package audience

import (
	"slices"

	"candor/id"
)

// A Standing is what we know of an address at the moment something is about to be sent there.
type Standing struct {
	Contact   bool // a subscriber's or a customer's; staff have none
	Confirmed bool
	Asked     bool // to confirm a subscription
	Ended     bool
	Asking    bool              // what is about to be sent is itself the answer to something this person did: a confirmation, a link, a code
	Kept      SuppressionReason // why nothing goes to the address; empty if nothing says so
}

// Stops decides whether nothing may be sent, with the reason that the ledger shows. A mailbox that does not exist or complained is left
// alone by everybody. Somebody who asked us to stop is asked once more only by a confirmation they themselves have just caused, so an
// opt-out binds every contact, however it was imported, but the one that was asked and has not answered yet, and only for that letter: a
// stranger who types a customer's address into the form does not bring the news of incidents back.
func (s Standing) Stops() (reason string, stops bool) {
	switch {
	case s.Contact && s.Ended:
		return string(OptedOut), true
	case s.Kept == OptedOut:
		return string(OptedOut), s.Contact && (s.Confirmed || !s.Asked || !s.Asking)
	case s.Kept != "":
		return string(s.Kept), true
	}
	return "", false
}

// Includes decides whether the contact is among those the announcement is for. groups names the group of each component that is in one:
// who chose a group chose what is in it. Who chose no component chose all of them; an announcement about none concerns everybody.
func (t Target) Includes(c Contact, groups map[id.Component]id.Component) bool {
	if t.EveryUpdate && !c.EveryUpdate {
		return false
	}
	if len(c.Components) == 0 || len(t.Components) == 0 {
		return true
	}
	for _, concerned := range t.Components {
		group, grouped := groups[concerned]
		if slices.Contains(c.Components, concerned) || grouped && slices.Contains(c.Components, group) {
			return true
		}
	}
	return false
}
