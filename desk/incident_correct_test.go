package desk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"candor/audience"
	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/monitor"
	"candor/problem"
	"candor/promise"
	"candor/reach"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

func TestACorrectionShowsBoth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i := n.declare(t, desk.Declaration{First: desk.Word{Body: lang.Text{"en": "Ten sites.", "de": "Zehn Seiten."}, Affected: []incident.Affected{down(n.shop, "")}}})
		u := n.look(t, i.ID).updates[0]
		for range 2 { // a second click corrects nothing more
			err := n.Correct(n.as(t, n.ben), u.ID, desk.Correction{Body: english("Eleven sites."), Reason: "I miscounted.", Notify: true})
			if err != nil {
				t.Fatal(err)
			}
		}
		l := n.look(t, i.ID)
		got := l.updates[0]
		if got.Body["en"] != "Eleven sites." || got.Body["de"] != "Zehn Seiten." || len(got.Revisions) != 1 ||
			got.Revisions[0].Was["en"] != "Ten sites." || got.Revisions[0].By != n.ben.ID || got.Number != 1 {
			t.Errorf("%+v", got)
		}
		if last := l.announcements[len(l.announcements)-1]; len(l.announcements) != 2 || last.Kind != reach.OnCorrection || last.Target.Heard != u.ID {
			t.Errorf("announced: %+v", l.announcements)
		}
	})
}

// Whatever table a copy lay in, the words are gone from the whole database.
func TestBlackedOutWordsAreNowhereAnyMore(t *testing.T) {
	const secret = `Xk7q"wHisper9 & <more>` // in letters of both cases, so that no code or identifier spells a part of it by chance
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i := n.declare(t, desk.Declaration{Title: english("With " + secret), First: desk.Word{
			Body: english("Use " + secret + " to sign in, and " + secret + " again."), Affected: []incident.Affected{down(n.shop, "")},
			Fields: incident.Fields{WorkingOn: english("Who knows " + secret)},
		}})
		u := n.look(t, i.ID).updates[0]
		if err := n.Correct(n.ctx, u.ID, desk.Correction{Body: english("Use " + secret + " carefully."), Reason: "It was " + secret}); err != nil {
			t.Fatal(err)
		}
		if _, err := n.Hold(n.ctx, i.ID); err != nil { // repeats the fields
			t.Fatal(err)
		}
		n.write(t, func(ctx context.Context, tx *store.Tx) error { return keepCopies(ctx, tx, i, u, secret) })
		if err := n.BlackOut(n.ctx, u.ID, desk.BlackingOut{Language: "en", Words: []string{"not there"}, Reason: incident.Secret}); keys(err)[0] != "words problem.blackout.absent" {
			t.Errorf("words that are not there: %v", err)
		}
		if err := n.BlackOut(n.ctx, u.ID, desk.BlackingOut{Language: "en", Words: []string{secret}, Reason: "embarrassing"}); keys(err)[0] != "reason problem.choice" {
			t.Errorf("a reason that is none: %v", err)
		}
		err := n.BlackOut(n.as(t, n.ben), u.ID, desk.BlackingOut{Language: "en", Words: []string{secret}, Reason: incident.Secret, Note: "a password: " + secret})
		if err != nil {
			t.Fatal(err)
		}
		l := n.look(t, i.ID)
		got := l.updates[1]
		if got.Body["en"] != "Use "+markup.Mark+" carefully." || len(got.Blackouts) != 1 || got.Blackouts[0].By != n.ben.ID {
			t.Errorf("%+v", got)
		}
		everything, err := json.Marshal([]any{l.incident, l.updates, l.announcements})
		if err != nil {
			t.Fatal(err)
		}
		everything = append(everything, copies(t, db)...)
		for _, spelt := range []string{"Xk7q", "wHisper9"} {
			if strings.Contains(string(everything), spelt) {
				t.Errorf("%q still stands somewhere: …%s…", spelt, around(string(everything), spelt))
			}
		}
	})
}

func around(s, words string) string {
	at := strings.Index(s, words)
	return s[max(0, at-120):min(len(s), at+120)]
}

// keepCopies lays the words where a letter and a remembered answer would.
func keepCopies(ctx context.Context, tx *store.Tx, i incident.Incident, u incident.Update, secret string) error {
	at := time.Now()
	ann := reach.Announcement{ID: id.New[id.Announcement](at), Kind: reach.OnUpdate, Incident: i.ID, Update: u.ID, Target: audience.Target{Everyone: true}, AsOf: at}
	if err := tx.Announcements.Add(ctx, ann); err != nil {
		return err
	}
	x := reach.Delivery{ID: id.New[id.Delivery](at), Announcement: ann.ID, Channel: "email", Address: "a@example.com", Language: "en", State: reach.Planned, NextAt: at, PlannedAt: at, UpdatedAt: at}
	if _, err := tx.Deliveries.Plan(ctx, []reach.Delivery{x}); err != nil {
		return err
	}
	err := tx.Outbox.Add(ctx, store.Kept{Delivery: x.ID, At: at, Sender: "s", Address: "a@example.com", Subject: "About " + secret, Text: "Use " + secret, HTML: "<p>" + secret})
	if err != nil {
		return err
	}
	if _, _, err := tx.Requests.Begin(ctx, store.Request{Actor: "a", Key: "k", Digest: "d", CreatedAt: at}); err != nil {
		return err
	}
	answer, err := json.Marshal(map[string]string{"body": secret})
	if err != nil {
		return err
	}
	return tx.Requests.Finish(ctx, "a", "k", 201, string(answer))
}

