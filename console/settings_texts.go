package console

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"candor/money"
	"candor/problem"
	"candor/settings"
)

// A textsPage is how text messages leave, to whom, and what they may cost.
type textsPage struct {
	shell
	Home, Countries, Currency, Help input
	Prices, Order                   area
	Purses                          []input
	Revoke, InDoubt                 choice
	TwoWay                          bool
	Providers                       []providerRow
	PurseFaults                     []fault
	Rest                            []string
}

// An area is several lines to type.
type area struct {
	Name, Legend, Hint, Value string
	Rows                      int
	Fault                     fault
}

// ID is Name as an element may be called.
func (a area) ID() string { return idOf(a.Name) }

// A providerRow is one gateway in the form; the last one is empty, for another.
type providerRow struct {
	Number                  int
	New                     bool
	Kind, Method            choice
	Name, URL, User, Secret input
	From, Minute            input
	Froms, Headers, Body    area
	Success, Taken, ID      input
}

var (
	revokeWords  = map[settings.Scope]string{settings.RevokeAll: "Texts and calls to the number", settings.RevokeTexts: "Texts only"}
	inDoubtWords = map[settings.InDoubt]string{settings.RepeatIt: "Send it once more", settings.LeaveIt: "Leave it to the next rung"}
	kindWords    = map[settings.ProviderKind]string{settings.Twilio: "Twilio, or what speaks like it", settings.Gateway: "Another gateway over HTTP"}
)

func (f *Face) showTexts(w http.ResponseWriter, r *http.Request) error {
	return f.renderTexts(w, r, http.StatusOK, nil, nil)
}

func (f *Face) renderTexts(w http.ResponseWriter, r *http.Request, status int, chosen *settings.Settings, faults problem.List) error {
	s, err := f.frame(r, "Text messages", "", nil)
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	var p textsPage
	c := s.Company.Masked().SMS
	if chosen != nil {
		c = chosen.Masked().SMS
	}
	shown := p.view(s, c)
	all := c.Providers
	if len(faults) == 0 || len(all) == 0 {
		all = append(slices.Clone(all), settings.SMSProvider{})
	}
	for n, x := range all {
		row, fields := providerInForm(s, n, x)
		p.Providers, shown = append(p.Providers, row), append(shown, fields...)
	}
	p.shell, p.Rest = s, s.Elsewhere(shown...)
	return f.render(w, status, "texts", p)
}

func (p *textsPage) view(s shell, c settings.SMS) (shown []string) {
	field := func(name, legend, hint, value string) input {
		shown = append(shown, name)
		return s.input(name, "text", legend, hint, value)
	}
	text := func(name, legend, hint, value string) area {
		shown = append(shown, name)
		if s.typed.Has(name) {
			value = s.typed.Get(name)
		}
		return area{name, legend, hint, value, 3, s.Err(name)}
	}
	p.Home = field("sms.home", "Your country", "Two letters, such as DE. Texts go nowhere else unless it is named", c.Home)
	p.Countries = field("sms.countries", "Other countries", "Two letters each, such as AT, CH", strings.Join(c.Countries, ", "))
	p.Currency = field("sms.currency", "Currency of the prices", "Three letters, such as EUR", c.Currency)
	p.Prices = text("sms.prices", "Price of one part", "One country a line in the smallest unit, fractions rounded up: DE 8. A star is every other country: * 12", priceLines(c.Prices))
	p.Order = text("sms.order", "Providers by country", "One country a line: DE: first, second. A star is every other country. Empty: in the order below", orderLines(c.Order))
	p.Help = field("sms.help", "Where HELP sends people", "Empty: your support", c.Help)
	for name, x := range map[string]settings.Purse{"broadcast": c.Broadcast, "codes": c.Codes} {
		shown = append(shown, "sms."+name)
		p.PurseFaults = append(p.PurseFaults, s.Err("sms."+name))
		word := map[string]string{"broadcast": "What customers are told", "codes": "Codes to prove a number"}[name]
		p.Purses = append(p.Purses,
			field("sms."+name+".total", word+", a day", "The most it may cost, such as 250.00", amountOf(x.Total, c.Currency)),
			field("sms."+name+".country", word+", a day and country", "", amountOf(x.Country, c.Currency)))
	}
	slices.SortFunc(p.Purses, func(a, b input) int { return strings.Compare(a.Name, b.Name) })
	p.Revoke = choice{Name: "sms.revoke", Legend: "What STOP ends", Fault: s.Err("sms.revoke"), Options: []option{
		{string(settings.RevokeAll), revokeWords[settings.RevokeAll], c.Revoke != settings.RevokeTexts},
		{string(settings.RevokeTexts), revokeWords[settings.RevokeTexts], c.Revoke == settings.RevokeTexts},
	}}
	p.InDoubt = choice{Name: "sms.in_doubt", Legend: "If a provider hangs up before it answers", Fault: s.Err("sms.in_doubt"), Options: []option{
		{string(settings.RepeatIt), inDoubtWords[settings.RepeatIt], c.InDoubt != settings.LeaveIt},
		{string(settings.LeaveIt), inDoubtWords[settings.LeaveIt], c.InDoubt == settings.LeaveIt},
	}}
	p.TwoWay = c.TwoWay
	return append(shown, "sms.revoke", "sms.in_doubt")
}

