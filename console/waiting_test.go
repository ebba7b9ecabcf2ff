package console

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/store"
)

func TestALanguageNobodyHasWrittenYetIsShownAgainstWhoWaitsForIt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		at := time.Now().UTC().Truncate(time.Microsecond)
		if err := h.db.Write(t.Context(), func(tx *store.Tx) error {
			for n, tag := range []lang.Tag{lang.German, lang.German, lang.Spanish, ""} {
				c := audience.Customer{ID: id.New[id.Customer](at), Code: id.NewCode(), External: "W-" + string(rune('0'+n)), Language: tag, CreatedAt: at, UpdatedAt: at}
				if err := tx.Customers.Add(t.Context(), c); err != nil {
					return err
				}
			}
			return tx.Contacts.Add(t.Context(), audience.Contact{
				ID: id.New[id.Contact](at), Code: id.NewCode(), Channel: audience.Email, Address: "reader@kiel.test", Language: lang.German, CreatedAt: at, ConfirmedAt: at,
			})
		}); err != nil {
			t.Fatal(err)
		}
		form := url.Values{"body.en": {"Down again."}, "kind": {"outage"}, "audience": {"everyone"}, "prefilled": {"outage/minor/"}}
		page := v.post("/console/declare/preview", form)
		wantSaid(t, page, "Languages not written yet", "Deutsch: 2 customers read it, and 1 subscriber", "Español: 1 customer reads it", "繁體中文: nobody whom this reaches")
		form.Set("body.de", "Wieder ausgefallen.")
		if page = v.post("/console/declare/preview", form); strings.Contains(visible(page.body), "Deutsch: ") {
			t.Error("German is written, and still missing")
		}
		form = url.Values{"kind": {"outage"}, "prefilled": {"outage/minor/"}}
		if page = v.post("/console/declare/preview", form); strings.Contains(visible(page.body), "Languages not written yet") {
			t.Error("nothing is written at all, and that is called missing in some languages")
		}
	})
}
