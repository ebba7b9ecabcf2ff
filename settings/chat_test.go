package settings_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"candor/incident"
	"candor/problem"
	"candor/settings"
)

func room() settings.Room {
	return settings.Room{Name: "Support", Service: "slack", URL: "https://hooks.slack.example/services/T0/B0/canary"}
}

func TestWhatARoomMayBe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*settings.Room)
		field  string
	}{
		"a room":                       {func(*settings.Room) {}, ""},
		"one without a name":           {func(r *settings.Room) { r.Name = " " }, "chat.rooms.1.name"},
		"one with a name of two lines": {func(r *settings.Room) { r.Name = "a\nb" }, "chat.rooms.1.name"},
		"the same name twice":          {func(r *settings.Room) { r.Name = "First" }, "chat.rooms.1.name"},
		"the same URL twice":           {func(r *settings.Room) { r.URL = "https://hooks.slack.example/first" }, "chat.rooms.1.name"},
		"a service nobody wrote":       {func(r *settings.Room) { r.Service = "icq" }, "chat.rooms.1.service"},
		"a URL without a host":         {func(r *settings.Room) { r.URL = "https:///x" }, "chat.rooms.1.url"},
		"a URL with a password":        {func(r *settings.Room) { r.URL = "https://a:b@hooks.slack.example/" }, "chat.rooms.1.url"},
		"a URL of a file":              {func(r *settings.Room) { r.URL = "file:///etc/passwd" }, "chat.rooms.1.url"},
		"a URL with a header":          {func(r *settings.Room) { r.URL = "https://h.example/\r\nX: y" }, "chat.rooms.1.url"},
		"a kind that is never said":    {func(r *settings.Room) { r.Says = []string{"invitation"} }, "chat.rooms.1.says"},
		"no such impact":               {func(r *settings.Room) { r.Impact = "huge" }, "chat.rooms.1.impact"},
		"no such language":             {func(r *settings.Room) { r.Language = "tlh" }, "chat.rooms.1.language"},
	} {
		s := settings.Defaults()
		r := room()
		c.change(&r)
		s.Chat.Rooms = []settings.Room{{Name: "First", Service: "slack", URL: "https://hooks.slack.example/first"}, r}
		var fields []string
		for _, p := range problem.All(s.Validate()) {
			fields = append(fields, p.Field)
		}
		if accepted := len(fields) == 0; accepted != (c.field == "") || !accepted && !slices.Contains(fields, c.field) {
			t.Errorf("%s: refused %q, want %q", name, fields, c.field)
		}
	}
}

func TestWhatARoomHears(t *testing.T) {
	t.Parallel()
	major := incident.Incident{Impact: incident.ImpactMajor}
	for name, c := range map[string]struct {
		says   []string
		least  incident.Impact
		kind   string
		impact incident.Impact
		want   bool
	}{
		"everything by default":                  {nil, "", "upcoming", incident.ImpactNone, true},
		"what it chose":                          {[]string{"update"}, "", "update", incident.ImpactNone, true},
		"nothing else":                           {[]string{"update"}, "", "correction", incident.ImpactCritical, false},
		"as much harm as it asked for":           {nil, incident.ImpactMajor, "update", incident.ImpactMajor, true},
		"more":                                   {nil, incident.ImpactMajor, "update", incident.ImpactCritical, true},
		"not less":                               {nil, incident.ImpactMajor, "update", incident.ImpactMinor, false},
		"a maintenance, which has no such scale": {nil, incident.ImpactMajor, "upcoming", incident.ImpactMaintenance, true},
	} {
		r, i := room(), major
		r.Says, r.Impact, i.Impact = c.says, c.least, c.impact
		if got := r.Hears(c.kind, i); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestARoomsURLIsNotShownAgain(t *testing.T) {
	t.Parallel()
	s := settings.Defaults()
	s.Chat.Rooms = []settings.Room{room(), {Name: "Other", Service: "teams", URL: "https://teams.example/canary2"}}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("room", "room", s.Chat.Rooms[0])
	recorded, err := json.Marshal(s.Recorded())
	if err != nil {
		t.Fatal(err)
	}
	masked, err := json.Marshal(s.Masked())
	if err != nil {
		t.Fatal(err)
	}
	for name, shown := range map[string]string{"the log": log.String(), "the audit": string(recorded), "the form": string(masked), "a delivery": string(room().Address())} {
		if strings.Contains(shown, "canary") {
			t.Errorf("%s shows a secret: %s", name, shown)
		}
	}
	if !strings.Contains(string(recorded), "hooks.slack.example") {
		t.Error("the audit does not say which service")
	}
	back := s.Masked()
	slices.Reverse(back.Chat.Rooms)
	slices.Reverse(s.Chat.Rooms)
	if diff := cmp.Diff(s.Chat, back.Unmasked(s).Chat); diff != "" {
		t.Errorf("moving rooms mixes up their URLs (-want +got):\n%s", diff)
	}
	if gone := (settings.Settings{Chat: settings.Chat{Rooms: []settings.Room{{Name: "New", Service: "slack", URL: settings.Hidden}}}}); gone.Unmasked(s).Validate() == nil {
		t.Error("a mask is taken for a URL")
	}
}
