package store_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/url"
	"sync/atomic"
	"testing"

	"candor/store"
	"candor/store/storetest"
)

type way = func(context.Context, func(*store.Tx) error) error

var ways = map[string]func(*store.DB) way{
	"Write": func(db *store.DB) way { return db.Write },
	"Batch": func(db *store.DB) way { return db.Batch },
}

// dropCommit stands between a client and PostgreSQL. Once armed, it lets the
// next COMMIT through and loses the answer, as a network does.
type dropCommit struct {
	server string
	armed  atomic.Bool
}

func (d *dropCommit) serve(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		go d.relay(client)
	}
}

func (d *dropCommit) relay(client net.Conn) {
	server, err := net.Dial("tcp", d.server)
	if err != nil {
		_ = client.Close()
		return
	}
	var lost atomic.Bool
	go func() {
		buf := make([]byte, 64<<10)
		for {
			n, err := server.Read(buf)
			if err != nil || lost.Load() {
				break // the answer has come, so the commit has happened
			}
			if _, err := client.Write(buf[:n]); err != nil {
				break
			}
		}
		_, _ = client.Close(), server.Close()
	}()
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if bytes.Contains(buf[:n], []byte("commit\x00")) && d.armed.CompareAndSwap(true, false) {
			lost.Store(true)
		}
		if _, werr := server.Write(buf[:n]); err != nil || werr != nil {
			return
		}
	}
}

func TestACommitWhoseAnswerIsLostIsInDoubtAndNotRepeated(t *testing.T) {
	address := storetest.Postgres(t)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	proxy := &dropCommit{server: u.Host}
	go proxy.serve(l)
	u.Host = l.Addr().String()

	for name, in := range ways {
		t.Run(name, func(t *testing.T) {
			db, ctx, tries := shifts(t, u.String()), t.Context(), 0
			proxy.armed.Store(true)
			err := in(db)(ctx, func(tx *store.Tx) error {
				tries++
				return store.Exec(ctx, tx, `INSERT INTO shifts (id) VALUES ($1)`, "said once by "+name)
			})
			if !errors.Is(err, store.ErrInDoubt) || tries != 1 {
				t.Errorf("%d tries, %v; want one try and ErrInDoubt", tries, err)
			}
			if got := readOne[int64](t, db, `SELECT count(*) FROM shifts WHERE id = 'said once by `+name+`'`); got != 1 {
				t.Errorf("%d rows: the commit whose answer was lost had happened", got)
			}
		})
	}
}

func TestAConnectionLostBeforeTheCommitIsTriedAgain(t *testing.T) {
	for name, in := range ways {
		t.Run(name, func(t *testing.T) {
			db, ctx, tries := shifts(t, storetest.Postgres(t)), t.Context(), 0
			err := in(db)(ctx, func(tx *store.Tx) error {
				tries++
				if err := store.Exec(ctx, tx, `INSERT INTO shifts (id) VALUES ('x')`); err != nil {
					return err
				}
				if tries < 3 {
					_, err := store.Value[bool](ctx, tx, `SELECT pg_terminate_backend(pg_backend_pid())`)
					return err
				}
				return nil
			})
			if err != nil || tries != 3 {
				t.Errorf("%d tries, %v; want the third to stand", tries, err)
			}
			if got := readOne[int64](t, db, `SELECT count(*) FROM shifts WHERE id = 'x'`); got != 1 {
				t.Errorf("%d rows, want 1", got)
			}
		})
	}
}
