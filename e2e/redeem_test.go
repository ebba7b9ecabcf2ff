package e2e

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// posted sends one of the console's forms, and answers where it led.
func (w *walker) posted(path string, in url.Values) string {
	w.t.Helper()
	resp, err := w.client.PostForm(w.base+path, in)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		said, _ := io.ReadAll(resp.Body)
		w.t.Fatalf("the form of %s is answered %s\n%s", path, resp.Status, said)
	}
	to, _, _ := strings.Cut(resp.Header.Get("Location"), "#")
	return strings.TrimPrefix(to, w.base)
}

var digest = regexp.MustCompile(`name="digest" value="([0-9a-f]{64})"`)

// reckoned waits until a run may be approved, and answers what its approval is of.
func (w *walker) reckoned(run string) string {
	w.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		resp, err := w.client.Get(w.base + run)
		if err != nil {
			w.t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if found := digest.FindSubmatch(body); found != nil && strings.Contains(string(body), ">Approve ") {
			return string(found[1])
		}
	}
	w.t.Fatalf("%s is never reckoned", run)
	return ""
}

// offered is what finance does in the console after an incident: terms, a month's fee to each, approval, and a letter to each.
func (p *program) offered(t *testing.T, code string) {
	t.Helper()
	w := newWalker(t, p)
	w.signIn(p)
	w.posted("/console/credits/terms", url.Values{"name": {"standard"}, "do": {"keep"}, "body": {`{"period":"incident","tz":"UTC","granularity":{"kind":"exact"},
		"maintenance":"not_downtime","model":{"type":"per_block","block_s":"1800","round":"ceil","pct":"5","cap_pct":"100"},"claim":{"rule":"automatic"}}`}})
	run := w.posted("/console/credits/runs", url.Values{"incident": {code}, "by": {"contract"}})
	w.reckoned(run)
	run = w.posted(run+"/rules", url.Values{"act": {"give"}, "months": {"1"}, "reason": {"It took us far too long."}})
	w.posted(run+"/approve", url.Values{"digest": {w.reckoned(run)}})
	w.posted(run+"/offer", url.Values{
		"words.en": {"Your sites were down. That was **our** fault."}, "words.es": {"Sus sitios estuvieron caídos. Fue culpa nuestra y lo siento."},
		"redeeming": {"button"}, "silence": {"credit"}, "expires_at": {time.Now().AddDate(0, 0, 14).Format("2006-01-02T15:04")}, "remind": {"7, 1"}, "answer_hours": {"24"},
	})
}

// A customer on a phone, in Spanish: from the letter through one touch to money that is theirs, and a second visit that says so.
func TestACustomerRedeemsOnAPhone(t *testing.T) {
	t.Parallel()
	browser(t)
	p, stop, err := start("demo", "--scenario", "none")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	t.Cleanup(func() { p.confess(t) })
	p.api(t, "PUT", "/api/v1/customers/V-1", map[string]any{
		"name": "Flores Vega", "language": "es", "plan": "Pro", "fee": "32.97", "currency": "USD", "contacts": []map[string]string{{"channel": "email", "address": "ana@vega.example"}},
	}, nil)
	code := p.trouble(t)
	p.offered(t, code)
	p.written(t, "/es/redeem/")
	link := p.mailed[len(p.mailed)-1]

	b := newTab(t)
	b.size(360)
	b.visit(link)
	b.says("Le debemos 32,97\u00a0USD.", "Fue culpa nuestra", "Canjear mi crédito", "No. Conserva todos sus derechos")
	if _, token, _ := strings.Cut(link, "/redeem/"); strings.Contains(b.address(), token) {
		t.Error("the secret stays in the address")
	}
	b.readableOnAPhone(t, "a credit's link")
	b.follow("Canjear mi crédito")
	b.says("Lo canjeó el")
	b.visit(link)
	b.says("Le debemos 32,97\u00a0USD.", "Lo canjeó el", "Se abona en su próxima factura.")
	if strings.Contains(b.text(), "Canjear mi crédito") {
		t.Error("what is redeemed is offered again")
	}
	b.readableOnAPhone(t, "a redeemed credit's link")
	for _, said := range b.seen.complaints() {
		t.Errorf("the console says: %s", said)
	}
}

// trouble is an outage that ended, with customers it affected.
func (p *program) trouble(t *testing.T) (code string) {
	t.Helper()
	var made struct{ Code string }
	p.api(t, "POST", "/api/v1/incidents", map[string]any{
		"title": map[string]string{"en": "Websites are down", "es": "Los sitios web no funcionan"}, "body": map[string]string{"en": "We are on it."}, "cannot_work": true,
		"components": []map[string]string{{"component": "Websites", "status": "major_outage"}},
	}, &made)
	p.affecting(t, made.Code)
	p.api(t, "POST", "/api/v1/incidents/"+made.Code+"/updates", map[string]any{
		"status": "resolved", "body": map[string]string{"en": "They work again."}, "components": []map[string]string{{"component": "Websites", "status": "operational"}},
	}, nil)
	return made.Code
}

// affecting waits until the program has found out whom an incident affects.
func (p *program) affecting(t *testing.T, code string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		var so struct{ All struct{ Affected int } }
		p.api(t, "GET", "/api/v1/incidents/"+code+"/coverage", nil, &so)
		if so.All.Affected > 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("nobody is affected\n%s", p.log.String())
		}
	}
}
