package settings

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"candor/money"
	"candor/problem"
)

// SMS is how text messages leave, to whom, and what they may cost. Without providers none leaves: such deliveries end with that reason.
type SMS struct {
	Home      string        `json:"home,omitempty"`      // the company's country, ISO 3166: the only one texts go to unless more are named
	Countries []string      `json:"countries,omitempty"` // the others
	Providers []SMSProvider `json:"providers,omitempty"`
	// Order names the providers to try, by country; "" is every other country. A country that is not there tries all in their order.
	Order map[string][]string `json:"order,omitempty"`

	// Prices of one segment by country in the currency's smallest unit, fractions rounded up; "" is every other country.
	Currency string           `json:"currency,omitempty"`
	Prices   map[string]int64 `json:"prices,omitempty"`
	// What a day may cost at most. Codes have their own purse: whoever pumps codes must not silence what customers are told (B4).
	Broadcast Purse `json:"broadcast,omitzero"`
	Codes     Purse `json:"codes,omitzero"`

	TwoWay  bool    `json:"two_way,omitempty"`  // answers come back to us, so texts may say that STOP ends them
	Revoke  Scope   `json:"revoke,omitempty"`   // what STOP ends; empty is all
	InDoubt InDoubt `json:"in_doubt,omitempty"` // what becomes of a text nobody knows about; empty is repeat
	Help    string  `json:"help,omitempty"`     // where HELP sends people; empty is Settings.Support
}

// A Purse is what a day (UTC) may cost, in the currency's smallest unit.
type Purse struct {
	Total   int64 `json:"total"`
	Country int64 `json:"country"` // each
}

// A Scope is what a customer's STOP ends.
type Scope string

const (
	RevokeAll   Scope = "all"   // texts and calls to the number: what the FCC asks from 31 January 2027 on
	RevokeTexts Scope = "texts" // texts only
)

// InDoubt decides about a text whose provider hung up before it answered and says nothing of it for a minute.
type InDoubt string

const (
	RepeatIt   InDoubt = "repeat" // once
	LeaveIt    InDoubt = "person" // not again: the ladder goes on, to a person in the end
	twilioHost         = "https://api.twilio.com"
)

// SMSProvider is one gateway.
type SMSProvider struct {
	Name   string            `json:"name"` // of a–z, 0–9 and hyphens; part of the address its receipts come to
	Kind   ProviderKind      `json:"kind"`
	URL    string            `json:"url,omitempty"` // of Twilio's the base, empty for Twilio itself
	User   string            `json:"user,omitempty"`
	Secret string            `json:"secret,omitempty"`
	From   string            `json:"from,omitempty"`  // number, short code, or up to 11 letters
	Froms  map[string]string `json:"froms,omitempty"` // by country
	Minute int64             `json:"minute,omitempty"`

	// Of a gateway: placeholders are {to} {from} {text} {id} {coding} {receipt} {user} {secret} {basic}, escaped for where they stand.
	Method  string            `json:"method,omitempty"` // GET or POST
	Headers map[string]string `json:"headers,omitempty"`
	Body    string            `json:"body,omitempty"`
	Success []int             `json:"success,omitempty"` // statuses by which it takes a text; none: 200 to 299
	Taken   string            `json:"taken,omitempty"`   // a regular expression the answer must match, too
	ID      string            `json:"id,omitempty"`      // where the answer has its name for the text: /json/pointer, or an expression with one group
}

// ProviderKind is what a gateway speaks.
type ProviderKind string

const (
	Twilio  ProviderKind = "twilio"
	Gateway ProviderKind = "http"
)

// Base is where Twilio's API is.
func (p SMSProvider) Base() string {
	if p.URL == "" {
		return twilioHost
	}
	return strings.TrimSuffix(p.URL, "/")
}

// Sender is who a text to a country comes from.
func (p SMSProvider) Sender(country string) string {
	if from, ok := p.Froms[country]; ok {
		return from
	}
	return p.From
}

// Price of one segment to a country.
func (s SMS) Price(country string) money.Amount {
	minor, ok := s.Prices[country]
	if !ok {
		minor = s.Prices[""]
	}
	return money.Amount{Minor: minor, Currency: s.Currency}
}

// Allows reports whether texts may go to a country: the company's own, and those it named (B4).
func (s SMS) Allows(country string) bool {
	return country != "" && (country == s.Home || slices.Contains(s.Countries, country))
}

// For are the providers for a country, the first to be tried first.
func (s SMS) For(country string) (all []SMSProvider) {
	names, ok := s.Order[country]
	if !ok {
		names, ok = s.Order[""]
	}
	if !ok {
		return s.Providers
	}
	for _, name := range names {
		if p, ok := s.Provider(name); ok {
			all = append(all, p)
		}
	}
	return all
}

