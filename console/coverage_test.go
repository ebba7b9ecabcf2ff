package console

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"candor/id"
	"candor/lang"
	"candor/reach"
	"candor/store"
)

func TestTheLeadReadsHowManyKnowAndOpensAnyOneOfThem(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, all := h.callCentre(t, 4)
		v.must(v.post("/console/calls/next", url.Values{}))
		v.must(v.post("/console/calls/"+string(all[0].ID)+"/outcome", url.Values{"outcome": {"spoken_with"}, "incident": {string(i.ID)}, "note": {"Knows, thanks us"}}))
		at := coveragePath(i.Code)
		page := v.get(at)
		wantSaid(t, page, "4 affected · 1 reached · 3 on the call list · 0 closed unreachable, documented", "A person of ours", "Deutsch",
			"Customer 03", "K-03", "1 of 4 reached", `data-live="10"`)
		if strings.Contains(page.body, "These figures cannot") {
			t.Error("the figures contradict each other")
		}
		spoken := v.get(at + "?ended=spoken_with")
		wantSaid(t, spoken, "Customer 00")
		if strings.Contains(spoken.body, "Customer 01") {
			t.Error("who was not spoken with is listed among those who were")
		}
		calling := v.get(at + "?ended=calling&reason=" + string(reach.WhyNoVoice))
		wantSaid(t, calling, "Customer 01", "Customer 02", "Customer 03", "Only:")
		if nobody := v.get(at + "?ended=open&reason=" + url.QueryEscape("<script>x")); !strings.Contains(nobody.body, "Nobody here") || strings.Contains(nobody.body, "<script>x") {
			t.Error("a reason nobody has finds somebody, or is repeated as it was typed")
		}

		story := v.get(incidentPath(i.Code) + "/customers/" + string(all[0].ID))
		wantSaid(t, story, "Customer 00", "Everybody is", "To the call list", "Dana Whitfield called", "spoken with", "Knows, thanks us", "Spoken with", "UTC")
		if strings.Index(story.body, "To the call list") > strings.Index(story.body, "Knows, thanks us") {
			t.Error("the story is not in order")
		}
		wantSaid(t, v.get("/console/customers/"+string(all[0].ID)), "What affected them", "The shop is closed", "Spoken with",
			incidentPath(i.Code)+"/customers/"+string(all[0].ID))
		wantSaid(t, v.get(incidentPath(i.Code)), "1 of 4 reached, 3 on the call list", "Who knows, who is left")
		for _, wrong := range []string{"cus_x", string(id.New[id.Customer](time.Now()))} {
			if a := v.get(incidentPath(i.Code) + "/customers/" + wrong); a.status != http.StatusNotFound {
				t.Errorf("the story of %s is answered %d", wrong, a.status)
			}
		}
	})
}

func TestEveryPageOfTheListLeadsToTheNextAndNobodyIsListedTwice(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, _ := h.callCentre(t, 2*longPage+7)
		for _, filter := range []string{"", "?ended=open", "?ended=calling&reason=" + string(reach.WhyNoVoice)} {
			seen, pages := map[string]bool{}, 0
			for next := coveragePath(i.Code) + filter; next != "" && pages < 5; pages++ {
				page := v.get(next)
				for _, one := range customerLinks.FindAllStringSubmatch(page.body, -1) {
					if seen[one[1]] {
						t.Errorf("%s is listed twice with %q", one[1], filter)
					}
					seen[one[1]] = true
				}
				next = ""
				if more := nextLink.FindStringSubmatch(page.body); more != nil {
					next = strings.ReplaceAll(more[1], "&amp;", "&")
				}
			}
			if len(seen) != 2*longPage+7 || pages != 3 {
				t.Errorf("with %q: %d customers on %d pages", filter, len(seen), pages)
			}
		}
	})
}

var (
	customerLinks = regexp.MustCompile(`/customers/(cus_[A-Z0-9]+)"`)
	nextLink      = regexp.MustCompile(`href="([^"#]*)#list">Next<`)
)

// A figure that cannot be true is shown as one, not rounded into something that could.
func TestFiguresThatContradictEachOtherAreShownAsWrong(t *testing.T) {
	t.Parallel()
	p := coveragePage{shell: shell{Words: lang.For(lang.English), Zone: time.UTC, Now: time.Now()}}
	broken := reach.Figures{Affected: 3, Told: 1, Reached: 2}
	if len(broken.Faults()) == 0 {
		t.Fatal("no fault is found")
	}
	p.Faults = broken.Faults()
	var out strings.Builder
	if err := parsePages()["coverage"]().ExecuteTemplate(&out, "main", p); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "These figures cannot all be true") || !strings.Contains(out.String(), "reached 2, told 1") {
		t.Errorf("the page hides it:\n%s", visible(out.String()))
	}
}

// Every reason and end has words of its own in the person's language: none is shown as its stored word.
func TestEveryReasonAndEndIsSaidInWords(t *testing.T) {
	t.Parallel()
	for _, s := range shells() {
		for _, w := range reach.Whys {
			if word := whyWord(s, w); word == string(w) || strings.Contains(word, "⟦") || !s.Words.Has(w.Key()) {
				t.Errorf("%s: %s is %q", s.Words.Tag(), w, word)
			}
		}
		for _, e := range reach.Ends {
			if word := endWord(s, e); word == string(e) || strings.Contains(word, "⟦") || !s.Words.Has(e.Key()) {
				t.Errorf("%s: %s is %q", s.Words.Tag(), e, word)
			}
		}
	}
	for _, rung := range rungs {
		if rungWord(rung) == "" {
			t.Errorf("the rung %q has no word", rung)
		}
	}
}

