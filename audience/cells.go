package audience

import (
	"slices"
	"strings"
	"time"

	"candor/money"
	"candor/problem"
)

// cells gathers one row.
type cells struct {
	table  *Table
	line   int
	row    Row
	faults []Fault

	first, last, region string
	fee, currency       string
	feeAt               int
	consentAt           string
	consentColumn       int
	phones              []typedPhone
}

type typedPhone struct {
	column         int
	channel, typed string
}

// The longest a cell of a kind may be: what is longer was put into the wrong column.
const (
	longestName = 200
	longestText = 4000
)

func (r *cells) refuse(column int, p *problem.Problem) {
	f := Fault{Line: r.line, Column: column + 1, Problem: p}
	if column >= 0 && column < len(r.table.headings) {
		f.Heading = strings.TrimSpace(r.table.headings[column])
	}
	r.faults = append(r.faults, f)
}

// text keeps a cell that is one line of text.
func (r *cells) text(at int, into *string, cell string, most int) {
	if strings.IndexFunc(cell, control) >= 0 {
		r.refuse(at, problem.New(problem.Invalid, "problem.line.break"))
		return
	}
	if len(cell) > most {
		r.refuse(at, problem.New(problem.Invalid, "problem.line.long", "limit", most))
		return
	}
	*into = cell
}

func (r *cells) take(at int, c column, cell string) {
	if cell == "" || c == asIgnored {
		return
	}
	x := &r.row.Customer
	switch c {
	case asExternal:
		r.text(at, &x.External, cell, longestName)
	case asName:
		r.text(at, &x.Name, cell, longestName)
	case asFirstName:
		r.text(at, &r.first, cell, longestName)
	case asLastName:
		r.text(at, &r.last, cell, longestName)
	case asLanguage:
		r.language(at, cell)
	case asZone:
		r.zone(at, cell)
	case asPlan:
		r.text(at, &x.Plan, cell, longestName)
	case asFee:
		r.fee, r.feeAt = cell, at
	case asCurrency:
		r.currency = cell
	case asServices:
		r.services(at, cell)
	case asMail, asWebhook:
		r.addresses(at, c, cell)
	case asMobile:
		r.phones = append(r.phones, typedPhone{at, SMS, cell})
	case asPhone:
		r.phones = append(r.phones, typedPhone{at, Voice, cell})
	case asCountry:
		r.text(at, &r.region, cell, longestName)
	case asConsentText:
		r.text(at, &r.row.Consent.Text, strings.Join(strings.Fields(cell), " "), longestText)
		r.consentColumn = at
	case asConsentAt:
		r.consentAt, r.consentColumn = cell, at
	case asConsentHow:
		r.text(at, &r.row.Consent.How, cell, longestName)
	}
}

// addresses keeps the addresses of one cell, which may hold several; one mentioned twice is kept once.
func (r *cells) addresses(at int, c column, cell string) {
	for typed := range strings.FieldsFuncSeq(cell, func(x rune) bool { return x == '|' || x == ';' || x == ',' || x == ' ' }) {
		channel, parse := Email, ParseAddress
		if c == asWebhook {
			channel, parse = Webhook, ParseURL
		}
		address, refused := parse(typed)
		if refused != nil {
			r.refuse(at, refused)
			continue
		}
		r.contact(channel, address)
	}
}

func (r *cells) contact(channel string, a Address) {
	x := &r.row.Customer
	key := a.Key()
	if !slices.ContainsFunc(x.Contacts, func(c Contact) bool { return c.Channel == channel && c.Address.Key() == key }) {
		x.Contacts = append(x.Contacts, Contact{Channel: channel, Address: a})
	}
}

// language takes a tag or what the language calls itself. Who speaks one that we do not is written to in the company's.
func (r *cells) language(at int, cell string) {
	t := r.table
	tag, seen := t.tags[cell]
	if !seen {
		tag = languageOf(cell, t)
		if len(t.tags) < 1000 {
			t.tags[cell] = tag
		}
	}
	if tag == "" {
		r.refuse(at, problem.New(problem.Invalid, "problem.import.language", "typed", cell))
		return
	}
	r.row.Customer.Language = tag
}

