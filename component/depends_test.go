package component_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"candor/component"
	"candor/id"
)

func TestWhoFeelsThatAComponentIsBroken(t *testing.T) {
	t.Parallel()
	disk, database, shop, mail, hosting := id.Component("cmp_disk"), id.Component("cmp_database"), id.Component("cmp_shop"), id.Component("cmp_mail"), id.Component("cmp_hosting")
	all := []component.Component{
		{ID: hosting, Group: true},
		{ID: disk, GroupID: hosting},
		{ID: database, DependsOn: []id.Component{disk}},
		{ID: shop, DependsOn: []id.Component{database}},
		{ID: mail, DependsOn: []id.Component{mail}}, // on itself: nonsense must not hang us
	}
	for name, c := range map[string]struct {
		broken, want []id.Component
	}{
		"what depends on it, all the way up, and its group": {[]id.Component{disk}, []id.Component{hosting, disk, database, shop}},
		"nothing below it":               {[]id.Component{shop}, []id.Component{shop}},
		"itself alone":                   {[]id.Component{mail}, []id.Component{mail}},
		"nobody, when nothing is broken": {nil, nil},
	} {
		if diff := cmp.Diff(c.want, component.Touched(all, c.broken)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
