package duty_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"candor/audience"
	"candor/component"
	"candor/desk"
	"candor/incident"
	"candor/lang"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

// It is midnight, nights end at one, and the outage is not one for which people are woken. One customer asked for that on her own page;
// another does in the night; the third sleeps.
func TestWhoChoseAnyHourIsTextedAtNight(t *testing.T) {
	url := storetest.SQLite(t) // PostgreSQL's sockets cannot live in a bubble
	storetest.Crowd(t)
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		h.customer("wakes", "anna@harbour.example", "+4915112345001")
		h.customer("sleeps", "bert@harbour.example", "+4915112345002")
		h.customer("changes his mind", "carl@harbour.example", "+4915112345003")
		h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
			s, version, err := tx.Settings.Load(ctx)
			if err != nil {
				return err
			}
			short := settings.DefaultLadder(incident.Outage, incident.ImpactMajor)
			short.Quiet.Until = 60 // minutes after midnight
			s.Ladders = settings.Ladders{string(incident.Outage): short}
			_, err = tx.Settings.Save(ctx, s, version)
			return err
		})
		if err := h.desk.AnyHour(t.Context(), h.own("anna@harbour.example"), lang.English); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.desk.Declare(h.as(h.ann), desk.Declaration{
			Kind:  incident.Outage,
			First: desk.Word{Body: lang.Text{lang.English: "The shop is down."}, Affected: []incident.Affected{{Component: h.shop.ID, Status: component.MajorOutage}}},
		}); err != nil {
			t.Fatal(err)
		}
		h.run(30 * time.Minute)
		h.numbers("at half past twelve", "+4915112345001")
		if err := h.desk.AnyHour(t.Context(), h.own("carl@harbour.example"), lang.English); err != nil {
			t.Fatal(err)
		}
		h.run(time.Minute)
		h.numbers("after the second wish", "+4915112345001", "+4915112345003")
		h.run(28 * time.Minute)
		h.numbers("a minute before one", "+4915112345001", "+4915112345003")
		h.run(2 * time.Minute)
		h.numbers("when the night is over", "+4915112345001", "+4915112345003", "+4915112345002")
	})
}

func (h *pursued) own(mail audience.Address) (token string) {
	h.t.Helper()
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.Contacts.ByAddress(ctx, audience.Email, mail.Key())
		if err != nil {
			return err
		}
		secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
		token = audience.Sign(secret, audience.ToReach, c.Code)
		return err
	})
	return token
}

func (h *pursued) numbers(when string, want ...string) {
	h.t.Helper()
	got := h.text.Taken()
	for n, m := range got {
		if n >= len(want) || m.To != want[n] {
			h.t.Errorf("%s, text %d went to %s; want %v", when, n+1, m.To, want)
		}
	}
	if len(got) < len(want) {
		h.t.Errorf("%s: %d texts, want %v", when, len(got), want)
	}
}
