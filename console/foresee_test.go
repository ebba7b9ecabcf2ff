package console

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/settings"
	"candor/store"
)

func TestBeforeAWordIsPostedItSaysWhichCustomersItReachesAndWhatThatTakes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, _ := h.callCentre(t, 3) // who told us of no component: everything concerns them
		at := time.Now().UTC().Truncate(time.Microsecond)
		var shop, other id.Component
		if err := h.db.Write(t.Context(), func(tx *store.Tx) error {
			s, version, err := tx.Settings.Load(t.Context())
			if err != nil {
				return err
			}
			s.SMS = settings.SMS{Home: "DE", Currency: "EUR", Prices: map[string]int64{"": 7}, Providers: []settings.SMSProvider{{Name: "dry"}}}
			if _, err := tx.Settings.Save(t.Context(), s, version); err != nil {
				return err
			}
			all, err := tx.Components.All(t.Context())
			if err != nil {
				return err
			}
			shop, other = all[0].ID, id.New[id.Component](at)
			for n, uses := range []id.Component{shop, shop, other} {
				c := audience.Customer{
					ID: id.New[id.Customer](at), Code: id.NewCode(), External: "U-" + string(rune('0'+n)), Language: lang.English, CreatedAt: at, UpdatedAt: at,
					Uses: []audience.Use{{Component: uses}},
					Contacts: []audience.Contact{
						{ID: id.New[id.Contact](at), Code: id.NewCode(), Channel: audience.Email, Address: audience.Address("u" + string(rune('0'+n)) + "@bakery.test"), Language: lang.English, CreatedAt: at},
						{ID: id.New[id.Contact](at), Code: id.NewCode(), Channel: audience.SMS, Address: audience.Address("+4915112345" + string(rune('0'+n)) + "00"), Language: lang.English, CreatedAt: at},
					},
				}
				if n == 1 {
					c.Contacts = nil
				}
				if c.Contacts, err = tx.Contacts.Ensure(t.Context(), c.Contacts); err != nil {
					return err
				}
				if err := tx.Customers.Add(t.Context(), c); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		form := url.Values{"body.en": {"Down again."}, "component." + string(shop): {"major_outage"}, "cannot_work": {"yes"}, "kind": {"outage"}}
		page := v.post("/console/declare/preview", form)
		// Three with a telephone only, one with mail and a mobile, one with nothing; the one who uses something else is not among them.
		wantSaid(t, page, "5 customers are affected", "3 A person of ours", "1 Mail", "1 no address at all", "0.14 EUR", "on the telephone")
		if strings.Contains(visible(page.body), "estimated from") {
			t.Error("five customers are estimated from a sample")
		}
		form.Set("quiet", "yes")
		if silent := v.post("/console/declare/preview", form); strings.Contains(silent.body, "Which customers it reaches") {
			t.Error("a word for the page alone reaches customers")
		}
		form.Del("quiet")
		form.Set("audience", "everyone")
		wantSaid(t, v.post("/console/declare/preview", form), "6 customers are affected")
		wantSaid(t, v.get(incidentPath(i.Code)+"/write"), "Which customers it reaches", "5 customers are affected")
		h.read(t, func(ctx context.Context, tx *store.Tx) error {
			some, err := tx.Affected.ForeseeSome(ctx, store.Assessment{Audience: "uses", Components: []id.Component{shop}, From: at}, 2)
			if len(some) != 2 {
				t.Errorf("%d of two are drawn", len(some))
			}
			return err
		})
	})
}
