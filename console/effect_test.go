package console

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"candor/id"
	"candor/reach"
	"candor/store"
)

func TestWhatASampleSaysStandsBesideWhatWeClaim(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		h.components(t, v, "Mail")
		path := h.declare(t, v, "Mail", "Mail is late.")
		code, _ := id.ParseCode(path[strings.LastIndexByte(path, '/')+1:])
		if a := v.post(path+"/effect", url.Values{"key": {"a"}}); a.status == http.StatusSeeOther {
			t.Error("customers are asked while it goes on")
		}
		if err := h.db.Write(t.Context(), func(tx *store.Tx) error {
			i, err := tx.Incidents.ByCode(t.Context(), code)
			if err != nil {
				return err
			}
			asked := []id.Customer{"cus_a", "cus_b", "cus_c"}
			at := time.Now()
			if err := tx.Effects.Begin(context.WithoutCancel(t.Context()), reach.Effect{Incident: i.ID, At: at, Level: reach.LevelC, Affected: 30}, asked); err != nil {
				return err
			}
			return tx.Effects.Answer(t.Context(), i.ID, "cus_a", reach.KnowsWhatToDo, at)
		}); err != nil {
			t.Fatal(err)
		}
		wantSaid(t, v.get(path+"/coverage"), "What customers say", "1 of 3 answered, drawn by lot from 30 affected", "3 of them could not be asked", "100.0% ± ")
	})
}
