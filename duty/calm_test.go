package duty_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"candor/desk"
	"candor/duty"
	"candor/reach"
	"candor/settings"
	"candor/store/storetest"
)

// A chore that wakes the chores runs for ever and takes a core with it.
func TestACalmNodeIsWokenByNothingItDoesItself(t *testing.T) {
	path := storetest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		db := storetest.Open(t, path)
		var d *duty.Duty
		var woken atomic.Int64
		office := desk.New(db, publicURL, func() {
			if woken.Add(1) < 1000 { // that the test ends
				d.Wake()
			}
		})
		d = duty.New(duty.Config{DB: db, Desk: office, PublicURL: publicURL, Node: "calm", Channels: func(settings.Settings) (map[string]reach.Channel, error) { return nil, nil }})
		if err := d.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if n := woken.Load(); n > 0 {
			t.Errorf("a minute in which nothing happened woke the node %d times", n)
		}
		if err := d.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
}
