package console

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"candor/amends"
	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/money"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// A runPage is one credit run: what it comes to, how it is spread, who gets most, who nothing and why, and what may be done with it.
type runPage struct {
	shell
	Run                         amends.Run
	Code                        id.Code // of the incident; empty for a month
	About                       string
	State                       string
	Supplements, SupplementedBy id.CreditRun
	Sums                        []runSum
	Nothing                     []runWhy
	Largest                     []runLargest
	Edits                       []runEdit
	Form                        editForm
	MayEdit                     bool
	MayApprove                  bool
	Above                       bool // the limit: it takes two
	Moved                       bool
}

// A runSum is one currency of it.
type runSum struct {
	Currency, Total string
	Customers       int
	Goodwill        int
	Bars            []runBar
}

// A runBar is one bar of the distribution, with its place in the drawing.
type runBar struct {
	Label     string
	Customers int
	X, Y      int
	W, H      int
}

// A runWhy is how many get nothing, and why.
type runWhy struct {
	Why       amends.Why
	Word      string
	Customers int
}

// A runLargest is one of those who get most.
type runLargest struct {
	Customer id.Customer
	Name     string
	Amount   string
	Terms    string
	Why      string
}

// A runEdit is a rule of the run in words.
type runEdit struct {
	N          int
	What, Whom string
	Reason     string
}

// An editForm is a rule to be added.
type editForm struct {
	Act, Component, Why                           choice
	Percent, Months, Sum, Plans, Currency, Reason input
	Customers                                     textArea
}

// whyWords say what became of a customer.
var whyWords = map[amends.Why]string{
	amends.IsOwed: "owed by contract", amends.IsGoodwill: "of our own accord", amends.IsKept: "the contract owes nothing for this",
	amends.IsGap: "no row of the contract covers it: somebody has to decide", amends.IsTooSmall: "less than the contract issues, or than a coin",
	amends.NoFee: "pays nothing, or nobody said what", amends.NoContract: "no terms are for them", amends.NotComputed: "could not be reckoned",
	amends.IsLeftOut: "left out by a rule of this run", amends.IsGiven: "as much was credited before",
}

var actWords = map[amends.Act]string{
	amends.Give: "Give at least", amends.Cap: "Give of our own accord at most", amends.LeaveOut: "Leave out", amends.TakeIn: "Take in again",
}

func runOf(r *http.Request) (id.CreditRun, error) {
	x, err := id.Parse[id.CreditRun](r.PathValue("run"))
	if err != nil {
		return "", problem.New(problem.NotFound, "problem.not_found")
	}
	return x, nil
}

func (f *Face) showRun(w http.ResponseWriter, r *http.Request) error {
	return f.renderRun(w, r, http.StatusOK, nil)
}

func (f *Face) renderRun(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	x, err := runOf(r)
	if err != nil {
		return err
	}
	var p runPage
	var components []component.Component
	s, err := f.frame(r, "Credit run", "repair", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if p.Run, err = tx.CreditRuns.ByID(ctx, x); err != nil {
			return err
		}
		if components, err = tx.Components.All(ctx); err != nil {
			return err
		}
		return p.read(ctx, tx, s, f.desk)
	})
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	p.shell = s
	p.MayEdit = p.Run.State.Open() && s.Actor.May(staff.Pay)
	p.Above = desk.AboveLimit(s.Company, p.Run.Totals)
	p.MayApprove = p.MayEdit && p.Run.State == amends.Drafted && !p.Moved && p.Run.ApprovedBy != s.Me().ID
	p.describe(components)
	p.Form = s.editForm(components)
	return f.render(w, status, "credit-run", p)
}

