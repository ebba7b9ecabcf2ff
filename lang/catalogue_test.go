package lang

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A flat catalogue is a file as its translators see it.
type flat map[string]string

func readFlat(t *testing.T, tag Tag) flat {
	t.Helper()
	raw, err := files.ReadFile("catalogues/" + string(tag) + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var f flat
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestEveryLanguageHasEveryWord(t *testing.T) {
	t.Parallel()
	english := readFlat(t, English)
	for _, tag := range All() {
		for _, fault := range compare(english, readFlat(t, tag)) {
			t.Errorf("%s: %s", tag, fault)
		}
	}
}

// compare lists what a translation lacks, invents or breaks, beside the English original.
func compare(english, own flat) []string {
	faults := pluralFaults(own)
	for _, key := range slices.Sorted(maps.Keys(english)) {
		words, ok := own[key]
		switch {
		case !ok && !isForm(key):
			faults = append(faults, key+" is missing")
		case ok && strings.TrimSpace(words) == "" && !strings.HasPrefix(key, "_"):
			faults = append(faults, key+" is empty")
		case ok && !isForm(key) && strings.HasPrefix(key, "_"):
			// A pattern may leave a part out: Chinese names no month beside its number.
		case isWording(key):
		case ok && !isForm(key):
			if diff := cmp.Diff(parseText(english[key]).placeholders(), parseText(words).placeholders()); diff != "" {
				faults = append(faults, key+" has other placeholders than English (-en +own):\n"+diff)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(own)) {
		if _, ok := english[key]; !ok && !isForm(key) {
			faults = append(faults, key+" is not in English")
		}
		if !isWording(key) && strings.ContainsAny(placeholder.ReplaceAllString(own[key], ""), "{}") {
			faults = append(faults, key+" has a broken placeholder: "+own[key])
		}
	}
	return append(faults, formFaults(english, own)...)
}

// isWording reports whether a key's words are a template, which says its choices in a language of its own and where playbook looks at them.
func isWording(key string) bool { return strings.HasPrefix(key, "prepared.") }

func isForm(key string) bool { return strings.Contains(key, "#") }

func pluralFaults(own flat) []string {
	if _, ok := pluralRules[own["_plural"]]; !ok {
		return []string{"_plural names no rule: " + own["_plural"]}
	}
	return nil
}

// formFaults looks at the texts that count: each needs every form of its language's rule, and each form the placeholders of English's
// #other. Only {n} may be left out of a form, because "one customer" is better than "1 customer".
func formFaults(english, own flat) []string {
	var faults []string
	for _, key := range slices.Sorted(maps.Keys(english)) {
		base, isOther := strings.CutSuffix(key, "#other")
		if !isOther {
			continue
		}
		want := without(parseText(english[key]).placeholders(), "n")
		for _, form := range pluralRules[own["_plural"]].forms {
			words, ok := own[base+"#"+form]
			if !ok {
				faults = append(faults, fmt.Sprintf("%s#%s is missing", base, form))
				continue
			}
			if diff := cmp.Diff(want, without(parseText(words).placeholders(), "n")); diff != "" {
				faults = append(faults, fmt.Sprintf("%s#%s has other placeholders than English (-en +own):\n%s", base, form, diff))
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(own)) {
		if base, _, ok := strings.Cut(key, "#"); ok && english[base+"#other"] == "" {
			faults = append(faults, key+" counts, but English has no "+base+"#other")
		}
	}
	return faults
}

func without(names []string, one string) []string {
	kept := []string{}
	for _, name := range names {
		if name != one {
			kept = append(kept, name)
		}
	}
	return kept
}

func TestABrokenTranslationIsFound(t *testing.T) {
	t.Parallel()
	english := flat{"_plural": "one", "by": "{name} at {time}", "late#one": "{n} minute late", "late#other": "{n} minutes late, {name}", "gone": "Gone", "blank": "Words"}
	own := flat{"_plural": "polish", "by": "{nom} o {time", "late#one": "minuta, {name}", "late#many": "{n} minut", "blank": " ", "new": "Nowe", "lost#one": "x"}
	var got []string
	for _, fault := range compare(english, own) {
		got = append(got, strings.SplitN(fault, " (-en", 2)[0])
	}
	want := []string{
		"blank is empty",
		"by has other placeholders than English",
		"gone is missing",
		"by has a broken placeholder: {nom} o {time",
		"new is not in English",
		"late#few is missing",
		"late#many has other placeholders than English",
		"lost#one counts, but English has no lost#other",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if faults := compare(english, own.with("_plural", "lunar")); len(faults) == 0 || faults[0] != "_plural names no rule: lunar" {
		t.Errorf("an unknown plural rule is not found: %v", faults)
	}
}

func (f flat) with(key, words string) flat {
	f = maps.Clone(f)
	f[key] = words
	return f
}

// TestCataloguesAreSortedAndSayNothingTwice keeps merges of translations readable, and JSON's last-one-wins from hiding a word.
func TestCataloguesAreSortedAndSayNothingTwice(t *testing.T) {
	t.Parallel()
	for _, tag := range All() {
		raw, err := files.ReadFile("catalogues/" + string(tag) + ".json")
		if err != nil {
			t.Fatal(err)
		}
		keys := keysInOrder(t, raw)
		for i := 1; i < len(keys); i++ {
			if keys[i-1] >= keys[i] {
				t.Errorf("%s: %q stands before %q", tag, keys[i-1], keys[i])
			}
		}
	}
}

func keysInOrder(t *testing.T, raw []byte) []string {
	t.Helper()
	var keys []string
	for dec, isKey := json.NewDecoder(bytes.NewReader(raw)), true; ; {
		token, err := dec.Token()
		if err == io.EOF {
			return keys
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := token.(string); ok {
			if isKey {
				keys = append(keys, s)
			}
			isKey = !isKey
		}
	}
}
