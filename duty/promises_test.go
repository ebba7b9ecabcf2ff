package duty_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/reach"
	"candor/settings"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// hire adds somebody who is called by another.
func (h house) hire(name string, under id.Person) staff.Person {
	h.t.Helper()
	p := staff.Person{
		ID: id.New[id.Person](time.Now()), Name: name, Roles: []staff.Role{staff.Agent}, Mail: strings.ToLower(name) + "@example.com", Under: under,
		Mobile: "+15550100", Language: lang.English, CreatedAt: time.Now(),
	}
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error { return tx.People.Add(ctx, p, p.Mail) })
	return p
}

// called are the calls about an incident's promises as lines: when, how loudly, whom.
func (h house) called(i id.Incident) (lines []string) {
	h.t.Helper()
	names := map[id.Person]string{}
	h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) error {
		clear(names)
		people, err := tx.People.All(ctx)
		for _, p := range people {
			names[p.ID] = p.Name
		}
		return err
	})
	var all []reach.Announcement
	for _, kind := range []reach.Kind{reach.OnDueSoon, reach.OnDue, reach.OnOverdue} {
		all = append(all, h.said(i, kind)...)
	}
	slices.SortStableFunc(all, func(a, b reach.Announcement) int {
		if by := a.AsOf.Compare(b.AsOf); by != 0 {
			return by
		}
		return strings.Compare(names[a.Target.Person], names[b.Target.Person])
	})
	for _, a := range all {
		line := a.AsOf.UTC().Format("15:04") + " " + string(a.Kind) + " mail"
		for _, channel := range a.Target.Also {
			line += "+" + channel
		}
		lines = append(lines, line+" "+names[a.Target.Person])
	}
	return lines
}

func TestSilenceCallsTheAuthorThenTheLeadThenTheTreeAndThenEverybodyWhoMaySpeak(t *testing.T) {
	storetest.Crowd(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			h := build(t, url)
			cem := h.hire("Cem", h.ann.ID)
			h.hire("Dee", cem.ID)
			h.textable()
			time.Sleep(time.Until(time.Now().Truncate(time.Hour).Add(time.Hour))) // a full hour is easier to read
			ctx, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { h.run(ctx, h.node("a"), second) })

			at := time.Now().UTC()
			i := h.outage() // Ben promises the next word in a quarter of an hour; Ann leads
			time.Sleep(2 * time.Hour)

			clock := func(m int) string { return at.Add(time.Duration(m) * time.Minute).Format("15:04") }
			want := []string{
				clock(10) + " due_soon mail Ben",
				clock(15) + " due mail+sms Ann", clock(15) + " due mail+sms Ben",
				clock(20) + " overdue mail+sms Cem",
				clock(25) + " overdue mail+sms Dee",
				clock(30) + " overdue mail+sms Ann", clock(30) + " overdue mail+sms Ben",
			}
			if diff := cmp.Diff(want, h.called(i.ID)); diff != "" {
				t.Errorf("who was called (-want +got):\n%s", diff)
			}
			if got := h.nextWord(i.ID).MissedWords(time.Now()); got != 8 {
				t.Errorf("the page says %d words are missed, want 8", got)
			}
			stop()
			wg.Wait()
		})
	})
}

func TestAWordThatComesAtLastEndsTheCalls(t *testing.T) {
	storetest.Crowd(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			h := build(t, url)
			h.hire("Dee", h.hire("Cem", h.ann.ID).ID)
			node, i := h.node("a"), h.outage()
			for range 21 * 60 {
				if _, err := node.FireTimers(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second)
			}
			if _, err := h.desk.Hold(h.as(h.ben), i.ID); err != nil {
				t.Fatal(err)
			}
			before := len(h.called(i.ID))
			time.Sleep(9 * time.Minute) // before the next reminder
			if _, err := node.FireTimers(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := h.called(i.ID); before != 4 || len(got) != before {
				t.Errorf("%d were called before the word came, %v after it", before, got)
			}
		})
	})
}

func TestARehearsalCallsNobodyElse(t *testing.T) {
	storetest.Crowd(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			h := build(t, url)
			h.hire("Cem", h.ann.ID)
			i, _, err := h.desk.Declare(h.as(h.ann), desk.Declaration{Visibility: incident.Rehearsal, CannotWork: true, First: desk.Word{
				Author: h.ben.ID, Body: lang.Text{lang.English: "Down."}, Affected: []incident.Affected{{Component: h.shop.ID}},
			}})
			if err != nil {
				t.Fatal(err)
			}
			node := h.node("a")
			for range 40 {
				time.Sleep(time.Minute)
				if _, err := node.FireTimers(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			for _, line := range h.called(i.ID) {
				if !strings.HasSuffix(line, " Ann") {
					t.Errorf("a drill of Ann's called: %s", line)
				}
			}
			if len(h.called(i.ID)) == 0 {
				t.Error("nobody was called: this proves nothing")
			}
		})
	})
}

// textable gives the company a provider of text messages.
func (h house) textable() {
	h.t.Helper()
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.SMS.Providers = []settings.SMSProvider{{Name: "any"}}
		_, err = tx.Settings.Save(ctx, s, version)
		return err
	})
}
