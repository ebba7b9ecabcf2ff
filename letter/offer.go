package letter

import (
	"strings"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/money"
	"candor/staff"
)

// An Offer is what one person is told about the money they are owed: all of it in one letter, signed by somebody they can reach.
type Offer struct {
	News               // the incident, with its last word; the incident is zero for a month's credits
	Words    lang.Text // of the signer: what happened, whose fault it was
	Signer   staff.Person
	Sums     []Sum // of each account of the reader's
	Ends     time.Time
	ByItself bool // it takes nothing to get it
	Lapses   bool // who says nothing gets nothing
	ReportBy time.Time
	Reminds  bool // they have been told before
}

// A Sum is what one account is offered, and how much of it a contract owes.
type Sum struct {
	Account  string
	Amount   money.Amount
	Contract money.Amount
	Token    string
}

// Offer tells a customer what they are owed, how it was reckoned, and how they get it. It asks for nothing in return: no rating, no silence.
func (d Desk) Offer(o Offer) Letter {
	w := d.words()
	total := o.total(w)
	key := "mail.offer.title"
	if o.Reminds {
		key = "mail.offer.reminder"
	}
	title := w.T(key, "sum", total, "when", w.Day(o.Ends, d.Zone))
	s := d.note(w.T("mail.subject.offer", "company", d.Company, "title", title), title, "", w.T("mail.offer.why", "company", d.Company), d.redeem(o))
	words, note := d.free(o.Words)
	s.Body, s.Notes, s.Preheader, s.Author = words, note, preheader(words), d.author(o.Signer)
	switch {
	case o.ByItself:
		s.Aside = w.T("mail.offer.itself")
	case o.Lapses:
		s.Aside = w.T("mail.offer.lapses", "when", w.DateTime(o.Ends, d.Zone))
	default:
		s.Aside = w.T("mail.offer.anyway", "when", w.DateTime(o.Ends, d.Zone))
	}
	s.Facts = d.offerFacts(o)
	s.Links = d.offerLinks(o)
	l := s.print()
	l.SMS = plainly.Replace(oneLine(w.T("sms.offer", "company", d.Company, "title", title, "url", s.Button.URL)))
	return l
}

// redeem is the one button. Who has several accounts has a link to each of the others below.
func (d Desk) redeem(o Offer) link {
	w := d.words()
	url := ""
	if len(o.Sums) > 0 {
		url = d.redeemAt(o.Sums[0].Token)
	}
	switch {
	case o.ByItself:
		return link{w.T("mail.offer.look"), url}
	case len(o.Sums) > 1:
		return link{w.T("mail.offer.redeem.for", "sum", w.Money(o.Sums[0].Amount), "account", o.Sums[0].Account), url}
	}
	return link{w.T("mail.offer.redeem"), url}
}

func (d Desk) redeemAt(token string) string { return d.page("/redeem/" + token) }

// total is the sum of the accounts, by currency.
func (o Offer) total(w lang.Words) string {
	var sums []money.Amount
next:
	for _, s := range o.Sums {
		for i := range sums {
			if sums[i].Currency == s.Amount.Currency {
				sums[i].Minor += s.Amount.Minor
				continue next
			}
		}
		sums = append(sums, s.Amount)
	}
	var all []string
	for _, s := range sums {
		all = append(all, w.Money(s))
	}
	return w.List(all)
}

func (d Desk) offerFacts(o Offer) (all []fact) {
	w := d.words()
	for _, s := range o.Sums[:min(len(o.Sums), mostAccounts)] {
		name, rest := w.T("mail.offer.credit"), w.T("mail.offer.ours")
		if len(o.Sums) > 1 && s.Account != "" {
			name = s.Account
		}
		switch {
		case s.Contract.Minor >= s.Amount.Minor:
			rest = w.T("mail.offer.contract")
		case s.Contract.Minor > 0:
			rest = w.T("mail.offer.more", "contract", w.Money(s.Contract))
		}
		all = append(all, fact{name, w.Money(s.Amount), rest})
	}
	if o.Incident.ID == "" {
		return all
	}
	if data := d.safety(o.Update.Fields.Data, o.News); data != "" {
		all = append(all, fact{w.T("mail.fact.data"), data, d.classes(o.Update.Fields.Data)})
	}
	if !o.ReportBy.IsZero() {
		all = append(all, fact{w.T("mail.offer.report"), w.T("mail.offer.report.by", "when", w.Day(o.ReportBy, d.Zone)), ""})
	}
	return all
}

func (d Desk) offerLinks(o Offer) (all []link) {
	w := d.words()
	for i, s := range o.Sums[:min(len(o.Sums), mostAccounts)] {
		if i > 0 {
			all = append(all, link{w.T("mail.offer.redeem.for", "sum", w.Money(s.Amount), "account", s.Account), d.redeemAt(s.Token)})
		}
	}
	if o.Incident.Code != "" {
		all = append(all, link{w.T("mail.all"), d.page("/incidents/" + string(o.Incident.Code))})
	}
	return all
}

// An Objected is how one of us answers what a customer said about an offer.
type Objected struct {
	Offer  id.Offer
	Answer string
	Author staff.Person
	More   money.Amount // that they get on top
	Token  string
	At     time.Time // when they said it
	About  incident.Incident
}

// Objection answers a customer who said that an offer is not right.
func (d Desk) Objection(o Objected) Letter {
	w := d.words()
	title := w.T("mail.objection.title")
	if o.More.Minor > 0 {
		title = w.T("mail.objection.more", "sum", w.Money(o.More))
	}
	s := d.note(w.T("mail.subject.objection", "company", d.Company, "title", title), title, "", w.T("mail.why.answer", "company", d.Company),
		link{w.T("mail.offer.look"), d.redeemAt(o.Token)})
	s.Notes = []string{w.T("mail.answer.note", "when", w.DateTime(o.At, d.Zone))}
	s.Body, s.Preheader, s.Author = o.Answer, preheader(o.Answer), d.author(o.Author)
	l := s.print()
	l.SMS = plainly.Replace(oneLine(w.T("sms.answer", "company", d.Company, "text", strings.TrimSpace(oneLine(markup.Text(o.Answer))), "author", o.Author.Name)))
	return l
}
