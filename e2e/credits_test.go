package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// Acceptance 7 of "Amends", first half: finance goes from a resolved incident to an approved run, by links and buttons alone.
func TestFinanceGoesFromAResolvedIncidentToAnApprovedRun(t *testing.T) {
	t.Parallel()
	browser(t)
	p, stop, err := start("demo", "--scenario", "none")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	t.Cleanup(func() { p.confess(t) })
	for n := range 8 {
		p.api(t, "PUT", fmt.Sprintf("/api/v1/customers/K-%02d", n), map[string]any{
			"name": fmt.Sprintf("Customer %02d", n), "language": "en", "plan": []string{"Basic", "Pro"}[n%2], "fee": fmt.Sprintf("%d.90", 4+n*n), "currency": "EUR",
			"contacts": []map[string]string{{"channel": "email", "address": fmt.Sprintf("k%02d@customers.example", n)}},
		}, nil)
	}
	var made struct{ Code string }
	p.api(t, "POST", "/api/v1/incidents", map[string]any{
		"title": map[string]string{"en": "Websites are down"}, "body": map[string]string{"en": "We are on it."}, "cannot_work": true,
		"components": []map[string]string{{"component": "Websites", "status": "major_outage"}},
	}, &made)
	p.written(t, "/me/")
	p.api(t, "POST", "/api/v1/incidents/"+made.Code+"/updates", map[string]any{
		"status": "resolved", "body": map[string]string{"en": "They work again."}, "components": []map[string]string{{"component": "Websites", "status": "operational"}},
	}, nil)

	b := &agent{tab: newTab(t), name: "Dana"}
	b.signIn(p)
	b.visit(p.Console + "/credits")
	b.follow("Write terms down")
	b.follow("Percent for each half hour down")
	b.fill("name", "standard")
	b.follow("Look at them and reckon")
	b.says("15.00 EUR", "What a careful reader asks")
	b.readableByAll(t, "contract terms")
	pages := map[string][]byte{}
	b.follow("Keep these terms")
	b.says("Kept. Runs that are drafted from now on are reckoned by them.")
	pages["terms"] = b.served()
	b.visit(p.Console + "/incidents/" + made.Code)
	b.follow("Reckon by contract")
	b.eventually("the run is reckoned", func() bool { return strings.Contains(b.text(), "waits for approval") })
	b.says("8 customers", "Who gets most", "Customer 07", "Everybody gets something")
	b.readableByAll(t, "a credit run")
	pages["run"] = b.served()
	run := b.address()
	b.follow("Customer 07 (K-07)")
	b.says("With a pencil", "1 blocks", "To be credited")
	pages["pencil"] = b.served()
	b.visit(run)
	b.follow("Everybody, one by one")
	b.says("Customer 00", "0.25 EUR")
	pages["customers"] = b.served()
	b.visit(p.Console)
	b.says("Credits that wait for finance")
	b.follow("Websites are down")
	b.visit(run)
	b.follow(evaluate[string](b.tab, `[...document.querySelectorAll("button")].find(x => x.textContent.startsWith("Approve ")).textContent`))
	b.says("Approved. Customers are owed it.")
	b.follow("Offer it")
	b.fill("words-en", "Your websites were down. That was our fault.")
	b.readableOnAPhone(t, "an offer's form")
	pages["offer form"] = b.served()
	b.follow("Offer it")
	offer := b.address()
	b.eventually("the offers are made", func() bool {
		b.visit(offer)
		return strings.Contains(b.text(), "offered, not redeemed")
	})
	b.says("To the cent, EUR")
	pages["offer"] = b.served()
	b.visit(p.Console + "/credits")
	b.says("No run waits for anybody")
	b.readableByAll(t, "credits")
	pages["credits"] = b.served()
	for _, fault := range invalid(t, pages) {
		t.Error(fault)
	}
	for _, said := range b.seen.complaints() {
		t.Errorf("the console says: %s", said)
	}
}
