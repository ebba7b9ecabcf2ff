package console

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"candor/amends"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/money"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// An offerPage is how an approved run is offered: the form that begins it, then its money from what was approved to what the book holds.
type offerPage struct {
	shell
	Run      amends.Run
	About    string
	Offering *amends.Offering
	State    string
	Reason   string
	Money    []offerMoney
	Exports  []store.Export
	Failed   []offerFailed
	MayPay   bool
	Form     offerForm
}

// An offerForm is how somebody wants a run offered.
type offerForm struct {
	Words                            []wordsIn
	Fault                            fault
	Signer, Redeeming, Silence       choice
	Expires, Available, Answer, Days input
}

// A wordsIn are the signer's words in one language.
type wordsIn struct {
	Tag         lang.Tag
	Name, Value string
}

// offerMoney is one currency of a reconciliation, as it is read.
type offerMoney struct {
	Currency                  string
	Approved, Offered, Added  string
	Rows                      []offerState
	Missing, Open             string
	Balanced, AllOut, Settled bool
}

type offerState struct {
	Word, Sum string
	Offers    int64
}

// An offerFailed is one that the book refused.
type offerFailed struct {
	Customer id.Customer
	Name     string
	Sum      string
	Why      string
	Next     time.Time
}

var offeringWords = map[amends.OfferingState]string{
	amends.OnTrial: "the first fifty redeemed are booked and compared before the rest", amends.Going: "what is redeemed is booked", amends.Halted: "halted", amends.Closed: "closed: every cent is settled or lapsed",
}

var haltWords = map[amends.HaltReason]string{
	amends.BookDiffers: "The billing system holds other sums than it was given. Look before more is booked.",
	amends.BookRefuses: "The billing system refused some of the first fifty. Look before more is booked.",
}

var offerWords = map[amends.OfferState]string{
	amends.OfferOpen: "offered, not redeemed", amends.OfferRedeemed: "redeemed, on the way to the book", amends.OfferFailed: "refused by the book, tried again",
	amends.OfferBooked: "in the book, not yet compared", amends.OfferSettled: "settled to the cent", amends.OfferLapsed: "lapsed",
}

var refusalWords = map[string]string{
	"no_account": "the book knows no such customer", "no_charge": "there is nothing to refund", "no_currency": "the book does not keep this currency for them",
	"no_such_coin": "the book counts in coarser coins", "not_allowed": "our key may not do this", "unlike": "the book has another sum under this key",
}

func offerPath(x id.CreditRun) string { return runPath(x) + "/offer" }

func (f *Face) showOffer(w http.ResponseWriter, r *http.Request) error {
	return f.renderOffer(w, r, http.StatusOK, nil)
}

func (f *Face) renderOffer(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	x, err := runOf(r)
	if err != nil {
		return err
	}
	var p offerPage
	var people []staff.Person
	s, err := f.frame(r, "Offer credits", "repair", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if p.Run, err = tx.CreditRuns.ByID(ctx, x); err != nil {
			return err
		}
		if p.About, err = aboutRun(ctx, tx, *s, p.Run); err != nil {
			return err
		}
		if people, err = tx.People.All(ctx); err != nil {
			return err
		}
		return p.read(ctx, tx, *s)
	})
	if err != nil {
		return err
	}
	all, err := f.desk.Reconcile(r.Context(), x)
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	p.shell, p.MayPay = s, s.Actor.May(staff.Pay)
	for _, m := range all {
		p.Money = append(p.Money, s.offerMoney(m))
	}
	if p.Offering == nil {
		p.Form = s.offerForm(people)
	}
	return f.render(w, status, "offer", p)
}

