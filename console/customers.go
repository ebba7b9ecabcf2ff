package console

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"candor/audience"
	"candor/component"
	"candor/id"
	"candor/problem"
	"candor/store"
)

// A customersPage lists whom the company serves.
type customersPage struct {
	shell
	All    int64
	Search input
	Asked  bool
	Rows   []customerRow
	More   string
	Import bool
}

type customerRow struct {
	ID       id.Customer
	Said     string // a name, failing that their id or address
	External string
	Plan     string
	Reached  string
	Uses     string
}

func (f *Face) showCustomers(w http.ResponseWriter, r *http.Request) error {
	var p customersPage
	search := strings.TrimSpace(r.URL.Query().Get("search"))
	s, err := f.frame(r, "Customers", "reach", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if p.All, err = tx.Customers.Count(ctx); err != nil {
			return err
		}
		after := id.Customer("")
		if typed := r.URL.Query().Get("after"); typed != "" {
			if after, err = id.Parse[id.Customer](typed); err != nil {
				return problem.New(problem.NotFound, "problem.not_found")
			}
		}
		found, err := f.desk.Customers(ctx, tx, search, after, longPage+1)
		if err != nil {
			return err
		}
		if len(found) > longPage {
			found = found[:longPage]
			if search == "" {
				p.More = "/console/customers?after=" + url.QueryEscape(string(found[longPage-1].ID))
			}
		}
		all, err := tx.Components.All(ctx)
		for _, c := range found {
			p.Rows = append(p.Rows, rowOf(*s, c, all))
		}
		return err
	})
	if err != nil {
		return err
	}
	p.shell, p.Asked = s, search != ""
	p.Search = p.input("search", "search", "Find", "Your id, the beginning of a name, a whole address or number", search)
	p.Search.Value = search
	return f.render(w, http.StatusOK, "customers", p)
}

func rowOf(s shell, c audience.Customer, all []component.Component) customerRow {
	row := customerRow{ID: c.ID, Said: c.Name, External: c.External, Plan: c.Plan}
	var addresses, uses []string
	for _, x := range c.Contacts {
		addresses = append(addresses, string(x.Address))
	}
	for _, u := range c.Uses {
		uses = append(uses, nameOf(s, u.Component, all))
	}
	row.Reached, row.Uses = strings.Join(addresses, ", "), strings.Join(uses, ", ")
	for _, other := range []string{c.External, row.Reached, string(c.ID)} {
		if row.Said == "" {
			row.Said = other
		}
	}
	return row
}

// A customerPage is one customer: what they use, where they are reached, what they agreed to.
type customerPage struct {
	shell
	Row      customerRow
	Customer audience.Customer
	Fee      string
	Contacts []customerContact
	Uses     []customerUse
	Consents []audience.Consent
	Hits     []customerHit
	Erased   bool
}

// A customerHit is an incident that affected them, and how far we came.
type customerHit struct {
	Code     id.Code
	Title    string
	End, Why string
	Since    clock
}

type customerContact struct{ Channel, Address, State string }

type customerUse struct {
	Name         string
	Since, Until clock
	Ended        bool
}

// byWords are by what an address is reached.
var byWords = map[string]string{
	audience.Email: "mail", audience.SMS: "text message", audience.Voice: "phone", audience.Push: "push", audience.Webhook: "webhook", audience.Chat: "chat",
}

func (f *Face) showCustomer(w http.ResponseWriter, r *http.Request) error {
	x, err := id.Parse[id.Customer](r.PathValue("customer"))
	if err != nil {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	var p customerPage
	s, err := f.frame(r, "Customer", "reach", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if p.Customer, err = tx.Customers.ByID(ctx, x); err != nil {
			return err
		}
		if p.Consents, err = tx.Customers.Consents(ctx, x); err != nil {
			return err
		}
		all, err := tx.Components.All(ctx)
		if err != nil {
			return err
		}
		p.Row = rowOf(*s, p.Customer, all)
		for _, u := range p.Customer.Uses {
			p.Uses = append(p.Uses, customerUse{nameOf(*s, u.Component, all), s.since(u.Since), s.since(u.Until), !u.Until.IsZero() && u.Until.Before(s.Now)})
		}
		if err := p.hits(ctx, tx, *s); err != nil {
			return err
		}
		return p.contacts(ctx, tx)
	})
	if err != nil {
		return err
	}
	p.shell, p.Fee, p.Erased = s, p.Customer.Fee.String(), !p.Customer.ErasedAt.IsZero()
	return f.render(w, http.StatusOK, "customer", p)
}

func (p *customerPage) hits(ctx context.Context, tx *store.Tx, s shell) error {
	all, err := tx.Affected.OfCustomer(ctx, p.Customer.ID)
	if err != nil {
		return err
	}
	for _, x := range all {
		i, err := tx.Incidents.ByID(ctx, x.Incident)
		if err != nil {
			return err
		}
		p.Hits = append(p.Hits, customerHit{i.Code, s.In(i.Title), endWord(s, x.Ended), whyWord(s, x.Reason), s.Clock(x.Since)})
	}
	return nil
}

// since is an instant's words, none for no instant.
func (s shell) since(t time.Time) clock {
	if t.IsZero() {
		return clock{}
	}
	return s.Clock(t)
}

func (p *customerPage) contacts(ctx context.Context, tx *store.Tx) error {
	for _, c := range p.Customer.Contacts {
		if c.Address == "" {
			continue // erased
		}
		state := "receives"
		if reason, err := tx.Suppressions.Of(ctx, c.Channel, c.Address.Key()); err == nil {
			state = "nothing is sent there: " + string(reason)
		} else if !c.EndedAt.IsZero() {
			state = "stopped"
		}
		p.Contacts = append(p.Contacts, customerContact{byWords[c.Channel], string(c.Address), state})
	}
	return nil
}

func (f *Face) postEraseCustomer(w http.ResponseWriter, r *http.Request) error {
	x, err := id.Parse[id.Customer](r.PathValue("customer"))
	if err != nil {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	if !typed(r, nil).checked("sure") {
		return back(w, r, "/console/customers/"+string(x))
	}
	if err := f.desk.EraseCustomer(r.Context(), x); err != nil {
		return err
	}
	return back(w, r, "/console/customers/"+string(x)+"?done=erased")
}

// postCustomerExport answers with everything held about a customer, as a file for them.
func (f *Face) postCustomerExport(w http.ResponseWriter, r *http.Request) error {
	x, err := id.Parse[id.Customer](r.PathValue("customer"))
	if err != nil {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	all, err := f.desk.ExportCustomer(r.Context(), x)
	if err != nil {
		return err
	}
	if r.PathValue("format") == "csv" {
		attach(w, "text/csv; charset=utf-8", "customer.csv")
		return all.CSV(w)
	}
	attach(w, "application/json", "customer.json")
	return all.JSON(w)
}

// postCustomersExport answers with all customers, for a spreadsheet and for our own import.
func (f *Face) postCustomersExport(w http.ResponseWriter, r *http.Request) error {
	attach(w, "text/csv; charset=utf-8", "customers.csv")
	_, err := f.desk.ExportCustomers(r.Context(), w, "csv")
	return err
}

func attach(w http.ResponseWriter, kind, name string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}
