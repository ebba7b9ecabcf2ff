package desk_test

import (
	"testing"

	"candor/component"
	"candor/desk"
	"candor/incident"
	"candor/store"
	"candor/store/storetest"
)

func TestAComponentStaysDownWhileAnotherIncidentHoldsIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		say := func(s component.Status) incident.Incident {
			return n.declare(t, desk.Declaration{First: desk.Word{Body: english("Down."), Affected: []incident.Affected{down(n.shop, s)}}})
		}
		first, _ := say(component.PartialOutage), say(component.MajorOutage)
		if _, err := n.Post(n.ctx, first.ID, desk.Word{Status: incident.Resolved, Body: english("Over.")}); err != nil {
			t.Fatal(err)
		}
		if got := n.look(t, first.ID).status[n.shop.ID]; got != component.MajorOutage {
			t.Errorf("the shop is %s while another incident says major outage", got)
		}
	})
}

func TestAHoldingUpdateDoesNotLiftAComponentOutOfAnotherOutage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		say := func(s component.Status) incident.Incident {
			return n.declare(t, desk.Declaration{First: desk.Word{Body: english("Down."), Affected: []incident.Affected{down(n.shop, s)}}})
		}
		slow := say(component.Degraded)
		say(component.MajorOutage)
		if _, err := n.Hold(n.ctx, slow.ID); err != nil {
			t.Fatal(err)
		}
		if got := n.look(t, slow.ID).status[n.shop.ID]; got != component.MajorOutage {
			t.Errorf("after the slow incident's holding update the shop is %s, want major outage", got)
		}
		better := []incident.Affected{{Component: n.shop.ID, Status: component.Operational}}
		if _, err := n.Post(n.ctx, slow.ID, desk.Word{Body: english("Fast again."), Affected: better}); err != nil {
			t.Fatal(err)
		}
		if got := n.look(t, slow.ID).status[n.shop.ID]; got != component.MajorOutage {
			t.Errorf("after the slow incident calls the shop well it is %s, want major outage", got)
		}
	})
}

func TestWhoNamesAComponentAgainMeansIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		still := []incident.Affected{down(n.shop, component.MajorOutage)}
		i := n.declare(t, desk.Declaration{First: desk.Word{Body: english("Down."), Affected: still}})
		if err := n.SetStatus(n.ctx, n.shop.ID, component.Operational); err != nil {
			t.Fatal(err)
		}
		if _, err := n.Hold(n.ctx, i.ID); err != nil {
			t.Fatal(err)
		}
		if got := n.look(t, i.ID).status[n.shop.ID]; got != component.Operational {
			t.Errorf("a holding update, which names nothing, made the shop %s", got)
		}
		u, err := n.Post(n.ctx, i.ID, desk.Word{Body: english("Still down."), Affected: still})
		if err != nil {
			t.Fatal(err)
		}
		if got := n.look(t, i.ID).status[n.shop.ID]; got != component.MajorOutage {
			t.Errorf("named again as down, the shop is %s", got)
		}
		if len(u.Affected) != 1 || u.Affected[0].Old != component.Operational {
			t.Errorf("the update says %+v", u.Affected)
		}
	})
}