func (p *offerPage) read(ctx context.Context, tx *store.Tx, s shell) error {
	o, err := tx.Offerings.Of(ctx, p.Run.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p.Offering, p.State, p.Reason = &o, offeringWords[o.State], haltWords[o.Reason]
	if p.Exports, err = tx.Exports.Of(ctx, p.Run.ID, 30); err != nil {
		return err
	}
	failed, err := tx.Offers.Failed(ctx, p.Run.ID, 50)
	for _, x := range failed {
		c, err := tx.Customers.ByID(ctx, x.Customer)
		if err != nil {
			return err
		}
		why := refusalWords[x.Reason]
		if why == "" {
			why = "the book refused it"
		}
		p.Failed = append(p.Failed, offerFailed{Customer: x.Customer, Name: c.Called(), Sum: s.Money(x.Amount), Why: why, Next: x.NextAt})
	}
	return err
}

func (s shell) offerMoney(m amends.Reconciliation) offerMoney {
	of := func(minor int64) string { return s.Money(money.Amount{Minor: minor, Currency: m.Currency}) }
	x := offerMoney{
		Currency: m.Currency, Approved: of(m.Approved), Offered: of(m.Offered), Missing: of(m.Missing()), Open: of(m.Open()), Balanced: m.Balanced(),
		AllOut: m.Missing() == 0, Settled: m.Missing() == 0 && m.Open() == 0,
	}
	if m.Added > 0 {
		x.Added = of(m.Added)
	}
	for _, state := range amends.OfferStates {
		if m.Count[state] > 0 {
			x.Rows = append(x.Rows, offerState{offerWords[state], of(m.In[state]), m.Count[state]})
		}
	}
	return x
}

func (s shell) offerForm(people []staff.Person) (f offerForm) {
	for _, tag := range s.Company.Languages {
		name := "words." + string(tag)
		f.Words = append(f.Words, wordsIn{Tag: tag, Name: name, Value: s.typed.Get(name)})
	}
	f.Fault = s.Err("words")
	chosen := s.typed.Get("signer")
	if chosen == "" {
		chosen = string(s.Me().ID)
	}
	f.Signer = peopleChoice(s, "signer", "Signed by", people, chosen)
	pick := func(name, legend string, words ...[2]string) choice {
		c := choice{Name: name, Legend: legend, Fault: s.Err(name)}
		for n, w := range words {
			c.Options = append(c.Options, option{Value: w[0], Word: w[1], Chosen: s.typed.Get(name) == w[0] || n == 0 && !s.typed.Has(name)})
		}
		return c
	}
	f.Redeeming = pick("redeeming", "How they get it", [2]string{"button", "One touch on a button"}, [2]string{"automatic", "By itself, the letter only says so"})
	f.Silence = pick("silence", "Who says nothing until the end", [2]string{"credit", "Is credited anyway"}, [2]string{"lapse", "Gets nothing"})
	f.Expires = s.moment("expires_at", "The end of the offer", "", s.Now.Add(14*24*time.Hour).Truncate(time.Hour), s.Zone)
	f.Available = s.moment("available_by", "We promise that everybody has it by", "It stands on the public page", s.Now.Add(7*24*time.Hour).Truncate(time.Hour), s.Zone)
	f.Days = s.input("remind", "text", "Reminders, days before the end", "Several between commas", "7, 1")
	f.Answer = s.input("answer_hours", "number", "Who objects is answered within, in hours", "", "24")
	return f
}

// postOffer begins to offer a run.
func (f *Face) postOffer(w http.ResponseWriter, r *http.Request) error {
	x, err := runOf(r)
	if err != nil {
		return err
	}
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in, faults := offerOf(r, s, x)
	if len(faults) == 0 {
		_, err = f.desk.OfferRun(r.Context(), in)
		faults = ofForm(err)
	}
	if faults != nil {
		return f.renderOffer(w, r, http.StatusUnprocessableEntity, faults)
	}
	if err != nil {
		return err
	}
	return back(w, r, offerPath(x)+"?done=offered")
}

// anOffering runs an act on how a run is offered, and leads back to its page.
func (f *Face) anOffering(done string, act func(r *http.Request, run id.CreditRun) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		x, err := runOf(r)
		if err != nil {
			return err
		}
		err = act(r, x)
		if refusals := ofForm(err); refusals != nil {
			return f.renderOffer(w, r, http.StatusConflict, refusals)
		}
		if err != nil {
			return err
		}
		return back(w, r, offerPath(x)+"?done="+done)
	}
}

func (f *Face) postGoOn(w http.ResponseWriter, r *http.Request) error {
	return f.anOffering("booking", func(r *http.Request, x id.CreditRun) error { return f.desk.GoOn(r.Context(), x) })(w, r)
}

func (f *Face) postConfirmExport(w http.ResponseWriter, r *http.Request) error {
	return f.anOffering("export-booked", func(r *http.Request, _ id.CreditRun) error {
		n, err := exportOf(r)
		if err != nil {
			return err
		}
		return f.desk.ConfirmExport(r.Context(), n)
	})(w, r)
}

func exportOf(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue("export"), 10, 64)
	if err != nil || n <= 0 {
		return 0, problem.New(problem.NotFound, "problem.not_found")
	}
	return n, nil
}

// showExport is the file that finance imports.
func (f *Face) showExport(w http.ResponseWriter, r *http.Request) error {
	n, err := exportOf(r)
	if err != nil {
		return err
	}
	attach(w, "text/csv; charset=utf-8", desk.ExportName(n))
	return f.desk.ExportFile(r.Context(), n, w)
}

// offerOf reads how a run is to be offered.
func offerOf(r *http.Request, s shell, x id.CreditRun) (in desk.OfferOf, faults problem.List) {
	f := typed(r, s.Zone)
	in = desk.OfferOf{Run: x, Words: f.texts("words"), Signer: f.person("signer"), ExpiresAt: f.at("expires_at"), AvailableBy: f.at("available_by")}
	in.Policy = amends.Policy{Redeeming: amends.Redeeming(f.text("redeeming")), Silence: amends.Silence(f.text("silence")), Answer: time.Duration(f.whole("answer_hours")) * time.Hour}
	for _, days := range strings.FieldsFunc(f.text("remind"), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 || n > 366 {
			f.faults.Add(problem.Field("remind", "problem.offer.remind"))
			break
		}
		in.Policy.Remind = append(in.Policy.Remind, time.Duration(n)*24*time.Hour)
	}
	return in, f.faults
}
