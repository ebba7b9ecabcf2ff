package console

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"candor/incident"
	"candor/monitor"
	"candor/staff"
	"candor/store"
)

func TestANewcomerMakesItTheirsDeclaresHoldsAndResolves(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		page := v.get("/console/mine?done=welcome")
		wantSaid(t, page, "Make this yours", "The page is private", "No mail server is set")

		page = v.must(v.post("/console/mine", url.Values{
			"company": {"Harbour"}, "zone": {"America/Phoenix"}, "language[]": {"en", "de", "es", "id", "zh-Hant"},
			"components": {"Websites\nMail\nDNS"}, "version": {hidden(t, page, "version")},
		}))
		wantSaid(t, page, "There already: Websites, Mail, DNS")
		page = v.must(v.post("/console/mine/publish", nil))
		wantSaid(t, page, "The page is public")

		page = v.get("/console/declare")
		wantSaid(t, page, "What is broken?", "Can customers work at all?", "0 people")
		form := formOnPage(page)
		form.Set(selectNamed(t, page, "DNS"), "major_outage")
		form.Set("cannot_work", "yes")
		page = v.must(v.post("/console/declare", form))
		wantSaid(t, page, "The first word is out", "Critical", "Customers cannot work", "DNS", "Write an update")

		again := v.must(v.post("/console/declare", form))
		wantSaid(t, again, "The first word is out")
		var open []incident.Incident
		h.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
			open, err = tx.Incidents.Working(ctx)
			return err
		})
		if len(open) != 1 {
			t.Fatalf("sent twice, the form made %d incidents, want 1", len(open))
		}
		i := open[0]

		page = v.get("/console")
		wantSaid(t, page, "What we owe, by the clock", "Next update", "Still working on it", "Dana Whitfield")
		page = v.must(v.post(incidentPath(i.Code)+"/hold", url.Values{"key": {"once"}}))
		wantSaid(t, page, "Said: still working on it.")
		v.must(v.post(incidentPath(i.Code)+"/hold", url.Values{"key": {"once"}}))
		if n := h.updates(t, i); n != 2 {
			t.Errorf("one hold sent twice made %d updates in all, want 2", n)
		}

		page = v.get(incidentPath(i.Code) + "/write?status=resolved")
		form = formOnPage(page)
		if form.Get("status") != "resolved" {
			t.Errorf("status offered is %q, want resolved", form.Get("status"))
		}
		form.Set("body.en", "Every name answers again since 15:02. I am sorry.")
		form.Set("report_due_at", "2027-01-05T17:00")
		page = v.must(v.post(incidentPath(i.Code)+"/updates", form))
		wantSaid(t, page, "Posted.", "Resolved", "Every name answers again", "Report on cause and repair")
		wantSaid(t, v.get("/console/repair"), "Reports we promised", "due")
		wantSaid(t, v.get("/console/prove"), "of", "promises kept in 90 days")
		wantSaid(t, v.get("/console/audit"), "incident declare", "update post")
	})
}

func (h *house) updates(t *testing.T, i incident.Incident) (n int) {
	t.Helper()
	h.read(t, func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Updates.Of(ctx, i.ID)
		n = len(all)
		return err
	})
	return n
}

func TestARefusedFormComesBackWithEverythingTyped(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		h.components(t, v, "Websites\nMail")
		page := v.get("/console/declare")
		form := formOnPage(page)
		row := selectNamed(t, page, "Mail")
		form.Set(row, "partial_outage")
		for name := range form {
			if strings.HasPrefix(name, "body.") {
				form.Set(name, "")
			}
		}
		form.Set("title.en", "Mail for some is late")
		form.Set("working_on.en", "Luis and the mail team")
		form.Set("started_at", "2026-11-20T10:00")
		page = v.post("/console/declare", form)
		if page.status != http.StatusUnprocessableEntity {
			t.Fatalf("got %d, want 422", page.status)
		}
		wantSaid(t, page, "Mail for some is late", "Luis and the mail team", "2026-11-20T10:00")
		if got := formOnPage(page).Get(row); got != "partial_outage" {
			t.Errorf("the component's status came back as %q", got)
		}
		if got, want := hidden(t, page, "key"), form.Get("key"); got != want {
			t.Errorf("the form came back with key %q, want %q: sent twice it would count twice", got, want)
		}
	})
}

func (h *house) components(t *testing.T, v *visitor, names string) {
	t.Helper()
	page := v.get("/console/mine")
	v.must(v.post("/console/mine", url.Values{
		"company": {"Harbour"}, "zone": {"America/Phoenix"}, "language[]": {"en", "de"}, "components": {names}, "version": {hidden(t, page, "version")},
	}))
}

