package app

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// failpoint makes the hook of the kill tests: at the n-th time the named point is reached this process kills itself, as a power cut would.
// Without --failpoint it is nil and costs a comparison.
func failpoint(spec string) func(string) {
	if spec == "" {
		return nil
	}
	name, nth, _ := strings.Cut(spec, ":")
	left := &atomic.Int64{}
	left.Store(1)
	if n, err := strconv.ParseInt(nth, 10, 64); err == nil {
		left.Store(n)
	}
	return func(point string) {
		if point == name && left.Add(-1) == 0 {
			fmt.Fprintln(os.Stderr, "failpoint", point)
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way: nothing more may happen
		}
	}
}
