package chat

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"candor/letter"
	"candor/outward"
	"candor/reach"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// briefs are a plain word, one that tries everything, and one that is as long as can be.
var briefs = map[string]letter.Brief{
	"update": {
		Title: "Major outage: Websites, mail and DNS are down, next word 15:21 EDT", Body: "We have found the cause and are repairing it.\n\nDNS comes back first.",
		URL: "https://status.example/en/incidents/x1y2z3a4b5c6#u9u9u9u9u9u9", More: "All updates", By: "Dana Whitfield",
		Facts: []letter.Fact{{Name: "Status", Value: "Identified"}, {Name: "Affected", Value: "Websites: Major outage\nMail: Partial outage"}},
	},
	"chinese": {Title: "嚴重故障：網站無法使用", Body: "我們正在修復。", URL: "https://status.example/zh-hant/incidents/x", More: "全部更新", By: "林美"},
	"hostile": {
		Title: `<!channel> @everyone @here <@U012AB3CD> *bold* [click](https://evil.example)`,
		Body:  "<!here|x> <https://evil.example|our bank> & <at>All</at> @channel @all mail dana@harbour.example\n# heading\n```code``` ||spoiler|| ~~gone~~ <@&123> \\[x](y)",
		URL:   "https://status.example/en/incidents/x?a=1&b=2", More: "All|updates>", By: "@everyone <!everyone>",
		Facts: []letter.Fact{{Name: "*Status* @here", Value: "[click](https://evil.example) <!channel> @channel"}, {Name: "empty"}},
	},
	"long": {
		Title: strings.Repeat("&", 3000), Body: strings.Repeat("<說&>", 3000), URL: "https://status.example/", More: strings.Repeat("m", 300), By: strings.Repeat("b", 300),
		Facts: many(letter.Fact{Name: "a", Value: strings.Repeat("&", 3000)}, 15),
	},
}

func many(f letter.Fact, n int) (all []letter.Fact) {
	for range n {
		all = append(all, f)
	}
	return all
}

