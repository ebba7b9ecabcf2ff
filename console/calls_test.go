package console

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"candor/audience"
	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/money"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// callCentre makes an outage and customers whom only the telephone reaches, the dearest first.
func (h *house) callCentre(t *testing.T, customers int) (i incident.Incident, all []audience.Customer) {
	t.Helper()
	at := time.Now().UTC().Truncate(time.Microsecond).Add(-time.Second)
	var owner staff.Person
	h.read(t, func(ctx context.Context, tx *store.Tx) error {
		people, err := tx.People.All(ctx)
		owner = people[0]
		return err
	})
	ctx := staff.As(t.Context(), staff.Actor{Person: owner, Session: "ses_x"})
	shop, err := h.desk.AddComponent(ctx, desk.ComponentForm{Name: lang.Text{"en": "Shop", "de": "Laden"}})
	if err != nil {
		t.Fatal(err)
	}
	if i, _, err = h.desk.Declare(ctx, desk.Declaration{
		Kind: incident.Outage, CannotWork: true, Title: lang.Text{"en": "The shop is closed", "de": "Der Laden ist zu"},
		First: desk.Word{Body: lang.Text{"en": "The shop is down.", "de": "Der Laden ist ausgefallen."}, Affected: []incident.Affected{{Component: shop.ID, Status: component.MajorOutage}}},
	}); err != nil {
		t.Fatal(err)
	}
	if err := h.db.Write(t.Context(), func(tx *store.Tx) error {
		for n := range customers {
			x := audience.Customer{
				ID: id.New[id.Customer](at), Code: id.NewCode(), External: fmt.Sprintf("K-%02d", n), Name: fmt.Sprintf("Customer %02d", n), Language: lang.German,
				Zone: "Europe/Berlin", Plan: "Pro", Fee: money.Amount{Minor: int64(9900 - n), Currency: "EUR"}, CreatedAt: at, UpdatedAt: at,
				Contacts: []audience.Contact{{ID: id.New[id.Contact](at), Code: id.NewCode(), Channel: audience.Voice, Address: audience.Address(fmt.Sprintf("+493090182%02d", n)), Language: lang.German, CreatedAt: at}},
			}
			if x.Contacts, err = tx.Contacts.Ensure(t.Context(), x.Contacts); err != nil {
				return err
			}
			if err := tx.Customers.Add(t.Context(), x); err != nil {
				return err
			}
			all = append(all, x)
		}
		now := time.Now().UTC()
		if _, _, err := tx.Affected.Assess(t.Context(), store.Assessment{Incident: i.ID, Audience: incident.Everyone, From: now, AsOf: now, NextAt: now}, "", 1000); err != nil {
			return err
		}
		due, err := tx.Affected.Due(t.Context(), now, 1000)
		if err != nil {
			return err
		}
		_, err = h.desk.Decide(t.Context(), tx, due, now)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return i, all
}

func (h *house) standsAs(t *testing.T, i id.Incident, c id.Customer) (x reach.Affected) {
	t.Helper()
	h.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
		x, err = tx.Affected.Of(ctx, i, c)
		return err
	})
	return x
}

var formAction = regexp.MustCompile(`action="(/console/calls/[^"]*/outcome)"`)

