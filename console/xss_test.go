package console

import (
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"candor/component"
	"candor/desk"
	"candor/incident"
	"candor/lang"
	"candor/monitor"
	"candor/problem"
	"candor/staff"
	"candor/store/storetest"
)

// V15: what strangers and colleagues write, whatever the field, is words on every page of the desk and nothing else.
func TestV15NothingThatIsWrittenActsOnTheDesk(t *testing.T) {
	h := open(t, storetest.Open(t, storetest.SQLite(t)))
	v := h.setUp(t)
	h.write(t, payloads(t))
	seen := map[string]bool{}
	queue := []string{
		"/console", "/console/say", "/console/incidents", "/console/components", "/console/people", "/console/tokens", "/console/settings",
		"/console/audit", "/console/subscribers", "/console/customers", "/console/customers/import", "/console/reach", "/console/outbox", "/console/repair", "/console/prove", "/console/mine",
		"/console/declare", "/console/maintenance", "/console/profile",
		"/console?done=" + url.QueryEscape("<script>alert(1)</script>"), "/console/" + url.PathEscape("<img src=x onerror=alert(1)>"),
	}
	for len(queue) > 0 && len(seen) < 400 {
		path := queue[0]
		queue = queue[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		links, faults := inspect(t, v.get(path).body)
		for _, fault := range faults {
			t.Errorf("%s: %s", path, fault)
		}
		queue = append(queue, links...)
	}
	if len(seen) < 60 {
		t.Errorf("only %d pages were looked at", len(seen))
	}
}

func payloads(t *testing.T) []string {
	t.Helper()
	corpus, err := os.ReadFile("../markup/testdata/xss.txt")
	if err != nil {
		t.Fatal(err)
	}
	undo := strings.NewReplacer("⏎", "\n", "⇥", "\t", "␀", "\x00")
	var all []string
	for _, line := range strings.Split(strings.TrimSpace(string(corpus)), "\n") {
		all = append(all, undo.Replace(line))
	}
	if len(all) < 250 {
		t.Fatalf("the corpus has %d payloads; was it cut?", len(all))
	}
	return all
}

// write puts every payload into every field that takes it; what is refused is no danger.
func (h *house) write(t *testing.T, all []string) {
	t.Helper()
	ctx := staff.As(t.Context(), staff.Actor{System: "cli"})
	owner, err := h.desk.AddPerson(ctx, desk.PersonForm{Name: "Owner Two", Mail: "two@harbour.test", Password: goodPassword, Roles: []staff.Role{staff.Owner}})
	if err != nil {
		t.Fatal(err)
	}
	ctx = staff.As(t.Context(), staff.Actor{Person: owner})
	taken := 0
	try := func(err error) {
		switch {
		case err == nil:
			taken++
		case len(problem.All(err)) == 0:
			t.Fatal(err)
		}
	}
	first, err := h.desk.AddComponent(ctx, desk.ComponentForm{Name: lang.Text{lang.English: "Mail"}})
	if err != nil {
		t.Fatal(err)
	}
	hit := []incident.Affected{{Component: first.ID, Status: component.MajorOutage}}
	for n, p := range all {
		text := lang.Text{lang.English: p}
		i, _, err := h.desk.Declare(ctx, desk.Declaration{Title: text, First: desk.Word{Body: text, Affected: hit, Fields: incident.Fields{WorkingOn: text}}})
		try(err)
		if err == nil && n%2 == 0 {
			_, err = h.desk.Post(ctx, i.ID, desk.Word{Body: text, NextReason: p, Status: incident.Resolved})
			try(err)
		}
		if n%4 == 0 {
			_, err = h.desk.AddComponent(ctx, desk.ComponentForm{Name: text, Description: text})
			try(err)
			_, err = h.desk.AddPerson(ctx, desk.PersonForm{Name: p, Title: text, PublicPhone: p, PublicMail: p, Mail: fmt.Sprintf("p%d@harbour.test", n), Roles: []staff.Role{staff.Viewer}})
			try(err)
			_, _, err = h.desk.AddToken(ctx, p, []staff.Right{staff.Look})
			try(err)
			_, err = h.desk.ReceiveAlerts(ctx, []monitor.Alert{{Group: p, Fingerprint: "f", Firing: true, Name: p, Summary: p, Severity: p, Component: p, URL: p, StartsAt: time.Now()}})
			try(err)
		}
	}
	if taken < 300 {
		t.Fatalf("only %d payloads were taken: the test looks at nothing", taken)
	}
}

var ours = regexp.MustCompile(`^(/console(/|$|\?|#)|#|\?|mailto:|tel:|https?://)`)

func TestV15TheInspectionOfTheDeskSeesWhatItLooksFor(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"<script>x</script>", `<script src="https://evil.example/x.js"></script>`, "<p onclick=x>x</p>", "<p style=x>x</p>", "<style>x</style>",
		`<a href="javascript:x">x</a>`, `<a href="//evil.example">x</a>`, `<form action="data:x">x</form>`, `<img src="x">`, "<base>", "<object></object>",
	} {
		if _, faults := inspect(t, bad); len(faults) == 0 {
			t.Errorf("%q passes for harmless", bad)
		}
	}
}

// inspect parses a page as a browser would, and answers the links that lead on and whatever could act.
func inspect(t *testing.T, page string) (links, faults []string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			switch value := strings.ToLower(strings.TrimSpace(a.Val)); {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc":
				faults = append(faults, fmt.Sprintf("<%s %s=%q>", n.Data, a.Key, a.Val))
			case a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction":
				if !ours.MatchString(value) {
					faults = append(faults, fmt.Sprintf("<%s %s=%q>", n.Data, a.Key, a.Val))
				}
				if n.DataAtom == atom.A && strings.HasPrefix(value, "/console") {
					where, _, _ := strings.Cut(a.Val, "#")
					links = append(links, where)
				}
			}
		}
		switch n.DataAtom {
		case atom.Script:
			if src := attr(n, "src"); !strings.HasPrefix(src, "/console/assets/") || n.FirstChild != nil {
				faults = append(faults, "a script "+src)
			}
		case atom.Style, atom.Object, atom.Embed, atom.Base:
			faults = append(faults, "<"+n.Data+">")
		}
	}
	return links, faults
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
