package app

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"candor/incident"
	"candor/staff"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A caller is somebody who knocks at every door.
type caller struct {
	name   string
	person staff.Role    // of a session
	token  string        // or a token
	rights []staff.Right // what the token is good for
}

// may is what the table of rights says, worked out here a second time.
func (c caller) may(r staff.Route, ofAPI bool) bool {
	switch {
	case r.Open:
		return true
	case ofAPI:
		return slices.Contains(c.rights, r.Needs)
	}
	return c.person != "" && staff.May([]staff.Role{c.person}, r.Needs)
}

func (h *house) callers() []caller {
	all := []caller{{name: "nobody"}}
	for _, role := range staff.Roles {
		all = append(all, caller{name: string(role), person: role})
	}
	for _, right := range staff.Rights {
		all = append(all, caller{name: "token:" + string(right), token: h.token(staff.Owner, right), rights: []staff.Right{right}})
	}
	// A viewer's token that names every scope: made while the person was an owner, and worth no more than the person is now.
	viewer := h.people[staff.Viewer]
	demoted := h.people[staff.Owner]
	demoted.ID = viewer.ID
	secret, _, err := h.desk.AddToken(staff.As(h.ctx(), staff.Actor{Person: demoted, Session: "ses_test"}), "all", staff.Rights[:])
	if err != nil {
		h.t.Fatal(err)
	}
	return append(all, caller{name: "viewer's token:all", token: secret, rights: []staff.Right{staff.Look}})
}

// V21, V22: everybody at every door. The golden file is the table of answers; beside it, each answer is held against the table of rights.
func TestV21EveryRouteAnswersEveryRoleAndScopeByTheTable(t *testing.T) {
	h := newHouse(t)
	i, u := h.declare(incident.Public, "The shop is down.", h.shop)
	fill := strings.NewReplacer(
		"{$}", "", "{month}", i.StartedAt.Format("2006-01"), "{notice}", "asked", "{update}", string(u.ID), "{kind}", "outage", "{impact}", "major",
		"{code}", string(i.Code), "{file}", "none.css", "{token}", "none", "{hash}", "none", "{delivery}", "dlv_none", "{contact}", "con_none",
		"{component}", "cmp_none", "{person}", "per_none", "{who}", "cus_none", "incidents/{id}", "incidents/"+string(i.Code), "{id}", "abcdefghijkl")
	callers := h.callers()
	var out strings.Builder
	for _, c := range callers {
		fmt.Fprintf(&out, "%s | ", c.name)
	}
	out.WriteString("\n")
	routes := h.routes()
	slices.SortFunc(routes, func(a, b staff.Route) int { return cmp.Compare(a.Pattern, b.Pattern) })
	for _, r := range routes {
		method, pattern, found := strings.Cut(r.Pattern, " ")
		if !found {
			method, pattern = http.MethodGet, "/nowhere" // what is in no table
		}
		ofAPI := strings.HasPrefix(pattern, "/api/v1/")
		var answers []string
		for _, c := range callers {
			got := h.ask(h.knock(c, method, fill.Replace(pattern))).Code
			answers = append(answers, class(method, got))
			refused := got == http.StatusUnauthorized || got == http.StatusForbidden
			if pattern == "/console/sign-in" {
				refused = false // what refuses here is the password
			}
			if c.may(r, ofAPI) == refused {
				t.Errorf("%s answers %d to %s", r.Pattern, got, c.name)
			}
			if got >= 500 {
				t.Errorf("%s fails with %d for %s", r.Pattern, got, c.name)
			}
		}
		fmt.Fprintf(&out, "%s: %s\n", r.Pattern, strings.Join(answers, " "))
	}
	golden(t, "matrix.golden", out.String())
}

// knock is a request with nothing in it: whoever has no right is refused before anybody looks at what they sent.
func (h *house) knock(c caller, method, path string) ask {
	a := ask{method: method, path: path, token: c.token}
	if c.person != "" {
		a.session = h.session(h.people[c.person])
	}
	switch {
	case method == http.MethodGet:
	case strings.HasPrefix(path, "/api/v1/"):
		a.json = map[string]any{}
	default:
		a.form = url.Values{"mail": {c.name + "@nobody.test"}}
	}
	return a
}

