package console

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"candor/amends"
	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/money"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// A termsPage is one contract's terms: as they are kept, or as somebody types them, with the questions a careful reader asks and a calculator.
type termsPage struct {
	shell
	Known     bool // they are kept already
	Number    int
	Earlier   []amends.Revision
	Name      input
	Plan      input
	Component choice
	Customers textArea
	Body      textArea
	Note      input
	Retired   bool
	Findings  []termsFinding
	Looked    bool // what is typed was looked at
	Rest      []string
	Starts    []option

	Fee, Currency, From, Until, TZ input
	Answer                         *termsAnswer
	MayKeep                        bool
}

// A termsFinding is one question about them.
type termsFinding struct {
	Level, Word, Where string
}

// A termsAnswer is what the terms pay for the outage that was typed.
type termsAnswer struct {
	Amount string
	Lines  []string
	Fault  string
}

var levelWords = map[amends.Level]string{amends.Fault: "Cannot be reckoned", amends.Question: "A question", amends.Hint: "Worth knowing"}

func termsOf(name string) string { return termsPath + "/" + name }

func (f *Face) showTerms(w http.ResponseWriter, r *http.Request) error {
	return f.renderTerms(w, r, http.StatusOK, r.PathValue("name"), nil)
}

func (f *Face) showNewTerms(w http.ResponseWriter, r *http.Request) error {
	return f.renderTerms(w, r, http.StatusOK, "", nil)
}

// renderTerms shows the editor: with what is kept under a name, or what was typed.
func (f *Face) renderTerms(w http.ResponseWriter, r *http.Request, status int, name string, faults problem.List) error {
	p := termsPage{}
	var components []component.Component
	s, err := f.frame(r, "Contract terms", "repair", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if components, err = tx.Components.All(ctx); err != nil || name == "" {
			return err
		}
		p.Earlier, err = tx.Terms.Named(ctx, name)
		return err
	})
	if err != nil {
		return err
	}
	if name != "" && len(p.Earlier) == 0 {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	s = s.asTyped(r, faults)
	p.shell, p.MayKeep = s, s.Actor.May(staff.Pay)
	kept := amends.Revision{Contract: amends.Contract{Terms: startingTerms(r.URL.Query().Get("from"))}}
	if len(p.Earlier) > 0 {
		kept, p.Known = p.Earlier[0], true
		p.Number = kept.Number
		p.Earlier = p.Earlier[1:]
	}
	if err := p.fill(kept, components); err != nil {
		return err
	}
	p.calculator()
	return f.render(w, status, "terms", p)
}

// fill sets the fields: what is kept, or what was typed over it.
func (p *termsPage) fill(kept amends.Revision, components []component.Component) error {
	s := p.shell
	terms := kept.Contract.Terms
	body, err := indented(terms)
	if err != nil {
		return err
	}
	p.Retired = kept.Retired || s.typed.Get("retired") == "1"
	p.Name = s.input("name", "text", "What the contract is called here", "Letters, digits, points and dashes: standard, gold-2024", kept.Name)
	p.Plan = s.input("plan", "text", "For customers on the plan", "Empty: any", kept.Contract.Plan)
	p.Note = s.input("note", "text", "Why it changes", "For whoever looks later", "")
	p.Component = choice{Name: "component", Legend: "For customers who use", Fault: s.Err("component"), Options: []option{{Word: "anything"}}}
	chosen := string(kept.Contract.Component)
	if s.typed.Has("component") {
		chosen = s.typed.Get("component")
	}
	for _, c := range components {
		if !c.Group && (c.ArchivedAt.IsZero() || string(c.ID) == chosen) {
			p.Component.Options = append(p.Component.Options, option{Value: string(c.ID), Word: s.In(c.Name), Chosen: chosen == string(c.ID)})
		}
	}
	named := make([]string, len(kept.Contract.Customers))
	for n, c := range kept.Contract.Customers {
		named[n] = string(c)
	}
	p.Customers = s.textArea("customers", strings.Join(named, "\n"))
	p.Body = s.textArea("body", body)
	if s.typed.Has("body") {
		typed, wrong := desk.ReadTerms(p.Name.Value, json.RawMessage(p.Body.Value), nil)
		if p.Looked = len(wrong) == 0; p.Looked {
			terms = typed
		}
	} else if p.Looked = p.Known; !p.Looked {
		p.Starts = startOptions
	}
	if p.Looked {
		for _, finding := range terms.Lint() {
			p.Findings = append(p.Findings, termsFinding{levelWords[finding.Level], finding.In(s.Words), finding.Where})
		}
		p.Answer = p.calculate(terms)
	}
	p.Rest = s.Elsewhere("name", "plan", "component", "customers", "body", "note", "from", "until", "fee", "currency")
	return nil
}

// indented is terms as people can read and change them.
func indented(t amends.Terms) (string, error) {
	body, err := json.Marshal(t)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, body, "", "  "); err != nil {
		return "", err
	}
	said := emptyLine.ReplaceAllString(out.String(), "")
	return lastComma.ReplaceAllString(said, "$1"), nil
}

// What terms do not say is not shown. Every field stands on its own line, and no line ends within a text.
var (
	emptyLine = regexp.MustCompile(`(?m)^ *"[a-z_]+": (null|"")(,)?\n`)
	lastComma = regexp.MustCompile(`,(\n *[}\]])`)
)

