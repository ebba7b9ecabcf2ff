package desk_test

import (
	"testing"
	"testing/synctest"
	"time"

	"candor/component"
	"candor/desk"
	"candor/incident"
	"candor/promise"
	"candor/store/storetest"
)

func TestWhatTurnsOutWorseBringsTheNextWordForwardAndWhatTurnsOutBetterDoesNotPutItOff(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			n := open(t, storetest.Open(t, url))
			i := n.declare(t, desk.Declaration{First: desk.Word{Body: english("Mail is slow."), Affected: []incident.Affected{down(n.mail, component.Degraded)}}})
			if got := n.look(t, i.ID).open(promise.NextUpdate)[0]; got.DueAt.Sub(got.MadeAt) != 30*time.Minute {
				t.Fatalf("a minor trouble: the next word is %v away", got.DueAt.Sub(got.MadeAt))
			}
			time.Sleep(5 * time.Minute)
			n.amend(t, i, incident.ImpactCritical)
			worse := n.look(t, i.ID).open(promise.NextUpdate)
			if len(worse) != 1 || !worse[0].DueAt.Equal(time.Now().Add(15*time.Minute)) || worse[0].Promiser != n.ann.ID || worse[0].Update == "" {
				t.Fatalf("customers cannot work: %+v, want the next word a quarter of an hour from now", worse)
			}
			time.Sleep(time.Minute)
			n.amend(t, i, incident.ImpactNone)
			if better := n.look(t, i.ID).open(promise.NextUpdate); len(better) != 1 || better[0].ID != worse[0].ID {
				t.Errorf("it was not so bad: %+v, want what was promised", better)
			}
		})
	})
}

// amend overrides the impact, and leaves what else is known.
func (n newsroom) amend(t *testing.T, i incident.Incident, to incident.Impact) {
	t.Helper()
	if err := n.Amend(n.ctx, i.ID, desk.Facts{Override: to}); err != nil {
		t.Fatal(err)
	}
}
