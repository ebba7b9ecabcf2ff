package store_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"candor/store"
	"candor/store/storetest"
)

// shifts opens url with the schema of testdata, which belongs to these tests.
func shifts(t testing.TB, url string) *store.DB {
	t.Helper()
	db, err := store.OpenWith(context.WithoutCancel(t.Context()), url, os.DirFS("testdata"), nil)
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

func eachShifts(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	storetest.EachURL(t, func(t *testing.T, url string) { f(t, shifts(t, url)) })
}

func TestCandorsOwnSchemaOpensTwice(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		for range 2 {
			db, err := store.Open(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Ping(t.Context()); err != nil {
				t.Error(err)
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestAnAddressThatCannotBeOpenedSaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("notes.txt", strings.Repeat("these are notes, not a database\n", 100))
	write("lost.db-wal", "")
	for _, c := range []struct{ when, url, want string }{
		{"the folder is missing", "sqlite:" + dir + "/no/candor.db", "does not exist: create it"},
		{"the folder is a file", "sqlite:" + dir + "/notes.txt/candor.db", "is a file, not a folder"},
		{"the file is a folder", "sqlite:" + dir, "cannot write the database file"},
		{"the file is something else", "sqlite:" + dir + "/notes.txt", "is not a Candor database"},
		{"the file is gone and its log is not", "sqlite:" + dir + "/lost.db", "restore a backup"},
		{"there is no path", "sqlite:", "sqlite:PATH"},
		{"it is in memory", "sqlite::memory:", "needs a file"},
		{"it is another database", "mysql://root:hunter2@db/candor", "sqlite:PATH or postgres://"},
		{"nobody listens", "postgres://candor:hunter2@127.0.0.1:1/candor", "check that it runs"},
		{"it cannot be read", "postgres://candor:hunter2@127.0.0.1:port/candor", "cannot be read"},
	} {
		t.Run(c.when, func(t *testing.T) {
			db, err := store.Open(t.Context(), c.url)
			if err == nil {
				_ = db.Close()
				t.Fatal("it opened")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %q, want %q in it", err, c.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%q tells the password", err)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(dir, "lost.db")); err == nil {
		t.Error("an empty database was put in the place of the lost one")
	}
}

func TestAPostgresDatabaseThatIsNotThereSaysWhatToDo(t *testing.T) {
	url := storetest.Postgres(t)
	name := url[strings.LastIndex(url, "/")+1 : strings.Index(url, "?")]
	_, err := store.Open(t.Context(), strings.Replace(url, "/"+name+"?", "/no_such_database?", 1))
	if err == nil || !strings.Contains(err.Error(), "createdb") {
		t.Errorf("got %v, want the way to create it", err)
	}
}

func TestAPathMayHoldWhatAnAddressMayNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "Störung? 100% #1.db")
	shifts(t, "sqlite:"+path)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("the file is open to others: %o", got)
	}
}

func TestAClosedSQLiteDatabaseIsOneFile(t *testing.T) {
	dir := t.TempDir()
	db, err := store.OpenWith(t.Context(), "sqlite:"+dir+"/candor.db", os.DirFS("testdata"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Read(t.Context(), func(tx *store.Tx) error { return nil }); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left %v, %v; want the database alone", left, err)
	}
}

func TestClocksOfOneMachineAgree(t *testing.T) {
	eachShifts(t, func(t *testing.T, db *store.DB) {
		skew, err := db.ClockSkew(t.Context())
		if err != nil || skew.Abs() > time.Second {
			t.Errorf("skew %v, %v", skew, err)
		}
	})
}

func TestSQLiteIsSetForPowerCuts(t *testing.T) {
	db := shifts(t, storetest.SQLite(t))
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"} {
		var got string
		if err := db.Writer().QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", pragma, got, err, want)
		}
	}
}
