package audience

import (
	"cmp"
	"slices"
	"time"

	"candor/money"
)

// Merged is the customer after a file said something about them, and whether that changed anything. What the file does not say stays. Of each
// channel that it names, its addresses are the whole truth; of what they use likewise, where a use that is not named any more ends now.
func (c Customer) Merged(said Customer, at time.Time) (_ Customer, changed bool) {
	out := c
	for _, text := range [...]struct {
		into *string
		said string
	}{{&out.External, said.External}, {&out.Name, said.Name}, {&out.Zone, said.Zone}, {&out.Plan, said.Plan}} {
		if text.said != "" {
			*text.into = text.said
		}
	}
	if said.Language != "" {
		out.Language = said.Language
	}
	if said.Fee != (money.Amount{}) {
		out.Fee = said.Fee
	}
	out.Contacts = mergedContacts(c.Contacts, said.Contacts)
	out.Uses = mergedUses(c.Uses, said.Uses, at)
	same := out.External == c.External && out.Name == c.Name && out.Zone == c.Zone && out.Plan == c.Plan && out.Language == c.Language &&
		out.Fee == c.Fee && slices.EqualFunc(out.Contacts, c.Contacts, sameAddress) && slices.EqualFunc(out.Uses, c.Uses, sameUse)
	if same {
		return c, false
	}
	out.UpdatedAt = at
	return out, true
}

func sameAddress(a, b Contact) bool {
	return a.Channel == b.Channel && a.Address.Key() == b.Address.Key()
}

func sameUse(a, b Use) bool {
	return a.Component == b.Component && a.Since.Equal(b.Since) && a.Until.Equal(b.Until)
}

// mergedContacts keeps the order somebody chose; what is new comes last.
func mergedContacts(kept, said []Contact) (all []Contact) {
	for _, x := range kept {
		named := slices.ContainsFunc(said, func(s Contact) bool { return s.Channel == x.Channel })
		if !named || slices.ContainsFunc(said, func(s Contact) bool { return sameAddress(s, x) }) {
			all = append(all, x)
		}
	}
	for _, s := range said {
		if !slices.ContainsFunc(all, func(x Contact) bool { return sameAddress(s, x) }) {
			all = append(all, s)
		}
	}
	return all
}

func mergedUses(kept, said []Use, at time.Time) (all []Use) {
	if len(said) == 0 {
		return kept
	}
	for _, u := range kept {
		i := slices.IndexFunc(said, func(s Use) bool { return s.Component == u.Component })
		switch {
		case i < 0 && u.Until.IsZero():
			u.Until = at
		case i >= 0:
			if !said[i].Since.IsZero() {
				u.Since = said[i].Since
			}
			u.Until = said[i].Until
		}
		all = append(all, u)
	}
	for _, s := range said {
		if !slices.ContainsFunc(all, func(u Use) bool { return u.Component == s.Component }) {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b Use) int { return cmp.Compare(a.Component, b.Component) })
	return all
}
