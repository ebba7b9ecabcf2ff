package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"candor/id"
	"candor/monitor"
	"candor/store"
	"candor/store/storetest"
)

func TestAnAlertIsNotLostForItsName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		var long strings.Builder // no two pieces alike, or PostgreSQL would squeeze them into its index
		for range 200 {
			long.WriteString(string(id.NewCode()) + string(id.NewCode()))
		}
		for name, key := range map[string]string{"a long key": long.String(), "a NUL in it": "a\x00b", "bytes that are no text": "a\xff"} {
			alert := monitor.Alert{Group: key, Fingerprint: key, Firing: true, Name: "ShopDown", StartsAt: time.Now()}
			first, err := n.ReceiveAlerts(n.ctx, []monitor.Alert{alert})
			if err != nil || len(first) != 1 {
				t.Errorf("%s: %v, %v", name, first, err)
				continue
			}
			if again, err := n.ReceiveAlerts(n.ctx, []monitor.Alert{alert}); err != nil || !slices.Equal(again, first) {
				t.Errorf("%s: sent again it opened %v, %v", name, again, err)
			}
		}
	})
}