func TestWhatARoomReads(t *testing.T) {
	t.Parallel()
	for service, write := range writers {
		for name, b := range briefs {
			body, err := encode(write(b))
			if err != nil || !utf8.Valid(body) {
				t.Fatal(err)
			}
			var pretty bytes.Buffer
			if err := json.Indent(&pretty, body, "", "  "); err != nil {
				t.Fatal(err)
			}
			if len(body) > 25_000 { // Teams refuses 28 kB
				t.Errorf("%s, %s: %d bytes", service, name, len(body))
			}
			if name != "long" {
				golden(t, filepath.Join("testdata", service+"."+name+".json"), pretty.Bytes())
			}
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

// texts are all strings of a message, however deep.
func texts(v any, at string) (all map[string]string) {
	all = map[string]string{}
	switch v := v.(type) {
	case string:
		all[at] = v
	case []any:
		for i, x := range v {
			for k, s := range texts(x, at+"/"+string(rune('a'+i))) {
				all[k] = s
			}
		}
	case map[string]any:
		for name, x := range v {
			for k, s := range texts(x, at+"/"+name) {
				all[k] = s
			}
		}
	}
	return all
}

func TestNobodyIsCalledTogetherAndNoLinkIsForged(t *testing.T) {
	t.Parallel()
	never := map[string][]string{
		Slack:      {"<!", "<@", "<#", "<https://evil", "<http://evil"},
		Mattermost: {"@channel", "@all", "@here", "@everyone", "[click]("},
		Discord:    {"[click]("},
	}
	for service, write := range writers {
		body, err := encode(write(briefs["hostile"]))
		if err != nil {
			t.Fatal(err)
		}
		var message map[string]any
		if err := json.Unmarshal(body, &message); err != nil {
			t.Fatal(err)
		}
		for where, text := range texts(message, "") {
			for _, n := range never[service] {
				if plain := where == "/attachments/a/title" || where == "/attachments/a/fallback"; strings.Contains(text, n) && !(plain && n == "[click](") {
					t.Errorf("%s: %s holds %q: %s", service, where, n, text)
				}
			}
		}
		if service == Slack && strings.Count(string(body), `"verbatim":true`) < 4 {
			t.Error("Slack may make mentions of plain words")
		}
		if service == Discord && !strings.Contains(string(body), `"allowed_mentions":{"parse":[]}`) {
			t.Error("Discord may mention")
		}
		if service == Teams && (strings.Contains(string(body), "entities") || strings.Contains(string(body), `"TextBlock"`)) {
			t.Error("Teams may mention or read Markdown")
		}
		if service == Mattermost && !strings.Contains(string(body), "dana@harbour.example") {
			t.Error("a mail address was broken")
		}
	}
}

func TestServicesLimitsAreKept(t *testing.T) {
	t.Parallel()
	m := slack(briefs["long"]).(slackMessage)
	for _, b := range m.Blocks {
		if b.Text != nil && len([]rune(b.Text.Text)) > 3000 || len(b.Fields) > 10 {
			t.Errorf("a section is too long for Slack")
		}
		for _, f := range b.Fields {
			if len([]rune(f.Text)) > 2000 {
				t.Errorf("a field has %d characters", len([]rune(f.Text)))
			}
		}
	}
	e := discord(briefs["long"]).(discordMessage).Embeds[0]
	total := len([]rune(e.Title)) + len([]rune(e.Description)) + len([]rune(e.Footer.Text))
	for _, f := range e.Fields {
		total += len([]rune(f.Name)) + len([]rune(f.Value))
		if len([]rune(f.Value)) > 1024 {
			t.Error("a field is too long for Discord")
		}
	}
	if total > 6000 || len([]rune(e.Title)) > 256 {
		t.Errorf("%d characters are too many for Discord", total)
	}
}

func TestARoomIsWrittenToByItsAddress(t *testing.T) {
	t.Parallel()
	got := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got <- r.URL.Path + " " + string(body)
		_, _ = io.WriteString(w, "ok")
	}))
	defer server.Close()
	s := open(t, Room{"slack@abc", Slack, server.URL + "/services/T0/B0/secret"})
	if r := s.Send(t.Context(), reach.Message{To: "slack@abc", Brief: briefs["update"]}); r.Outcome != reach.Taken {
		t.Fatalf("%+v", r)
	}
	if said := <-got; !strings.HasPrefix(said, "/services/T0/B0/secret ") || !strings.Contains(said, "Websites, mail and DNS") {
		t.Error(said)
	}
	if r := s.Send(t.Context(), reach.Message{To: "slack@gone", Brief: briefs["update"]}); r.Outcome != reach.Permanent || r.Reason != reach.ReasonReceiverGone {
		t.Errorf("a room taken away: %+v", r)
	}
}

func TestWhatAServiceMeans(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status  int
		body    string
		outcome reach.Outcome
		wait    time.Duration
	}{
		{200, "ok", reach.Taken, 0},
		{202, "", reach.Taken, 0},
		{204, "", reach.Taken, 0},
		{200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId", reach.Temporary, 0},
		{400, "invalid_payload", reach.Poison, 0},
		{403, "action_prohibited", reach.Refused, 0},
		{404, "no_service", reach.Permanent, 0},
		{410, "channel_is_archived", reach.Permanent, 0},
		{429, `{"retry_after": 7}`, reach.Temporary, 7 * time.Second},
		{500, "", reach.Temporary, 0},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if c.status == 429 {
				w.Header().Set("Retry-After", "7")
			}
			w.WriteHeader(c.status)
			if c.status != 204 {
				_, _ = io.WriteString(w, c.body)
			}
		}))
		r := open(t, Room{"teams@abc", Teams, server.URL}).Send(t.Context(), reach.Message{To: "teams@abc", Brief: briefs["update"]})
		server.Close()
		if r.Outcome != c.outcome || r.RetryAfter != c.wait {
			t.Errorf("%d %s: %+v", c.status, c.body, r)
		}
	}
}

func open(t *testing.T, rooms ...Room) reach.Session {
	t.Helper()
	out := outward.New(outward.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Timeout: 2 * time.Second})
	t.Cleanup(out.Close)
	s, err := New(out, rooms).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}
