package console

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"candor/incident"
	"candor/settings"
	"candor/store"
)

// chosen are the settings as they are kept.
func (h *house) chosen(t *testing.T) (s settings.Settings) {
	t.Helper()
	if err := h.db.Read(t.Context(), func(tx *store.Tx) (err error) {
		s, _, err = tx.Settings.Load(context.WithoutCancel(t.Context()))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestALadderIsEditedAndGoesBackToOurs(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		const path = "/console/settings/ladder/outage/critical"
		ours := settings.DefaultLadder(incident.Outage, incident.ImpactCritical)
		page := v.get(path)
		wantSaid(t, page, "This is ours", "Ours: after 10 min, until acknowledged. Before the second word is due", "Text message")
		form := formOnPage(page)
		same := v.post(path, form)
		if same.status != http.StatusSeeOther {
			t.Fatalf("our own ladder is refused: %d\n%s", same.status, visible(same.body))
		}
		form = formOnPage(v.get(path))
		form.Set("rungs.4.after", "25")
		form.Set("rungs.5.channel", "") // no voice: the row below moves up
		form.Set("longest", "48")
		v.must(v.post(path, form))
		got := h.chosen(t).Ladder(incident.Outage, incident.ImpactCritical)
		if len(got.Rungs) != len(ours.Rungs)-1 || got.Rungs[3].After != 25*time.Minute || got.Longest != 48*time.Hour || got.Rungs[4].Channel != settings.Person {
			t.Errorf("kept %+v", got)
		}
		if h.chosen(t).Ladder(incident.Outage, incident.ImpactMajor).Longest != 72*time.Hour {
			t.Error("another ladder changed, too")
		}
		wantSaid(t, v.get("/console/settings/ladder"), "yours")

		form = formOnPage(v.get(path))
		for name, bad := range map[string]string{"rungs.4.after": "soon", "rungs.2.attempts": "99", "quiet.from": "evening", "longest": "0"} {
			form.Set(name, bad)
		}
		refused := v.post(path, form)
		if refused.status != http.StatusUnprocessableEntity || strings.Count(refused.body, `aria-invalid="true"`) < 4 {
			t.Errorf("four faults: %d, %d fields marked\n%s", refused.status, strings.Count(refused.body, `aria-invalid="true"`), visible(refused.body))
		}
		for _, kept := range []string{`value="soon"`, `value="99"`, `value="evening"`} {
			if !strings.Contains(refused.body, kept) {
				t.Errorf("what was typed is gone: %s", kept)
			}
		}
		form = formOnPage(v.get(path))
		form.Set("reset", "1")
		v.must(v.post(path, form))
		if n := len(h.chosen(t).Ladders); n != 0 {
			t.Errorf("%d ladders are still edited", n)
		}
	})
}

func TestABudgetAndAPaceAreSet(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		const path = "/console/settings/ladder"
		form := formOnPage(v.get(path))
		form.Set("budget.money", "250.50 EUR\n3000000 IDR")
		form.Set("budget.hours", "40")
		form.Set("rates.email", "500")
		form.Set("public_coverage", "shares")
		v.must(v.post(path, form))
		s := h.chosen(t)
		if s.Budget.Money["EUR"] != 25_050 || s.Budget.Money["IDR"] != 300_000_000 || s.Budget.Hours != 40 || s.Rates["email"] != 500 || s.PublicCoverage != settings.CoverageShares {
			t.Errorf("kept %+v, %v, %q", s.Budget, s.Rates, s.PublicCoverage)
		}
		form = formOnPage(v.get(path))
		if got := form.Get("budget.money"); !strings.Contains(got, "250.50 EUR") {
			t.Errorf("the form shows %q", got)
		}
		form.Set("budget.money", "much")
		form.Set("budget.hours", "-3")
		if a := v.post(path, form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "much") {
			t.Errorf("a budget of %q is answered %d", "much", a.status)
		}
	})
}

