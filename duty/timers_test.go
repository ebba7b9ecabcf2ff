package duty_test

import (
	"context"
	"math/rand/v2"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"candor/component"
	"candor/desk"
	"candor/duty"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/promise"
	"candor/reach"
	"candor/settings"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// A house is a company whose clock can be watched: Ann leads, Ben writes, the shop is what breaks.
type house struct {
	t        testing.TB
	db       *store.DB
	desk     *desk.Desk
	ann, ben staff.Person
	shop     component.Component
}

func build(t testing.TB, url_ string) house {
	t.Helper()
	h := house{t: t, db: storetest.Open(t, url_)}
	h.desk = desk.New(h.db, &url.URL{Scheme: "https", Host: "status.example.com"}, nil)
	h.ann = staff.Person{ID: id.New[id.Person](time.Now()), Name: "Ann", Roles: []staff.Role{staff.Owner}, Mail: "ann@example.com", Language: lang.English, CreatedAt: time.Now()}
	h.ben = staff.Person{ID: id.New[id.Person](time.Now()), Name: "Ben", Roles: []staff.Role{staff.Communicator}, Mail: "ben@example.com", Language: lang.English, CreatedAt: time.Now()}
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
		for _, p := range []staff.Person{h.ann, h.ben} {
			if err := tx.People.Add(ctx, p, p.Mail); err != nil {
				return err
			}
		}
		return nil
	})
	var err error
	if h.shop, err = h.desk.AddComponent(h.as(h.ann), desk.ComponentForm{Name: lang.Text{lang.English: "Shop"}}); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h house) as(p staff.Person) context.Context {
	return staff.As(h.t.Context(), staff.Actor{Person: p, Session: "ses_x"})
}

func (h house) do(in func(context.Context, func(*store.Tx) error) error, f func(context.Context, *store.Tx) error) {
	h.t.Helper()
	ctx := h.t.Context()
	if err := in(ctx, func(tx *store.Tx) error { return f(ctx, tx) }); err != nil {
		h.t.Fatal(err)
	}
}

func (h house) node(name string) *duty.Duty {
	return duty.New(duty.Config{
		DB: h.db, Desk: h.desk, Node: name, PublicURL: &url.URL{Scheme: "https", Host: "status.example.com"},
		Channels: func(settings.Settings) (map[string]reach.Channel, error) { return nil, nil },
	})
}

// run lets a node watch the clock as its loop does, until the context ends.
func (h house) run(ctx context.Context, node *duty.Duty, every func() time.Duration) {
	for ctx.Err() == nil {
		for more := true; more; {
			var err error
			if more, err = node.FireTimers(h.t.Context()); err != nil {
				h.t.Error(err)
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(every()):
		}
	}
}

func second() time.Duration { return time.Second }

func minute() time.Duration { return time.Minute }

// outage is declared by Ann in Ben's name: he promises, she leads.
func (h house) outage() incident.Incident {
	h.t.Helper()
	i, _, err := h.desk.Declare(h.as(h.ann), desk.Declaration{CannotWork: true, First: desk.Word{
		Author: h.ben.ID, Body: lang.Text{lang.English: "Down."}, Affected: []incident.Affected{{Component: h.shop.ID}},
	}})
	if err != nil {
		h.t.Fatal(err)
	}
	return i
}

// said are the announcements of one kind about an incident.
func (h house) said(i id.Incident, kind reach.Kind) (all []reach.Announcement) {
	h.t.Helper()
	h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) error {
		list, err := tx.Announcements.OfIncident(ctx, i)
		for _, a := range list {
			if a.Kind == kind {
				all = append(all, a)
			}
		}
		return err
	})
	return all
}

func (h house) nextWord(i id.Incident) (p promise.Promise) {
	h.t.Helper()
	h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Promises.Of(ctx, i)
		for _, x := range all {
			if x.Kind == promise.NextUpdate {
				p = x
			}
		}
		return err
	})
	return p
}

// The taste test "Quarter hour", as it stands in the style guide.
func TestNoUpdateForAQuarterOfAnHour(t *testing.T) {
	storetest.Crowd(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			h := build(t, url)
			ctx, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { h.run(ctx, h.node("a"), second) })
			i := h.outage()
			declared := time.Now()

			time.Sleep(10*time.Minute - time.Second)
			if got := h.said(i.ID, reach.OnDueSoon); len(got) != 0 {
				t.Errorf("reminded early: %v", got)
			}
			time.Sleep(2 * time.Second)
			soon := h.said(i.ID, reach.OnDueSoon)
			if len(soon) != 1 || soon[0].Target.Person != h.ben.ID || soon[0].Priority != reach.Urgent {
				t.Errorf("five minutes before, the author is reminded: %+v", soon)
			}
			time.Sleep(5 * time.Minute)
			due := h.said(i.ID, reach.OnDue)
			if len(due) != 2 || due[0].Target.Person == due[1].Target.Person {
				t.Errorf("at the deadline, author and lead are reminded: %+v", due)
			}
			for _, a := range due {
				if late := a.AsOf.Sub(declared.Add(15 * time.Minute)); late < 0 || late > 5*time.Second {
					t.Errorf("the deadline was told %v late", late)
				}
			}
			if got := h.nextWord(i.ID).MissedWords(time.Now()); got != 1 {
				t.Errorf("the page says %d words are missed, want 1", got)
			}
			time.Sleep(5 * time.Minute)
			if n := len(h.said(i.ID, reach.OnDue)) + len(h.said(i.ID, reach.OnDueSoon)); n != 3 {
				t.Errorf("minutes later %d reminders, want the same 3", n)
			}
			stop()
			wg.Wait()
		})
	})
}