// calculator are the fields for an outage to try the terms on.
func (p *termsPage) calculator() {
	s := p.shell
	month := s.Now.In(s.Zone).AddDate(0, -1, 0)
	at := time.Date(month.Year(), month.Month(), 10, 9, 0, 0, 0, s.Zone)
	p.Fee = s.input("fee", "text", "Somebody pays a month", "", "100")
	p.Currency = s.input("currency", "text", "In", "", "EUR")
	p.From = s.moment("from", "It was down from", "", at, s.Zone)
	p.Until = s.moment("until", "Until", "", at.Add(90*time.Minute), s.Zone)
}

// calculate reckons the outage that was typed; nil while nothing was.
func (p *termsPage) calculate(t amends.Terms) *termsAnswer {
	s := p.shell
	if !s.typed.Has("fee") {
		return nil
	}
	in := form{r: &http.Request{Form: s.typed, PostForm: s.typed}, zone: s.Zone}
	from, until := in.at("from"), in.at("until")
	fee, err := money.Parse(in.text("fee"), in.text("currency"))
	if err != nil || from.IsZero() || until.IsZero() || !from.Before(until) {
		return &termsAnswer{Fault: "Type a fee with its currency, and an outage that ends after it began."}
	}
	c := amends.Case{ID: "try", Fee: new(amends.Number), Currency: fee.Currency, Month: from.In(s.Zone).Format("2006-01"), Zone: s.Zone.String()}
	exact, err := money.Exact(fee.Plain())
	if err != nil {
		return &termsAnswer{Fault: err.Error()}
	}
	c.Fee.Set(exact)
	if t.Period == amends.Quarter {
		c.Quarter = from.In(s.Zone).Format("2006-Q") + strconv.Itoa((int(from.In(s.Zone).Month())+2)/3)
	}
	if t.Zone != "customer" {
		c.Zone = ""
	}
	c.Outages = []amends.Outage{{Start: from, End: until}}
	credit, err := t.Compute(c)
	if err != nil {
		return &termsAnswer{Fault: err.Error()}
	}
	return &termsAnswer{Amount: s.Words.Decimal(credit.Amount()) + " " + credit.Currency, Lines: credit.Explain(s.Words)}
}

// postTerms keeps a revision, or only looks at what was typed.
func (f *Face) postTerms(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in, name := typed(r, s.Zone), r.PathValue("name")
	form := desk.TermsForm{
		Name: in.text("name"), Plan: in.text("plan"), Component: in.text("component"), Customers: splitLines(in.text("customers")),
		Body: json.RawMessage(strings.TrimSpace(r.PostFormValue("body"))), Note: in.text("note"), Retired: in.checked("retired"), Number: in.whole("number"),
	}
	if name != "" { // what a contract is called is not changed: its revisions would lose one another
		form.Name = name
	}
	if in.text("do") == "look" {
		_, wrong := desk.ReadTerms(form.Name, form.Body, nil)
		status := http.StatusOK
		if len(wrong) > 0 {
			status = http.StatusUnprocessableEntity
		}
		return f.renderTerms(w, r, status, name, wrong)
	}
	kept, err := f.desk.KeepTerms(r.Context(), form)
	if refusals := ofForm(err); refusals != nil {
		return f.renderTerms(w, r, http.StatusUnprocessableEntity, name, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, termsOf(kept.Name)+"?done=terms")
}

// startOptions are contracts to begin from; startingTerms is one of them.
var startOptions = []option{
	{Value: "tiers", Word: "Percent of the fee, by uptime"},
	{Value: "blocks", Word: "Percent for each half hour down"},
	{Value: "prorata", Word: "The fee of the time it was down, ten times over"},
	{Value: "days", Word: "A day’s fee for each hour down, or part of it"},
}

const (
	startTiers = `{"period":"calendar_month","tz":"UTC","commitment":"99.9","granularity":{"kind":"exact"},"overlap":"union","maintenance":"not_downtime",
		"model":{"type":"tiers","tiers":[{"lt":"99.9","ge":"99","pct":"10"},{"lt":"99","ge":"95","pct":"25"},{"lt":"95","pct":"100"}]},"cap":"100%","base":"monthly fee","claim":{"rule":"automatic"}}`
	startBlocks = `{"period":"incident","tz":"UTC","granularity":{"kind":"exact"},"maintenance":"not_downtime",
		"model":{"type":"per_block","block_s":"1800","round":"ceil","pct":"5","cap_pct":"100"},"claim":{"rule":"automatic"}}`
	startProrata = `{"period":"calendar_month","tz":"UTC","granularity":{"kind":"exact"},"maintenance":"not_downtime",
		"model":{"type":"prorata","multiplier":"10","cap_pct":"100"},"claim":{"rule":"automatic"}}`
	startDays = `{"period":"incident","tz":"UTC","granularity":{"kind":"exact"},"maintenance":"not_downtime",
		"model":{"type":"days_per_block","block_s":"3600","round":"ceil","days":"1","day_value":"fee/days_in_month","cap_pct":"100"},"claim":{"rule":"automatic"}}`
)

func startingTerms(from string) (t amends.Terms) {
	text := startTiers
	switch from {
	case "blocks":
		text = startBlocks
	case "prorata":
		text = startProrata
	case "days":
		text = startDays
	}
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		panic(err) // they are ours
	}
	return t
}

// ByWhom names who wrote a revision; the page's own Name is the contract's.
func (p termsPage) ByWhom(x id.Person) string { return p.shell.Name(x) }