var (
	inputTag    = regexp.MustCompile(`<input [^>]*>`)
	textareaTag = regexp.MustCompile(`(?s)<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>`)
	selectTag   = regexp.MustCompile(`(?s)<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>`)
	chosenTag   = regexp.MustCompile(`<option value="([^"]*)" selected>`)
	attribute   = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
)

// formOnPage is what a browser would send from the page's main form.
func formOnPage(a answer) url.Values {
	form := url.Values{}
	unescape := strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&amp;", "&", "&lt;", "<", "&gt;", ">", "&#43;", "+")
	for _, tag := range inputTag.FindAllString(a.body, -1) {
		at := map[string]string{}
		for _, m := range attribute.FindAllStringSubmatch(tag, -1) {
			at[m[1]] = unescape.Replace(m[2])
		}
		ticked := strings.Contains(tag, " checked")
		if at["name"] == "" || (at["type"] == "radio" || at["type"] == "checkbox") && !ticked {
			continue
		}
		form.Add(at["name"], at["value"])
	}
	for _, m := range textareaTag.FindAllStringSubmatch(a.body, -1) {
		form.Add(m[1], unescape.Replace(m[2]))
	}
	for _, m := range selectTag.FindAllStringSubmatch(a.body, -1) {
		if chosen := chosenTag.FindStringSubmatch(m[2]); chosen != nil {
			form.Add(m[1], chosen[1])
		}
	}
	return form
}

func hidden(t *testing.T, a answer, name string) string {
	t.Helper()
	form := formOnPage(a)
	if !form.Has(name) {
		t.Fatalf("no field %q on the page (%d):\n%s", name, a.status, visible(a.body))
	}
	return form.Get(name)
}

// selectNamed is the name of the select whose label says label.
func selectNamed(t *testing.T, a answer, label string) string {
	t.Helper()
	m := regexp.MustCompile(`<label for="c-([^"]*)">` + regexp.QuoteMeta(label)).FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("no component %q on the page:\n%s", label, visible(a.body))
	}
	return "component." + m[1]
}

func TestAFormSentTwiceActsOnceAndAChangedOneActsAgain(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		form := formOnPage(v.get("/console/components/new"))
		form.Set("name.en", "Webmail")
		first, second := v.post("/console/components", form), v.post("/console/components", form)
		if first.status != http.StatusSeeOther || second.to != first.to {
			t.Fatalf("got %d %q, then %d %q", first.status, first.to, second.status, second.to)
		}
		form.Set("name.en", "Phones")
		v.must(v.post("/console/components", form))
		var names []string
		h.read(t, func(ctx context.Context, tx *store.Tx) error {
			all, err := tx.Components.All(ctx)
			for _, c := range all {
				names = append(names, c.Name["en"])
			}
			return err
		})
		slices.Sort(names)
		if got, want := strings.Join(names, " "), "Phones Webmail"; got != want {
			t.Errorf("components: got %s, want %s", got, want)
		}
		form.Set("name.en", "")
		if a := v.post("/console/components", form); a.status != http.StatusUnprocessableEntity {
			t.Errorf("a refused form is answered %d, want 422", a.status)
		}
	})
}

func TestADraftFromAnAlertIsPublishedWithOneClick(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		h.components(t, v, "Registration\nMail")
		cli := staff.As(t.Context(), staff.Actor{System: "cli"})
		drafts, err := h.desk.ReceiveAlerts(cli, []monitor.Alert{{
			Group: "g", Fingerprint: "f", Firing: true, Name: "RegistrationDown", Summary: "Registration does not answer", Severity: "critical",
			Component: "Registration", StartsAt: time.Now().Add(-time.Minute),
		}})
		if err != nil || len(drafts) != 1 {
			t.Fatalf("drafts %v, %v", drafts, err)
		}
		page := v.get("/console")
		wantSaid(t, page, "Drafts from alerts", "Publish the first word", "It is not an incident")
		code := regexp.MustCompile(`/console/incidents/([a-z0-9]{12})/publish`).FindStringSubmatch(page.body)
		if code == nil {
			t.Fatal("no publish button")
		}
		page = v.must(v.post("/console/incidents/"+code[1]+"/publish", url.Values{"key": {"k"}}))
		wantSaid(t, page, "The first word is out", "Our monitoring", "Registration", "Still working on it")
	})
}
