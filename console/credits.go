package console

import (
	"cmp"
	"context"
	"maps"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"

	"candor/amends"
	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/money"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

const (
	creditsPath = "/console/credits"
	runsPath    = creditsPath + "/runs"
	termsPath   = creditsPath + "/terms"
)

// A creditsPage is what waits for finance, what was drafted and approved, and the terms it is reckoned by.
type creditsPage struct {
	shell
	Waiting []runRow
	Runs    []runRow
	Terms   []termsRow
	Owing   []incident.Incident // over, affected customers, and no run yet
	Month   input
}

// A runRow is one run as a list shows it.
type runRow struct {
	ID       id.CreditRun
	About    string
	State    string
	Sums     []string
	By       id.Person
	At       time.Time
	Done     int
	Adds     bool // it supplements another
	Second   bool // one person has approved it
	MineWas  bool // and that was who looks
	Moved    bool // approved, and the outage's times were corrected since
	Reckoned bool
}

// A termsRow is one contract's terms as a list shows them.
type termsRow struct {
	Name, For string
	Number    int
	At        time.Time
	By        id.Person
	Retired   bool
	Questions int
}

func (f *Face) showCredits(w http.ResponseWriter, r *http.Request) error {
	return f.renderCredits(w, r, http.StatusOK, nil)
}

func (f *Face) showAllCredits(w http.ResponseWriter, r *http.Request) error {
	return back(w, r, creditsPath)
}

func (f *Face) renderCredits(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	var p creditsPage
	s, err := f.frame(r, "Credits", "repair", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		latest, err := tx.CreditRuns.Latest(ctx, 100)
		if err != nil {
			return err
		}
		ran := map[id.Incident]bool{}
		rows, err := f.runRows(ctx, tx, *s, latest)
		if err != nil {
			return err
		}
		for n, run := range latest {
			ran[run.Basis.Incident] = true
			if run.State.Open() {
				p.Waiting = append(p.Waiting, rows[n])
			} else {
				p.Runs = append(p.Runs, rows[n])
			}
		}
		if p.Owing, err = owing(ctx, tx, s.Now, ran); err != nil {
			return err
		}
		p.Terms, err = termsRows(ctx, tx, *s)
		return err
	})
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	p.Month = s.input("month", "month", "Month", "Everything that was down in it, for all customers", s.Now.In(s.Zone).AddDate(0, -1, 0).Format("2006-01"))
	p.shell = s
	return f.render(w, status, "credits", p)
}

// owes is how far back an incident without a run is still asked about.
const owes = 90 * 24 * time.Hour

// waitingRuns are the drafts that finance has to look at, for who may approve them.
func (f *Face) waitingRuns(ctx context.Context, tx *store.Tx, s shell) (rows []runRow, err error) {
	if !s.Actor.May(staff.Pay) {
		return nil, nil
	}
	drafts, err := tx.CreditRuns.In(ctx, amends.Drafted)
	if err != nil {
		return nil, err
	}
	return f.runRows(ctx, tx, s, drafts)
}

// creditsOf are the runs of one incident, for its page.
func (f *Face) creditsOf(ctx context.Context, tx *store.Tx, s shell, i id.Incident) (rows []runRow, err error) {
	all, err := tx.CreditRuns.OfIncident(ctx, i)
	if err != nil {
		return nil, err
	}
	return f.runRows(ctx, tx, s, slices.DeleteFunc(all, func(r amends.Run) bool { return r.State == amends.Dropped }))
}

