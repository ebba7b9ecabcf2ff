package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer means that the database was made by a newer Candor than this one.
var ErrNewer = errors.New("the database was made by a newer Candor")

// A migration is one .sql file: forward only, the same for both databases.
type migration struct {
	name, text, checksum string
}

const migrationColumns = `name, checksum, applied_at`

// migrate brings the schema up to date, each file in one transaction. Killed at
// any statement, it leaves the old schema or the new one; nothing between.
// step is called after every statement, for the test that kills it there.
func (db *DB) migrate(ctx context.Context, files fs.FS, step func()) error {
	all, err := readMigrations(files)
	if err != nil {
		return err
	}
	if step == nil {
		step = func() {}
	}
	// Not serializable: after waiting for another node, this one must see what
	// that one did.
	err = db.Batch(ctx, func(tx *Tx) error { return makeLedger(ctx, tx) })
	if err != nil {
		return fmt.Errorf("prepare the schema: %w", err)
	}
	step()
	for _, m := range all {
		err := db.Batch(ctx, func(tx *Tx) error { return m.apply(ctx, tx, all, step) })
		if err != nil {
			return err
		}
		step()
	}
	return nil
}

func makeLedger(ctx context.Context, tx *Tx) error {
	if err := tx.lockSchema(ctx); err != nil {
		return err
	}
	return exec(ctx, tx, `
		CREATE TABLE IF NOT EXISTS migrations (
			name       TEXT PRIMARY KEY,
			checksum   TEXT NOT NULL,
			applied_at BIGINT NOT NULL
		)`)
}

func (m migration) apply(ctx context.Context, tx *Tx, all []migration, step func()) error {
	if err := tx.lockSchema(ctx); err != nil {
		return err
	}
	done, err := applied(ctx, tx)
	if err != nil {
		return err
	}
	if err := compare(all, done); err != nil {
		return err
	}
	if _, there := done[m.name]; there {
		return nil
	}
	parts, err := split(m.text)
	if err != nil {
		return fmt.Errorf("%s: %w", m.name, err)
	}
	for n, statement := range parts {
		if err := exec(ctx, tx, tx.made(statement)); err != nil {
			return fmt.Errorf("%s, statement %d: %w", m.name, n+1, err)
		}
		step()
	}
	err = exec(ctx, tx, `INSERT INTO migrations (`+migrationColumns+`) VALUES ($1, $2, $3)`,
		m.name, m.checksum, instant(time.Now()))
	step()
	return err
}

// applied answers the checksums of the migrations this database has had.
func applied(ctx context.Context, tx *Tx) (map[string]string, error) {
	read := func(scan scan) (m migration, err error) {
		err = scan(&m.name, &m.checksum)
		return m, err
	}
	rows, err := many(ctx, tx, read, `SELECT name, checksum FROM migrations ORDER BY name`)
	done := map[string]string{}
	for _, m := range rows {
		done[m.name] = m.checksum
	}
	return done, err
}

// compare refuses a database that this binary would misread.
func compare(all []migration, done map[string]string) error {
	known := map[string]string{}
	for _, m := range all {
		known[m.name] = m.checksum
	}
	for name, checksum := range done {
		want, ok := known[name]
		if !ok {
			return fmt.Errorf("%w (it has %s, which this one does not know): start that version, or restore the backup taken before the upgrade", ErrNewer, name)
		}
		if checksum != want {
			return fmt.Errorf("the database was made by another build of Candor (its %s differs from this one's): start that build, or begin with a new database", name)
		}
	}
	return nil
}

func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var all []migration
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(text)
		all = append(all, migration{strings.TrimPrefix(name, "migrations/"), string(text), hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(all, func(a, b migration) int { return cmp.Compare(a.name, b.name) })
	return all, nil
}