func TestTextMessagesAreSetUpAndTheSecretIsNotShownAgain(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		const path = "/console/settings/sms"
		form := formOnPage(v.get(path))
		form.Set("sms.home", "de")
		if a := v.post(path, form); a.status == http.StatusSeeOther && len(h.chosen(t).SMS.Providers) != 0 {
			t.Error("an empty provider was kept")
		}
		form = formOnPage(v.get(path))
		for name, value := range map[string]string{
			"provider.0.name": "first", "provider.0.kind": "twilio", "provider.0.user": "AC1", "provider.0.secret": "s3cret-of-twilio", "provider.0.from": "+4915100000000",
			"sms.home": "de", "sms.countries": "at, CH", "sms.currency": "eur", "sms.prices": "* 9\nDE 7", "sms.order": "*: first",
			"sms.broadcast.total": "250", "sms.broadcast.country": "200", "sms.codes.total": "20.50", "sms.codes.country": "10", "sms.two_way": "1",
		} {
			form.Set(name, value)
		}
		page := v.must(v.post(path, form))
		if strings.Contains(page.body, "s3cret") {
			t.Error("the secret is on the page")
		}
		c := h.chosen(t).SMS
		if len(c.Providers) != 1 || c.Providers[0].Secret != "s3cret-of-twilio" || c.Home != "DE" || len(c.Countries) != 2 || c.Prices["DE"] != 7 || c.Prices[""] != 9 ||
			c.Codes.Total != 2050 || !c.TwoWay || c.Order[""][0] != "first" {
			t.Errorf("kept %+v", c)
		}
		form = formOnPage(page)
		form.Set("provider.0.from", "Harbour")
		form.Set("sms.codes.total", "1")
		refused := v.post(path, form) // a country's purse larger than all
		if refused.status != http.StatusUnprocessableEntity {
			t.Errorf("an impossible purse is answered %d", refused.status)
		}
		form.Set("sms.codes.total", "20")
		v.must(v.post(path, form))
		if c := h.chosen(t).SMS; c.Providers[0].Secret != "s3cret-of-twilio" || c.Providers[0].From != "Harbour" {
			t.Errorf("after another change: %+v", c.Providers)
		}
		form = formOnPage(v.get(path))
		form.Set("provider.0.url", "https://elsewhere.example")
		if a := v.post(path, form); a.status != http.StatusUnprocessableEntity {
			t.Errorf("the secret may be sent elsewhere: %d", a.status)
		}
	})
}

func TestRoomsAreAddedAndTheirAddressIsNotShownAgain(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		const path = "/console/settings/chat"
		form := formOnPage(v.get(path))
		form.Set("chat.rooms.0.name", "Support")
		form.Set("chat.rooms.0.service", "slack")
		form.Set("chat.rooms.0.url", "https://hooks.slack.example/T0/B0/s3cret")
		page := v.must(v.post(path, form))
		if strings.Contains(page.body, "s3cret") {
			t.Error("the room's address is on the page")
		}
		form = formOnPage(page)
		form.Set("chat.rooms.0.impact", "major")
		form.Set("chat.rooms.1.name", "Press")
		form.Set("chat.rooms.1.service", "teams")
		refused := v.post(path, form)
		if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.body, "Press") {
			t.Errorf("a room without an address is answered %d", refused.status)
		}
		form.Set("chat.rooms.1.url", "https://teams.example/hook")
		v.must(v.post(path, form))
		rooms := h.chosen(t).Chat.Rooms
		if len(rooms) != 2 || rooms[0].URL != "https://hooks.slack.example/T0/B0/s3cret" || rooms[0].Impact != incident.ImpactMajor || rooms[0].Says != nil {
			t.Errorf("kept %+v", rooms)
		}
		form = formOnPage(v.get(path))
		form.Set("chat.rooms.0.remove", "1")
		v.must(v.post(path, form))
		if rooms := h.chosen(t).Chat.Rooms; len(rooms) != 1 || rooms[0].Name != "Press" || rooms[0].URL != "https://teams.example/hook" {
			t.Errorf("after taking one away: %+v", rooms)
		}
	})
}
