package intake

import (
	"sync"
	"time"
)

// doors count who is inside and who came to wrong addresses, per network.
type doors struct {
	most int

	mu     sync.Mutex
	inside map[string]int
	strays map[string]int
	since  time.Time
}

func newDoors(most int) *doors {
	return &doors{most: most, inside: map[string]int{}, strays: map[string]int{}}
}

// enter reports whether a network may have one more connection.
func (d *doors) enter(network string, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.minute(now)
	if d.inside[network] >= d.most || d.strays[network] >= strayLimitNetwork {
		return false
	}
	d.inside[network]++
	return true
}

func (d *doors) leave(network string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inside[network]--; d.inside[network] <= 0 {
		delete(d.inside, network)
	}
}

// stray counts a wrong address, and reports whether more may be tried.
func (d *doors) stray(network string, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.minute(now)
	d.strays[network]++
	return d.strays[network] < strayLimitNetwork
}

// minute forgets the last minute's strays: the map stays as small as one minute's networks.
func (d *doors) minute(now time.Time) {
	if now.Sub(d.since) >= time.Minute {
		d.since = now
		clear(d.strays)
	}
}
