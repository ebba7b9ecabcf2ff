package app

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/reach"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// hostile are values nobody means well with. None of them may break a list, nor make it longer or shorter than a word that means nothing.
var hostile = []string{
	"'", `"`, "' OR '1'='1", "' OR 1=1 --", "1; DROP TABLE people; --", "') UNION SELECT hash FROM sessions --", "x' AND 1=(SELECT COUNT(*) FROM tokens) --",
	"%", "_", "%%%", `\`, `\'`, "$1", "?", ":name", "@p1", "NULL", "0x27", "1e309", "-1", "99999999999999999999", "{}", "[]", "/* */", "id; --", "ASC", "created_at DESC",
	"\x00", "a\x00b", "\xff\xfe", "\xc3\x28", "\xed\xa0\x80", "\u202e", "\ufeff", "\U0010ffff", "\r\nX-Evil: 1", strings.Repeat("a", 20_000), strings.Repeat("'", 3_000),
	"inc_'", "inc_" + strings.Repeat("0", 26), "con_\x00", "aud_' OR 1=1", "abcdefghijkl", "ABCDEFGHIJKL", "../../etc/passwd", "${jndi:ldap://x}", "{{7*7}}", "<script>",
}

// odd are those of them that stand for a sort.
var odd = []string{
	"'", "' OR 1=1 --", "%", `\`, "$1", "\x00", "\xff\xfe", "con_\x00", "inc_'", "\u202e", "\r\nX-Evil: 1", "../../etc/passwd", strings.Repeat("'", 3_000),
}

// otherTongue is the same as /en/, by construction.
var otherTongue = regexp.MustCompile(`^/(de|es|id|zh-Hant)(/|$)`)

// A list is an address with what it lets a stranger choose.
type list struct {
	path   string
	params []string
}

func (h *house) lists(i incident.Incident, said id.Announcement) []list {
	ledger := "/console/incidents/" + string(i.Code) + "/ledger"
	return []list{
		{"/api/v1/incidents", []string{"state", "maintenance", "after", "limit", "sort", "q"}},
		{"/api/v1/components", []string{"sort", "q", "filter"}},
		{"/api/v1/people", []string{"sort", "q", "role"}},
		{"/api/v1/subscribers", []string{"state", "after", "limit", "sort", "q"}},
		{"/api/v1/incidents/" + string(i.ID) + "/deliveries", []string{"announcement"}},
		{"/api/v1/incidents/" + string(i.ID) + "/deliveries?announcement=" + string(said), []string{"state", "after", "limit"}},
		{"/api/v1/customers", []string{"search", "after", "limit", "sort"}},
		{"/console/customers", []string{"search", "after", "done"}},
		{"/api/v1/tokens", []string{"after", "limit", "person"}},
		{"/api/v1/audit", []string{"before", "limit", "act"}},
		{"/console/incidents", []string{"after", "q", "limit", "done"}},
		{"/console/subscribers", []string{"after", "q", "state", "done"}},
		{"/console/outbox", []string{"after"}},
		{"/console/audit", []string{"after", "before"}},
		{ledger, []string{"of", "state", "after"}},
		{"/console/reach", []string{"after", "state"}},
		{"/console/people", []string{"after", "done"}},
		{"/console/tokens", []string{"after"}},
		{"/console/components", []string{"q"}},
		{"/console/declare", []string{"draft", "rehearse"}},
		{"/console/incidents/" + string(i.Code) + "/write", []string{"status"}},
		{"/en/", []string{"zone", "q", "page"}},
		{"/en/history", []string{"zone", "before", "page"}},
		{"/en/uptime", []string{"zone"}},
		{"/api/v2/incidents.json", []string{"limit", "page", "q"}},
		{"/history.atom", []string{"zone"}},
	}
}

func TestV1NoListIsBrokenLengthenedOrShortenedByWhatItIsAsked(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		h := openHouse(t, database).settle()
		i, _ := h.declare(incident.Public, "The shop is down.", h.shop)
		h.declare(incident.Public, "So is mail.", h.mail)
		said := h.planned(i, h.subscriber("anna@bakery.test"), h.subscriber("june@flowers.test"))
		token, session := h.token(staff.Owner, staff.Rights[:]...), h.session(h.people[staff.Owner])
		for _, l := range h.lists(i, said) {
			if all := h.listed(token, session, l.path, "", ""); all.Code != http.StatusOK {
				t.Errorf("%s: %d", l.path, all.Code)
			}
			for _, param := range l.params {
				harmless := h.listed(token, session, l.path, param, "zzz")
				for _, value := range hostile {
					got := h.listed(token, session, l.path, param, value)
					if got.Code >= 500 || got.Code == 200 && harmless.Code == 200 && rows(t, got) != rows(t, harmless) {
						t.Errorf("%s with %s=%.60q: %d with %d rows; a word that means nothing: %d with %d", l.path, param, value, got.Code, rows(t, got), harmless.Code, rows(t, harmless))
					}
				}
			}
		}
	})
}

// listed asks a list with one parameter of a stranger's choice.
func (h *house) listed(token, session, path, param, value string) *httptest.ResponseRecorder {
	if param != "" {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		path += sep + param + "=" + url.QueryEscape(value)
	}
	return h.ask(ask{path: path, token: token, session: session})
}

// rows an answer lists.
func rows(t *testing.T, w *httptest.ResponseRecorder) (n int) {
	t.Helper()
	if !strings.Contains(w.Header().Get("Content-Type"), "json") {
		return strings.Count(w.Body.String(), "<tr") + strings.Count(w.Body.String(), "<li") + strings.Count(w.Body.String(), "<entry>")
	}
	var lists map[string]json.RawMessage
	if err := json.Unmarshal(w.Body.Bytes(), &lists); err != nil {
		t.Fatal(err)
	}
	for _, raw := range lists {
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) == nil {
			n += len(list)
		}
	}
	return n
}

// planned gives an incident's first word a letter to each of these.
func (h *house) planned(i incident.Incident, to ...links) (said id.Announcement) {
	h.t.Helper()
	at := time.Now().UTC().Truncate(time.Microsecond)
	h.write(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Announcements.OfIncident(ctx, i.ID)
		if err != nil {
			return err
		}
		said = all[0].ID
		var rows []reach.Delivery
		for n, l := range to {
			address := audience.Address(string(rune('a'+n)) + "@bakery.test")
			rows = append(rows, reach.Delivery{
				ID: id.New[id.Delivery](at), Announcement: said, Channel: "email", Address: address, Contact: l.contact,
				Language: "en", State: reach.Planned, NextAt: at, PlannedAt: at, UpdatedAt: at,
			})
		}
		_, err = tx.Deliveries.Plan(ctx, rows)
		return err
	})
	return said
}

// What stands in an address's path goes the same way as what stands behind it.
func TestV1NoPathBreaksAnything(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		h := openHouse(t, database).settle()
		token, session := h.token(staff.Owner, staff.Rights[:]...), h.session(h.people[staff.Owner])
		for _, r := range h.routes() {
			method, path, found := strings.Cut(r.Pattern, " ")
			if !found || !strings.Contains(strings.ReplaceAll(path, "{$}", ""), "{") || otherTongue.MatchString(path) {
				continue
			}
			for _, value := range odd {
				at := path
				for strings.Contains(at, "{") {
					open, end := strings.IndexByte(at, '{'), strings.IndexByte(at, '}')
					at = at[:open] + url.PathEscape(value) + at[end+1:]
				}
				if _, err := url.Parse(at); err != nil {
					continue
				}
				a := ask{method: method, path: at, token: token, session: session}
				if method != http.MethodGet {
					a.json = map[string]any{}
				}
				if got := h.ask(a); got.Code >= 500 {
					t.Errorf("%s with %.60q: %d", r.Pattern, value, got.Code)
				}
			}
		}
	})
}
