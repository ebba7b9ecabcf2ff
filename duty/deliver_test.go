package duty_test

import (
	"strings"
	"testing"

	"candor/reach"
	"candor/store"
	"candor/store/storetest"
	"candor/tools/sink"
)

// The ledger and what arrived are compared from outside: conservation, nothing lost, nothing twice.
func TestFiveThousandAreToldOnceEach(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := storetest.Scaled(5000)
		w := newWorld(t, db)
		people := w.subscribers(n, example)
		s, address := relay(t, sink.Config{})
		a := w.announce(reach.First)
		w.start(w.node("one", mail(address, 20, nil)))
		c := w.until(a, "all to be told", told(int64(n)))
		if c[reach.Accepted] != int64(n) || c.All() != int64(n) {
			t.Errorf("the ledger says %v", c)
		}
		var list strings.Builder
		for _, p := range people {
			list.WriteString(string(p.Address) + "\n")
		}
		missing, unexpected, err := s.Check(strings.NewReader(list.String()))
		r := s.Report()
		if err != nil || missing != 0 || unexpected != 0 || r.Messages != int64(n) || r.Duplicates != 0 || r.BareLF+r.LongLines+r.ProtoErrors+r.NoKey != 0 {
			t.Errorf("missing %d, unexpected %d, %+v (%v)", missing, unexpected, r, err)
		}
		t.Logf("%.0f messages a second over %d connections", r.Rate, r.MaxOpen)
	})
}