func (p *runPage) read(ctx context.Context, tx *store.Tx, s *shell, d *desk.Desk) (err error) {
	if p.About, err = aboutRun(ctx, tx, *s, p.Run); err != nil {
		return err
	}
	p.State = runStates[p.Run.State]
	s.Title = "Credits: " + p.About
	if p.Run.Basis.Incident != "" {
		i, err := tx.Incidents.ByID(ctx, p.Run.Basis.Incident)
		if err != nil {
			return err
		}
		p.Code = i.Code
	}
	all, err := tx.CreditRuns.Of(ctx, p.Run.Basis.Incident, p.Run.Basis.Month)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.Supplements == p.Run.ID && other.State != amends.Dropped {
			p.SupplementedBy = other.ID
		}
	}
	if p.Run.State != amends.Reckoning && p.Run.State != amends.Dropped && p.SupplementedBy == "" {
		if p.Moved, err = d.Moved(ctx, tx, p.Run); err != nil {
			return err
		}
	}
	for _, o := range p.Run.Totals.Largest {
		c, err := tx.Customers.ByID(ctx, o.Customer)
		if err != nil {
			return err
		}
		p.Largest = append(p.Largest, runLargest{
			Customer: o.Customer, Name: c.Called(), Amount: s.Money(o.Amount), Terms: o.Terms, Why: whyWords[o.Why],
		})
	}
	return nil
}

// describe turns totals and rules into words and bars.
func (p *runPage) describe(components []component.Component) {
	for _, currency := range slices.Sorted(maps.Keys(p.Run.Totals.Sums)) {
		sum := p.Run.Totals.Sums[currency]
		p.Sums = append(p.Sums, runSum{
			Currency: currency, Total: p.Coins(sum.Minor, currency), Customers: sum.Customers, Goodwill: sum.Goodwill, Bars: p.bars(*sum, currency),
		})
	}
	for _, why := range slices.Sorted(maps.Keys(p.Run.Totals.Nothing)) {
		p.Nothing = append(p.Nothing, runWhy{why, whyWords[why], p.Run.Totals.Nothing[why]})
	}
	slices.SortStableFunc(p.Nothing, func(a, b runWhy) int { return b.Customers - a.Customers })
	for n, e := range p.Run.Basis.Edits {
		p.Edits = append(p.Edits, runEdit{N: n, What: p.editWords(e), Whom: p.whomWords(e.Where, components), Reason: e.Reason})
	}
}

// The drawing of a distribution, in its own units.
const (
	chartWidth  = 1000
	chartHeight = 240
)

// bars draws how the sums are spread; a bar with anybody in it is high enough to be seen.
func (s shell) bars(sum amends.Sum, currency string) (all []runBar) {
	if len(sum.Spread) == 0 {
		return nil
	}
	most, width := 1, chartWidth/len(sum.Spread)
	for _, b := range sum.Spread {
		most = max(most, b.Customers)
	}
	for i, b := range sum.Spread {
		height := max(b.Customers*chartHeight/most, 2)
		all = append(all, runBar{
			Label: s.Money(money.Amount{Minor: b.From(), Currency: currency}) + " to less than " + s.Money(money.Amount{Minor: b.Below, Currency: currency}), Customers: b.Customers,
			X: i*width + width/20, Y: chartHeight - height, W: max(min(width*9/10, 160), 1), H: height,
		})
	}
	return all
}

func (s shell) editWords(e amends.Edit) string {
	words := actWords[e.Act]
	if e.Percent != nil {
		words += " " + s.Words.Decimal(amends.Plain(&e.Percent.Rat)) + " % of the fee"
	}
	if e.Months != nil {
		words += " " + s.Words.Decimal(amends.Plain(&e.Months.Rat)) + " × the monthly fee"
	}
	if e.Fixed != nil {
		words += " " + s.Money(*e.Fixed)
	}
	return words
}

func (s shell) whomWords(w amends.Condition, components []component.Component) string {
	if w.Empty() {
		return "everybody"
	}
	var words []string
	for _, plan := range w.Plans {
		words = append(words, "plan "+plan)
	}
	for _, c := range components {
		if c.ID == w.Component {
			words = append(words, "who uses "+s.In(c.Name))
		}
	}
	if n := len(w.Customers); n > 0 {
		words = append(words, s.Words.Number(int64(n))+" named")
	}
	if w.Currency != "" {
		words = append(words, "who pays in "+w.Currency)
	}
	if w.Why != "" {
		words = append(words, whyWords[w.Why])
	}
	return join(words)
}

func join(words []string) (all string) {
	for n, word := range words {
		if n > 0 {
			all += ", "
		}
		all += word
	}
	return all
}

