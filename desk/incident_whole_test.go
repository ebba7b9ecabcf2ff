package desk_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"candor/component"
	"candor/desk"
	"candor/incident"
	"candor/store/storetest"
)

// What is said and that everybody hears it are one act. Were they two, a fault between them would leave a page that says it is over and
// customers whom nobody told.
func TestAWordNobodyCanBeToldIsNotSaid(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		n := open(t, storetest.Open(t, url))
		i := n.declare(t, desk.Declaration{First: desk.Word{
			Body: english("Our shop is down."), Affected: []incident.Affected{down(n.shop, component.MajorOutage)},
		}})
		before := n.look(t, i.ID)
		over := desk.Word{Status: incident.Resolved, Body: english("It is over."), Key: "pressed twice"}

		back := storetest.Away(t, url, "announcements")
		if _, err := n.Post(n.ctx, i.ID, over); err == nil {
			t.Error("said, although nobody could be told: this proves nothing")
		}
		back()
		if diff := cmp.Diff(before, n.look(t, i.ID), cmp.AllowUnexported(look{})); diff != "" {
			t.Errorf("something of it stayed:\n%s", diff)
		}

		if _, err := n.Post(n.ctx, i.ID, over); err != nil {
			t.Fatal(err)
		}
		after := n.look(t, i.ID)
		if after.incident.Status != incident.Resolved || len(after.updates) != 2 || len(after.announcements) != 2 {
			t.Errorf("said again it became %s with %d words and %d announcements", after.incident.Status, len(after.updates), len(after.announcements))
		}
	})
}