// amountOf writes minor units as people do; nothing for nothing.
func amountOf(minor int64, currency string) string {
	if _, known := money.Digits(currency); minor == 0 || !known {
		return ""
	}
	return money.Amount{Minor: minor, Currency: currency}.Plain()
}

func priceLines(prices map[string]int64) string {
	var all []string
	for _, country := range slices.Sorted(maps.Keys(prices)) {
		all = append(all, starred(country)+" "+strconv.FormatInt(prices[country], 10))
	}
	return strings.Join(all, "\n")
}

func orderLines(order map[string][]string) string {
	var all []string
	for _, country := range slices.Sorted(maps.Keys(order)) {
		all = append(all, starred(country)+": "+strings.Join(order[country], ", "))
	}
	return strings.Join(all, "\n")
}

// starred is a country, or a star for every other one.
func starred(country string) string {
	if country == "" {
		return "*"
	}
	return country
}

func pairLines(m map[string]string) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		all = append(all, name+": "+m[name])
	}
	return strings.Join(all, "\n")
}

func providerInForm(s shell, n int, x settings.SMSProvider) (row providerRow, shown []string) {
	at, faults := "provider."+strconv.Itoa(n)+".", "sms.providers."+x.Name+"."
	field := func(name, legend, hint, value string) input {
		shown = append(shown, faults+name)
		return input{Name: at + name, Type: "text", Legend: legend, Hint: hint, Value: value, Fault: s.Err(faults + name)}
	}
	text := func(name, legend, hint, value string) area {
		shown = append(shown, faults+name)
		return area{at + name, legend, hint, value, 2, s.Err(faults + name)}
	}
	success := strings.Trim(fmt.Sprint(x.Success), "[]")
	row = providerRow{
		Number: n, New: x.Name == "" && x.URL == "" && x.User == "",
		Name: field("name", "Name", "Of a–z, 0–9 and hyphens; part of the address its receipts come to", x.Name),
		URL:  field("url", "Address", "Empty for Twilio itself. A gateway's may hold {to} {from} {text} {id} {receipt} {user} {secret}", x.URL),
		User: field("user", "Account", "", x.User), Secret: field("secret", "Secret", "", ""),
		From: field("from", "Sender", "A number, a short code, or up to 11 letters", x.From), Minute: field("minute", "Texts a minute", "Empty: as many as it takes", numberOr(x.Minute)),
		Froms:   text("froms", "Senders by country", "One a line: AT: Harbour", pairLines(x.Froms)),
		Headers: text("headers", "Headers", "One a line: Content-Type: application/json", pairLines(x.Headers)),
		Body:    text("body", "Body", "With the same placeholders, escaped for where they stand", x.Body),
		Success: field("success", "Statuses by which it takes a text", "Empty: 200 to 299", success),
		Taken:   field("taken", "What its answer must match", "A regular expression", x.Taken),
		ID:      field("id", "Where its answer has its name for the text", "/json/pointer, or an expression with one group", x.ID),
		Kind:    choice{Name: at + "kind", Legend: "It speaks", Fault: s.Err(faults + "kind")},
		Method:  choice{Name: at + "method", Legend: "Method", Fault: s.Err(faults + "method"), Options: []option{{"POST", "POST", x.Method != "GET"}, {"GET", "GET", x.Method == "GET"}}},
	}
	row.Secret.Type, row.Secret.Auto, row.Secret.Hint = "password", "new-password", "Not shown again"
	if before, kept := s.Company.SMS.Provider(x.Name); kept && before.Secret != "" {
		row.Secret.Hint = "One is kept for this name, account and address; empty leaves it"
	}
	for _, k := range [...]settings.ProviderKind{settings.Twilio, settings.Gateway} {
		row.Kind.Options = append(row.Kind.Options, option{string(k), kindWords[k], k == x.Kind})
	}
	return row, append(shown, faults+"kind", faults+"method")
}