func TestAKeptPromiseRemindsNobody(t *testing.T) {
	storetest.Crowd(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			h := build(t, url)
			i := h.outage()
			time.Sleep(9 * time.Minute)
			if _, err := h.desk.Hold(h.as(h.ben), i.ID); err != nil {
				t.Fatal(err)
			}
			time.Sleep(6 * time.Minute)
			if _, err := h.node("a").FireTimers(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := len(h.said(i.ID, reach.OnDue)) + len(h.said(i.ID, reach.OnDueSoon)); n != 0 {
				t.Errorf("%d reminders of a promise that was kept", n)
			}
		})
	})
}

func TestDownAtTheDeadlineItActsAtTheStart(t *testing.T) {
	storetest.Crowd(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			h := build(t, url)
			i := h.outage()
			time.Sleep(3 * time.Hour) // nobody watches the clock
			for range 2 {
				if _, err := h.node("a").FireTimers(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if soon, due := len(h.said(i.ID, reach.OnDueSoon)), len(h.said(i.ID, reach.OnDue)); soon != 0 || due != 2 {
				t.Errorf("%d reminders before and %d at the deadline, want 0 and 2: the deadline speaks", soon, due)
			}
		})
	})
}

// T7: many promises, two nodes that look at odd moments: every reminder once, none early, none more than five seconds late.
func TestEveryTimerFiresOnceWhoeverWatches(t *testing.T) {
	dues := rapid.SliceOfN(rapid.IntRange(1, 1200), 400, 400)
	storetest.Crowd(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) { oneRound(t, dues.Example(7), url) })
	})
}

func oneRound(t *testing.T, dues []int, url string) {
	h := build(t, url)
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for n, name := range []string{"a", "b"} {
		odd := rand.New(rand.NewPCG(1, uint64(n)))
		wg.Go(func() {
			h.run(ctx, h.node(name), func() time.Duration { return time.Duration(odd.Int64N(int64(4 * time.Second))) })
		})
	}
	i := h.bare()
	made := map[id.Promise]promise.Promise{}
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
		clear(made)
		for _, seconds := range dues {
			p := promise.Promise{
				ID: id.New[id.Promise](time.Now()), Kind: promise.NextUpdate, Incident: i, Update: "upd_x", Promiser: h.ben.ID,
				MadeAt: time.Now().UTC(), DueAt: time.Now().Add(time.Duration(seconds) * time.Second).UTC(),
			}
			if err := tx.Promises.Add(ctx, p); err != nil {
				return err
			}
			made[p.ID] = p
		}
		return nil
	})
	time.Sleep(20*time.Minute + 10*time.Second)
	stop()
	wg.Wait()

	told := map[id.Promise]map[reach.Kind]int{}
	for _, kind := range []reach.Kind{reach.OnDueSoon, reach.OnDue} {
		for _, a := range h.said(i, kind) {
			at := made[a.Promise].DueAt
			if kind == reach.OnDueSoon {
				at = at.Add(-5 * time.Minute)
			}
			if late := a.AsOf.Sub(at); late < 0 || late > 5*time.Second {
				t.Errorf("%s of a promise was told %v late", kind, late)
			}
			if told[a.Promise] == nil {
				told[a.Promise] = map[reach.Kind]int{}
			}
			told[a.Promise][kind]++
		}
	}
	for x, p := range made {
		soon := 0
		if p.DueAt.Sub(p.MadeAt) > 5*time.Minute {
			soon = 1
		}
		if told[x][reach.OnDue] != 1 || told[x][reach.OnDueSoon] != soon {
			t.Errorf("a promise of %v was told %v", p.DueAt.Sub(p.MadeAt), told[x])
		}
	}
}

// bare is an incident of its own, without an act around it.
func (h house) bare() (i id.Incident) {
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
		number, err := tx.Incidents.NextNumber(ctx)
		if err != nil {
			return err
		}
		i = id.New[id.Incident](time.Now())
		return tx.Incidents.Add(ctx, incident.Incident{
			ID: i, Code: id.NewCode(), Number: number, Kind: incident.Outage, Visibility: incident.Public, Status: incident.Investigating,
			Impact: incident.ImpactMajor, DetectedBy: incident.ByStaff, StartedAt: time.Now(), CreatedAt: time.Now(), UpdatedAt: time.Now(),
		})
	})
	return i
}

func (h house) now(x id.Incident) (i incident.Incident) {
	h.t.Helper()
	h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) (err error) {
		i, err = tx.Incidents.ByID(ctx, x)
		return err
	})
	return i
}

func TestATimerThatCannotFireIsLeftAloneForLongerAndLonger(t *testing.T) {
	storetest.Crowd(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			h := build(t, url)
			err := h.db.Write(t.Context(), func(tx *store.Tx) error {
				return tx.Timers.Set(t.Context(), store.Timer{Object: string(id.New[id.Incident](time.Now())), Step: "begin", At: time.Now()})
			})
			if err != nil {
				t.Fatal(err)
			}
			node, failed := h.node("a"), 0
			for range 600 {
				if _, err := node.FireTimers(t.Context()); err != nil {
					failed++
				}
				time.Sleep(time.Second)
			}
			if failed < 10 || failed > 20 {
				t.Errorf("tried %d times in ten minutes, want a try a minute after the first few", failed)
			}
		})
	})
}
