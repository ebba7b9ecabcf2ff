package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"candor/audience"
	"candor/desk"
	"candor/problem"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// office is a desk with three services, and a customer file's words about what went wrong.
type office struct {
	*desk.Desk
	db     *store.DB
	url    string
	t      *testing.T
	faults []string
}

func eachOffice(t *testing.T, f func(t *testing.T, o *office)) {
	t.Helper()
	storetest.EachURL(t, func(t *testing.T, url string) {
		db := storetest.Open(t, url)
		f(t, &office{Desk: withServices(t, db), db: db, url: url, t: t})
	})
}

func (o *office) ctx() context.Context { return staff.As(o.t.Context(), staff.Actor{System: "test"}) }

func (o *office) take(file string, how desk.Import) desk.Imported {
	o.t.Helper()
	o.faults = nil
	how.Fault = func(f audience.Fault) {
		o.faults = append(o.faults, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Problem.Key))
	}
	done, err := o.ImportCustomers(o.ctx(), strings.NewReader(file), how)
	if err != nil {
		o.t.Fatal(err)
	}
	return done
}

func (o *office) read(f func(ctx context.Context, tx *store.Tx) error) {
	o.t.Helper()
	if err := o.db.Read(o.ctx(), func(tx *store.Tx) error { return f(o.ctx(), tx) }); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) customer(external string) (c audience.Customer) {
	o.t.Helper()
	o.read(func(ctx context.Context, tx *store.Tx) (err error) {
		c, err = tx.Customers.ByExternal(ctx, external)
		return err
	})
	return c
}

func (o *office) exported(format string) string {
	o.t.Helper()
	var out bytes.Buffer
	if _, err := o.ExportCustomers(o.ctx(), &out, format); err != nil {
		o.t.Fatal(err)
	}
	return out.String()
}

const twoCustomers = "id,name,email,mobile,components,consent,consent at\n" +
	"A-1,Acme,ann@example.com,+4915112345678,DNS|Mail,Write to me,2025-03-01\n" +
	"A-2,Bolt,Bob@Example.com,,Web shop,,\n"

func TestTheSameFileTwiceChangesNothing(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		if got, want := o.take(twoCustomers, desk.Import{}), (desk.Imported{Rows: 2, Added: 2, Written: true}); !cmp.Equal(got, want) {
			t.Errorf("first: %+v", got)
		}
		before := o.exported("csv")
		if got, want := o.take(twoCustomers, desk.Import{}), (desk.Imported{Rows: 2, Unchanged: 2, Written: true}); !cmp.Equal(got, want) {
			t.Errorf("again: %+v", got)
		}
		if diff := cmp.Diff(before, o.exported("csv")); diff != "" {
			t.Error(diff)
		}
		if got := o.take(before, desk.Import{}); got.Unchanged != 2 || got.Rows != 2 {
			t.Errorf("an export taken in again: %+v %v", got, o.faults)
		}
		var consents []audience.Consent
		o.read(func(ctx context.Context, tx *store.Tx) (err error) {
			consents, err = tx.Customers.Consents(ctx, o.customer("A-1").ID)
			return err
		})
		if len(consents) != 1 || consents[0].Text != "Write to me" {
			t.Errorf("consents %+v", consents)
		}
	})
}

func TestAFileChangesOnlyWhatItSays(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.take(twoCustomers, desk.Import{})
		got := o.take("id,plan,email,components\nA-1,pro,new@example.com,DNS\n", desk.Import{})
		if got.Changed != 1 || got.Added+got.Unchanged != 0 {
			t.Errorf("%+v", got)
		}
		c := o.customer("A-1")
		if c.Name != "Acme" || c.Plan != "pro" {
			t.Errorf("%+v", c)
		}
		if len(c.Contacts) != 2 || c.Contacts[0].Channel != audience.SMS || c.Contacts[1].Address != "new@example.com" {
			t.Errorf("contacts %+v", c.Contacts)
		}
		ended := 0
		for _, u := range c.Uses {
			if !u.Until.IsZero() {
				ended++
			}
		}
		if len(c.Uses) != 2 || ended != 1 {
			t.Errorf("uses %+v", c.Uses)
		}
		if o.customer("A-2").Name != "Bolt" {
			t.Error("whom the file does not mention was touched")
		}
	})
}

func TestOnePersonIsOnePerson(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		subscriber, err := o.AddSubscriber(o.ctx(), desk.Subscription{Address: "ann@example.com", Language: "de"}, true)
		if err != nil {
			t.Fatal(err)
		}
		// First nothing but addresses, then the whole file with ids, in which Ann has two accounts and Carl stands twice.
		if got := o.take("ANN@example.com\nbob@example.com\n", desk.Import{}); got.Added != 2 {
			t.Errorf("%+v", got)
		}
		got := o.take("id,name,email\nA-1,Acme,ann@example.com\nA-3,Acme two,ann@example.com\nA-2,Bolt,bob@example.com\nA-4,Carl,c@example.com\nA-4,Carla,c@example.com\n", desk.Import{})
		if got.Added != 2 || got.Changed != 3 {
			t.Errorf("%+v", got)
		}
		for _, external := range []string{"A-1", "A-3"} {
			if c := o.customer(external); len(c.Contacts) != 1 || c.Contacts[0].ID != subscriber.ID || c.Contacts[0].Language != "de" {
				t.Errorf("%s is reached at %+v, want the subscriber's own contact", external, c.Contacts)
			}
		}
		if c := o.customer("A-4"); c.Name != "Carla" {
			t.Errorf("the later row does not win: %+v", c)
		}
		o.read(func(ctx context.Context, tx *store.Tx) error {
			n, err := tx.Customers.Count(ctx)
			if n != 4 {
				t.Errorf("%d customers, want 4", n)
			}
			return err
		})
	})
}

