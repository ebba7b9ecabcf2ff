package app

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/promise"
	"candor/report"
	"candor/staff"
	"candor/store"
)

// S1: on recovery, promise a full report on cause and corrective action, and see that it never happens twice. Here it does happen twice.
func TestTheSameCauseReturns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openStillHarbour(t)
		h.clock("13:00") // a Monday
		out := h.declare("Our DNS does not answer.", "12:50").ID
		h.clock("14:00")
		friday := time.Date(2012, 9, 14, 17, 0, 0, 0, h.zone)
		dana := staff.As(t.Context(), staff.Actor{Person: h.person("Dana Whitfield"), Session: "ses_dana"})
		luis := staff.As(t.Context(), staff.Actor{Person: h.person("Luis Ortega"), Session: "ses_luis"})
		if _, err := h.desk.Post(dana, out, desk.Word{Status: incident.Resolved, Body: lang.Text{"en": "It answers again."}, ReportDueAt: friday}); err != nil {
			t.Fatal(err)
		}

		time.Sleep(3 * 24 * time.Hour) // Thursday
		r, err := h.desk.BeginReport(dana, out)
		if err != nil {
			t.Fatal(err)
		}
		r, err = h.desk.WriteReport(dana, r.ID, desk.ReportDraft{Version: r.Version, Rows: r.Account.Happened, Words: map[report.Part]lang.Text{
			report.Summary: {"en": "Our name servers did not answer for an hour. It was our mistake."},
			report.Cause:   {"en": "A zone was written over by hand, and nothing looked at it first. That is our responsibility."},
		}})
		if err != nil {
			t.Fatal(err)
		}
		var actions []report.Action
		for _, title := range []string{"Zones are written by a program", "An alarm when zones differ", "Two people for each change"} {
			a, err := h.desk.AddAction(dana, out, desk.ActionDraft{Kind: report.Prevent, Title: lang.Text{"en": title}})
			if err != nil {
				t.Fatal(err)
			}
			actions = append(actions, a)
		}
		if _, err := h.desk.PublishReport(dana, r.ID, desk.Publishing{Version: r.Version}); err != nil {
			t.Fatal(err)
		}
		for _, p := range h.promises(h.of(out)) {
			if p.Kind == promise.Report && p.Outcome(time.Now()) != promise.Kept {
				t.Errorf("promised for Friday, published on Thursday: %s", p.Outcome(time.Now()))
			}
		}

		time.Sleep(7 * 24 * time.Hour)
		if err := h.desk.FinishAction(dana, actions[0].ID, nil); err != nil { // done, and nobody has verified it
			t.Fatal(err)
		}
		page := "/en/incidents/" + string(h.incident(h.of(out)).Code) + "/report"
		h.page(page, "0 of 3 actions verified")
		h.page(page, "Done, not yet verified")

		time.Sleep(14 * 24 * time.Hour)
		back, _, err := h.desk.Declare(luis, desk.Declaration{First: desk.Word{Body: lang.Text{"en": "Our DNS does not answer again."}}})
		if err != nil {
			t.Fatal(err)
		}
		again := back.ID
		reopened, err := h.desk.SameCause(luis, again, out)
		if err != nil || len(reopened) != 1 {
			t.Fatalf("opened again %d actions, %v", len(reopened), err)
		}
		h.page("/en/incidents/"+string(h.incident(h.of(again)).Code), "The same cause as before:")
		h.page("/en/incidents/"+string(h.incident(h.of(again)).Code), "One action against it is open again.")
		h.page(page, "The same cause returned:")
		h.page(page, "the same cause returned:")
		open := 0
		for _, p := range h.promises(h.of(out)) {
			if p.Kind == promise.CorrectiveAction && p.Open() {
				open++
			}
		}
		if open != 3 {
			t.Errorf("%d actions are promised, want all three", open)
		}
	})
}

// of names an incident for the helpers, which look it up again.
func (h *harbour) of(x id.Incident) incident.Incident { return incident.Incident{ID: x} }

// person finds one of the demo's people by name.
func (h *harbour) person(name string) (p staff.Person) {
	h.t.Helper()
	h.read(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.People.All(ctx)
		for _, one := range all {
			if strings.HasPrefix(one.Name, name) {
				p = one
			}
		}
		return err
	})
	if p.ID == "" {
		h.t.Fatalf("nobody is called %s", name)
	}
	return p
}
