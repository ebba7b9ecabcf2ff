package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"candor/store"
	"candor/store/storetest"
)

// A child process of TestMigrationsSurviveAKillAtEveryStatement: it migrates
// and kills itself after the n-th statement.
func TestMain(m *testing.M) {
	if url := os.Getenv("CANDOR_TEST_MIGRATE"); url != "" {
		var n int
		if _, err := fmt.Sscan(os.Getenv("CANDOR_TEST_KILL_AT"), &n); err != nil {
			panic(err)
		}
		os.Exit(migrateAndDie(url, n))
	}
	os.Exit(m.Run())
}

const lived = 3 // the child's exit code when there were fewer than n statements

func migrateAndDie(url string, n int) int {
	schema := schemas[os.Getenv("CANDOR_TEST_SCHEMA")]
	_, err := store.OpenWith(context.Background(), url, schema.files, func() {
		if n--; n == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // until the signal has come
		}
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return lived
}

// A schema is migrations and what to compare beside the tables they made.
type schema struct {
	files      fs.FS
	rows       string
	statements int // at least so many, or the test is not testing
}

var schemas = map[string]schema{
	"testdata":     {os.DirFS("testdata"), `SELECT id || ' ' || name || ' ' || taker FROM shifts`, 10},
	"Candor's own": {store.Migrations, ``, 50},
}

func TestMigrationsSurviveAKillAtEveryStatement(t *testing.T) {
	for name, schema := range schemas {
		t.Run(name, func(t *testing.T) {
			storetest.EachURL(t, func(t *testing.T, url string) {
				want := dump(t, url, schema)
				n, ended := 1, false
				for ; !ended && !t.Failed(); n++ {
					// A subtest, so that its database is dropped before the next one is made.
					t.Run(fmt.Sprint("after statement ", n), func(t *testing.T) {
						url := sameKind(t, url)
						ended = killAt(t, url, name, n)
						if got := dump(t, url, schema); got != want {
							t.Errorf("the schema differs from a fresh one:\n%s", cmp.Diff(want, got))
						}
					})
				}
				if n < schema.statements {
					t.Errorf("only %d statements: the test is not testing", n)
				}
			})
		})
	}
}

func sameKind(t *testing.T, url string) string {
	if strings.HasPrefix(url, "sqlite:") {
		return storetest.SQLite(t)
	}
	return storetest.Postgres(t)
}

// killAt runs the child and reports whether it came to its end unkilled.
func killAt(t *testing.T, url, schema string, n int) bool {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "CANDOR_TEST_MIGRATE="+url, "CANDOR_TEST_SCHEMA="+schema, fmt.Sprint("CANDOR_TEST_KILL_AT=", n))
	out, err := cmd.CombinedOutput()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		t.Fatalf("the child: %v\n%s", err, out)
	}
	if exit.ExitCode() == lived {
		return true
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the child: %v\n%s", err, out)
	}
	return false
}

// dump opens url, which finishes its migrations, and answers everything the
// schema is, with the rows the migrations made.
func dump(t *testing.T, url string, schema schema) string {
	t.Helper()
	db, err := store.OpenWith(t.Context(), url, schema.files, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	queries := []string{`SELECT name || ' ' || checksum FROM migrations`}
	if schema.rows != "" {
		queries = append(queries, schema.rows)
	}
	if db.Postgres() {
		queries = append(queries,
			`SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) FROM information_schema.columns WHERE table_schema = current_schema()`,
			`SELECT replace(indexdef, current_schema() || '.', '') FROM pg_indexes WHERE schemaname = current_schema()`,
			`SELECT conname || ' ' || replace(pg_get_constraintdef(c.oid), current_schema() || '.', '') FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = current_schema()`)
	} else {
		queries = append(queries, `SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master`)
	}
	var all []string
	for _, q := range queries {
		all = append(all, lines(t, db.Writer(), q)...)
	}
	return strings.Join(all, "\n")
}

func lines(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
	if rows.Err() != nil || len(all) == 0 {
		t.Fatalf("%s: %d rows, %v", query, len(all), rows.Err())
	}
	slices.Sort(all)
	return all
}

func TestNodesThatStartTogetherMigrateOnce(t *testing.T) {
	url := storetest.Postgres(t)
	errs := make(chan error)
	for range 6 {
		go func() {
			db, err := store.OpenWith(t.Context(), url, os.DirFS("testdata"), nil)
			if err == nil {
				err = db.Close()
			}
			errs <- err
		}()
	}
	for range 6 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestADatabaseOfAnotherCandorIsRefused(t *testing.T) {
	file := func(name, text string) fs.FS {
		return fstest.MapFS{"migrations/" + name: {Data: []byte(text)}}
	}
	first, err := os.ReadFile("testdata/migrations/0001_first.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		when string
		fs   fs.FS
		want string
	}{
		{"it is newer", file("0001_first.sql", string(first)), "made by a newer Candor (it has 0002_second.sql"},
		{"its first migration was another", fstest.MapFS{
			"migrations/0001_first.sql":  {Data: []byte("CREATE TABLE x (id TEXT);")},
			"migrations/0002_second.sql": {Data: []byte("")},
		}, "made by another build"},
	} {
		t.Run(c.when, func(t *testing.T) {
			storetest.EachURL(t, func(t *testing.T, url string) {
				before := dump(t, url, schemas["testdata"])
				db, err := store.OpenWith(t.Context(), url, c.fs, nil)
				if err == nil {
					_ = db.Close()
					t.Fatal("it opened")
				}
				if !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %q, want %q in it", err, c.want)
				}
				if newer := strings.Contains(c.want, "newer"); errors.Is(err, store.ErrNewer) != newer {
					t.Errorf("ErrNewer: %v, want %v", !newer, newer)
				}
				if after := dump(t, url, schemas["testdata"]); after != before {
					t.Errorf("the refusal changed the database:\n%s", cmp.Diff(before, after))
				}
			})
		})
	}
}

func TestAMigrationThatFailsNamesItsStatementAndLeavesNothing(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		_, err := store.OpenWith(t.Context(), url, fstest.MapFS{
			"migrations/0001_first.sql": {Data: []byte("CREATE TABLE shifts (id TEXT); CREATE TABLE shifts (id TEXT);")},
		}, nil)
		if err == nil || !strings.Contains(err.Error(), "0001_first.sql, statement 2") {
			t.Errorf("got %v, want the file and the statement", err)
		}
		shifts(t, url) // which would clash with a table left behind
	})
}
