package staff_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/staff"
)

func TestACompanyThatNeverThoughtOfATreeHasOne(t *testing.T) {
	people := []staff.Person{
		{ID: "ann", Roles: []staff.Role{staff.Owner}},
		{ID: "ben", Roles: []staff.Role{staff.Owner}},
		{ID: "cem", Roles: []staff.Role{staff.Agent}},
		{ID: "gone", Roles: []staff.Role{staff.Owner}, DisabledAt: time.Now()},
		{ID: "dee", Roles: []staff.Role{staff.Agent}, Under: "cem", Deputy: "gone"},
		{ID: "eve", Roles: []staff.Role{staff.Agent}, Under: "gone"},
	}
	want := staff.Tree{
		{Person: "ann", Deputy: "ben"}, {Person: "ben"}, {Person: "cem", Under: "ann"}, {Person: "dee", Under: "cem"}, {Person: "eve", Under: "ann"},
	}
	got := staff.TreeOf(people)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := got.Validate(); err != nil {
		t.Error(err)
	}
}

func TestACircleStillHasATop(t *testing.T) {
	for _, people := range [][]staff.Person{
		{{ID: "ann", Roles: []staff.Role{staff.Owner}, Under: "cem"}, {ID: "cem"}},
		{{ID: "ann", Under: "ben"}, {ID: "ben", Under: "cem"}, {ID: "cem", Under: "ann"}, {ID: "dee", Under: "ann"}},
	} {
		got := staff.TreeOf(people)
		if err := got.Validate(); err != nil {
			t.Errorf("%v: %v", got, err)
		}
		asked, _ := staff.CallIn{Tree: got, Terms: staff.UsualTerms(), At: time.Now()}.Next(time.Now())
		if len(asked) == 0 {
			t.Errorf("nobody is asked first in %v", got)
		}
	}
}