// Provider finds one by its name.
func (s SMS) Provider(name string) (SMSProvider, bool) {
	for _, p := range s.Providers {
		if p.Name == name {
			return p, true
		}
	}
	return SMSProvider{}, false
}

func (s SMS) masked() SMS {
	s.Providers = slices.Clone(s.Providers)
	for i := range s.Providers {
		if s.Providers[i].Secret != "" {
			s.Providers[i].Secret = Hidden
		}
	}
	return s
}

// unmasked takes a secret back only for the same login at the same address: who may change an address must not learn by it what was hidden.
func (s SMS) unmasked(stored SMS) SMS {
	s.Providers = slices.Clone(s.Providers)
	for i, p := range s.Providers {
		if p.Secret != Hidden {
			continue
		}
		s.Providers[i].Secret = ""
		if before, ok := stored.Provider(p.Name); ok && before.User == p.User && sameHost(before.Base(), p.Base()) {
			s.Providers[i].Secret = before.Secret
		}
	}
	return s
}

func sameHost(a, b string) bool {
	x, err := url.Parse(a)
	y, err2 := url.Parse(b)
	return err == nil && err2 == nil && x.Scheme == y.Scheme && x.Host == y.Host
}

// check reports everything at once.
func (s SMS) check() (wrong problem.List) {
	if len(s.Providers) == 0 && len(s.Order) == 0 && s.Home == "" {
		return nil
	}
	countries := append([]string{s.Home}, s.Countries...)
	for i, c := range countries {
		if !isCountry(c) || slices.Contains(countries[:i], c) {
			wrong.Add(problem.Field("sms.countries", "problem.sms.country"))
		}
	}
	for i, p := range s.Providers {
		if slices.ContainsFunc(s.Providers[:i], func(q SMSProvider) bool { return q.Name == p.Name }) {
			wrong.Add(problem.Field(p.field("name"), "problem.sms.name"))
		}
		wrong = append(wrong, p.check()...)
	}
	for country, names := range s.Order {
		known := country == "" || isCountry(country)
		for _, name := range names {
			_, is := s.Provider(name)
			known = known && is
		}
		if !known || len(names) == 0 {
			wrong.Add(problem.Field("sms.order", "problem.sms.order"))
		}
	}
	wrong = append(wrong, s.checkMoney(countries)...)
	if s.Revoke != "" && s.Revoke != RevokeAll && s.Revoke != RevokeTexts {
		wrong.Add(problem.Field("sms.revoke", "problem.choice"))
	}
	if s.InDoubt != "" && s.InDoubt != RepeatIt && s.InDoubt != LeaveIt {
		wrong.Add(problem.Field("sms.in_doubt", "problem.choice"))
	}
	wrong.Add(Line("sms.help", s.Help, longestName))
	return wrong
}

// checkMoney wants a price for every country texts may go to, and a lid on both purses: without them a day has no limit.
func (s SMS) checkMoney(countries []string) (wrong problem.List) {
	if len(s.Providers) == 0 {
		return nil
	}
	if _, known := money.Digits(s.Currency); !known {
		wrong.Add(problem.Field("sms.currency", "problem.sms.currency"))
	}
	for _, c := range countries {
		if s.Price(c).Minor <= 0 {
			wrong.Add(problem.Field("sms.prices", "problem.sms.price", "country", c))
		}
	}
	for country, price := range s.Prices {
		if country != "" && !isCountry(country) || price <= 0 || price > 1_000_000 {
			wrong.Add(problem.Field("sms.prices", "problem.sms.price", "country", country))
		}
	}
	for name, p := range map[string]Purse{"broadcast": s.Broadcast, "codes": s.Codes} {
		if p.Total <= 0 || p.Country <= 0 || p.Country > p.Total {
			wrong.Add(problem.Field("sms."+name, "problem.sms.purse"))
		}
	}
	return wrong
}

