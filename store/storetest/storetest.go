// Package storetest gives a test a real database of each kind: a SQLite file of
// its own, and a schema of its own in the PostgreSQL server that TEST_POSTGRES
// names (eval "$(scripts/postgres)" starts one).
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that makes and drops schemas

	"candor/store"
)

// Each runs f on an open, empty database of each kind.
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	EachURL(t, func(t *testing.T, url string) { f(t, Open(t, url)) })
}

// EachURL runs f with the address of an empty database of each kind. A test that
// opens the database inside a synctest bubble prepares it outside, by this.
//
// make test runs everything twice, and says so by TEST_TWICE: with the race detector on PostgreSQL, because SQLite in Go is some twenty times
// slower under it and has one writer anyway; without it on SQLite, and on PostgreSQL what the detector leaves out (Crowd).
func EachURL(t *testing.T, f func(t *testing.T, url string)) {
	t.Helper()
	twice := os.Getenv("TEST_TWICE") != ""
	if !twice || !underRace {
		t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	}
	if _, crowd := crowds.Load(t.Name()); !twice || underRace || crowd {
		t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
	}
}

// Open opens url and closes it when the test, or the bubble it is in, ends.
func Open(t testing.TB, url string) *store.DB {
	t.Helper()
	db, err := store.Open(context.WithoutCancel(t.Context()), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// SQLite answers the address of a file that does not exist yet.
func SQLite(t testing.TB) string {
	return "sqlite:" + filepath.Join(t.TempDir(), "candor.db")
}

// Postgres answers the address of a new schema, dropped when the test ends.
// Without a server it skips the test, and fails it where CI=true: half a test
// run must not look like a whole one.
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv("TEST_POSTGRES")
	if server == "" {
		const how = `PostgreSQL is NOT tested: TEST_POSTGRES is unset; run: eval "$(scripts/postgres)"`
		if os.Getenv("CI") == "true" {
			t.Fatal(how)
		}
		t.Skip(how)
	}
	name := "t_" + strings.ToLower(rand.Text())
	run(t, server, "CREATE SCHEMA "+name)
	t.Cleanup(func() { run(t, server, "DROP SCHEMA "+name+" CASCADE") })
	return withSchema(t, server, name)
}

func withSchema(t testing.TB, server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", name)
	u.RawQuery = query.Encode()
	return u.String()
}

func run(t testing.TB, server, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Error(err)
	}
}
