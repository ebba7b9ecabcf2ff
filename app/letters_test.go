package app

import (
	"context"
	"html"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"candor/desk"
	"candor/incident"
	"candor/staff"
	"candor/store"
)

// A working house does what the clock owes, in fake time. Without a mail relay its letters go to the outbox, where they are read.
func working(t *testing.T, f func(h *house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		if err := h.duty.Start(h.ctx()); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := h.duty.Stop(context.Background()); err != nil {
				t.Error(err)
			}
		}()
		f(h)
	})
}

// later lets duty do its work.
func (h *house) later(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// outbox is every letter there is.
func (h *house) outbox() (all []store.Kept) {
	h.t.Helper()
	var after store.Kept
	for {
		var page []store.Kept
		h.read(func(ctx context.Context, tx *store.Tx) (err error) {
			if page, err = tx.Outbox.Page(ctx, after, 200); err != nil {
				return err
			}
			for n := range page { // a page lists them, it does not open them
				if page[n], err = tx.Outbox.ByDelivery(ctx, page[n].Delivery); err != nil {
					return err
				}
			}
			return nil
		})
		if all = append(all, page...); len(page) < 200 {
			return all
		}
		after = page[len(page)-1]
	}
}

func (h *house) subscribe(address, ip string, header http.Header) int {
	return h.ask(ask{method: http.MethodPost, path: "/en/subscribe", ip: ip, form: url.Values{"email": {address}}, header: header}).Code
}

var address = regexp.MustCompile(`https?://[^\s"<>)\]]+`)

// linksIn a letter, each once.
func linksIn(k store.Kept) (all []string) {
	for _, s := range address.FindAllString(k.Text+"\n"+html.UnescapeString(k.HTML), -1) {
		if s = strings.TrimRight(s, ".,;"); !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// V23: what is private reaches nobody: not by mail, not by snapshot. What pages, feeds, badges and documents show is crawled in package site.
func TestV23NothingPrivateIsMailedOrMirrored(t *testing.T) {
	const canary = "CANARY"
	var database, public string
	working(t, func(h *house) {
		secret := h.component(canary+" component", true)
		anna := h.subscriber("anna@bakery.test")
		h.subscriber("june@flowers.test", h.mail.ID)
		h.declare(incident.Private, canary+" private", h.shop)
		h.declare(incident.Rehearsal, canary+" rehearsal", h.shop)
		alert := map[string]any{"status": "firing", "labels": map[string]string{"alertname": canary + " draft", "component": "Shop"}, "fingerprint": "f"}
		if got := h.ask(ask{method: http.MethodPost, path: "/api/v1/alerts", token: h.token(staff.Owner, staff.Alert), json: map[string]any{"groupKey": "g", "alerts": []any{alert}}}); got.Code != 200 {
			h.t.Fatal(got.Code, got.Body)
		}
		// A public incident touches the private component too: it is told, the component is not.
		i, _ := h.declare(incident.Public, "The shop is down.", h.shop)
		_, err := h.desk.Post(h.as(staff.Owner), i.ID, desk.Word{Body: english("Still down."), Affected: []incident.Affected{
			{Component: h.shop.ID, Status: "major_outage"}, {Component: secret.ID, Status: "major_outage"},
		}})
		if err != nil {
			h.t.Fatal(err)
		}
		h.later(time.Minute)
		told := 0
		for _, k := range h.outbox() {
			toStaff := strings.HasSuffix(string(k.Address), "@harbour.test")
			if strings.Contains(k.Subject+k.Text+k.HTML, canary) && !toStaff {
				h.t.Errorf("%s reads %q", k.Address, k.Subject)
			}
			if !toStaff {
				told++
			}
		}
		if told < 2 {
			h.t.Errorf("%d letters to subscribers: nobody looked", told)
		}
		for _, path := range []string{"/en/manage/" + anna.manage, "/en/subscribe", "/en/confirm/" + anna.confirm, "/en/unsubscribe/" + anna.unsubscribe} {
			if got := h.get(path); got.Code != 200 || strings.Contains(got.Body.String(), canary) {
				h.t.Errorf("%s: %d, or it shows what is private", path, got.Code)
			}
		}
		database, public = h.config.Database, h.config.PublicURL

		dir := h.t.TempDir()
		files, err := Snapshot(h.ctx(), Config{Listen: "127.0.0.1:0", Database: database, PublicURL: public}, dir, slog.New(slog.DiscardHandler))
		if err != nil || files < 20 {
			h.t.Fatalf("%d files, %v", files, err)
		}
		shown := 0
		err = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(dir + "/" + name)
			if strings.Contains(string(b), canary) {
				h.t.Errorf("the snapshot's %s shows what is private", name)
			}
			if strings.Contains(string(b), "The shop is down.") {
				shown++
			}
			return err
		})
		if err != nil || shown < 5 {
			h.t.Errorf("only %d files show what is public, %v", shown, err)
		}
	})
}

func (h *house) states() (n map[string]int64) {
	h.read(func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = tx.Contacts.CountByState(ctx)
		return err
	})
	return n
}
