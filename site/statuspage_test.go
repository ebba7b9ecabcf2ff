package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"candor/component"
	"candor/incident"
	"candor/settings"
)

// TestStatuspageDocuments holds every document as a golden file, with codes and instants named in the order they appear.
func TestStatuspageDocuments(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle().past().whispers()
	w.badDay()
	for name := range statuspageDocuments {
		bare, dotted := w.get("/api/v2/"+name), w.get("/api/v2/"+name+".json")
		if bare.Code != http.StatusOK || !bytes.Equal(bare.Body.Bytes(), dotted.Body.Bytes()) {
			t.Errorf("%s: %d with %d bytes, .json: %d with %d", name, bare.Code, bare.Body.Len(), dotted.Code, dotted.Body.Len())
		}
		if got := bare.Header().Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("%s is closed to other origins: %q", name, got)
		}
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, bare.Body.Bytes(), "", " "); err != nil {
			t.Fatal(err)
		}
		golden(t, "api-v2/"+strings.ReplaceAll(name, "/", "-")+".json", named(pretty.String()))
	}
	for _, path := range []string{"/api/v2/", "/api/v2/unknown.json", "/api/v2/incidents/abcdefghijkl.json", "/api/v2/summary.xml"} {
		if got := w.get(path); got.Code != http.StatusNotFound || !json.Valid(got.Body.Bytes()) {
			t.Errorf("%s: %d %s", path, got.Code, got.Body)
		}
	}
	if got := w.get("/api/v2/subscribers.json"); got.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET of subscribers answers %d", got.Code)
	}
}

var (
	codeText = regexp.MustCompile(`(["/])([a-z0-9]{12})"`)
	timeText = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)`)
)

func named(doc string) string {
	seen := map[string]string{}
	doc = codeText.ReplaceAllStringFunc(doc, func(quoted string) string {
		code := quoted[1:13]
		if seen[code] == "" {
			seen[code] = fmt.Sprintf("code-%d", len(seen)+1)
		}
		return quoted[:1] + seen[code] + `"`
	})
	return timeText.ReplaceAllString(doc, "TIME")
}

func TestStatuspageTimesHaveMillisecondsAndThePagesZone(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	at := time.Date(2019, 2, 21, 14, 31, 24, 239_999_000, time.UTC)
	for zone, want := range map[string]string{
		"America/Chicago": "2019-02-21T08:31:24.239-06:00", "UTC": "2019-02-21T14:31:24.239Z", "Etc/UTC": "2019-02-21T14:31:24.239Z",
		"Europe/London": "2019-02-21T14:31:24.239+00:00",
	} {
		here := &world{at: w.now, settings: settings.Settings{Zone: zone}}
		sp := w.face.statuspage(w.face.reader(here, "en", w.now, time.Time{}), here)
		if got := sp.time(at); got != want {
			t.Errorf("%s: %s, want %s", zone, got, want)
		}
	}
}

func TestStatuspageNeverSaysOperationalOfWhatNobodyKnows(t *testing.T) { // T5
	t.Parallel()
	w := newTown(t).settle()
	w.add(component.Component{Name: said("Fresh"), Position: 20})
	here, err := loadWorld(t.Context(), w.db, w.now)
	if err != nil {
		t.Fatal(err)
	}
	blind := w.face.statuspage(w.face.reader(here, "en", w.now, w.now.Add(-time.Hour)), here)
	for _, c := range blind.components() {
		if c.Status == string(component.Operational) && !c.Group {
			t.Errorf("%s is operational in a page that cannot see", c.Name)
		}
	}
	if got := blind.rollup().Indicator; got != "minor" {
		t.Errorf("a page that cannot see indicates %q", got)
	}
}

func TestAnIncidentsDocumentKeepsItsOrder(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	var doc struct {
		Incidents []spIncident `json:"incidents"`
	}
	if err := json.Unmarshal(w.get("/api/v2/incidents/unresolved.json").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	updates := doc.Incidents[0].IncidentUpdates
	if len(updates) != 7 || updates[0].ID != string(bad.last.Code) || updates[0].Status != string(incident.Identified) {
		t.Errorf("%d updates, the first %+v; want the newest first", len(updates), updates[0])
	}
}
