package desk_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"candor/desk"
	"candor/problem"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

func TestV18OfFiftySetUpsExactlyOneMakesAnOwner(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := empty(t, db)
		tokens := []string{h.token}
		for range 4 { // five nodes started together, each with a link of its own
			token, _, err := h.SetupToken(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			tokens = append(tokens, token)
		}
		var all sync.WaitGroup
		var mu sync.Mutex
		made := 0
		for i := range 50 {
			all.Go(func() {
				_, err := h.SetUp(t.Context(), tokens[i%len(tokens)], form("Ann", "ann"+strings.Repeat("n", i)+"@harbour.example"))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					made++
				case !problem.Is(err, problem.NotFound) && !problem.Is(err, problem.Gone):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if everybody := h.everybody(t); made != 1 || len(everybody) != 1 || !everybody[0].Has(staff.Owner) {
			t.Errorf("%d set up, %d people", made, len(everybody))
		}
	})
}

func TestV5NobodySetsUpOnceAnOwnerExists(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		if token, needed, err := h.SetupToken(t.Context()); token != "" || needed || err != nil {
			t.Errorf("a second link: %q, %v, %v", token, needed, err)
		}
		for name, token := range map[string]string{"the used link": h.token, "no link": "", "a made-up link": staff.NewSecret()} {
			_, err := h.SetUp(t.Context(), token, form("Eve", "eve@evil.example"))
			says(t, name, err, problem.NotFound, "problem.setup.done")
		}
		if err := h.MaySetUp(t.Context(), h.token); !problem.Is(err, problem.NotFound) {
			t.Errorf("the page of the used link: %v", err)
		}
	})
}

func TestASetUpLinkIsRefusedInOneGoAndKeptForTheNextTry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := empty(t, db)
		_, err := h.SetUp(t.Context(), staff.NewSecret(), form("Eve", "eve@evil.example"))
		says(t, "a made-up link", err, problem.Gone, "problem.setup.link")
		_, err = h.SetUp(t.Context(), h.token, desk.PersonForm{Mail: "ann", PublicPhone: "call me", PublicMail: "a@b@c", Language: "tlh"})
		var fields []string
		for _, p := range problem.All(err) {
			fields = append(fields, p.Field)
		}
		if diff := cmp.Diff([]string{"name", "public_mail", "public_phone", "mail", "language", "password"}, fields); diff != "" {
			t.Errorf("refused fields (-want +got):\n%s", diff)
		}
		if _, err := h.SetUp(t.Context(), h.token, form("Ann", "ann@harbour.example")); err != nil {
			t.Error(err)
		}
	})
}