func (f *Face) runRows(ctx context.Context, tx *store.Tx, s shell, runs []amends.Run) (rows []runRow, err error) {
	for _, run := range runs {
		row, err := runRowOf(ctx, tx, s, run)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, f.markMoved(ctx, tx, runs, rows)
}

// owing are incidents that are over, hit customers hard, and of which nobody has reckoned what is owed.
func owing(ctx context.Context, tx *store.Tx, now time.Time, ran map[id.Incident]bool) (all []incident.Incident, err error) {
	past, err := tx.Incidents.Between(ctx, now.Add(-owes), now)
	for _, i := range past {
		if i.Open() || i.Kind != incident.Outage || ran[i.ID] || i.Visibility != incident.Public {
			continue
		}
		all = append(all, i)
	}
	slices.SortFunc(all, func(a, b incident.Incident) int { return b.ResolvedAt.Compare(a.ResolvedAt) })
	return all[:min(len(all), 20)], err
}

// runStates are what a run's states are called.
var runStates = map[amends.State]string{
	amends.Reckoning: "being reckoned", amends.Drafted: "waits for approval", amends.Approved: "approved", amends.Offered: "offered",
	amends.Dropped: "dropped",
}

func runRowOf(ctx context.Context, tx *store.Tx, s shell, run amends.Run) (row runRow, err error) {
	row = runRow{
		ID: run.ID, State: runStates[run.State], By: run.MadeBy, At: run.MadeAt, Done: run.Done(), Adds: run.Supplements != "",
		Second: run.Waiting(), MineWas: run.ApprovedBy == s.Me().ID, Reckoned: run.State != amends.Reckoning,
	}
	for _, currency := range slices.Sorted(maps.Keys(run.Totals.Sums)) {
		row.Sums = append(row.Sums, s.Coins(run.Totals.Sums[currency].Minor, currency))
	}
	row.About, err = aboutRun(ctx, tx, s, run)
	return row, err
}

// mostMoved is of how many approved runs it is looked whether their facts have changed: each look reads a month of outages.
const mostMoved = 10

// markMoved notes of the newest approved runs, which nothing supplements yet, whether their facts have changed.
func (f *Face) markMoved(ctx context.Context, tx *store.Tx, runs []amends.Run, rows []runRow) (err error) {
	added := map[id.CreditRun]bool{}
	for _, run := range runs {
		added[run.Supplements] = true
	}
	looked := 0
	for n, run := range runs {
		if !run.State.Final() || added[run.ID] || looked == mostMoved {
			continue
		}
		looked++
		if rows[n].Moved, err = f.desk.Moved(ctx, tx, run); err != nil {
			return err
		}
	}
	return nil
}

// aboutRun names what a run is about.
func aboutRun(ctx context.Context, tx *store.Tx, s shell, run amends.Run) (string, error) {
	if run.Basis.Incident == "" {
		return "Month " + run.Basis.Month, nil
	}
	i, err := tx.Incidents.ByID(ctx, run.Basis.Incident)
	return s.In(i.Title), err
}

func termsRows(ctx context.Context, tx *store.Tx, s shell) (rows []termsRow, err error) {
	all, err := tx.Terms.Holding(ctx)
	if err != nil {
		return nil, err
	}
	components, err := tx.Components.All(ctx)
	for _, r := range all {
		row := termsRow{Name: r.Name, For: s.forWhom(r.Contract, components), Number: r.Number, At: r.At, By: r.By, Retired: r.Retired}
		for _, finding := range r.Contract.Terms.Lint() {
			if finding.Level == amends.Question {
				row.Questions++
			}
		}
		rows = append(rows, row)
	}
	return rows, err
}

// forWhom says whose terms they are.
func (s shell) forWhom(c amends.Contract, all []component.Component) string {
	var parts []string
	if n := len(c.Customers); n > 0 {
		parts = append(parts, "customers named in them")
	}
	if c.Plan != "" {
		parts = append(parts, "plan "+c.Plan)
	}
	for _, x := range all {
		if x.ID == c.Component {
			parts = append(parts, "who uses "+s.In(x.Name))
		}
	}
	if len(parts) == 0 {
		return "everybody else"
	}
	return strings.Join(parts, ", ")
}

// Coins is a sum as people write it in the reader's language.
func (s shell) Coins(minor *big.Int, currency string) string {
	digits, _ := money.Digits(currency)
	return s.Words.Decimal(money.Decimal(minor, digits)) + " " + currency
}

// Money is an amount as people write it.
func (s shell) Money(a money.Amount) string {
	if a.Currency == "" {
		return ""
	}
	return s.Coins(big.NewInt(a.Minor), a.Currency)
}

// postRun drafts a run: of an incident, or of a month.
func (f *Face) postRun(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	form := desk.RunForm{Month: in.text("month"), By: cmp.Or(amends.By(in.text("by")), amends.ByContract), Again: in.checked("again")}
	if code, ok := id.ParseCode(in.text("incident")); ok {
		form.Incident = code
	}
	if x, err := id.Parse[id.CreditRun](in.text("of")); err == nil { // its rules go with it
		if form.Edits, err = f.editsOf(r, x); err != nil {
			return err
		}
	}
	run, err := f.desk.DraftRun(r.Context(), form)
	if refusals := ofForm(err); refusals != nil {
		return f.renderCredits(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, runPath(run.ID))
}

// editsOf are the rules of a run.
func (f *Face) editsOf(r *http.Request, x id.CreditRun) (edits []amends.Edit, err error) {
	err = f.db.Read(r.Context(), func(tx *store.Tx) error {
		run, err := tx.CreditRuns.ByID(r.Context(), x)
		edits = run.Basis.Edits
		return err
	})
	return edits, err
}

func runPath(x id.CreditRun) string { return runsPath + "/" + string(x) }

// edit is a rule as it was typed.
func (f *form) edit(act amends.Act) (e amends.Edit) {
	e.Act, e.Reason = act, f.text("reason")
	e.Percent, e.Months = f.number("percent"), f.number("months")
	if sum := f.text("sum"); sum != "" {
		e.Fixed = f.amount("sum", sum)
	}
	e.Where.Plans = splitList(f.text("plans"))
	e.Where.Component = id.Component(f.text("component"))
	for _, name := range splitLines(f.text("customers")) {
		e.Where.Customers = append(e.Where.Customers, id.Customer(name))
	}
	e.Where.Currency = strings.ToUpper(f.text("currency"))
	e.Where.Why = amends.Why(f.text("why"))
	return e
}

// number is a decimal number; nil if none was typed.
func (f *form) number(name string) *amends.Number {
	typed := strings.ReplaceAll(f.text(name), ",", ".")
	if typed == "" {
		return nil
	}
	exact, err := money.Exact(typed)
	if err != nil {
		f.faults.Add(problem.Field(name, "problem.number", "typed", typed))
		return nil
	}
	n := new(amends.Number)
	n.Set(exact)
	return n
}

// amount reads "12.50 EUR".
func (f *form) amount(name, typed string) *money.Amount {
	at := strings.LastIndexAny(typed, " \u00a0")
	if at < 0 {
		f.faults.Add(problem.Field(name, "problem.edit.sum"))
		return nil
	}
	a, err := money.Parse(typed[:at], typed[at+1:])
	if err != nil {
		f.faults.Add(problem.Field(name, "problem.edit.sum"))
		return nil
	}
	return &a
}

func splitList(typed string) (all []string) {
	for one := range strings.SplitSeq(typed, ",") {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, one)
		}
	}
	return all
}

// A runPart is what the template of one row needs.
type runPart struct {
	S   shell
	Row runRow
}

// Row is one of the list.
func (p creditsPage) Row(row runRow) runPart { return runPart{p.shell, row} }