func numberOr(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func (f *Face) postTexts(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	chosen := s.Company
	chosen.SMS = typedTexts(in, s.Company.SMS)
	chosen = chosen.Unmasked(s.Company)
	err = f.keepSettings(r, in, chosen)
	if refusals := ofForm(err); refusals != nil {
		return f.renderTexts(w, r, http.StatusUnprocessableEntity, &chosen, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/settings/sms?done=kept")
}

// words are what a list holds, however it is separated.
func words(typed string) []string {
	return strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\r' })
}

func typedTexts(in *form, stored settings.SMS) (c settings.SMS) {
	country := func(typed string) string { return strings.ToUpper(strings.Trim(strings.TrimSpace(typed), "*")) }
	c.Home, c.Currency, c.Help = country(in.text("sms.home")), strings.ToUpper(in.text("sms.currency")), in.text("sms.help")
	for _, x := range words(in.text("sms.countries")) {
		c.Countries = append(c.Countries, country(x))
	}
	for _, line := range splitLines(in.text("sms.prices")) {
		before, last, _ := cutLast(line)
		n, err := strconv.ParseInt(last, 10, 64)
		if err != nil {
			in.faults.Add(problem.Field("sms.prices", "problem.number", "typed", last))
			continue
		}
		if c.Prices == nil {
			c.Prices = map[string]int64{}
		}
		c.Prices[country(before)] = n
	}
	for _, line := range splitLines(in.text("sms.order")) {
		before, names, _ := strings.Cut(line, ":")
		if c.Order == nil {
			c.Order = map[string][]string{}
		}
		c.Order[country(before)] = words(names)
	}
	purse := func(name string) (p settings.Purse) {
		p.Total, p.Country = typedMinor(in, "sms."+name+".total", c.Currency), typedMinor(in, "sms."+name+".country", c.Currency)
		return p
	}
	c.Broadcast, c.Codes = purse("broadcast"), purse("codes")
	c.TwoWay, c.Revoke, c.InDoubt = in.checked("sms.two_way"), settings.Scope(in.text("sms.revoke")), settings.InDoubt(in.text("sms.in_doubt"))
	for n := range len(in.all("provider[]")) {
		if p, is := typedProvider(in, "provider."+strconv.Itoa(n)+".", stored); is {
			c.Providers = append(c.Providers, p)
		}
	}
	return c
}

// typedMinor is an amount in the currency's smallest unit.
func typedMinor(in *form, name, currency string) int64 {
	typed := in.text(name)
	if typed == "" {
		return 0
	}
	a, err := money.Parse(typed, currency)
	if err != nil {
		in.faults.Add(problem.Field(name, "problem.budget.money"))
	}
	return a.Minor
}

// typedProvider reads one gateway; one without a name, an account and an address is none.
func typedProvider(in *form, at string, stored settings.SMS) (p settings.SMSProvider, is bool) {
	p = settings.SMSProvider{
		Name: in.text(at + "name"), Kind: settings.ProviderKind(in.text(at + "kind")), URL: in.text(at + "url"), User: in.text(at + "user"),
		Secret: in.text(at + "secret"), From: in.text(at + "from"), Froms: typedPairs(in.text(at + "froms")), Minute: int64(in.whole(at + "minute")),
	}
	if in.checked(at+"remove") || p.Name == "" && p.User == "" && p.URL == "" {
		return p, false
	}
	if before, kept := stored.Provider(p.Name); kept && p.Secret == "" && before.Secret != "" {
		p.Secret = settings.Hidden
	}
	if p.Kind != settings.Gateway {
		return p, true
	}
	p.Method, p.Headers, p.Body = in.text(at+"method"), typedPairs(in.text(at+"headers")), strings.TrimSpace(lines(in.r.PostFormValue(at+"body")))
	p.Taken, p.ID = in.text(at+"taken"), in.text(at+"id")
	for _, x := range words(in.text(at + "success")) {
		n, _ := strconv.Atoi(x) // what is no number is no status either, and refused as such
		p.Success = append(p.Success, n)
	}
	return p, true
}

// typedPairs reads "name: value", one a line.
func typedPairs(typed string) (pairs map[string]string) {
	for _, line := range splitLines(typed) {
		name, value, _ := strings.Cut(line, ":")
		if pairs == nil {
			pairs = map[string]string{}
		}
		pairs[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return pairs
}
