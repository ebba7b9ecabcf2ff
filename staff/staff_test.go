package staff_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"candor/staff"
)

var now = time.Date(2012, 9, 10, 12, 0, 0, 0, time.UTC)

func TestASessionEndsTwelveIdleHoursOrSevenDaysAfterItBegan(t *testing.T) { // B15
	t.Parallel()
	const h = time.Hour
	for name, c := range map[string]struct {
		began, seen time.Duration // ago
		ended       bool
		want        bool
	}{
		"just begun":                          {0, 0, false, true},
		"idle for a moment less":              {20 * h, 12*h - 1, false, true},
		"idle for twelve hours":               {20 * h, 12 * h, false, false},
		"used all week":                       {7*24*h - 1, 0, false, true},
		"used for a week and a moment longer": {7 * 24 * h, 0, false, false},
		"ended":                               {h, 0, true, false},
	} {
		s := staff.Session{CreatedAt: now.Add(-c.began), SeenAt: now.Add(-c.seen)}
		if c.ended {
			s.EndedAt = now
		}
		if got := s.Live(now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	person := func(roles ...staff.Role) staff.Person { return staff.Person{ID: "per_1", Roles: roles} }
	left := person(staff.Owner)
	left.DisabledAt = now
	for name, c := range map[string]struct {
		actor staff.Actor
		may   string
	}{
		"nobody":                      {staff.Actor{}, ""},
		"an owner":                    {staff.Actor{Person: person(staff.Owner)}, "read incidents subscribers customers calls import credits components settings people alerts"},
		"a communicator":              {staff.Actor{Person: person(staff.Communicator)}, "read incidents subscribers customers calls import components alerts"},
		"an agent who is in finance":  {staff.Actor{Person: person(staff.Agent, staff.Finance)}, "read subscribers customers calls credits"},
		"a viewer":                    {staff.Actor{Person: person(staff.Viewer)}, "read"},
		"an owner who left":           {staff.Actor{Person: left}, ""},
		"a role nobody knows":         {staff.Actor{Person: person("root")}, ""},
		"an owner's token":            {staff.Actor{Person: person(staff.Owner), Token: "tok_1", Scopes: []staff.Right{staff.Alert}}, "alerts"},
		"a token without scopes":      {staff.Actor{Person: person(staff.Owner), Token: "tok_1"}, ""},
		"a token of one who sank":     {staff.Actor{Person: person(staff.Viewer), Token: "tok_1", Scopes: []staff.Right{staff.Look, staff.Configure}}, "read"},
		"Candor itself":               {staff.Actor{System: "duty"}, "read incidents subscribers customers calls import credits components settings people alerts"},
		"scopes do not bind sessions": {staff.Actor{Person: person(staff.Viewer), Session: "ses_1", Scopes: []staff.Right{}}, "read"},
	} {
		var may []string
		for _, r := range staff.Rights {
			if c.actor.May(r) {
				may = append(may, string(r))
			}
		}
		if got := strings.Join(may, " "); got != c.may {
			t.Errorf("%s may %q, want %q", name, got, c.may)
		}
	}
}

func TestNobodyActsUnlessNamed(t *testing.T) {
	t.Parallel()
	if a := staff.Acting(t.Context()); a.Known() || a.Key() != "" {
		t.Errorf("%+v acts", a)
	}
	ann := staff.Actor{Person: staff.Person{ID: "per_1"}, Session: "ses_1"}
	if got := staff.Acting(staff.As(t.Context(), ann)); !got.Known() || got.Key() != "per_1" {
		t.Errorf("%+v", got)
	}
	if a := (staff.Actor{System: "duty"}); !a.Known() || a.Key() != "duty" {
		t.Errorf("%+v", a)
	}
}

// V29: whoever writes one of these into an audit line, a log or an answer does not write its secret.
func TestV29NoHashIsPartOfWhatIsShown(t *testing.T) {
	t.Parallel()
	const canary = "canary"
	shown, err := json.Marshal([]any{
		staff.Person{PasswordHash: canary}, staff.Session{Hash: canary}, staff.Token{Hash: canary}, staff.Invitation{Hash: canary},
	})
	if err != nil || strings.Contains(string(shown), canary) {
		t.Errorf("%s, %v", shown, err)
	}
}

func TestAnInvitationWorksOnceAndInTime(t *testing.T) {
	t.Parallel()
	i := staff.Invitation{CreatedAt: now, ExpiresAt: now.Add(staff.SetUpFor)}
	if !i.Usable(now) || !i.Usable(now.Add(24*time.Hour-1)) || i.Usable(now.Add(24*time.Hour)) {
		t.Error("a set-up link does not work for 24 hours")
	}
	if i.UsedAt = now; i.Usable(now) {
		t.Error("a used link works")
	}
}
