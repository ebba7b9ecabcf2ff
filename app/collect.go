package app

import (
	"context"
	"os"
	"runtime/debug"
	meters "runtime/metrics"
	"time"
)

// How much garbage may gather before it is collected, in percent of what lives.
const (
	calmGC = 15  // a calm Candor throws little away and stays small
	busyGC = 200 // where letters are written by the thousand, collecting so often would take a tenth of the time
)

// busyBytes is how much a second is thrown away by a node that sends; a calm one throws away a hundredth of it.
const busyBytes = 32 << 20

// After so many calm seconds a node gives back what it no longer needs, and again every so many.
const (
	restAfter = 10
	restEvery = 60
)

// collectByLoad collects seldom while much is thrown away, and gives the memory back when that is over. GOGC, if set, is the operator's word.
func collectByLoad(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(calmGC)
	debug.FreeOSMemory() // what starting took
	look := time.NewTicker(time.Second)
	defer look.Stop()
	thrown, calm := allocated(), 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		total := allocated()
		busy := total-thrown > busyBytes
		thrown = total
		switch {
		case busy:
			debug.SetGCPercent(busyGC)
			calm = 0
			continue
		case calm == 0:
			debug.SetGCPercent(calmGC)
		case calm%restEvery == restAfter:
			debug.FreeOSMemory()
			forgetStart()
		}
		calm++
	}
}

// allocated is how many bytes this process has ever taken.
func allocated() uint64 {
	s := []meters.Sample{{Name: "/gc/heap/allocs:bytes"}}
	meters.Read(s)
	return s[0].Value.Uint64()
}
