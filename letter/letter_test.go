package letter

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"candor/component"
	"candor/incident"
	"candor/lang"
	"candor/promise"
	"candor/staff"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func at(clock string) time.Time {
	t, err := time.Parse(time.DateTime, "2012-09-10 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

var dana = staff.Person{
	ID: "per_dana", Name: "Dana Whitfield", PublicMail: "dana@harbour.example", PublicPhone: "+1 480 555 0142",
	Title: lang.Text{"en": "Head of network operations", "de": "Leiterin Netzbetrieb"},
}

// outage is the afternoon of the specimen mail: the body exists in English and German only.
func outage() News {
	return News{
		Incident: incident.Incident{
			ID: "inc_1", Code: "x1y2z3a4b5c6", Kind: incident.Outage, Visibility: incident.Public, Status: incident.Identified,
			Title:  lang.Text{"en": "Websites, mail and DNS are down. So are our own phones.", "de": "Websites, Mail und DNS sind ausgefallen, unsere Telefone auch."},
			Impact: incident.ImpactCritical, StartedAt: at("17:00:00"),
			Affected: []incident.Affected{{Component: "cmp_web", Status: component.MajorOutage}, {Component: "cmp_mail", Status: component.PartialOutage}, {Component: "cmp_secret", Status: component.MajorOutage}},
		},
		Update: incident.Update{
			ID: "upd_9", Code: "u9u9u9u9u9u9", Number: 9, Status: incident.Identified, Author: "per_dana", At: at("19:06:00"), NextBy: at("19:21:00"),
			Body: lang.Text{
				"en": "We have found the cause and are **repairing** it. Routing tables inside our own network were corrupted, and each router passed the damage to the next. Nobody attacked us.\n\nWe are rebuilding the tables router by router; four of eleven are done and hold. DNS comes back first. See <script>alert(1)</script> [the map](https://harbour.example/map).",
				"de": "Wir haben die Ursache gefunden und beheben sie.\n\n- DNS kommt zuerst\n- dann Mail",
			},
			Fields: incident.Fields{
				Cause: incident.Cause{State: incident.CauseKnown, Whose: incident.Ours}, Attack: incident.AttackNo,
				WorkingOn: lang.Text{"en": "Eight network engineers", "de": "Acht Netzingenieure"},
				Estimate:  incident.Estimate{Kind: incident.EstimateRange, From: at("20:00:00"), Until: at("23:30:00")},
				Data: incident.Safety{
					State: incident.SafetyUnaffected, CheckedBy: "per_dana",
					Classes: map[incident.DataClass]incident.SafetyState{incident.PaymentData: incident.SafetyUnaffected, incident.Passwords: incident.SafetyChecking},
				},
			},
		},
		Author: dana, CheckedBy: dana,
		Components: []component.Component{
			{ID: "cmp_web", Name: lang.Text{"en": "Websites", "zh-Hant": "網站"}},
			{ID: "cmp_mail", Name: lang.Text{"en": "Mail"}},
			{ID: "cmp_secret", Name: lang.Text{"en": "Canary of a private component"}, Private: true},
		},
	}
}

func resolved() News {
	n := outage()
	n.Update.Status, n.Update.NextBy, n.Update.Number = incident.Resolved, time.Time{}, 14
	n.Update.Body = lang.Text{"en": "Everything works again.", "de": "Alles geht wieder.", "es": "Todo funciona de nuevo.", "id": "Semuanya berfungsi lagi.", "zh-Hant": "一切恢復正常。"}
	return n
}

// itself is the holding update nobody wrote.
func itself() News {
	n := outage()
	n.Update.Holding, n.Update.Automatic, n.Update.Number = true, true, 10
	n.Update.Body = lang.Text{"en": "We are still working on it.", "de": "Wir arbeiten weiter daran.", "es": "Seguimos en ello.", "id": "Kami masih mengerjakannya.", "zh-Hant": "我們仍在處理。"}
	return n
}

func breach() News {
	n := outage()
	n.Incident.Kind, n.Incident.Affected, n.Incident.Impact = incident.Data, nil, incident.ImpactMajor
	n.Update.NextReason = "Forensics need the night"
	n.Update.Fields.Data = incident.Safety{State: incident.SafetyAffected, Steps: lang.Text{"en": "Change your password now.", "es": "Cambie su contraseña ahora."}}
	return n
}

func maintenance() News {
	n := outage()
	n.Incident.Kind, n.Incident.Status, n.Incident.Impact = incident.Maintenance, incident.Scheduled, incident.ImpactMaintenance
	n.Incident.Title = lang.Text{"en": "New routers; short breaks", "zh-Hant": "更換路由器，短暫中斷"}
	n.Incident.Window = incident.Window{From: at("22:00:00"), Until: at("23:30:00")}
	n.Update.Status, n.Update.NextBy, n.Update.Fields = incident.Scheduled, time.Time{}, incident.DefaultFields(incident.Maintenance, time.Time{})
	n.Update.Body = lang.Text{"en": "We replace eleven routers, one by one.", "zh-Hant": "我們將逐一更換十一台路由器。"}
	return n
}

// findings are the report on the afternoon.
func findings(revision int) Findings {
	f := Findings{
		Incident: resolved().Incident, Revision: revision, At: at("21:00:00").AddDate(0, 0, 3), Author: dana,
		Summary: lang.Text{"en": "Routing tables inside our own network were corrupted. **Nobody** attacked us.", "de": "Routing-Tabellen in unserem eigenen Netz waren beschädigt.", "zh-Hant": "我們自己網路內的路由表損毀。"},
		Cause:   lang.Text{"en": "Each router believed the one before it.", "de": "Jeder Router glaubte dem vorigen."},
		Apology: lang.Text{"en": "I am sorry. You could not work for five hours.", "es": "Lo siento. No pudo trabajar durante cinco horas."},
		Actions: []ActionLine{
			{Code: "a1a1a1a1a1a1", Title: lang.Text{"en": "Routers check what they are told", "de": "Router prüfen, was ihnen gesagt wird"}, DueAt: at("23:59:59").AddDate(0, 1, 0)},
			{Code: "b2b2b2b2b2b2", Title: lang.Text{"en": "An alarm when tables differ"}, DueAt: at("23:59:59"), Done: true},
		},
	}
	if revision > 1 {
		f.Reason, f.Customer, f.Accounts = "We had counted twelve routers", true, []string{"Whitfield Bakery (4711)", "Whitfield Catering (4712)"}
	}
	return f
}

// owed is a promise that falls due at 19:21.
func owed(k promise.Kind) promise.Promise {
	p := promise.Promise{Kind: k, MadeAt: at("19:06:00"), DueAt: at("19:21:00")}
	if k == promise.LegalNotice {
		p.Text, p.Clock = "GDPR art. 33: authority", "gdpr-33"
	}
	return p
}

// kinds is every letter there is.
func kinds(d Desk) map[string]Letter {
	began := maintenance()
	began.Update.Status, began.Author = incident.InProgress, staff.Person{}
	rehearsal := outage()
	rehearsal.Incident.Visibility = incident.Rehearsal
	customer, several := outage(), outage()
	customer.Customer = true
	several.Customer, several.Accounts = true, []string{"Whitfield Bakery (4711)", "Whitfield Catering (4712)"}
	return map[string]Letter{
		"update":     d.Update(outage()),
		"customer":   d.Update(customer),
		"several":    d.Update(several),
		"resolved":   d.Update(resolved()),
		"breach":     d.Update(breach()),
		"announced":  d.Update(maintenance()),
		"began":      d.Update(began),
		"rehearsal":  d.Update(rehearsal),
		"correction": d.Correction(outage(), incident.Revision{At: at("19:30:00"), By: "per_dana", Reason: "We had counted twelve", Was: lang.Text{"en": "Five of twelve are done."}, Now: lang.Text{"en": "Four of eleven are done."}}),
		"upcoming":   d.Upcoming(maintenance()),
		"effect":     d.Effect(outage().Incident),
		"report":     d.Report(findings(1)),
		"reworked":   d.Report(findings(2)),
		"confirm":    d.Confirm("/" + d.Language.Path() + "/confirm/TOKEN"),
		"manage":     d.Manage("/" + d.Language.Path() + "/manage/TOKEN"),
		"due_soon":   d.DueSoon(outage().Incident, owed(promise.NextUpdate)),
		"due":        d.Due(outage().Incident, owed(promise.NextUpdate)),
		"owed_soon":  d.DueSoon(outage().Incident, owed(promise.Report)),
		"owed_now":   d.Due(outage().Incident, owed(promise.LegalNotice)),
		"overdue":    d.Overdue(outage().Incident, owed(promise.NextUpdate), "Dana Whitfield", 5*time.Minute),
		"approval":   d.Approval(outage().Incident),
		"itself":     d.Update(itself()),
		"alert":      d.Alert(outage().Incident),
		"flood":      d.Flood(),
		"returns":    d.Returns(1204, 3),
		"held_back":  d.HeldBack(31_402, 0),
		"answer":     d.Answer(Exchange{Subject: "AW: Your shop <b>is</b> down", WrittenAt: at("19:40:00"), Body: "It is back for you since **19:52**.\n\nIs anything still missing?", Author: dana}),
		"test":       d.Test(),
		"call_in":    d.CallIn(outage().Incident, 5*time.Minute, "Dana Whitfield", "Room 4, bring your laptop.", "/console/call-in/TOKEN"),
		"invitation": d.Invitation("/console/invitation/TOKEN"),
	}
}

func desk(t *testing.T, language lang.Tag) Desk {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return Desk{Company: "Harbour", Base: "https://status.example", Language: language, Fallback: "en", Zone: zone}
}

func TestEveryLetterReadsWellInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, language := range lang.All() {
		for kind, l := range kinds(desk(t, language)) {
			name := filepath.Join("testdata", kind+"."+language.Path())
			golden(t, name+".txt", "Subject: "+l.Subject+"\n\n"+l.Text)
			golden(t, name+".html", l.HTML)
			for _, f := range l.Files {
				golden(t, name+filepath.Ext(f.Name), string(f.Content))
			}
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

// T26, what of it is the letter's: nothing that should not be there, and nothing missing.
func TestALetterHoldsNoScriptNoPixelAndNoPrivateName(t *testing.T) {
	t.Parallel()
	for _, language := range lang.All() {
		for kind, l := range kinds(desk(t, language)) {
			for _, never := range []string{"<script", "<img", "javascript:", "⟦", "Canary", "{time}", "{title}", "{company}"} {
				if strings.Contains(l.HTML, never) || !strings.HasPrefix(never, "<") && strings.Contains(l.Text+l.Subject, never) {
					t.Errorf("%s in %s holds %q", kind, language, never)
				}
			}
			if strings.ContainsAny(l.Subject, "\r\n") || !utf8.ValidString(l.Text) || l.Subject == "" {
				t.Errorf("%s in %s has subject %q", kind, language, l.Subject)
			}
			for line := range strings.SplitSeq(l.Text, "\n") {
				if columns(line) > width && !strings.Contains(line, "https://") {
					t.Errorf("%s in %s: a line of %d columns: %s", kind, language, columns(line), line)
				}
			}
			if bulk := strings.Contains(l.HTML, UnsubscribeSlot); bulk != strings.Contains(l.Text, UnsubscribeSlot) {
				t.Errorf("%s in %s: only one of HTML and text says how to stop", kind, language)
			}
			for _, f := range l.Files {
				for line := range strings.SplitSeq(string(f.Content), "\r\n") {
					if len(line) > 75 {
						t.Errorf("%s in %s: a calendar line of %d bytes", kind, language, len(line))
					}
				}
			}
		}
	}
}

func TestAFormIsTheLetterWithEachRecipientsOwnTokens(t *testing.T) {
	t.Parallel()
	l := desk(t, "en").Update(outage())
	own := Own{Manage: "MANAGE-1", Unsubscribe: "UNSUBSCRIBE-1", Page: "PAGE-1"}
	text, html := l.Form().Fill(own)
	for _, got := range []string{text, html} {
		if !strings.Contains(got, "/en/manage/MANAGE-1") || !strings.Contains(got, "/en/unsubscribe/UNSUBSCRIBE-1") || strings.Contains(got, "slot") {
			t.Errorf("the tokens are not where they belong: %s", got)
		}
	}
	if got := strings.NewReplacer("MANAGE-1", ManageSlot, "UNSUBSCRIBE-1", UnsubscribeSlot).Replace(text); got != l.Text {
		t.Error("filling changed more than the tokens")
	}
	n := outage()
	n.Customer = true
	l = desk(t, "en").Update(n)
	text, html = l.Form().Fill(own)
	for what, got := range map[string]string{"text": text, "HTML": html, "text message": l.Form().SMS(own), "brief": l.Form().Short(own).URL, "document": string(l.Form().Document(own))} {
		if !strings.Contains(got, "/en/me/PAGE-1") || strings.Contains(got, "slot") {
			t.Errorf("the %s of a customer leads to %s", what, got)
		}
	}
}

// Who subscribes and is nobody's contact has no page of their own, and is not asked to say anything.
func TestOnlyCustomersAreAskedToSayThatTheyKnow(t *testing.T) {
	t.Parallel()
	for _, language := range lang.All() {
		for kind, l := range kinds(desk(t, language)) {
			asks := kind == "customer" || kind == "several" || kind == "effect"
			for part, got := range map[string]string{"text": l.Text, "HTML": l.HTML, "text message": l.SMS} {
				// A report asks nobody to say anything; the way to what one gets is on one's own page.
				if own := asks || kind == "reworked" && part != "text message"; strings.Contains(got, PageSlot) != own {
					t.Errorf("%s in %s: the %s asks %v", kind, language, part, !own)
				}
			}
			if names := strings.Contains(l.HTML, "Whitfield Catering (4712)"); names != (kind == "several" || kind == "reworked") {
				t.Errorf("%s in %s names accounts: %v", kind, language, names)
			}
		}
	}
}

func TestAHundredAccountsAreCounted(t *testing.T) {
	t.Parallel()
	n := outage()
	n.Customer = true
	for i := range 100 {
		n.Accounts = append(n.Accounts, fmt.Sprint("shop ", i))
	}
	if l := desk(t, "en").Update(n); !strings.Contains(strings.Join(strings.Fields(l.Text), " "), "shop 11 and 88 more.") {
		t.Errorf("the accounts are not counted: %s", l.Text)
	}
}

func TestAHostileTitleEndsNoHeader(t *testing.T) {
	t.Parallel()
	n := outage()
	n.Incident.Title = lang.Text{"en": "Down\r\nBcc: everybody@example.com\u2028x"}
	for _, l := range []Letter{desk(t, "en").Update(n), desk(t, "en").Alert(n.Incident)} {
		if strings.ContainsAny(l.Subject, "\r\n\u2028") {
			t.Errorf("subject %q", l.Subject)
		}
	}
	n.Incident.Title = lang.Text{"en": `[click](javascript:alert(1)) <b onmouseover="x">`}
	if l := desk(t, "en").Alert(n.Incident); strings.Contains(l.HTML, "<b onmouse") || strings.Contains(l.HTML, `href="javascript`) {
		t.Error("what an alert said became markup")
	}
}
