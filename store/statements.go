package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"sync"
)

// statements are the queries SQLite's one writer has already compiled: with them
// five hundred inserts took 4 to 5 ms, without 6. PostgreSQL's driver keeps its
// own.
//
// A query is compiled between transactions, not inside one: the pool has a
// single connection, and asking it for a statement meanwhile would wait forever.
type statements struct {
	mu     sync.Mutex
	ready  map[string]*sql.Stmt
	wanted []string
}

// maxStatements bounds what dynamic queries could pile up.
const maxStatements = 512

// prepare compiles what earlier transactions asked for. The caller holds the gate.
func (s *statements) prepare(ctx context.Context, db *sql.DB) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.wanted) > 0 {
		query := s.wanted[len(s.wanted)-1]
		s.wanted = s.wanted[:len(s.wanted)-1]
		if s.ready[query] != nil {
			continue
		}
		stmt, err := db.PrepareContext(ctx, nameless(query))
		if err != nil {
			if ctx.Err() != nil {
				return err
			}
			continue // it fails where it is run, with its caller's name on it
		}
		if s.ready == nil {
			s.ready = map[string]*sql.Stmt{}
		}
		s.ready[query] = stmt
	}
	return nil
}

// nameless writes $1, $2, $3 as ? where they come in this order, each once: SQLite's driver then looks no name up for each argument, which for a
// statement of two hundred costs as much as an index. Any other query stays as it is.
func nameless(query string) string {
	if strings.ContainsAny(query, "'?") {
		return query
	}
	var b strings.Builder
	n := 0
	for rest := query; ; {
		before, after, more := strings.Cut(rest, "$")
		b.WriteString(before)
		if !more {
			return b.String()
		}
		n++
		number := strconv.Itoa(n)
		tail, ordered := strings.CutPrefix(after, number)
		if !ordered || tail != "" && tail[0] >= '0' && tail[0] <= '9' {
			return query
		}
		b.WriteByte('?')
		rest = tail
	}
}

// find answers the compiled query, or notes that it is wanted.
func (s *statements) find(query string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	stmt := s.ready[query]
	if stmt == nil && len(s.ready)+len(s.wanted) < maxStatements {
		s.wanted = append(s.wanted, query)
	}
	return stmt
}

func (s *statements) close() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, stmt := range s.ready {
		errs = append(errs, stmt.Close())
	}
	s.ready, s.wanted = nil, nil
	return errors.Join(errs...)
}