func (r *cells) zone(at int, cell string) {
	good, seen := r.table.zones[cell]
	if !seen {
		_, err := time.LoadLocation(cell)
		good = err == nil && cell != "Local"
		if len(r.table.zones) < 1000 {
			r.table.zones[cell] = good
		}
	}
	if !good {
		r.refuse(at, problem.New(problem.Invalid, "problem.zone"))
		return
	}
	r.row.Customer.Zone = cell
}

// services reads "DNS | Mail@2024-01-01..2025-06-30": names, codes or ids, each with the days from which and until which it is used.
func (r *cells) services(at int, cell string) {
	for typed := range strings.FieldsFuncSeq(cell, func(x rune) bool { return x == '|' || x == ';' || x == '\n' }) {
		typed = strings.TrimSpace(typed)
		if typed == "" {
			continue
		}
		name, since, until, ok := r.span(typed)
		component, found := r.table.reading.Component(name)
		switch {
		case !ok || !since.IsZero() && !until.IsZero() && !since.Before(until):
			r.refuse(at, problem.New(problem.Invalid, "problem.import.span", "typed", typed))
		case !found:
			r.refuse(at, problem.New(problem.Invalid, "problem.component_unknown", "name", name))
		case slices.ContainsFunc(r.row.Customer.Uses, func(u Use) bool { return u.Component == component }):
			r.refuse(at, problem.New(problem.Invalid, "problem.import.twice", "name", name))
		default:
			r.row.Customer.Uses = append(r.row.Customer.Uses, Use{Component: component, Since: since, Until: until})
		}
	}
}

func (r *cells) span(typed string) (name string, since, until time.Time, ok bool) {
	name, days, _ := cutLast(typed, '@')
	from, to, has := strings.Cut(days, "..")
	if !has {
		return typed, since, until, true
	}
	if from = strings.TrimSpace(from); from != "" {
		if since, ok = r.instant(from); !ok {
			return name, since, until, false
		}
	}
	if to = strings.TrimSpace(to); to != "" {
		if until, ok = r.instant(to); !ok {
			return name, since, until, false
		}
	}
	return strings.TrimSpace(name), since, until, true
}

// instant reads the ways of writing a day that mean one day everywhere: 03/04 does not.
func (r *cells) instant(typed string) (time.Time, bool) {
	for _, form := range [...]string{
		time.RFC3339Nano, "2006-01-02", "2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05",
		"02.01.2006", "2.1.2006", "02.01.2006 15:04", "02.01.2006 15:04:05", "2006/01/02", "2006/1/2",
	} {
		if at, err := time.ParseInLocation(form, typed, r.table.reading.Zone); err == nil {
			return at.UTC().Truncate(time.Microsecond), at.Year() > 1900 && at.Year() < 3000
		}
	}
	return time.Time{}, false
}

// finish decides what several cells say together.
func (r *cells) finish() {
	x := &r.row.Customer
	if x.Name == "" {
		x.Name = strings.TrimSpace(r.first + " " + r.last)
	}
	region := r.region
	if len(region) != 2 {
		region = r.table.reading.Region
	}
	for _, p := range r.phones {
		for typed := range strings.FieldsFuncSeq(p.typed, func(x rune) bool { return x == '|' || x == ';' }) {
			address, refused := ParsePhone(typed, region)
			if refused != nil {
				r.refuse(p.column, refused)
				continue
			}
			r.contact(p.channel, address)
		}
	}
	r.finishFee()
	r.finishConsent()
	mailed := slices.ContainsFunc(x.Contacts, func(c Contact) bool { return c.Channel == Email })
	if len(r.faults) == 0 && x.External == "" && !mailed {
		r.refuse(-1, problem.New(problem.Invalid, "problem.import.nobody"))
	}
}

func (r *cells) finishFee() {
	if r.fee == "" {
		return
	}
	amount, err := money.Parse(r.fee, r.currency)
	if err != nil {
		r.refuse(r.feeAt, problem.New(problem.Invalid, "problem.import.fee", "typed", r.fee))
		return
	}
	r.row.Customer.Fee = amount
}

// finishConsent refuses a consent that proves nothing: without its text or its time it is only a claim.
func (r *cells) finishConsent() {
	c := &r.row.Consent
	if c.Text == "" && r.consentAt == "" && c.How == "" {
		return
	}
	at, ok := r.instant(r.consentAt)
	if c.Text == "" || !ok || at.After(r.table.reading.Now) {
		r.refuse(r.consentColumn, problem.New(problem.Invalid, "problem.import.consent"))
		return
	}
	c.At = at
}