func (s shell) editForm(components []component.Component) (f editForm) {
	f.Act = choice{Name: "act", Legend: "What", Fault: s.Err("act")}
	for n, act := range amends.Acts {
		f.Act.Options = append(f.Act.Options, option{Value: string(act), Word: actWords[act], Chosen: s.typed.Get("act") == string(act) || n == 0 && !s.typed.Has("act")})
	}
	f.Percent = s.input("percent", "text", "Percent of the monthly fee", "At most 150", "")
	f.Months = s.input("months", "text", "Or months of it", "1 is a month back", "")
	f.Sum = s.input("sum", "text", "Or a sum", "5 EUR; for who pays in that currency", "")
	f.Reason = s.input("reason", "text", "Why", "Who approves reads it, and each customer it touches", "")
	f.Plans = s.input("plans", "text", "On a plan", "Several between commas", "")
	f.Currency = s.input("currency", "text", "Who pays in", "EUR", "")
	f.Component = choice{Name: "component", Legend: "Who uses", Fault: s.Err("component"), Options: []option{{Word: "anything"}}}
	for _, c := range components {
		if !c.Group && c.ArchivedAt.IsZero() {
			f.Component.Options = append(f.Component.Options, option{Value: string(c.ID), Word: s.In(c.Name), Chosen: s.typed.Get("component") == string(c.ID)})
		}
	}
	f.Why = choice{Name: "why", Legend: "Whose contract comes to", Options: []option{{Word: "anything"}}}
	for _, why := range []amends.Why{amends.IsOwed, amends.IsKept, amends.IsGap, amends.IsTooSmall, amends.NoContract, amends.NotComputed} {
		f.Why.Options = append(f.Why.Options, option{Value: string(why), Word: whyWords[why], Chosen: s.typed.Get("why") == string(why)})
	}
	f.Customers = s.textArea("customers", "")
	return f
}

// postEdit adds a rule to a draft.
func (f *Face) postEdit(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	edit := in.edit(amends.Act(in.text("act")))
	return f.editRun(w, r, in, desk.AddEdit(edit))
}

// postWithoutEdit takes one away.
func (f *Face) postWithoutEdit(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	return f.editRun(w, r, typed(r, nil), desk.WithoutEdit(n))
}

func (f *Face) editRun(w http.ResponseWriter, r *http.Request, in *form, change func([]amends.Edit) []amends.Edit) error {
	x, err := runOf(r)
	if err != nil {
		return err
	}
	var run amends.Run
	if err = in.faults.Err(); err == nil {
		run, err = f.desk.EditRun(r.Context(), x, change)
	}
	if refusals := ofForm(err); refusals != nil {
		return f.renderRun(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, runPath(run.ID)+"#rules")
}

func (f *Face) postApproveRun(w http.ResponseWriter, r *http.Request) error {
	x, err := runOf(r)
	if err != nil {
		return err
	}
	run, err := f.desk.ApproveRun(r.Context(), x, r.PostFormValue("digest"))
	if refusals := ofForm(err); refusals != nil {
		return f.renderRun(w, r, http.StatusConflict, refusals)
	}
	if err != nil {
		return err
	}
	if run.Waiting() {
		return back(w, r, runPath(x)+"?done=credits-first")
	}
	return back(w, r, runPath(x)+"?done=credits-approved")
}

func (f *Face) postDropRun(w http.ResponseWriter, r *http.Request) error {
	x, err := runOf(r)
	if err != nil {
		return err
	}
	err = f.desk.RejectRun(r.Context(), x)
	if refusals := ofForm(err); refusals != nil {
		return f.renderRun(w, r, http.StatusConflict, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, creditsPath+"?done=credits-dropped")
}

// Total is a run's sum in a currency, for who approves it.
func (p runPage) Total() (all string) {
	var sums []string
	for _, sum := range p.Sums {
		sums = append(sums, sum.Total)
	}
	if len(sums) == 0 {
		return "nothing"
	}
	return join(sums)
}

// Reckoned reports that every customer is.
func (p runPage) Reckoned() bool { return p.Run.State != amends.Reckoning }

// Final reports that it stands.
func (p runPage) Final() bool { return p.Run.State.Final() }

// Customers are how many are reckoned.
func (p runPage) Customers() int64 { return int64(p.Run.Totals.Customers) }

// Count64 is a count in the reader's way.
func (p runPage) Count64(n int) string { return p.Count(int64(n)) }