func TestT19AnImportBringsNobodyBack(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.take(twoCustomers, desk.Import{})
		ann := o.customer("A-1")
		if err := o.EndSubscription(o.ctx(), ann.Contacts[0].ID); err != nil {
			t.Fatal(err)
		}
		if err := o.EraseCustomer(o.ctx(), o.customer("A-2").ID); err != nil {
			t.Fatal(err)
		}
		got := o.take(twoCustomers, desk.Import{})
		if got.Unchanged != 1 || got.Refused != 1 || len(o.faults) != 1 || o.faults[0] != "3:0 problem.import.erased" {
			t.Errorf("%+v %v", got, o.faults)
		}
		o.read(func(ctx context.Context, tx *store.Tx) error {
			reason, err := tx.Suppressions.Of(ctx, "email", "ann@example.com")
			if reason != audience.OptedOut {
				t.Errorf("the opt-out is %q", reason)
			}
			if c := o.customer("A-1").Contacts[0]; c.EndedAt.IsZero() {
				t.Error("the contact receives again")
			}
			return err
		})
	})
}

func TestStrictIsAllOrNothing(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		bad := twoCustomers + "A-3,Carl,nobody,,,,\n"
		got := o.take(bad, desk.Import{Strict: true})
		if got.Written || got.Refused != 1 || len(o.faults) != 1 || o.faults[0] != "4:3 problem.address" {
			t.Errorf("%+v %v", got, o.faults)
		}
		if file := o.exported("csv"); strings.Count(file, "\n") != 1 {
			t.Errorf("something was written:\n%s", file)
		}
		if got := o.take(bad, desk.Import{Look: true}); got.Written || got.Added != 2 || got.Refused != 1 {
			t.Errorf("a look: %+v", got)
		}
		if got := o.take(bad, desk.Import{}); !got.Written || got.Added != 2 || got.Refused != 1 {
			t.Errorf("without strict: %+v", got)
		}
		if got := o.take(twoCustomers, desk.Import{Strict: true}); !got.Written || got.Unchanged != 2 || got.Rows != 2 {
			t.Errorf("strict and good: %+v", got)
		}
	})
}

func TestAnImportThatBreaksOffGoesOn(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		var file strings.Builder
		file.WriteString("id,email\n")
		for n := range 2500 {
			fmt.Fprintf(&file, "A-%d,c%d@example.com\n", n, n)
		}
		ctx, stop := context.WithCancel(o.ctx())
		done, err := o.ImportCustomers(ctx, strings.NewReader(file.String()), desk.Import{Progress: func(desk.Imported) { stop() }})
		if err == nil || done.Added == 0 || done.Added == 2500 {
			t.Fatalf("%+v, %v", done, err)
		}
		if again := o.take(file.String(), desk.Import{}); again.Unchanged != done.Added || again.Added != 2500-done.Added {
			t.Errorf("first %+v, then %+v", done, again)
		}
	})
}

func TestOnlyThoseWhoMayImport(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		for role, want := range map[staff.Role]bool{staff.Owner: true, staff.Communicator: true, staff.Agent: false, staff.Finance: false, staff.Viewer: false} {
			ctx := staff.As(t.Context(), staff.Actor{Person: staff.Person{ID: "per_1", Roles: []staff.Role{role}}})
			_, err := o.ImportCustomers(ctx, strings.NewReader("a@example.com\n"), desk.Import{})
			if (err == nil) != want || err != nil && !problem.Is(err, problem.Forbidden) {
				t.Errorf("%s: %v", role, err)
			}
			_, err = o.ExportCustomers(ctx, &bytes.Buffer{}, "csv")
			if (err == nil) != (role != staff.Viewer) {
				t.Errorf("%s reads: %v", role, err)
			}
		}
	})
}

// A spreadsheet opens the export and computes nothing.
func TestB6AnExportHoldsNoFormula(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		names := []string{"=1+1", "+1", "-2+3", "@SUM(A1:A9)", "＝1+1", `=HYPERLINK("http://evil.example","x")`, "Zoë; Smith", `"quoted"`}
		for i, name := range names {
			if _, _, err := o.PutCustomer(o.ctx(), fmt.Sprintf("=A%d", i), desk.CustomerForm{
				Name: name, Plan: "-1", Contacts: []desk.RecordContact{{Channel: audience.SMS, Address: "+4915112345678"}},
			}); err != nil {
				t.Fatal(err)
			}
		}
		file := o.exported("csv")
		for line := range strings.Lines(file) {
			for cell := range strings.SplitSeq(strings.TrimSpace(line), ",") {
				if cell = strings.TrimPrefix(cell, `"`); strings.ContainsAny(cell[:min(1, len(cell))], "=+-@") {
					t.Errorf("a cell begins a formula: %s", line)
				}
			}
		}
		if got := o.take(file, desk.Import{}); got.Unchanged != int64(len(names)) {
			t.Errorf("read back: %+v %v", got, o.faults)
		}
		if !strings.Contains(o.exported("json"), `"id":"=A0","name":"=1+1"`) {
			t.Error("the JSON export is not raw")
		}
	})
}