func isCountry(c string) bool {
	return len(c) == 2 && strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func (p SMSProvider) field(name string) string { return "sms.providers." + p.Name + "." + name }

func (p SMSProvider) check() (wrong problem.List) {
	if p.Name == "" || len(p.Name) > 32 || strings.Trim(p.Name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		wrong.Add(problem.Field("sms.providers", "problem.sms.name"))
	}
	for country, from := range p.Froms {
		if !isCountry(country) || !isSender(from) {
			wrong.Add(problem.Field(p.field("froms"), "problem.sms.from"))
		}
	}
	if !isSender(p.From) && (p.Kind == Twilio || p.From != "") {
		wrong.Add(problem.Field(p.field("from"), "problem.sms.from"))
	}
	if p.Minute < 0 {
		wrong.Add(problem.Field(p.field("minute"), "problem.choice"))
	}
	for name, value := range map[string]string{"user": p.User, "secret": p.Secret} {
		if Line("", value, longestLine) != nil {
			wrong.Add(problem.Field(p.field(name), "problem.text.characters"))
		}
	}
	switch p.Kind {
	case Twilio:
		if p.User == "" || p.Secret == "" || strings.ContainsAny(p.User, "/?#:") {
			wrong.Add(problem.Field(p.field("user"), "problem.sms.login"))
		}
		wrong.Add(p.checkURL(false))
	case Gateway:
		wrong = append(wrong, p.checkGateway()...)
	default:
		wrong.Add(problem.Field(p.field("kind"), "problem.choice"))
	}
	return wrong
}

// IsService reports whether a sender is the id of a Twilio messaging service, which chooses among numbers.
func IsService(from string) bool { return len(from) == 34 && strings.HasPrefix(from, "MG") }

// isSender takes a number, a short code, or up to eleven letters and digits, as networks show them (3GPP TS 23.040, 9.1.2.5).
func isSender(from string) bool {
	if IsService(from) {
		return strings.Trim(from[2:], "0123456789abcdef") == ""
	}
	number := strings.TrimPrefix(from, "+")
	if number != "" && strings.Trim(number, "0123456789") == "" {
		return len(number) >= 3 && len(number) <= 15
	}
	return from != "" && len(from) <= 11 && strings.TrimFunc(from, func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(" -_.&", r)
	}) == ""
}

// checkURL keeps placeholders out of the part that decides whom we speak to: no customer's text chooses a host.
func (p SMSProvider) checkURL(placeholders bool) *problem.Problem {
	if p.URL == "" && p.Kind == Twilio {
		return nil
	}
	refused := problem.Field(p.field("url"), "problem.sms.url")
	if Line("", p.URL, 2000) != nil {
		return refused
	}
	head, _, _ := strings.Cut(p.URL, "?")
	u, err := url.Parse(head)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.Fragment != "" ||
		strings.ContainsAny(u.Host, "{}") || !placeholders && strings.ContainsAny(p.URL, "{}?") || strings.Contains(p.URL, "#") {
		return refused
	}
	return nil
}

var placeholder = regexp.MustCompile(`\{[a-z]*\}`)

// placeholders a gateway's URL, headers and body may hold.
var placeholders = []string{"{to}", "{from}", "{text}", "{id}", "{coding}", "{receipt}", "{user}", "{secret}", "{basic}"}

func (p SMSProvider) checkGateway() (wrong problem.List) {
	wrong.Add(p.checkURL(true))
	if p.Method != "GET" && p.Method != "POST" {
		wrong.Add(problem.Field(p.field("method"), "problem.choice"))
	}
	all := p.URL + p.Body
	for name, value := range p.Headers {
		all += value
		if Line("", value, longestLine) != nil || name == "" || strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			wrong.Add(problem.Field(p.field("headers"), "problem.sms.header"))
		}
	}
	wrong.Add(Lines(p.field("body"), p.Body, longestBody))
	for _, found := range placeholder.FindAllString(all, -1) {
		if !slices.Contains(placeholders, found) {
			wrong.Add(problem.Field(p.field("url"), "problem.sms.placeholder"))
		}
	}
	if !strings.Contains(p.URL+p.Body, "{to}") || !strings.Contains(p.URL+p.Body, "{text}") {
		wrong.Add(problem.Field(p.field("url"), "problem.sms.placeholder"))
	}
	if strings.Contains(p.contentType(), "json") && !json.Valid([]byte(placeholder.ReplaceAllString(p.Body, "0"))) {
		wrong.Add(problem.Field(p.field("body"), "problem.sms.body"))
	}
	for _, status := range p.Success {
		if status < 200 || status > 299 {
			wrong.Add(problem.Field(p.field("success"), "problem.sms.success"))
		}
	}
	if _, err := regexp.Compile(p.Taken); err != nil {
		wrong.Add(problem.Field(p.field("taken"), "problem.sms.pattern"))
	}
	if p.ID != "" && p.ID[0] != '/' {
		if found, err := regexp.Compile(p.ID); err != nil || found.NumSubexp() != 1 {
			wrong.Add(problem.Field(p.field("id"), "problem.sms.pattern"))
		}
	}
	return wrong
}

func (p SMSProvider) contentType() string {
	for name, value := range p.Headers {
		if strings.EqualFold(name, "Content-Type") {
			return strings.ToLower(value)
		}
	}
	return ""
}
