package desk

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"time"

	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// A Dossier is everything we hold about one customer (GDPR, Art. 15 and 20).
type Dossier struct {
	Customer Record           `json:"customer"`
	Contacts []DossierContact `json:"contacts"`
	Consents []DossierConsent `json:"consents"`
	Calls    []store.Spoken   `json:"calls"`
}

// A DossierContact is an address, what its owner chose, and what was sent there and came back.
type DossierContact struct {
	Channel      string                     `json:"channel"`
	Address      audience.Address           `json:"address"`
	Language     string                     `json:"language"`
	State        string                     `json:"state"`
	CreatedAt    time.Time                  `json:"created_at"`
	ConfirmedAt  time.Time                  `json:"confirmed_at,omitzero"`
	EndedAt      time.Time                  `json:"ended_at,omitzero"`
	Suppressed   audience.SuppressionReason `json:"suppressed,omitempty"`
	SharedBy     int                        `json:"shared_by" doc:"How many customers have this address"`
	Messages     []DossierMessage           `json:"messages"`
	Received     []store.Received           `json:"received"`
	KeptLetters  []string                   `json:"kept_letters,omitempty"`
	MessagesLeft bool                       `json:"messages_left_out,omitempty"`
}

// A DossierMessage is one message to an address.
type DossierMessage struct {
	ID        id.Delivery `json:"id"`
	State     reach.State `json:"state"`
	PlannedAt time.Time   `json:"planned_at"`
	UpdatedAt time.Time   `json:"updated_at"`
	Code      string      `json:"code,omitempty"`
	Reason    string      `json:"reason,omitempty"`
}

// A DossierConsent is what somebody agreed to.
type DossierConsent struct {
	Text string    `json:"text"`
	How  string    `json:"how"`
	At   time.Time `json:"at"`
}

// mostMessages of one address are written out: ten years of daily outages.
const mostMessages = 10_000

// ExportCustomer gathers everything we hold about a customer, and notes that it was asked for.
func (d *Desk) ExportCustomer(ctx context.Context, x id.Customer) (all Dossier, err error) {
	defer wrap(&err, "export customer %s", x)
	if err := need(ctx, staff.Know); err != nil {
		return all, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		all, err = dossier(ctx, tx, x)
		return err
	})
	if err != nil {
		return all, err
	}
	at := now()
	return all, d.db.Write(ctx, func(tx *store.Tx) error {
		return d.audit(ctx, tx, at, "export customer", string(x), nil, nil)
	})
}

func dossier(ctx context.Context, tx *store.Tx, x id.Customer) (all Dossier, err error) {
	c, err := tx.Customers.ByID(ctx, x)
	if errors.Is(err, store.ErrNotFound) {
		return all, problem.New(problem.NotFound, "problem.not_found")
	}
	if err != nil {
		return all, err
	}
	names, err := ComponentNames(ctx, tx)
	if err != nil {
		return all, err
	}
	all.Customer = NewRecord(c, names)
	for _, contact := range c.Contacts {
		about, err := dossierContact(ctx, tx, contact)
		if err != nil {
			return all, err
		}
		all.Contacts = append(all.Contacts, about)
	}
	consents, err := tx.Customers.Consents(ctx, x)
	if err != nil {
		return all, err
	}
	for _, k := range consents {
		all.Consents = append(all.Consents, DossierConsent{k.Text, k.How, k.At})
	}
	all.Calls, err = tx.Customers.SpokenWith(ctx, x)
	return all, err
}

func dossierContact(ctx context.Context, tx *store.Tx, c audience.Contact) (about DossierContact, err error) {
	about = DossierContact{
		Channel: c.Channel, Address: c.Address, Language: string(c.Language), State: c.State(), CreatedAt: c.CreatedAt,
		ConfirmedAt: c.ConfirmedAt, EndedAt: c.EndedAt, Messages: []DossierMessage{},
	}
	sharing, err := tx.Customers.Sharing(ctx, c.ID)
	if err != nil {
		return about, err
	}
	about.SharedBy = len(sharing)
	if about.Suppressed, err = tx.Suppressions.Of(ctx, c.Channel, c.Address.Key()); err != nil && !errors.Is(err, store.ErrNotFound) {
		return about, err
	}
	messages, err := tx.Deliveries.OfContact(ctx, c.ID, "", mostMessages)
	if err != nil {
		return about, err
	}
	about.MessagesLeft = len(messages) == mostMessages
	for _, m := range messages {
		about.Messages = append(about.Messages, DossierMessage{m.ID, m.State, m.PlannedAt, m.UpdatedAt, m.Code, m.Reason})
	}
	if about.Received, err = tx.Contacts.ReceivedFrom(ctx, c.ID); err != nil {
		return about, err
	}
	about.KeptLetters, err = tx.Contacts.LettersTo(ctx, c.ID)
	return about, err
}

// JSON writes the dossier for machines.
func (a Dossier) JSON(out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(a)
}

// CSV writes the dossier for people with a spreadsheet, one fact a line. No cell becomes a formula (B6).
func (a Dossier) CSV(out io.Writer) error {
	w := csv.NewWriter(out)
	line := func(what string, at time.Time, where, said, detail string) {
		_ = w.Write([]string{what, day(at), audience.SafeCell(where), audience.SafeCell(said), audience.SafeCell(detail)}) // Error tells at the end
	}
	_ = w.Write([]string{"what", "when", "where", "said", "detail"})
	for i, cell := range a.Customer.cells() {
		if cell != "" {
			_ = w.Write([]string{"profile", "", exportHeadings[i], cell, ""})
		}
	}
	for _, k := range a.Consents {
		line("consent", k.At, "", k.Text, k.How)
	}
	for _, c := range a.Contacts {
		line("contact", c.CreatedAt, string(c.Address), c.Channel, c.State)
		if c.Suppressed != "" {
			line("suppressed", time.Time{}, string(c.Address), string(c.Suppressed), "")
		}
		for _, m := range c.Messages {
			line("message", m.UpdatedAt, string(c.Address), string(m.State), m.Code+" "+m.Reason)
		}
		for _, r := range c.Received {
			line("received", r.At, string(c.Address), r.Kind, r.Code+" "+r.Reason+" "+r.Body)
		}
		for _, text := range c.KeptLetters {
			line("letter", time.Time{}, string(c.Address), text, "")
		}
	}
	for _, s := range a.Calls {
		line("call", s.At, s.Number, s.Outcome, s.Name+" "+s.Note)
	}
	w.Flush()
	return w.Error()
}
