package id

import (
	"slices"
	"testing"
	"time"
)

func TestIdentifiersSortByAge(t *testing.T) {
	start := time.Date(2012, 9, 10, 17, 0, 0, 0, time.UTC)
	var made []Incident
	for n := range 1000 {
		made = append(made, New[Incident](start.Add(time.Duration(n)*time.Millisecond)))
	}
	if !slices.IsSorted(made) {
		t.Error("identifiers minted later do not sort later")
	}
}

func TestIdentifiersMadeTogetherAscend(t *testing.T) {
	at, seen := time.Now(), map[Contact]bool{}
	for _, n := range []int{0, 1, 2, 1000, 100_000} {
		all := Ascending[Contact](at, n)
		if len(all) != n || !slices.IsSorted(all) {
			t.Errorf("%d of %d were made, or not in order", len(all), n)
		}
		for _, x := range all {
			if _, err := Parse[Contact](string(x)); err != nil || seen[x] {
				t.Fatalf("%s is malformed or repeated: %v", x, err)
			}
			seen[x] = true
		}
	}
	one := Ascending[Contact](at, 1)[0]
	if other := Head[Delivery](at) + string(one)[TailAt-1:]; len(other) != len(one) {
		t.Errorf("a head and a tail make %q", other)
	} else if _, err := Parse[Delivery](other); err != nil {
		t.Error(err)
	}
}

func TestParseTakesBackWhatNewMade(t *testing.T) {
	want := New[Update](time.Now())
	got, err := Parse[Update](string(want))
	if err != nil || got != want {
		t.Errorf("Parse(%q) = %q, %v", want, got, err)
	}
	for _, bad := range []string{"", "upd_", string(want) + "0", "inc_" + string(want)[4:], "upd_" + string(want)[4:29] + "u", "upd_' OR 1=1 --xxxxxxxxxxxx"} {
		if got, err := Parse[Update](bad); err == nil {
			t.Errorf("Parse(%q) = %q, want an error", bad, got)
		}
	}
}

func TestCodesAreTwelveLowerCaseCharacters(t *testing.T) {
	seen := map[Code]bool{}
	for range 10_000 {
		c := NewCode()
		if near := NewCodeNear(time.Now()); len(near) != 12 || near[0] < 'a' || near[0] > 'z' || seen[near] {
			t.Fatalf("code %q is malformed or repeated", near)
		} else {
			seen[near] = true
		}
		if _, ok := ParseCode(string(c)); !ok || seen[c] {
			t.Fatalf("code %q is malformed or repeated", c)
		}
		seen[c] = true
	}
	for _, bad := range []string{"", "abcdefghijk", "ABCDEFGHIJKL", "abcdefghijk/", "abcdefghijklm"} {
		if _, ok := ParseCode(bad); ok {
			t.Errorf("ParseCode(%q) accepted it", bad)
		}
	}
}
