package console

import (
	"net/url"
	"strings"
	"testing"

	"candor/incident"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

func TestLaterWordsWaitForASecondPersonWhereTheCompanyWantsIt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		page := v.get("/console/settings")
		wantSaid(t, page, "A second person", "Later words about")
		h.components(t, v, "Shop")
		path := h.declare(t, v, "Shop", "Down.")
		other := h.join(t, staff.Communicator)
		if err := h.db.Write(t.Context(), func(tx *store.Tx) error {
			s, version, err := tx.Settings.Load(t.Context())
			if err != nil {
				return err
			}
			s.Approval = settings.Approval{Kinds: incident.Kinds[:]}
			_, err = tx.Settings.Save(t.Context(), s, version)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		answer := v.post(path+"/updates", url.Values{"body.en": {"We have found the **cause**."}, "status": {"identified"}})
		if where := answer.to; !strings.Contains(where, "done=waits") {
			t.Fatalf("it went to %q: %s", where, answer.body)
		}
		wantSaid(t, v.get("/console"), "Words that wait for a second person", "We have found the cause .", "makes it: Identified", "Take it back")
		if strings.Contains(v.get("/console").body, "Approve and post it") {
			t.Error("who wrote it may approve it")
		}
		board := other.get("/console")
		wantSaid(t, board, "Approve and post it", "Decline")
		_, rest, _ := strings.Cut(board.body, `action="/console/proposals/`)
		word := "/console/proposals/" + rest[:strings.IndexByte(rest, '/')]
		if refused := v.post(word+"/approve", url.Values{}); refused.status != 403 {
			t.Errorf("their own words approved: %d", refused.status)
		}
		if where := other.post(word+"/approve", url.Values{}).to; !strings.Contains(where, "done=approved") {
			t.Errorf("approving went to %q", where)
		}
		wantSaid(t, v.get(path), "We have found the cause")
		if strings.Contains(v.get("/console").body, "Words that wait") {
			t.Error("what was said still waits")
		}
	})
}
