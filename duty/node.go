package duty

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"

	"candor/store"
)

// newHolder names this run of the node in leases: the node, the space its process number is counted in, the process, and chance, since
// process numbers come back.
func newHolder(node string) string {
	return node + "/" + processSpace() + "/" + strconv.Itoa(os.Getpid()) + "/" + rand.Text()[:10]
}

// processSpace tells process numbers of one machine or container from those of another: every container's first process is number 1.
func processSpace() string {
	space, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return "-" // no Linux, no such spaces
	}
	return space
}

// takeOver frees at once what the node's last run still holds if its process is gone: a restart need not wait for its own leases. Other
// nodes' leases run out by themselves.
func (d *Duty) takeOver(ctx context.Context) error {
	return d.DB.Batch(ctx, func(tx *store.Tx) error {
		at, name := now(), "node "+d.Node
		before, fence, err := tx.Leases.Holder(ctx, name)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err == nil {
			if gone(before) {
				n, err := tx.Deliveries.TakeOver(ctx, before, at)
				if err != nil {
					return err
				}
				if _, err := tx.Exports.TakeOver(ctx, before, at); err != nil {
					return err
				}
				if n > 0 {
					d.Log.Info("took over from this node's last run", "deliveries", n)
				}
			}
			if err := tx.Leases.Release(ctx, name, fence); err != nil {
				return err
			}
		}
		_, _, err = tx.Leases.Take(ctx, name, d.holder, at, at.Add(lease))
		return err
	})
}

// gone reports whether the holder's process is surely dead. Of a process in another space nothing can be known from here, and two containers
// may well have been given one name: its leases run out by themselves. A holder with our own space and number ran before us.
func gone(holder string) bool {
	fields := strings.Split(holder, "/")
	if len(fields) < 4 || fields[len(fields)-3] != processSpace() {
		return false
	}
	pid, err := strconv.Atoi(fields[len(fields)-2])
	if err != nil || pid <= 0 {
		return false
	}
	if pid == os.Getpid() {
		return true
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return true
	}
	err = p.Signal(syscall.Signal(0))
	return errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH)
}
