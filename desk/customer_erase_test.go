package desk_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/reach"
	"candor/store"
)

// raw is the database past the store, for a test that must see what the store would not show.
func (o *office) raw() *sql.DB {
	o.t.Helper()
	driver, source := "pgx", o.url
	if path, lite := strings.CutPrefix(o.url, "sqlite:"); lite {
		driver, source = "sqlite", path
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { db.Close() })
	return db
}

// everything is what each table holds, as text. The names of the tables come from the database itself, so that one that nobody thought of is
// looked at, too.
func (o *office) everything() map[string][]string {
	o.t.Helper()
	db, all := o.raw(), map[string][]string{}
	names := `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	if strings.HasPrefix(o.url, "sqlite:") {
		names = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`
	}
	for _, table := range o.lines(db, names) {
		all[table] = o.lines(db, "SELECT * FROM "+table)
	}
	return all
}

func (o *office) lines(db *sql.DB, query string) (all []string) {
	o.t.Helper()
	rows, err := db.QueryContext(o.t.Context(), query)
	if err != nil {
		o.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		o.t.Fatal(err)
	}
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(sql.NullString)
		}
		if err := rows.Scan(cells...); err != nil {
			o.t.Fatal(err)
		}
		var line []string
		for _, cell := range cells {
			line = append(line, cell.(*sql.NullString).String)
		}
		all = append(all, strings.Join(line, " | "))
	}
	if err := rows.Err(); err != nil {
		o.t.Fatal(err)
	}
	return all
}

// putCanaries writes what others would write about a customer and a delivery to them.
func (o *office) putCanaries(delivery id.Delivery, customer id.Customer) {
	o.t.Helper()
	db := o.raw()
	for _, statement := range []string{
		`INSERT INTO incidents (id, code, number, kind, visibility, title, status, impact, impact_override, cannot_work, affected, lead, started_at, detected_by,
			report_due_at, audience, auto_start, auto_end, remind_before, alert_group, created_at, updated_at)
			VALUES ('inc_1', 'abc', 1, 'outage', 'public', '{}', 'investigating', 'major', '', FALSE, '[]', '', 1, 'staff', NULL, 'uses', FALSE, FALSE, '[]', '', 1, 1)`,
		`UPDATE deliveries SET reason = '550 no such user canary', provider_id = 'canary' WHERE id = $1`,
		`INSERT INTO outbox (delivery, at, sender, address, subject, text, html) VALUES ($1, 1, 'us', 'canary@example.com', 'To canary', 'canary letter', '<p>canary')`,
		`INSERT INTO receipts (id, delivery, kind, source, machine, code, reason, body, at) VALUES ('rec_1', $1, 'reply', 'mail', FALSE, '', 'canary', 'canary receipt', 1)`,
		`INSERT INTO replies (receipt, delivery, contact, incident, standing, message_id, sender, subject, at, answered_by, answer, announcement)
			SELECT 'rec_1', id, contact, 'inc_1', 'answered', 'canary@example.com', 'canary@example.com', 'canary', 1, 'per_1', 'Dear Canary', 'ann_1'
			FROM deliveries WHERE id = $1`,
		`INSERT INTO calls (id, incident, customer, contact, person, outcome, note, at, once) VALUES ('cal_1', 'inc_1', $2, '', '', 'left_message', 'canary note', 1, '')`,
		`INSERT INTO call_notes (who, person, note, at) VALUES ($2, 'per_1', 'canary handover', 1)`,
		`INSERT INTO call_requests (id, incident, customer, contact, name, number, language, note, at, call_at, tries, call)
			VALUES ('req_1', 'inc_1', $2, '', 'Canary', 'canary number', 'de', 'canary', 1, 1, 0, '')`,
	} {
		var args []any
		if strings.Contains(statement, "$1") {
			args = append(args, string(delivery))
		}
		if strings.Contains(statement, "$2") {
			statement = strings.ReplaceAll(statement, "$2", "$1")
			args = []any{string(customer)}
		}
		if _, err := db.ExecContext(o.t.Context(), statement, args...); err != nil {
			o.t.Fatal(statement, err)
		}
	}
}

