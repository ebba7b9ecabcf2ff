package app

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// facts is a digest of every table, read beside the store: what nobody may have changed is looked at with other eyes than ours.
func (h *house) facts() map[string]string {
	h.t.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(h.config.Database, "sqlite:"))
	if err != nil {
		h.t.Fatal(err)
	}
	defer db.Close()
	names, err := column(db, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
	if err != nil || len(names) < 20 {
		h.t.Fatalf("%d tables, %v", len(names), err)
	}
	all := map[string]string{}
	for _, name := range names {
		all[name], err = digest(db, name)
		if err != nil {
			h.t.Fatal(err)
		}
	}
	return all
}

// unchanged complains of every table that is not as it was.
func (h *house) unchanged(before map[string]string, claim string, but ...string) {
	h.t.Helper()
	for name, is := range h.facts() {
		if is != before[name] && !slices.Contains(but, name) {
			h.t.Errorf("%s changed table %s", claim, name)
		}
	}
}

func column(db *sql.DB, query string) (all []string, err error) {
	rows, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

func digest(db *sql.DB, table string) (string, error) {
	rows, err := db.Query(`SELECT * FROM "` + table + `"`)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return "", err
	}
	values, into := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	var lines []string
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return "", err
		}
		lines = append(lines, fmt.Sprint(values...))
	}
	slices.Sort(lines)
	return fmt.Sprintf("%d rows, %x", len(lines), sha256.Sum256([]byte(strings.Join(lines, "\n")))), rows.Err()
}