// class of an answer. What an empty form comes to, for who may send it, is that form's own business.
func class(method string, status int) string {
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return fmt.Sprint(status)
	case method != http.MethodGet && status < 500:
		return "may"
	case status >= 500:
		return "FAILS"
	}
	return fmt.Sprintf("%dxx", status/100)
}

// routes is every way in: the faces' tables, and what stands beside them.
func (h *house) routes() []staff.Route {
	return slices.Concat(h.site.Routes(), h.console.Routes(), h.api.Routes(), []staff.Route{
		{Pattern: "GET /healthz", Open: true}, {Pattern: "GET /readyz", Open: true}, {Pattern: "GET /metrics", Open: true},
	})
}

// doors are the only places where something is put into a mux. The faces register their tables in a loop, so what is in no table cannot be
// reached; a new door fails here until somebody says what it is.
var doors = map[string]string{
	"app.go: \"/console/\"":        "the console, by its table",
	"app.go: \"/console\"":         "the console, by its table",
	"app.go: \"GET /healthz\"":     "in the matrix",
	"app.go: \"GET /readyz\"":      "in the matrix",
	"app.go: \"GET /metrics\"":     "in the matrix",
	"app.go: \"/api/v1/\"":         "the API, by its table",
	"app.go: \"/api/v2/\"":         "the page, by its table",
	"app.go: \"/\"":                "the page, by its table",
	"routes.go: r.pattern":         "the page's table",
	"console.go: r.Pattern":        "the console's table",
	"console.go: \"/console/\"":    "nothing here",
	"api.go: huma.Register a.huma": "the API's table",
	"receipts.go: pattern":         "in the API's table",
}

func TestV22NothingIsRoutedButByATable(t *testing.T) {
	seen := map[string]bool{}
	for _, face := range []string{".", "../site", "../console", "../api"} {
		files, err := filepath.Glob(filepath.Join(face, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(node ast.Node) bool {
				if door, is := doorOf(node); is {
					door = filepath.Base(name) + ": " + door
					if seen[door] = true; doors[door] == "" {
						t.Errorf("%s: a door that is in no table: %s", set.Position(node.Pos()), door)
					}
				}
				return true
			})
		}
	}
	for door := range doors {
		if !seen[door] {
			t.Errorf("the door %s is gone: take it off the list", door)
		}
	}
}

// doorOf is the pattern of a call that puts something into a mux.
func doorOf(node ast.Node) (string, bool) {
	call, ok := node.(*ast.CallExpr)
	if !ok || len(call.Args) < 2 {
		return "", false
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	switch f.Sel.Name {
	case "Handle", "HandleFunc":
		return plain(call.Args[0]), true
	case "Register", "Get", "Post", "Put", "Patch", "Delete", "AutoRegister":
		if on, ok := f.X.(*ast.Ident); ok && on.Name == "huma" {
			return "huma." + f.Sel.Name + " " + plain(call.Args[0]), true
		}
	}
	return "", false
}

func plain(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Value
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return plain(e.X) + "." + e.Sel.Name
	}
	return "an expression"
}

// V37: nothing here keeps a connection open to push: there is no WebSocket and no event stream whose Origin could go unchecked.
func TestV37NobodyIsPushedTo(t *testing.T) {
	h := newHouse(t)
	for _, r := range h.routes() {
		method, pattern, found := strings.Cut(r.Pattern, " ")
		if !found || method != http.MethodGet || strings.Contains(pattern, "{") && !strings.Contains(pattern, "{$}") {
			continue
		}
		got := h.ask(ask{path: strings.TrimSuffix(pattern, "{$}"), session: h.session(h.people[staff.Owner]), header: http.Header{
			"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="},
			"Origin": {"https://evil.test"}, "Accept": {"text/event-stream"},
		}})
		if got.Code == http.StatusSwitchingProtocols || strings.HasPrefix(got.Header().Get("Content-Type"), "text/event-stream") {
			t.Errorf("%s pushes: %d %s", r.Pattern, got.Code, got.Header().Get("Content-Type"))
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wanted, lines := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for _, line := range lines {
		if !slices.Contains(wanted, line) {
			t.Errorf("not in %s: %s", path, line)
		}
	}
	for _, line := range wanted {
		if !slices.Contains(lines, line) {
			t.Errorf("only in %s: %s", path, line)
		}
	}
	if t.Failed() {
		t.Log("if this is meant: go test ./app -run " + t.Name() + " -update")
	}
}
