package record

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"candor/component"
	"candor/incident"
	"candor/lang"
	"candor/promise"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var at = time.Date(2012, 9, 10, 18, 21, 4, 123456000, time.UTC)

// samples is one fact of each builder. What they say must never come out as other bytes: entries that are signed cannot be spelled anew.
func samples() []Fact {
	u := incident.Update{
		Code: "updupdupdupd", Number: 2, Status: incident.Identified, Author: "per_dana", At: at, NextBy: at.Add(15 * time.Minute),
		Body: lang.Text{"en": "We know the cause: \"a <b>router</b> & two disks\".", "zh-Hant": "我們知道原因。"}, NextReason: "We wait for a part.",
		Fields: incident.Fields{
			Cause: incident.Cause{State: incident.CauseKnown, Whose: incident.Ours}, WorkingOn: lang.Text{"en": "Two engineers"},
			Estimate: incident.Estimate{Kind: incident.EstimateEarliest, From: at.Add(time.Hour)}, Attack: incident.AttackNo,
			Data: incident.Safety{State: incident.SafetyAffected, Steps: lang.Text{"en": "Change your password."}},
		},
	}
	u.Revisions = []incident.Revision{{At: at.Add(time.Minute), By: "per_ben", Reason: "A typo.", Was: u.Body, Now: lang.Text{"en": "We know the cause."}}}
	u.Blackouts = []incident.Blackout{{At: at.Add(time.Hour), By: "per_dana", Reason: incident.Secret, Note: "A key."}}
	i := incident.Incident{
		Code: "incincincinc", Kind: incident.Outage, Status: incident.Resolved, Impact: incident.ImpactCritical, DetectedBy: incident.ByProbe,
		Title: lang.Text{"en": "Websites are down", "de": "Websites sind nicht erreichbar"}, Lead: "per_dana", StartedAt: at.Add(-time.Hour), DeclaredAt: at,
		ResolvedAt: at.Add(2 * time.Hour), ReportDueAt: at.Add(72 * time.Hour), UpdatedAt: at.Add(2 * time.Hour),
	}
	p := promise.Promise{
		ID: "prm_1", Kind: promise.NextUpdate, Promiser: "per_dana", Text: "the next word", MadeAt: at, DueAt: at.Add(15 * time.Minute),
		KeptAt: at.Add(16 * time.Minute), Automatic: true,
	}
	dropped := promise.Promise{ID: "prm_2", Kind: promise.Report, Promiser: "per_dana", MadeAt: at, DueAt: at.Add(time.Hour), WithdrawnAt: at.Add(time.Minute)}
	var all []Fact
	all = append(all, OfIncident(i)...)
	all = append(all, OfUpdate(i.Code, u))
	all = append(all, OfRevisions(i.Code, u)...)
	all = append(all, OfBlackout(i.Code, u, at.Add(time.Hour)))
	all = append(all, OfPromise(i.Code, p, at.Add(16*time.Minute))...)
	all = append(all, OfPromise("", dropped, at.Add(time.Minute))...)
	all = append(all, OfInterval("cmpcmpcmpcmp", i.Code, component.Interval{Status: component.MajorOutage, From: at.Add(-time.Hour)}))
	all = append(all, OfInterval("cmpcmpcmpcmp", "", component.Interval{Status: component.Operational, From: at.Add(-9 * time.Hour), To: at.Add(-time.Hour)}))
	all = append(all, OfCoverage(i.Code, at, map[string]int64{"reached": 4790, "affected": 4815}))
	return append(all, OfAudit(Head{Size: 7, Root: HashOf([]byte("x"))}, at))
}

// The vectors are the definition of the encoding: another program can be held against them.
func TestEntriesAreSpelledAsEver(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, f := range samples() {
		entry, opened, err := write(f, func() []byte { return []byte("0123456789abcdef") })
		if err != nil {
			t.Fatal(err)
		}
		hash := HashOf(entry)
		fmt.Fprintf(&out, "%s\n\tleaf hash %s\n", entry, base64.StdEncoding.EncodeToString(hash[:]))
		e, err := Read(entry)
		if err != nil {
			t.Fatalf("%s: %v", entry, err)
		}
		for name, o := range opened {
			if !o.Opens(name, e.Seals[name]) || o.Opens(name+"x", e.Seals[name]) || (Opening{o.Salt, o.Words + " "}).Opens(name, e.Seals[name]) {
				t.Errorf("the opening of %s in %q opens what it should not, or not what it should", name, f.Key)
			}
			if words := f.Hides[name]; bytes.Contains(entry, []byte(words)) {
				t.Errorf("%q of %q is in the log in the clear", words, f.Key)
			}
		}
	}
	const file = "testdata/entries.golden"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || out.String() != string(want) {
		t.Errorf("entries are spelled otherwise than in %s: every log there is would no longer verify (%v)\n%s", file, err, out.String())
	}
}

func TestAnEntryHasOneSpelling(t *testing.T) {
	t.Parallel()
	entry, _, err := Write(samples()[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]string{
		"space":            strings.Replace(string(entry), ":", ": ", 1),
		"another order":    `{"v":1,` + strings.TrimSuffix(string(entry[1:]), `,"v":1}`) + "}",
		"a field more":     strings.Replace(string(entry), `"v":1`, `"v":1,"w":2`, 1),
		"an escape":        strings.Replace(string(entry), "outage", `\u006futage`, 1),
		"another version":  strings.Replace(string(entry), `"v":1`, `"v":2`, 1),
		"no instant":       strings.Replace(string(entry), "2012-", "20x2-", 1),
		"nothing":          "",
		"twice the same":   strings.Replace(string(entry), `"kind"`, `"kind":"x","kind"`, 1),
		"something behind": string(entry) + "{}",
	} {
		if other == string(entry) {
			t.Fatalf("%s changes nothing", name)
		}
		if _, err := Read([]byte(other)); err == nil {
			t.Errorf("an entry with %s is taken: %s", name, other)
		}
	}
	for _, f := range []Fact{
		{Key: "x y", Kind: Update},
		{Key: "ü", Kind: Update, At: at},
		{Key: "x", Kind: Update, At: at, Says: map[string]string{"status": `"`}},
		{Key: "x", Kind: Update, At: at, Says: map[string]string{"status": strings.Repeat("x", MaxEntry)}},
	} {
		if _, _, err := Write(f); err == nil {
			t.Errorf("%.40q is written down", f.Key)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range samples() {
		entry, _, err := Write(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(entry)
	}
	f.Fuzz(func(t *testing.T, entry []byte) {
		e, err := Read(entry)
		if err != nil {
			return
		}
		again, err := json.Marshal(e)
		if err != nil || !bytes.Equal(again, entry) {
			t.Errorf("%q is read, and spelled %q", entry, again)
		}
	})
}
