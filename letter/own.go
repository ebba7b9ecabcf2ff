package letter

import (
	"slices"

	"candor/incident"
)

// mostAccounts is how many accounts one letter names; a reseller may have hundreds.
const mostAccounts = 12

// own adds what a customer's letter has beyond a subscriber's: the way to a page of their own, where one button says that they know. The
// link opens a page and changes nothing (B5).
func (d Desk) own(s *sheet, n News) {
	w := d.words()
	s.Button = &link{w.T("mail.own.button"), d.ownPage(n.Incident)}
	s.Aside = w.T("mail.own.note")
	s.Why = w.T("mail.why.customer", "company", d.Company)
	s.Footer[0].URL = d.page("/me/" + PageSlot) // where the link to a subscription is, too, if they have one
	if line := d.accounts(n.Accounts); line != "" {
		s.Notes = append([]string{line}, s.Notes...)
	}
}

// accounts is the line that names every account of the reader's; empty if there is but one.
func (d Desk) accounts(names []string) string {
	w := d.words()
	switch over := len(names) - mostAccounts; {
	case len(names) < 2:
		return ""
	case over > 0:
		names = append(slices.Clone(names[:mostAccounts]), w.N("mail.own.accounts.more", over))
	}
	return w.T("mail.own.accounts", "names", w.List(names))
}

// ownPage leads to the incident on the reader's own page.
func (d Desk) ownPage(i incident.Incident) string {
	return d.page("/me/" + PageSlot + "#" + string(i.Code))
}
