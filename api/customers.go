package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/store"
)

// customer as programs see it: what an export says, and our own id.
type customer struct {
	Customer id.Customer `json:"customer" doc:"cus_…"`
	desk.Record
	ErasedAt time.Time `json:"erased_at,omitzero"`
}

type customerBody struct {
	Body customer
}

type listCustomers struct {
	Search string      `query:"search" maxLength:"254" doc:"An id of your own, the beginning of a name, or a whole address or number; the answer is then by name and one page"`
	After  id.Customer `query:"after" maxLength:"40" doc:"The customer of the last one of the page before"`
	Limit  int         `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type customerList struct {
	Body struct {
		Customers []customer `json:"customers"`
	}
}

func (a *API) listCustomers(ctx context.Context, in *listCustomers) (*customerList, error) {
	out := &customerList{}
	if _, err := id.Parse[id.Customer](string(in.After)); err != nil && in.After != "" {
		return nil, problem.New(problem.NotFound, "problem.not_found") // a keyset would go on after anything (V1)
	}
	err := a.db.Read(ctx, func(tx *store.Tx) (err error) {
		out.Body.Customers = []customer{}
		names, err := desk.ComponentNames(ctx, tx)
		if err != nil {
			return err
		}
		all, err := a.desk.Customers(ctx, tx, in.Search, in.After, in.Limit)
		for _, c := range all {
			out.Body.Customers = append(out.Body.Customers, customer{c.ID, desk.NewRecord(c, names), c.ErasedAt})
		}
		return err
	})
	return out, err
}

// CustomerPath names one.
type CustomerPath struct {
	ID string `path:"id" doc:"What your own systems call the customer, or cus_…" maxLength:"200"`
}

// customerOf finds a customer by either name.
func customerOf(ctx context.Context, tx *store.Tx, ref string) (audience.Customer, error) {
	if x, err := id.Parse[id.Customer](ref); err == nil {
		return tx.Customers.ByID(ctx, x)
	}
	return tx.Customers.ByExternal(ctx, ref)
}

func (a *API) find(ctx context.Context, ref string) (c audience.Customer, names map[id.Component]string, err error) {
	err = a.db.Read(ctx, func(tx *store.Tx) (err error) {
		if c, err = customerOf(ctx, tx, ref); err != nil {
			return err
		}
		names, err = desk.ComponentNames(ctx, tx)
		return err
	})
	return c, names, err
}

func (a *API) showCustomer(ctx context.Context, in *CustomerPath) (*customerBody, error) {
	c, names, err := a.find(ctx, in.ID)
	return &customerBody{customer{c.ID, desk.NewRecord(c, names), c.ErasedAt}}, err
}

type putCustomer struct {
	CustomerPath
	Body struct {
		Name       string               `json:"name,omitempty" maxLength:"200"`
		Language   lang.Tag             `json:"language,omitempty" doc:"Left out: the company's"`
		Zone       string               `json:"timezone,omitempty" maxLength:"64" doc:"Such as Europe/Berlin; left out: the company's"`
		Plan       string               `json:"plan,omitempty" maxLength:"200"`
		Fee        string               `json:"fee,omitempty" maxLength:"32" doc:"Per month, such as 12.50"`
		Currency   string               `json:"currency,omitempty" maxLength:"3"`
		Country    string               `json:"country,omitempty" maxLength:"2" doc:"Of phone numbers without a country code"`
		Components []customerUse        `json:"components,omitempty" maxItems:"500"`
		Contacts   []desk.RecordContact `json:"contacts,omitempty" maxItems:"50" doc:"In order of preference; channel is email, sms, voice or webhook"`
	}
}

type customerUse struct {
	ID    id.Component `json:"id" maxLength:"40"`
	Since time.Time    `json:"since,omitzero"`
	Until time.Time    `json:"until,omitzero"`
}

func (a *API) putCustomer(ctx context.Context, in *putCustomer) (*customerBody, error) {
	b := in.Body
	form := desk.CustomerForm{
		Name: b.Name, Language: string(b.Language), Zone: b.Zone, Plan: b.Plan, Fee: b.Fee, Currency: b.Currency, Region: b.Country, Contacts: b.Contacts,
	}
	for _, u := range b.Components {
		form.Uses = append(form.Uses, audience.Use{Component: u.ID, Since: u.Since, Until: u.Until})
	}
	external := in.ID
	if x, err := id.Parse[id.Customer](in.ID); err == nil {
		c, _, err := a.find(ctx, string(x))
		if err != nil {
			return nil, err
		}
		external = c.External
	}
	c, _, err := a.desk.PutCustomer(ctx, external, form)
	if err != nil {
		return nil, err
	}
	return a.showCustomer(ctx, &CustomerPath{string(c.ID)})
}

func (a *API) eraseCustomer(ctx context.Context, in *CustomerPath) (*struct{}, error) {
	c, _, err := a.find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.desk.EraseCustomer(ctx, c.ID)
}

type dossierBody struct {
	Body desk.Dossier
}

func (a *API) exportCustomer(ctx context.Context, in *CustomerPath) (*dossierBody, error) {
	c, _, err := a.find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	all, err := a.desk.ExportCustomer(ctx, c.ID)
	return &dossierBody{all}, err
}

// maxImport bounds a file that comes over a wire (B12). A larger one is imported on the machine itself.
const maxImport = 50 << 20

// mostFaults are answered; the count is always whole.
const mostFaults = 1000

type importCustomers struct {
	Preview bool   `query:"preview" doc:"Say what would happen, and write nothing"`
	Strict  bool   `query:"strict" doc:"All rows or none"`
	Country string `query:"country" maxLength:"2" doc:"Of phone numbers without a country code, such as DE"`

	body io.Reader
}

// Resolve takes the body as it comes instead of into memory, and gives a long file the time it needs: who sends it has shown a token.
func (in *importCustomers) Resolve(ctx huma.Context) []error {
	r, w := humago.Unwrap(ctx)
	wire := http.NewResponseController(w)
	until := time.Now().Add(longestImport)
	if err := errors.Join(wire.SetReadDeadline(until), wire.SetWriteDeadline(until)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return []error{err}
	}
	in.body = http.MaxBytesReader(w, r.Body, maxImport)
	return nil
}

const longestImport = 15 * time.Minute

type imported struct {
	Body struct {
		desk.Imported
		Faults []importFault `json:"faults" doc:"The first thousand"`
	}
}

type importFault struct {
	Line    int    `json:"line"`
	Column  int    `json:"column,omitempty" doc:"From 1; left out where the whole row is meant"`
	Heading string `json:"heading,omitempty"`
	Reason  string `json:"reason"`
}

func (a *API) importCustomers(ctx context.Context, in *importCustomers) (*imported, error) {
	select {
	case a.importing <- struct{}{}:
		defer func() { <-a.importing }()
	default:
		return nil, problem.New(problem.TooMany, "problem.busy")
	}
	out := &imported{}
	out.Body.Faults = []importFault{}
	words := lang.For(lang.English)
	done, err := a.desk.ImportCustomers(ctx, in.body, desk.Import{
		Strict: in.Strict, Look: in.Preview, Region: in.Country,
		Fault: func(f audience.Fault) {
			if len(out.Body.Faults) < mostFaults {
				out.Body.Faults = append(out.Body.Faults, importFault{f.Line, f.Column, f.Heading, words.T(f.Problem.Key, f.Problem.Args...)})
			}
		},
	})
	if errors.As(err, new(*http.MaxBytesError)) {
		return nil, problem.New(problem.TooLarge, "problem.import.large")
	}
	out.Body.Imported = done
	return out, err
}
