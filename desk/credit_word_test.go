package desk_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"candor/amends"
	"candor/component"
	"candor/desk"
	"candor/incident"
	"candor/problem"
	"candor/promise"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

// credits are the promises of money of an incident.
func (l look) credits() (all []promise.Promise) {
	for _, p := range l.promises {
		if p.Kind == promise.Credit {
			all = append(all, p)
		}
	}
	return all
}

func TestADecisionAboutMoneyIsPromisedOnceAndNoSumIsSaidBeforeIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		n.write(t, func(ctx context.Context, tx *store.Tx) error {
			s, version, err := tx.Settings.Load(ctx)
			s.Credits = settings.Credits{Word: settings.CreditsDecided, Within: 48 * time.Hour}
			if err == nil {
				_, err = tx.Settings.Save(ctx, s, version)
			}
			return err
		})
		i := n.declare(t, desk.Declaration{Kind: incident.Outage, Title: english("Sites are down"), First: desk.Word{
			Body: english("Sites are down."), Affected: []incident.Affected{{Component: n.site.ID, Status: component.MajorOutage}},
		}})
		made := n.look(t, i.ID).credits()
		if len(made) != 1 || made[0].DueAt.Sub(made[0].MadeAt) != 48*time.Hour || made[0].Text == "" {
			t.Fatalf("%+v", made)
		}
		sum := desk.Word{Body: english("We will credit your account with $20.")}
		if _, err := n.Post(n.ctx, i.ID, sum); !problem.Is(err, problem.Invalid) || keys(err)[0] != "body problem.credits.unapproved" {
			t.Errorf("a sum nobody approved: %v", err)
		}
		if _, err := n.Post(n.ctx, i.ID, desk.Word{
			Status: incident.Resolved, Body: english("It works again."), Affected: []incident.Affected{{Component: n.site.ID, Status: component.Operational}},
		}); err != nil {
			t.Fatal(err)
		}
		if all := n.look(t, i.ID).credits(); len(all) != 1 || !all[0].Open() {
			t.Errorf("after the end: %+v", all)
		}
		blocks := `{"period":"incident","tz":"UTC","granularity":{"kind":"exact"},"maintenance":"not_downtime","model":{"type":"per_block","block_s":"1800","round":"ceil","pct":"5"},"claim":{"rule":"automatic"}}`
		if _, err := n.KeepTerms(n.ctx, desk.TermsForm{Name: "standard", Body: json.RawMessage(blocks)}); err != nil {
			t.Fatal(err)
		}
		run, err := n.DraftRun(n.ctx, desk.RunForm{Incident: i.Code, By: amends.ByContract})
		if err == nil {
			run, err = n.ReckonRun(n.ctx, run.ID, time.Now().Add(time.Minute))
		}
		if err == nil {
			run, err = n.ApproveRun(n.ctx, run.ID, run.Digest)
		}
		if err != nil || run.State != amends.Approved {
			t.Fatalf("%s %v", run.State, err)
		}
		if all := n.look(t, i.ID).credits(); len(all) != 1 || all[0].KeptAt.IsZero() {
			t.Errorf("approved: %+v", all)
		}
		if _, err := n.Post(n.ctx, i.ID, sum); err != nil {
			t.Errorf("the sum, now that it is approved: %v", err)
		}
	})
}
