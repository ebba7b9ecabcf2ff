package desk

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/staff"
	"candor/store"
)

// exportHeadings are those an import understands, so that an export is a file to edit and import again.
var exportHeadings = []string{
	"id", "name", "language", "timezone", "plan", "fee", "currency", "components", "email", "mobile", "phone", "webhook", "created at", "updated at",
}

// A Record is one customer as exports and the API write them.
type Record struct {
	External   string          `json:"id,omitempty"`
	Name       string          `json:"name,omitempty"`
	Language   lang.Tag        `json:"language"`
	Zone       string          `json:"timezone,omitempty"`
	Plan       string          `json:"plan,omitempty"`
	Fee        string          `json:"fee,omitempty"`
	Currency   string          `json:"currency,omitempty"`
	Components []RecordUse     `json:"components"`
	Contacts   []RecordContact `json:"contacts"`
	AnyHour    time.Time       `json:"any_hour_since,omitzero" doc:"Since when they want to be rung at night too; they say so on their own page"`
	CreatedAt  time.Time       `json:"created_at"`
	UpdatedAt  time.Time       `json:"updated_at"`
}

// A RecordUse is a component a customer uses, under its name in the company's language.
type RecordUse struct {
	ID    id.Component `json:"id"`
	Name  string       `json:"name"`
	Since time.Time    `json:"since,omitzero"`
	Until time.Time    `json:"until,omitzero"`
}

// A RecordContact is where a customer can be reached.
type RecordContact struct {
	Channel string           `json:"channel"`
	Address audience.Address `json:"address"`
}

// NewRecord writes a customer out; names are the components' in the company's language.
func NewRecord(x audience.Customer, names map[id.Component]string) Record {
	r := Record{
		External: x.External, Name: x.Name, Language: x.Language, Zone: x.Zone, Plan: x.Plan, Currency: x.Fee.Currency,
		Components: []RecordUse{}, Contacts: []RecordContact{}, AnyHour: x.AnyHour, CreatedAt: x.CreatedAt, UpdatedAt: x.UpdatedAt,
	}
	if x.Fee.Currency != "" {
		r.Fee = x.Fee.Plain()
	}
	for _, u := range x.Uses {
		r.Components = append(r.Components, RecordUse{u.Component, names[u.Component], u.Since, u.Until})
	}
	for _, c := range x.Contacts {
		r.Contacts = append(r.Contacts, RecordContact{c.Channel, c.Address})
	}
	return r
}

// cells are the record under exportHeadings. No cell becomes a formula (B6).
func (r Record) cells() []string {
	of := func(channel string) string {
		var all []string
		for _, c := range r.Contacts {
			if c.Channel == channel {
				all = append(all, string(c.Address))
			}
		}
		return strings.Join(all, " | ")
	}
	var uses []string
	for _, u := range r.Components {
		use := u.Name
		if !u.Since.IsZero() || !u.Until.IsZero() {
			use += "@" + day(u.Since) + ".." + day(u.Until)
		}
		uses = append(uses, use)
	}
	cells := []string{
		r.External, r.Name, string(r.Language), r.Zone, r.Plan, r.Fee, r.Currency, strings.Join(uses, " | "),
		of(audience.Email), of(audience.SMS), of(audience.Voice), of(audience.Webhook), day(r.CreatedAt), day(r.UpdatedAt),
	}
	for i := range cells {
		cells[i] = audience.SafeCell(cells[i])
	}
	return cells
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// ExportCustomers writes every customer, as CSV for spreadsheets and our own import, or as JSON with nothing changed. Who was erased is not
// in it. Customers are read a thousand at a time; one who is changed meanwhile is written as they were before or after. That it was asked for
// is noted first: whoever breaks the download off has the beginning of it.
func (d *Desk) ExportCustomers(ctx context.Context, out io.Writer, format string) (n int, err error) {
	defer wrap(&err, "export customers")
	if err := need(ctx, staff.Know); err != nil {
		return 0, err
	}
	at := now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		return d.audit(ctx, tx, at, "export customers", "", nil, map[string]string{"format": format})
	})
	if err != nil {
		return 0, err
	}
	write, finish := csvWriter(out)
	if format == "json" {
		write, finish = jsonWriter(out)
	}
	var names map[id.Component]string
	for after := id.Customer(""); ; {
		var all []audience.Customer
		err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
			if names, err = ComponentNames(ctx, tx); err != nil {
				return err
			}
			all, err = tx.Customers.Chunk(ctx, after, importChunk)
			return err
		})
		if err != nil {
			return n, err
		}
		for _, x := range all {
			after = x.ID
			if !x.ErasedAt.IsZero() {
				continue
			}
			if err := write(NewRecord(x, names)); err != nil {
				return n, err
			}
			n++
		}
		if len(all) < importChunk {
			return n, finish()
		}
	}
}

func csvWriter(out io.Writer) (write func(Record) error, finish func() error) {
	w := csv.NewWriter(out)
	_ = w.Write(exportHeadings) // a failed write comes again from Error
	return func(r Record) error { return w.Write(r.cells()) }, func() error {
		w.Flush()
		return w.Error()
	}
}

func jsonWriter(out io.Writer) (write func(Record) error, finish func() error) {
	before := "[\n"
	write = func(r Record) error {
		line, err := json.Marshal(r)
		if err != nil {
			return err
		}
		_, err = io.WriteString(out, before+string(line))
		before = ",\n"
		return err
	}
	return write, func() error {
		if before == "[\n" {
			_, err := io.WriteString(out, "[]\n")
			return err
		}
		_, err := io.WriteString(out, "\n]\n")
		return err
	}
}

// ComponentNames are what components are called in the company's language.
func ComponentNames(ctx context.Context, tx *store.Tx) (map[id.Component]string, error) {
	s, _, err := tx.Settings.Load(ctx)
	if err != nil {
		return nil, err
	}
	all, err := tx.Components.All(ctx)
	names := make(map[id.Component]string, len(all))
	for _, c := range all {
		names[c.ID], _ = c.Name.In(s.Default(), lang.English)
	}
	return names, err
}