// copies is everything else that was kept, as one text.
func copies(t *testing.T, db *store.DB) []byte {
	t.Helper()
	var all []byte
	err := db.Read(t.Context(), func(tx *store.Tx) error {
		letters, err := tx.Outbox.Page(t.Context(), store.Kept{}, 100)
		for _, l := range letters {
			whole, err := tx.Outbox.ByDelivery(t.Context(), l.Delivery)
			if err != nil {
				return err
			}
			all = fmt.Append(all, whole)
		}
		if err != nil {
			return err
		}
		lines, err := tx.Audit.Page(t.Context(), store.AuditLine{}, 1000)
		all = fmt.Append(all, lines)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), func(tx *store.Tx) error {
		before, _, err := tx.Requests.Begin(t.Context(), store.Request{Actor: "a", Key: "k", Digest: "d", CreatedAt: time.Now()})
		all = fmt.Append(all, before)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAnAlertOpensOneDraftAndNothingPublic(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		robot := staff.As(t.Context(), staff.Actor{Person: n.ann, Token: "tok_x", Scopes: []staff.Right{staff.Alert}})
		alert := monitor.Alert{Group: "{}:{db}", Fingerprint: "f1", Firing: true, Name: "ShopDown", Summary: "The shop\nanswers nothing", Severity: "critical", Component: "shop", StartsAt: time.Now().Add(-time.Minute)}
		before := n.look2(t)
		var drafts []id.Incident
		for range 3 {
			got, err := n.ReceiveAlerts(robot, []monitor.Alert{alert})
			if err != nil {
				t.Fatal(err)
			}
			drafts = append(drafts, got...)
		}
		if len(slices.Compact(drafts)) != 1 {
			t.Fatalf("drafts %v, want one", drafts)
		}
		l := n.look(t, drafts[0])
		i := l.incident
		if i.Visibility != incident.Draft || i.Title["en"] != "The shop answers nothing" || i.DetectedBy != incident.ByAlert ||
			len(i.Affected) != 1 || i.Affected[0] != down(n.shop, component.MajorOutage) {
			t.Errorf("%+v", i)
		}
		if l.version != before || l.status[n.shop.ID] != component.Operational {
			t.Errorf("something public changed")
		}
		if len(l.announcements) != 1 || l.announcements[0].Kind != reach.OnAlert || l.announcements[0].Target.Person != n.ben.ID {
			t.Errorf("told: %+v, want the communicator, once", l.announcements)
		}
		if _, err := n.Post(n.ctx, i.ID, desk.Word{Body: english("x")}); !problem.Is(err, problem.Conflict) {
			t.Errorf("an update of a draft: %v", err)
		}
		if _, _, err := n.Declare(robot, desk.Declaration{Draft: i.ID}); !problem.Is(err, problem.Forbidden) {
			t.Errorf("a monitoring token publishes: %v", err)
		}
		pub := n.declare(t, desk.Declaration{Draft: i.ID, First: desk.Word{Body: english("The shop is down.")}})
		if pub.ID != i.ID || n.look(t, i.ID).status[n.shop.ID] != component.MajorOutage {
			t.Errorf("published: %+v", pub)
		}
		alert.Firing = false
		if _, err := n.ReceiveAlerts(robot, []monitor.Alert{alert}); err != nil {
			t.Fatal(err)
		}
		if got := n.look(t, i.ID).incident; !got.Open() {
			t.Error("an alert ended an incident: only a person does")
		}
	})
}

func (n newsroom) look2(t *testing.T) (version int64) {
	t.Helper()
	err := n.db.Read(t.Context(), func(tx *store.Tx) (err error) {
		version, err = tx.Changes.Newest(t.Context())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return version
}

func TestADraftSetAsideStaysAsideWhileItsAlertGoesOn(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			n := open(t, storetest.Open(t, url))
			alert := monitor.Alert{Group: "g", Fingerprint: "f", Firing: true, Name: "Noise", StartsAt: time.Now()}
			receive := func() (d []id.Incident) {
				d, err := n.ReceiveAlerts(n.ctx, []monitor.Alert{alert})
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
				return d
			}
			first := receive()[0]
			if err := n.SetAside(n.ctx, first); err != nil {
				t.Fatal(err)
			}
			if got := receive()[0]; got != first {
				t.Errorf("the same alert again opens %s", got)
			}
			alert.StartsAt = time.Now()
			if got := receive()[0]; got == first {
				t.Error("a new episode is not told")
			}
			if err := n.SetAside(n.ctx, n.declare(t, desk.Declaration{First: desk.Word{Body: english("x"), Affected: []incident.Affected{down(n.shop, "")}}}).ID); !problem.Is(err, problem.Conflict) {
				t.Errorf("what is public was set aside: %v", err)
			}
		})
	})
}

func TestAPrivateIncidentShowsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		before := n.look2(t)
		i := n.declare(t, desk.Declaration{Visibility: incident.Private, First: desk.Word{Body: english("Quietly."), Affected: []incident.Affected{down(n.shop, component.MajorOutage)}}})
		l := n.look(t, i.ID)
		if l.version != before || len(l.announcements) != 0 || len(l.promises) != 0 || l.status[n.shop.ID] != component.Operational {
			t.Errorf("%+v", l)
		}
	})
}

func TestAMovedAnswerAboutDataStaysLateIfItWas(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			n := open(t, storetest.Open(t, url))
			i := n.declare(t, desk.Declaration{Kind: incident.Data, First: desk.Word{Body: english("Data.")}})
			time.Sleep(5 * time.Hour)
			post := func(f incident.Safety) {
				if _, err := n.Post(n.ctx, i.ID, desk.Word{Body: english("More."), Fields: incident.Fields{Data: f}}); err != nil {
					t.Fatal(err)
				}
			}
			post(incident.Safety{State: incident.SafetyUnknown, AnswerBy: time.Now().Add(time.Hour)})
			time.Sleep(time.Minute)
			post(incident.Safety{State: incident.SafetyUnaffected})
			l := n.look(t, i.ID)
			var late []time.Duration
			for _, p := range l.promises {
				if p.Kind == promise.DataAnswer {
					late = append(late, p.Late(time.Now()))
				}
			}
			if !slices.Equal(late, []time.Duration{time.Hour, 0}) || len(l.open(promise.DataAnswer)) != 0 {
				t.Errorf("late by %v, want an hour and then kept", late)
			}
			if got := l.updates[0].Fields.Data.CheckedBy; got != n.ann.ID {
				t.Errorf("checked by %q, want who says it", got)
			}
		})
	})
}

func TestComponentsKeepTheirPast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		for range 2 {
			if err := n.SetStatus(n.ctx, n.mail.ID, component.Degraded); err != nil {
				t.Fatal(err)
			}
		}
		i := n.declare(t, desk.Declaration{First: desk.Word{Body: english("x"), Affected: []incident.Affected{down(n.web, component.PartialOutage)}}})
		l := n.look(t, i.ID)
		if l.status[n.site.ID] != component.PartialOutage || l.status[n.shop.ID] != component.PartialOutage {
			t.Errorf("a group stands for what it holds: %v", l.status)
		}
		count := 0
		for _, in := range l.intervals {
			if in.Component == n.mail.ID {
				count++
			}
		}
		if count != 2 {
			t.Errorf("%d intervals of mail, want 2", count)
		}
		for _, c := range []struct {
			name string
			err  error
			want string
		}{
			{"a group that holds something", n.ArchiveComponent(n.ctx, n.web.ID), " problem.component.occupied"},
			{"a component in an open incident", n.ArchiveComponent(n.ctx, n.shop.ID), " problem.component.in_incident"},
			{"a group within itself", n.ChangeComponent(n.ctx, n.web.ID, desk.ComponentForm{Name: english("Web"), GroupID: n.web.ID}), "group_id problem.component.group"},
			{"no name", n.ChangeComponent(n.ctx, n.mail.ID, desk.ComponentForm{}), "name problem.text.empty"},
		} {
			if got := keys(c.err); !slices.Equal(got, []string{c.want}) {
				t.Errorf("%s: %v, want %s", c.name, got, c.want)
			}
		}
		if err := n.ArchiveComponent(n.ctx, n.mail.ID); err != nil {
			t.Error(err)
		}
		if _, _, err := n.Declare(n.ctx, desk.Declaration{First: desk.Word{Body: english("x"), Affected: []incident.Affected{down(n.mail, "")}}}); !problem.Is(err, problem.Invalid) {
			t.Errorf("an archived component breaks: %v", err)
		}
	})
}

// V3: what looks like code in somebody's shell, template or SQL is kept as it is, and does nothing.
func TestHostileWordsAreKeptAsTheyAre(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		for _, hostile := range []string{`${HOME} $(id) {{.}} '; DROP TABLE updates; --`, "a\r\nb\r\n.\r\nc", `\u0000 %s %n`, "]]>" + `"><script>alert(1)</script>`} {
			i := n.declare(t, desk.Declaration{First: desk.Word{Body: english(hostile), Affected: []incident.Affected{down(n.shop, "")}}})
			if got := n.look(t, i.ID).updates[0].Body["en"]; got != hostile {
				t.Errorf("kept %q, want %q", got, hostile)
			}
		}
	})
}
