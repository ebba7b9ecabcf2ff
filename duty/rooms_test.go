package duty_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"candor/incident"
	"candor/outward"
	"candor/reach"
	"candor/reach/chat"
	"candor/reach/dry"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

// A room is told once for each announcement that it chose, beside the subscribers, and its URL stands in no row.
func TestRoomsReadAlongWithTheCustomers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var mu sync.Mutex
		var said []string
		service := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			said = append(said, r.URL.Path+" "+string(body))
		}))
		defer service.Close()
		w := newWorld(t, db)
		w.subscribers(3, example)
		rooms := []settings.Room{
			{Name: "Support", Service: "slack", URL: service.URL + "/support"},
			{Name: "Lage", Service: "mattermost", URL: service.URL + "/lage", Language: "de"},
			{Name: "Corrections only", Service: "discord", URL: service.URL + "/corrections", Says: []string{"correction"}},
			{Name: "Critical only", Service: "teams", URL: service.URL + "/critical", Impact: incident.ImpactCritical},
		}
		w.write(func(ctx context.Context, tx *store.Tx) error {
			s, version, err := tx.Settings.Load(ctx)
			if err != nil {
				return err
			}
			s.Company, s.Chat.Rooms = "Harbour", rooms
			_, err = tx.Settings.Save(ctx, s, version)
			return err
		})
		out := outward.New(outward.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Timeout: 5 * time.Second})
		defer out.Close()
		var known []chat.Room
		for _, r := range rooms {
			known = append(known, chat.Room{Address: string(r.Address()), Service: r.Service, URL: r.URL})
		}
		mails := dry.New("email")
		ways := map[string]reach.Channel{"email": mails, "chat": chat.New(out, known)}
		a := w.announce(reach.First)
		w.start(w.node("one", func(settings.Settings) (map[string]reach.Channel, error) { return ways, nil }))
		c := w.until(a, "subscribers and rooms to be told", told(6))
		if c.All() != 6 {
			t.Errorf("the ledger says %v, want three subscribers and three rooms", c)
		}
		mu.Lock()
		defer mu.Unlock()
		slices.Sort(said)
		if len(said) != 3 || !strings.HasPrefix(said[0], "/critical ") || !strings.HasPrefix(said[1], "/lage ") || !strings.HasPrefix(said[2], "/support ") {
			t.Fatalf("the rooms read %d messages: %.300q", len(said), said)
		}
		if !strings.Contains(said[2], "Nobody attacked us") || !strings.Contains(said[2], "https://status.example/en/incidents/") || !strings.Contains(said[1], "https://status.example/de/incidents/") {
			t.Errorf("the rooms read %.800q", said)
		}
		if err := db.Read(t.Context(), func(tx *store.Tx) error {
			all, err := tx.Deliveries.Page(t.Context(), a.ID, "", "", 100)
			for _, x := range all {
				if strings.Contains(string(x.Address), service.URL) || strings.Contains(string(x.Address), "support") {
					t.Errorf("a delivery shows the key to a room: %s", string(x.Address))
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
