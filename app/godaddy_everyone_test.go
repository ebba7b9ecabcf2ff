package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"candor/audience"
	"candor/component"
	"candor/desk"
	"candor/incident"
	"candor/lang"
	"candor/reach"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// The same day once more, for those it was about: five thousand customers in five languages, of whom one mailbox in thirty-three is dead and
// one telephone in a hundred is somebody else's. S0: "personally contact each and EVERY affected client".
func TestGoDaddyReachesEachAndEveryCustomer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHarbour(t)
		h.textsGoOut()
		h.imports(5000)

		h.clock("13:03")
		out := h.declare("Everything is out. We have found no sign of an attack, and say more at 13:15.", "13:04")
		h.clock("13:05")
		h.covers(out, "five thousand are affected, and two minutes later all but the dead mailboxes were told", func(f reach.Figures) bool {
			return f.Affected == 5000 && f.Told >= 4850 && f.Reached == 0
		})
		h.speaks("c1@customers.example", "de")
		h.speaks("c4@customers.example", "zh-Hant")

		h.everySecondCustomerPressesTheButton(out)
		h.covers(out, "half of them pressed the button and are left alone from now on", func(f reach.Figures) bool { return f.Reached >= 2400 && f.Reached <= 2600 })
		h.clock("13:25")
		h.textedOnce(out)

		h.clock("14:00")
		h.covers(out, "who neither answered a mail nor a text is waiting for a voice", func(f reach.Figures) bool { return f.Calling > 1000 })
		h.agentsCall(400)
		h.covers(out, "four hundred calls later more were spoken with", func(f reach.Figures) bool { return f.Ends[reach.EndSpokenWith] > 150 })

		h.clock("18:00")
		h.resolve(out, "It works again. We are sorry, and we owe you the cause.")
		h.clock("18:10")
		f := h.covers(out, "every customer is closed, each with a reason", func(f reach.Figures) bool {
			return f.Closed == f.Affected && f.Open == 0 && f.Unconfirmed == 0
		})
		t.Logf("%d affected, %d told, %d reached, %d closed: %v", f.Affected, f.Told, f.Reached, f.Closed, f.Ends)
	})
}

// textsGoOut sets a gateway up; what it sends is recorded and reaches nobody.
func (h *harbour) textsGoOut() {
	h.t.Helper()
	err := h.db.Write(h.t.Context(), func(tx *store.Tx) error {
		s, version, err := tx.Settings.Load(h.t.Context())
		if err != nil {
			return err
		}
		s.SMS.Providers = []settings.SMSProvider{{Name: "recorded"}}
		_, err = tx.Settings.Save(h.t.Context(), s, version)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// imports takes a file of customers in, as the company's own system writes it: a heading, then a line for each.
func (h *harbour) imports(n int) {
	h.t.Helper()
	languages := []string{"en", "de", "es", "id", "zh-Hant"}
	var file strings.Builder
	file.WriteString("Customer no;Name;Language;E-mail;Mobile\n")
	for k := range n {
		mail := fmt.Sprintf("c%d@customers.example", k)
		if k%33 == 0 {
			h.out.Script(mail, reach.Result{Outcome: reach.Permanent, Code: "5.1.1", Reason: reach.ReasonNoMailbox})
		}
		fmt.Fprintf(&file, "K%d;Kunde %d;%s;%s;+49 1511 %07d\n", k, k, languages[k%len(languages)], mail, 2000000+k)
		if k%100 == 0 {
			h.texts.Script(fmt.Sprintf("+491511%07d", 2000000+k), reach.Result{Outcome: reach.Permanent, Reason: reach.ReasonNoMailbox})
		}
	}
	got, err := h.desk.ImportCustomers(h.dana(), strings.NewReader(file.String()), desk.Import{})
	if err != nil || got.Added != int64(n) || got.Refused != 0 {
		h.t.Fatalf("%+v, %v", got, err)
	}
}

// covers checks a claim about the coverage of an incident.
func (h *harbour) covers(of incident.Incident, claim string, holds func(reach.Figures) bool) (f reach.Figures) {
	h.t.Helper()
	h.read(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Affected.Count(ctx, of.ID)
		c := reach.Cover(slices.Values(all))
		f = c.All
		for _, fault := range c.Faults() {
			h.t.Error(fault)
		}
		return err
	})
	if !holds(f) {
		h.t.Errorf("not so at %s: %s\n%+v", time.Now().In(h.zone).Format("15:04"), claim, f)
	}
	return f
}

// speaks checks that a customer's letter is in the customer's language.
func (h *harbour) speaks(address, language string) {
	h.t.Helper()
	for _, m := range h.out.Taken() {
		if m.To == address {
			if string(m.Language) != language {
				h.t.Errorf("%s was written to in %s, not in %s", address, m.Language, language)
			}
			return
		}
	}
	h.t.Errorf("%s got no letter", address)
}

func (h *harbour) resolve(i incident.Incident, words string) {
	h.t.Helper()
	all := h.incident(i).Affected
	for n := range all {
		all[n].Status = component.Operational
	}
	if _, err := h.desk.Post(h.dana(), i.ID, desk.Word{Status: incident.Resolved, Body: lang.Text{"en": words}, Affected: all}); err != nil {
		h.t.Fatal(err)
	}
}

// everySecondCustomerPressesTheButton of those who got a mail.
func (h *harbour) everySecondCustomerPressesTheButton(of incident.Incident) {
	h.t.Helper()
	var secret []byte
	h.read(func(ctx context.Context, tx *store.Tx) (err error) {
		secret, err = tx.Instance.Secret(ctx, store.LinkSecret)
		return err
	})
	told := map[string]bool{}
	for _, m := range h.out.Taken() {
		if strings.HasSuffix(m.To, "@customers.example") {
			told[m.To] = true
		}
	}
	for n, to := range slices.Sorted(maps.Keys(told)) {
		if n%2 == 1 {
			continue
		}
		var c audience.Contact
		h.read(func(ctx context.Context, tx *store.Tx) (err error) {
			c, err = tx.Contacts.ByAddress(ctx, audience.Email, to)
			return err
		})
		if err := h.desk.Acknowledge(h.t.Context(), audience.Sign(secret, audience.ToReach, c.Code), of.Code); err != nil {
			h.t.Fatal(err)
		}
	}
}

// textedOnce checks that nobody got two texts, and nobody one who had answered.
func (h *harbour) textedOnce(of incident.Incident) {
	h.t.Helper()
	seen := map[string]bool{}
	for _, m := range h.texts.Taken() {
		if seen[m.To] {
			h.t.Errorf("%s got two texts", m.To)
		}
		seen[m.To] = true
	}
	if n := len(seen); n < 2300 || n > 2700 {
		h.t.Errorf("%d customers got a text, want the half that did not answer", n)
	}
}

// agentsCall lets two people work the list: every second customer answers.
func (h *harbour) agentsCall(n int) {
	h.t.Helper()
	dana := staff.Acting(h.dana()).Person
	for k := range n {
		ctx := staff.As(h.t.Context(), staff.Actor{Person: dana})
		next, found, err := h.desk.NextCall(ctx)
		if err != nil || !found {
			h.t.Fatalf("call %d: found %v, %v", k, found, err)
		}
		outcome := reach.SpokenWith
		if k%2 == 1 {
			outcome = reach.NoAnswer
		}
		if err := h.desk.CallOutcome(ctx, desk.Called{Customer: next.Customer, Outcome: outcome, Key: fmt.Sprint("call ", k)}); err != nil {
			h.t.Fatal(err)
		}
	}
}
