package main

import (
	"sync"
	"sync/atomic"
	"time"

	"candor/tools/internal/hist"
)

type result struct {
	lat      hist.H // whole response, from when it was due (open loop) or sent (closed loop)
	ttfb     hist.H
	status   map[int]uint64
	errs     map[string]uint64
	bodies   map[string]uint64
	bytes    uint64
	requests uint64
	dials    uint64
}

func newResult() *result {
	return &result{status: map[int]uint64{}, errs: map[string]uint64{}, bodies: map[string]uint64{}}
}

// load runs the workers for d and gives their results together.
func load(o *options, conns int, d time.Duration, rate float64, maxN int64) (*result, int64) {
	var ticket, taken atomic.Int64
	start := time.Now().Add(10 * time.Millisecond)
	end := start.Add(d)
	res := make([]*result, conns)
	var wg sync.WaitGroup
	for i := range conns {
		wg.Add(1)
		go func() {
			defer wg.Done()
			w := &worker{o: o, next: i, conn: map[string]*conn{}, etag: map[*target]string{}, r: newResult()}
			time.Sleep(time.Until(start))
			for {
				if maxN > 0 && taken.Add(1) > maxN {
					break
				}
				due := time.Now()
				if rate > 0 {
					// a request belongs to no connection: whichever is free takes the next one due
					due = start.Add(time.Duration(float64(ticket.Add(1)-1) / rate * float64(time.Second)))
					if !due.Before(end) || time.Now().After(end) {
						break
					}
					if wait := time.Until(due); wait > 0 {
						time.Sleep(wait)
					}
				} else if !due.Before(end) {
					break
				}
				w.request(due)
			}
			for _, c := range w.conn {
				c.c.Close()
			}
			res[i] = w.r
		}()
	}
	wg.Wait()
	all := merge(res)
	// what was due but never sent because every connection was busy
	var unsent int64
	if rate > 0 && maxN == 0 {
		var failed uint64
		for _, n := range all.errs {
			failed += n
		}
		unsent = max(0, int64(rate*d.Seconds())-int64(all.requests+failed))
	}
	return all, unsent
}

// merge adds up what the connections saw.
func merge(each []*result) *result {
	all := newResult()
	for _, r := range each {
		all.lat.Merge(&r.lat)
		all.ttfb.Merge(&r.ttfb)
		all.bytes += r.bytes
		all.requests += r.requests
		all.dials += r.dials
		for k, n := range r.status {
			all.status[k] += n
		}
		for k, n := range r.errs {
			all.errs[k] += n
		}
		for k, n := range r.bodies {
			all.bodies[k] += n
		}
	}
	return all
}