// T28: what we hold about a customer is in their export, and after the erasure nowhere; the counts are what they were, and whoever asked us
// to stop is still known by hash.
func TestT28AnErasedCustomerIsNowhere(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.take("id,name,timezone,plan,components,email,mobile,webhook,consent,consent at,consent how\n"+
			"canary-1,Canary GmbH,Europe/Berlin,canary plan,DNS,canary@example.com,+4915112345678,https://canary.example/hook,Write to me,2025-03-01,form at 192.0.2.7 canary\n"+
			"B-2,Other,,,DNS,other@example.com,,,,,\n", desk.Import{})
		c := o.customer("canary-1")
		o.putCanaries(o.writeTo(c, o.customer("B-2")), c.ID)
		before := o.everything()
		for _, table := range []string{"customers", "contacts", "consents", "deliveries", "outbox", "receipts", "replies", "calls", "call_requests", "call_notes"} {
			if !strings.Contains(strings.ToLower(strings.Join(before[table], "\n")), canary) {
				t.Errorf("the test put no canary into %s", table)
			}
		}
		o.wantExported(c.ID,
			"canary-1", "Canary GmbH", "Europe/Berlin", "canary plan", "canary@example.com", "+4915112345678", "https://canary.example/hook", "Write to me",
			"192.0.2.7", "canary receipt", "canary note", "canary number", "canary handover", "canary letter")
		for _, turn := range []string{"the first time", "a second time"} {
			if err := o.EraseCustomer(o.ctx(), c.ID); err != nil {
				t.Fatal(turn, err)
			}
		}
		o.wantNowhere(before, canary, "15112345678", "192.0.2.7", "europe/berlin")
		o.read(func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Suppressions.Of(ctx, audience.Email, audience.Address("canary@example.com").Key())
			_, err2 := tx.Suppressions.Of(ctx, audience.SMS, audience.Address("+4915112345678").Key())
			return errors.Join(err, err2)
		})
		o.read(func(ctx context.Context, tx *store.Tx) error {
			erased, err := tx.Customers.ByID(ctx, c.ID)
			if erased.ErasedAt.IsZero() || len(erased.Uses) != 1 {
				t.Errorf("%+v", erased)
			}
			if found, _ := tx.Customers.Search(ctx, "canary", "canary@example.com", 10); len(found) != 0 {
				t.Errorf("a search finds %+v", found)
			}
			return err
		})
		if other := o.customer("B-2"); other.Name != "Other" || other.Contacts[0].Address != "other@example.com" {
			t.Errorf("somebody else was touched: %+v", other)
		}
	})
}

// canary is a word of which every table that knows the customer holds one.
const canary = "canary"

// writeTo plans a letter to each and gives the first.
func (o *office) writeTo(all ...audience.Customer) id.Delivery {
	o.t.Helper()
	at := time.Now().UTC().Truncate(time.Microsecond)
	var planned []reach.Delivery
	err := o.db.Write(o.ctx(), func(tx *store.Tx) error {
		planned = nil
		a := reach.Announcement{ID: id.New[id.Announcement](at), Kind: reach.OnTest, Target: audience.Target{Contact: all[0].Contacts[0].ID}, AsOf: at}
		if err := tx.Announcements.Add(o.ctx(), a); err != nil {
			return err
		}
		for _, x := range all {
			planned = append(planned, reach.Delivery{
				ID: id.New[id.Delivery](at), Announcement: a.ID, Channel: "email", Address: x.Contacts[0].Address, Contact: x.Contacts[0].ID, Language: "de", PlannedAt: at,
			})
		}
		_, err := tx.Deliveries.Plan(o.ctx(), planned)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return planned[0].ID
}

// wantExported looks for what we hold in both forms of a customer's export.
func (o *office) wantExported(c id.Customer, held ...string) {
	o.t.Helper()
	dossier, err := o.ExportCustomer(o.ctx(), c)
	if err != nil {
		o.t.Fatal(err)
	}
	var asJSON, asCSV bytes.Buffer
	if err := errors.Join(dossier.JSON(&asJSON), dossier.CSV(&asCSV)); err != nil {
		o.t.Fatal(err)
	}
	for _, word := range held {
		if !strings.Contains(asJSON.String(), word) || !strings.Contains(asCSV.String(), word) {
			o.t.Errorf("%q is not in the export", word)
		}
	}
}

// wantNowhere looks for what must be gone, and that no row went with it.
func (o *office) wantNowhere(before map[string][]string, gone ...string) {
	o.t.Helper()
	for table, lines := range o.everything() {
		for _, line := range lines {
			for _, word := range gone {
				if strings.Contains(strings.ToLower(line), word) {
					o.t.Errorf("%s still says %q: %s", table, word, line)
				}
			}
		}
		if n := len(before[table]); table != "audit" && table != "suppressions" && len(lines) != n {
			o.t.Errorf("%s had %d rows and has %d", table, n, len(lines))
		}
	}
}

func TestASharedAddressOutlivesOneOfItsOwners(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.take("id,email\nA-1,ann@example.com\nA-2,ann@example.com\n", desk.Import{})
		if err := o.EraseCustomer(o.ctx(), o.customer("A-1").ID); err != nil {
			t.Fatal(err)
		}
		if c := o.customer("A-2"); len(c.Contacts) != 1 || c.Contacts[0].Address != "ann@example.com" || !c.Contacts[0].EndedAt.IsZero() {
			t.Errorf("the other account is reached at %+v", c.Contacts)
		}
		if err := o.EraseCustomer(o.ctx(), o.customer("A-2").ID); err != nil {
			t.Fatal(err)
		}
		for table, lines := range o.everything() {
			if strings.Contains(strings.Join(lines, "\n"), "ann@example.com") {
				t.Errorf("%s still has the address", table)
			}
		}
	})
}
