package monitor

import (
	"testing"
	"time"
)

func TestWhichComponentAnAlertNames(t *testing.T) {
	t.Parallel()
	all := []Named{{"cmp_a", []string{"cmp_a", "abcdefghijkl", "Shop", "Laden"}}, {"cmp_b", []string{"Mail"}}, {"cmp_c", []string{"mail"}}}
	for said, want := range map[string]string{"shop": "cmp_a", " LADEN ": "cmp_a", "abcdefghijkl": "cmp_a", "": "", "sho": "", "mail": ""} {
		if got := (Alert{Component: said}).Names(all); string(got) != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}

func TestAnEpisodeIsKnownByItsStart(t *testing.T) {
	t.Parallel()
	a := Alert{Group: "g", Fingerprint: "f", StartsAt: time.Unix(1, 0)}
	later := a
	later.StartsAt = time.Unix(2, 0)
	if !SameEpisode(a, []Alert{a}) || SameEpisode(later, []Alert{a}) || SameEpisode(a, nil) {
		t.Error("an episode is the same alert since the same instant, and no other")
	}
}
