package e2e

import (
	"net/http"
	"testing"
)

// Everybody is called in, and one of us answers from the letter, without signing in.
func TestWhoIsCalledInAnswersFromTheLetter(t *testing.T) {
	t.Parallel()
	browser(t)
	p, stop, err := start("demo", "--scenario", "none")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	t.Cleanup(func() { p.confess(t) })
	var made struct{ Code string }
	p.api(t, "POST", "/api/v1/incidents", map[string]any{
		"title": map[string]string{"en": "Websites are down"}, "body": map[string]string{"en": "We are on it."}, "cannot_work": true,
		"components": []map[string]string{{"component": "Websites", "status": "major_outage"}},
	}, &made)
	b := &agent{tab: newTab(t), name: "Dana"}
	b.signIn(p)
	at := p.Console + "/incidents/" + made.Code + "/call-in"
	b.visit(at)
	b.fill("note", "Room 4")
	b.follow("Call everybody in")
	b.says("are on.", "Room 4", "was asked")
	b.readableByAll(t, "who is on")
	pages := map[string][]byte{"call-in": b.served()}

	p.written(t, "/console/call-in/")
	link := p.mailed[len(p.mailed)-1]
	asked := &agent{tab: newTab(t), name: "whoever it is for"}
	if status := asked.visit(link); status != http.StatusOK {
		t.Fatalf("the link answers %d", status)
	}
	asked.says("calls you in", "Websites are down", "Room 4")
	asked.readableByAll(t, "called in")
	pages["called-in"] = asked.served()
	asked.follow("I am on it")
	asked.says("You are on, since")
	b.visit(at)
	b.says("2 of")
	for _, fault := range invalid(t, pages) {
		t.Error(fault)
	}
	for _, said := range append(b.seen.complaints(), asked.seen.complaints()...) {
		t.Errorf("the console says: %s", said)
	}
}
