package store

import (
	"context"
	"sync"
)

// A gate lets one writer in at a time. SQLite has a single writer; without the
// gate a person's act would wait in line behind every batch of a bulk send.
type gate struct {
	mu   sync.Mutex
	busy bool
	acts []chan struct{} // waiting, in order of arrival
	duty []chan struct{}
}

// enter waits for the turn; acts go ahead of all duty.
func (g *gate) enter(ctx context.Context, act bool) error {
	g.mu.Lock()
	if !g.busy {
		g.busy = true
		g.mu.Unlock()
		return nil
	}
	line := &g.duty
	if act {
		line = &g.acts
	}
	turn := make(chan struct{})
	*line = append(*line, turn)
	g.mu.Unlock()

	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		g.giveUp(line, turn)
		return ctx.Err()
	}
}

// giveUp leaves the line, or passes the turn on that came in the same instant.
func (g *gate) giveUp(line *[]chan struct{}, turn chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, t := range *line {
		if t == turn {
			*line = append((*line)[:i], (*line)[i+1:]...)
			return
		}
	}
	g.pass()
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pass()
}

func (g *gate) pass() {
	line := &g.acts
	if len(*line) == 0 {
		line = &g.duty
	}
	if len(*line) == 0 {
		g.busy = false
		return
	}
	close((*line)[0])
	*line = (*line)[1:]
}
