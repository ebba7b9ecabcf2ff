package console

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// wroteBack is a customer who got a mail about an incident and answers it, and a machine that does.
func (h *house) wroteBack(t *testing.T) (i incident.Incident, customer id.Customer, reply, machine id.Receipt) {
	t.Helper()
	i, all := h.callCentre(t, 1)
	at := time.Now().UTC().Truncate(time.Microsecond)
	var ids []id.Receipt
	if err := h.db.Write(t.Context(), func(tx *store.Tx) error {
		said, err := tx.Announcements.OfIncident(t.Context(), i.ID)
		if err != nil {
			return err
		}
		c := audience.Contact{ID: id.New[id.Contact](at), Code: id.NewCode(), Channel: audience.Email, Address: "anna@bakery.test", Language: lang.German, CreatedAt: at}
		if err := tx.Contacts.Add(t.Context(), c); err != nil {
			return err
		}
		d := reach.Delivery{ID: id.New[id.Delivery](at), Announcement: said[0].ID, Channel: audience.Email, Address: c.Address, Contact: c.ID, Language: "de", State: reach.Planned, PlannedAt: at}
		if _, err := tx.Deliveries.Plan(t.Context(), []reach.Delivery{d}); err != nil {
			return err
		}
		for n, words := range []string{"Wann geht es wieder?\n<script>alert(1)</script>", "Bin im Urlaub."} {
			r := reach.Receipt{ID: id.New[id.Receipt](at), Delivery: d.ID, Kind: []reach.ReceiptKind{reach.SaysReply, reach.SaysAway}[n], Source: "mail", Body: words, At: at.Add(time.Duration(n+1) * time.Second)}
			if err := tx.Receipts.Add(t.Context(), r); err != nil {
				return err
			}
			x, _ := reach.NewReply(r, d, i.ID, reach.ReturnMail{Subject: "Re: Laden", From: "anna@home.test", MessageID: "1@home.test"})
			if err := tx.Replies.Add(t.Context(), x); err != nil {
				return err
			}
			ids = append(ids, r.ID)
		}
		return h.joinContact(t, tx, all[0], c)
	}); err != nil {
		t.Fatal(err)
	}
	return i, all[0].ID, ids[0], ids[1]
}

// joinContact makes a contact one of a customer's.
func (h *house) joinContact(t *testing.T, tx *store.Tx, x audience.Customer, c audience.Contact) error {
	t.Helper()
	x.Contacts = append(x.Contacts, c)
	return tx.Customers.Save(t.Context(), x)
}

func TestStaffReadWhatCustomersWriteAndAnswerItOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, customer, reply, machine := h.wroteBack(t)
		wantSaid(t, v.get(incidentPath(i.Code)), "What customers write", "1 reply to answer", "Wann geht es wieder?", "1 written by machines")
		wantSaid(t, v.get("/console/reach"), "Replies to answer: 1")
		page := v.get(repliesPath + "?of=" + string(i.Code))
		wantSaid(t, page, "Customer 00", "Re: Laden", "Wann geht es wieder?", "anna@bakery.test, from anna@home.test", "To answer 1", "Written by machines 1")
		if strings.Contains(page.body, "<script>alert") || strings.Contains(page.body, "Bin im Urlaub") {
			t.Error("what they wrote is run, or a machine waits for an answer")
		}
		wantSaid(t, v.get(repliesPath+"?which=automatic"), "Bin im Urlaub.", "A machine wrote this", "The shop is closed")
		if strings.Contains(v.get(repliesPath+"?which=automatic").body, "Send the answer") {
			t.Error("a machine may be answered")
		}

		at := repliesPath + "/" + string(reply)
		refused := v.post(at, url.Values{"how": {"mail"}, "answer": {strings.Repeat("x", 25_001)}, "of": {string(i.Code)}})
		if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.body, "xxxx") {
			t.Errorf("too long an answer is answered %d, or lost", refused.status)
		}
		wantSaid(t, v.must(v.post(at, url.Values{"how": {"mail"}, "answer": {"Es geht seit 9 Uhr."}, "of": {string(i.Code)}})), "Answered. It is on its way.", "Nothing here")
		wantSaid(t, v.get(repliesPath+"?which=answered"), "Dana Whitfield answered", "Es geht seit 9 Uhr.")
		wantSaid(t, v.get(incidentPath(i.Code)), "Every reply is answered", "Dana Whitfield answered")
		wantSaid(t, v.get(incidentPath(i.Code)+"/customers/"+string(customer)), "They wrote to us", "Wann geht es wieder?", "Dana Whitfield answered", "Es geht seit 9 Uhr.", "A machine answered for them")
		for path, want := range map[string]int{at: http.StatusConflict, repliesPath + "/" + string(machine): http.StatusConflict, repliesPath + "/rcp_x": http.StatusNotFound} {
			if a := v.post(path, url.Values{"how": {"mail"}, "answer": {"Noch etwas"}}); a.status != want {
				t.Errorf("answering %s again is answered %d, want %d", path, a.status, want)
			}
		}
	})
}

func TestWhoMayOnlyReadCustomersAnswersNobody(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.setUp(t)
		_, _, reply, _ := h.wroteBack(t)
		finance := h.join(t, staff.Finance)
		page := finance.get(repliesPath)
		wantSaid(t, page, "Wann geht es wieder?")
		if strings.Contains(page.body, "Send the answer") {
			t.Error("a form is offered to who may not use it")
		}
		if a := finance.post(repliesPath+"/"+string(reply), url.Values{"how": {"otherwise"}}); a.status != http.StatusForbidden {
			t.Errorf("it is answered %d", a.status)
		}
		viewer := h.join(t, staff.Viewer)
		if a := viewer.get(repliesPath); a.status != http.StatusForbidden {
			t.Errorf("who may not see customers is answered %d", a.status)
		}
	})
}
