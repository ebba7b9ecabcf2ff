package storetest

import (
	"database/sql"
	"strings"
	"testing"
)

// Tamper runs a statement past everything that guards a database, as whoever holds its password can.
func Tamper(t testing.TB, url, statement string, args ...any) {
	t.Helper()
	driver, address := "pgx", url
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, address = "sqlite", "file:"+path+"?_pragma=busy_timeout(5000)"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	done, err := db.ExecContext(t.Context(), statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%s touched %d rows, %v", statement, n, err)
	}
}