func TestAnAgentIsShownOneCustomerAndEverythingToSay(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		wantSaid(t, v.get("/console/calls"), "Nobody is to be called now")
		i, all := h.callCentre(t, 3)
		wantSaid(t, v.get("/console/reach"), "Call list: 3")
		before := v.get("/console/calls")
		wantSaid(t, before, "Take the next call", "3 are on the list", "Customer 02")
		if strings.Contains(before.body, "tel:") {
			t.Error("looking at the list claims somebody")
		}
		a := v.must(v.post("/console/calls/next", url.Values{}))
		h.read(t, func(ctx context.Context, tx *store.Tx) error {
			secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
			wantSaid(t, a, reach.CallCode(secret, i.ID, all[0].ID))
			return err
		})
		wantSaid(t, a, "Customer 00", "K-00", `href="tel:&#43;49309018200"`, "Guten Tag, mein Name ist Dana Whitfield", "Der Laden ist zu", "Laden (Großer Ausfall)",
			"Möchten Sie, dass ich Sie zurückrufe?", "Der Laden ist ausgefallen.", "What was tried", "Pro", "99.00")
		action := formAction.FindStringSubmatch(a.body)
		if action == nil {
			t.Fatal("no form")
		}

		refused := v.post(action[1], url.Values{"outcome": {"call_back"}, "back_at": {"2001-01-01T10:00"}, "note": {"At ten"}, "incident": {string(i.ID)}})
		if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.body, "At ten") {
			t.Errorf("a time that is over is answered %d:\n%s", refused.status, visible(refused.body))
		}
		berlin, _ := time.LoadLocation("Europe/Berlin")
		back := time.Now().In(berlin).Add(26 * time.Hour).Truncate(time.Minute)
		form := url.Values{"key": {"k1"}, "outcome": {"call_back"}, "back_at": {back.Format(localLayout)}, "note": {"Ask for Jo"}, "incident": {string(i.ID)}}
		for range 2 { // tapped twice
			next := v.must(v.post(action[1], form))
			wantSaid(t, next, "Customer 01", "2 are on the list")
		}
		if x := h.standsAs(t, i.ID, all[0].ID); !x.CallAt.Equal(back) {
			t.Errorf("called back at %s, want %s, the customer's time", x.CallAt, back.UTC())
		}

		left := v.must(v.post("/console/calls/"+string(all[1].ID)+"/leave", url.Values{"key": {"k2"}, "note": {"Speaks Polish"}}))
		wantSaid(t, left, "Given back", "Customer 02")
		v.must(v.post("/console/calls/"+string(all[2].ID)+"/outcome", url.Values{"outcome": {"spoken_with"}}))
		again := v.get("/console/calls")
		wantSaid(t, again, "Customer 01", "gave this call back", "Speaks Polish", "One is on the list")
		done := v.must(v.post("/console/calls/"+string(all[1].ID)+"/outcome", url.Values{"outcome": {"spoken_with"}}))
		wantSaid(t, done, "Nobody is left to call now")
		if a := v.post("/console/calls/keep", url.Values{}); a.status != http.StatusNoContent {
			t.Errorf("keeping is answered %d", a.status)
		}
	})
}

func TestANumberLeftByAStrangerIsDialledAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, _ := h.callCentre(t, 0)
		at := time.Now().UTC().Truncate(time.Microsecond).Add(-time.Second)
		if err := h.db.Write(t.Context(), func(tx *store.Tx) error {
			return tx.CallRequests.Add(t.Context(), store.CallRequest{ID: id.New[id.CallRequest](at), Incident: i.ID, Name: "<b>Eve</b>", Number: `+4930"><script>1`, Language: "es", Note: "Please <i>call</i>", At: at})
		}); err != nil {
			t.Fatal(err)
		}
		a := v.must(v.post("/console/calls/next", url.Values{}))
		wantSaid(t, a, `href="tel:&#43;49301"`, "&lt;b&gt;Eve", "Buenos días", "Their customer number")
		if strings.Contains(a.body, "el código") {
			t.Error("a code is said that no page of theirs shows")
		}
		if strings.Contains(a.body, "<script>1") || strings.Contains(a.body, "<i>call") {
			t.Error("what a stranger typed is in the page as it is")
		}
	})
}

func TestTheCallListGoesOutAsAFileAndComesBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, all := h.callCentre(t, 2)
		if got := v.get("/console/calls.csv").status; got != http.StatusNotFound && got != http.StatusMethodNotAllowed {
			t.Errorf("looking at the file is answered %d: only asking for it leaves a line in the audit", got)
		}
		file := v.post("/console/calls.csv", url.Values{})
		if file.status != http.StatusOK || !strings.HasPrefix(file.header.Get("Content-Type"), "text/csv") || !strings.Contains(file.body, "'+49309018200") {
			t.Errorf("the file is answered %d, %s:\n%s", file.status, file.header.Get("Content-Type"), file.body)
		}
		at := time.Now().UTC().Format(time.RFC3339)
		rows := fmt.Sprintf("incident,customer,outcome,at,note\n%s,%s,spoken with,%s,Fine\n%s,K-99,spoken with,%s,\n", i.Code, all[0].ID, at, i.Code, at)
		a := v.giveBack(rows)
		wantSaid(t, a, "1 noted", "Line 3:", "No customer has this number of ours", "One is on the list")
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("a file with a wrong row is answered %d", a.status)
		}
		wantSaid(t, v.must(v.giveBack(strings.Join(strings.SplitAfter(rows, "\n")[:2], ""))), "Noted, every row")
		wantSaid(t, v.giveBack("a,b\n"), "The file has no column")
	})
}

// giveBack sends a call centre's file.
func (v *visitor) giveBack(file string) answer {
	v.t.Helper()
	return v.upload(callsPath+"/file", file, nil)
}