// What a provider or a person wrote comes back escaped.
func TestWhatCameBackIsShownAndNeverRun(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, all := h.callCentre(t, 1)
		at := time.Now().UTC().Truncate(time.Microsecond)
		if err := h.db.Write(t.Context(), func(tx *store.Tx) error {
			said, err := tx.Announcements.OfIncident(t.Context(), i.ID)
			if err != nil {
				return err
			}
			d := reach.Delivery{ID: id.New[id.Delivery](at), Announcement: said[0].ID, Channel: "sms", Address: "+493090182", Contact: all[0].Contacts[0].ID, Language: "de", State: reach.Planned, PlannedAt: at}
			if _, err := tx.Deliveries.Plan(t.Context(), []reach.Delivery{d}); err != nil {
				return err
			}
			r := reach.Receipt{ID: id.New[id.Receipt](at), Delivery: d.ID, Kind: reach.SaysReply, Source: "mail", Body: "<script>alert(1)</script> Danke", At: at.Add(time.Second)}
			if err := tx.Receipts.Add(t.Context(), r); err != nil {
				return err
			}
			x, _ := reach.NewReply(r, d, i.ID, reach.ReturnMail{Subject: "<b>Re</b>"})
			return tx.Replies.Add(t.Context(), x)
		}); err != nil {
			t.Fatal(err)
		}
		story := v.get(fmt.Sprintf("%s/customers/%s", incidentPath(i.Code), all[0].ID))
		wantSaid(t, story, "They wrote to us", "Danke", "planned")
		if strings.Contains(story.body, "<script>alert") || strings.Contains(story.body, "<b>Re") {
			t.Error("what they wrote is run")
		}
		h.read(t, func(ctx context.Context, tx *store.Tx) error {
			all, err := tx.Decisions.Of(ctx, i.ID, all[0].ID)
			if err == nil && len(all) == 0 {
				t.Error("no decision is kept")
			}
			return err
		})
	})
}

func shells() (all []shell) {
	for _, tag := range lang.All() {
		all = append(all, shell{Words: lang.For(tag)})
	}
	return all
}

func TestAListOfCustomersIsTakenPastedOrAsAFileAndTheUnknownAreSaid(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, _ := h.callCentre(t, 3)
		at := incidentPath(i.Code) + "/audience"
		page := v.must(v.post(at, url.Values{"key": {"a1"}, "audience": {"listed"}, "named": {"K-00\r\nK-01"}}))
		wantSaid(t, page, "Chosen.", "2 are listed so far")
		part := v.upload(at, "\uFEFFaccount,amount\n'K-02,12\nZ-9<b>,1\n", map[string]string{"key": "a2", "audience": "listed"})
		if part.status != http.StatusOK {
			t.Fatalf("%d", part.status)
		}
		wantSaid(t, part, "3 are listed.", "2 of the ids are no customers we know", "account, Z-9&lt;b&gt;")
		refused := v.post(at, url.Values{"key": {"a3"}, "audience": {"friends"}, "named": {"K-00"}})
		if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.body, ">K-00</textarea>") {
			t.Errorf("no such audience: %d, or what was typed is gone", refused.status)
		}
		h.read(t, func(ctx context.Context, tx *store.Tx) error {
			now, err := tx.Incidents.ByID(ctx, i.ID)
			if now.Audience != "listed" {
				t.Errorf("the audience is %q", now.Audience)
			}
			return err
		})
		table := v.get(coveragePath(i.Code) + ".csv")
		if lines := strings.Split(strings.TrimSpace(table.body), "\n"); len(lines) != 4 || !strings.HasPrefix(lines[0], "id,name,") {
			t.Errorf("the table: %s", table.body)
		}
	})
}

// A first word about a list goes to nobody who is missing from it by a slip of the keyboard: the form comes back.
func TestADeclarationNamesItsCustomers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		h.callCentre(t, 3)
		form := url.Values{"key": {"d1"}, "kind": {"billing"}, "body.en": {"We charged you twice. This is our mistake."}, "title.en": {"Charged twice"}, "audience": {"listed"}, "named": {"K-00\nK-9"}}
		refused := v.post("/console/declare", form)
		if refused.status != http.StatusUnprocessableEntity {
			t.Fatalf("%d:\n%s", refused.status, visible(refused.body))
		}
		wantSaid(t, refused, "1 of these are no customers we know: K-9", "K-00")
		form.Set("named", "K-00\nK-02")
		wantSaid(t, v.post("/console/declare/preview", form), "2 customers are affected", "2 A person of ours")
		v.must(v.post("/console/declare", form))
		h.read(t, func(ctx context.Context, tx *store.Tx) error {
			open, err := tx.Incidents.Open(ctx)
			if err != nil {
				return err
			}
			for _, i := range open {
				if n, err := tx.Affected.Named(ctx, i.ID); err != nil || i.Kind == "billing" && (n != 2 || i.Audience != "listed") {
					t.Errorf("%d are named, the audience is %q, %v", n, i.Audience, err)
				}
			}
			return nil
		})
	})
}
