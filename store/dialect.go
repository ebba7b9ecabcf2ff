package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	neturl "net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	sqlite "modernc.org/sqlite"
	lite "modernc.org/sqlite/lib"
)

// This file is the whole difference between the two databases. A query that
// would need a second spelling is rewritten until it does not.

type dialect string

const (
	onSQLite   dialect = "sqlite"
	onPostgres dialect = "postgres"
)

const (
	sqliteReaders = 8
	// postgresConns leaves several nodes room under PostgreSQL's default of 100.
	postgresConns = 24
)

// connect opens url and makes sure that somebody answers there.
func connect(ctx context.Context, url string) (*DB, error) {
	scheme, rest, _ := strings.Cut(url, ":")
	switch scheme {
	case "sqlite":
		return connectSQLite(ctx, rest)
	case "postgres", "postgresql":
		return connectPostgres(ctx, url)
	}
	// The text may hold a password, so it is not repeated.
	return nil, errors.New("the database must be sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME")
}

func connectSQLite(ctx context.Context, path string) (*DB, error) {
	if err := makeReady(path); err != nil {
		return nil, err
	}
	file := "file:" + (&neturl.URL{Path: path}).EscapedPath()
	// busy_timeout is for other processes (candor doctor, a backup); inside this
	// one the gate keeps writers apart. FULL, because a mail marked as sent must
	// still be marked after a power cut.
	common := "?_busy_timeout=5000&_error_rc=1&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&_dqs=0"
	// temp_store is memory, because a statement of many rows otherwise keeps its way back in a temporary file, which costs more than the rows.
	// Every write transaction takes the lock as it begins: one that starts as a
	// reader and then writes fails at once, whatever the timeout.
	writer, err := sql.Open("sqlite", file+common+"&_txlock=immediate&_pragma=journal_mode(WAL)"+
		"&_pragma=journal_size_limit(67108864)&_pragma=cache_size(-32000)&_pragma=wal_autocheckpoint(8000)&_pragma=temp_store(2)")
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	if err := writer.PingContext(ctx); err != nil {
		return nil, errors.Join(onSQLite.explain(err, "sqlite:"+path), writer.Close())
	}
	reader, err := sql.Open("sqlite", file+common+"&mode=ro&_query_only=1")
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	reader.SetMaxOpenConns(sqliteReaders)
	reader.SetMaxIdleConns(sqliteReaders)
	reader.SetConnMaxIdleTime(time.Minute) // each keeps its pages and compiled statements in memory
	return &DB{dialect: onSQLite, writer: writer, reader: reader, gate: &gate{}, stmts: &statements{}}, nil
}

// makeReady checks what SQLite would report as "unable to open database file"
// for every cause alike, and creates the file readable by its owner only: it
// will hold customers' addresses.
func makeReady(path string) error {
	if path == "" || strings.HasPrefix(path, ":memory:") {
		return errors.New("the database needs a file: sqlite:PATH, for example sqlite:/var/lib/candor/candor.db")
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the folder %s does not exist: create it, or name another place for the database", dir)
	} else if err == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file, not a folder: name another place for the database", dir)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		// A log without its database means that the database was there. An empty
		// one in its place would look like a company that never had an outage.
		if _, err := os.Stat(path + "-wal"); err == nil {
			return fmt.Errorf("the database %s is gone, but its log %s-wal is still there: put the file back, or restore a backup", path, path)
		}
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("cannot write the database file %s: check that it is a file, and that Candor's user owns it and its folder (%w)", path, err)
	}
	return f.Close()
}

func connectPostgres(ctx context.Context, url string) (*DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("the database address cannot be read: %w", err) // pgx leaves the password out
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "candor"
	}
	if config.RuntimeParams["random_page_cost"] == "" {
		// Disks no longer turn. Believing they do, PostgreSQL reads a whole table rather than look a thousand customers up in it.
		config.RuntimeParams["random_page_cost"] = "1.1"
	}
	if config.RuntimeParams["jit"] == "" {
		// Of tables it knows nothing of yet it expects so much that it compiles a statement first, which takes longer than running it.
		config.RuntimeParams["jit"] = "off"
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(postgresConns)
	pool.SetMaxIdleConns(postgresConns)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(onPostgres.explain(err, url), pool.Close())
	}
	return &DB{dialect: onPostgres, writer: pool, reader: pool}, nil
}

// made is a statement of a migration as the database is to run it. SQLite keeps a table beside the index of its key, unless told that the
// table is the index: for tables that grow by the million, and are found by their key, that saves an entry of every insert and every look.
func (tx *Tx) made(statement string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(statement, "CREATE TABLE "), " ")
	if tx.dialect == onSQLite && slices.Contains(keyed[:], name) && strings.HasPrefix(statement, "CREATE TABLE ") {
		return strings.TrimRight(statement, "; \n") + " WITHOUT ROWID"
	}
	return statement
}

// affected is not among them: to count in an index that has a generated column, SQLite would look each row up.
var keyed = [...]string{"customers", "contacts", "customer_contacts", "customer_components", "deliveries"}

// skipLocked ends the SELECT of a claim, so that claimers on PostgreSQL take
// different rows instead of waiting for one another. SQLite has one writer.
func (tx *Tx) skipLocked() string {
	if tx.dialect == onPostgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// lockShared ends a SELECT whose rows must not change until the transaction ends. SQLite has one writer.
func (tx *Tx) lockShared() string {
	if tx.dialect == onPostgres {
		return " FOR SHARE"
	}
	return ""
}

// lockSchema makes nodes that start together migrate one after the other. On
// SQLite the transaction itself has the only lock already.
func (tx *Tx) lockSchema(ctx context.Context) error {
	if tx.dialect == onSQLite {
		return nil
	}
	return exec(ctx, tx, `SELECT pg_advisory_xact_lock(hashtext('candor migrations in ' || current_schema()))`)
}

// ClockSkew is how far the database's clock is ahead of this machine's. SQLite
// has no clock but ours. Leases rest on clocks, so a node that is far off must
// not claim work.
func (db *DB) ClockSkew(ctx context.Context) (skew time.Duration, err error) {
	defer wrap(&err, "compare clocks with the database")
	if db.dialect == onSQLite {
		return 0, nil
	}
	asked := time.Now()
	var micros int64
	err = db.reader.QueryRowContext(ctx, `SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)`).Scan(&micros)
	if err != nil {
		return 0, err
	}
	halfway := asked.Add(time.Since(asked) / 2)
	return time.UnixMicro(micros).Sub(halfway), nil
}

// A fault is a database error that the rest of the program may act on.
type fault int

const (
	other     fault = iota
	duplicate       // a UNIQUE or PRIMARY KEY constraint refused the row
	dangling        // a FOREIGN KEY constraint refused the row
	busy            // a concurrent transaction won; run again
	gone            // the connection was lost, and with it the transaction
)

func faultOf(err error) fault {
	if err == nil {
		return other
	}
	if sq, ok := errors.AsType[*sqlite.Error](err); ok {
		return sqliteFault(sq.Code())
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return postgresFault(pg)
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return gone
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return other
	}
	if _, ok := errors.AsType[net.Error](err); ok || pgconn.SafeToRetry(err) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return gone
	}
	return other
}

func sqliteFault(code int) fault {
	switch code {
	case lite.SQLITE_CONSTRAINT_UNIQUE, lite.SQLITE_CONSTRAINT_PRIMARYKEY:
		return duplicate
	case lite.SQLITE_CONSTRAINT_FOREIGNKEY:
		return dangling
	}
	if code&0xff == lite.SQLITE_BUSY {
		return busy
	}
	return other
}

func postgresFault(err *pgconn.PgError) fault {
	switch err.Code {
	case "23505":
		return duplicate
	case "23503":
		return dangling
	case "40001", "40P01", "55P03": // serialization, deadlock, lock timeout
		return busy
	case "57P01", "57P02", "57P03", "25P03", "53300": // shut down, crashed, starting, idle too long, too many
		return gone
	}
	if strings.HasPrefix(err.Code, "08") {
		return gone
	}
	return other
}

// inDoubt reports whether a COMMIT that failed may have happened all the same.
func inDoubt(ctx context.Context, err error) bool {
	if sq, ok := errors.AsType[*sqlite.Error](err); ok {
		return sq.Code()&0xff == lite.SQLITE_IOERR
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		// A server that answers has rolled back, unless it was being shut down
		// while it waited, or says itself that it does not know (40003).
		return pg.Severity == "FATAL" || pg.Code == "40003" || strings.HasPrefix(pg.Code, "57P")
	}
	// database/sql answers these two without sending the COMMIT. What pgx says is
	// safe to repeat is not: a COMMIT whose answer was lost is "conn closed", too.
	// The context's error counts only as it is; from the wire it comes wrapped.
	return err != ctx.Err() && !errors.Is(err, sql.ErrTxDone) && !errors.Is(err, pgx.ErrTxCommitRollback)
}

// explain turns what a person can mend into a sentence that says how.
func (d dialect) explain(err error, url string) error {
	if d == onSQLite {
		return explainSQLite(err, strings.TrimPrefix(url, "sqlite:"))
	}
	return explainPostgres(err)
}

func explainSQLite(err error, path string) error {
	sq, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch sq.Code() & 0xff {
	case lite.SQLITE_NOTADB:
		return fmt.Errorf("%s is not a Candor database: name another file, or restore a backup (%w)", path, err)
	case lite.SQLITE_CORRUPT:
		return fmt.Errorf("the database %s is damaged: restore a backup, and keep the damaged file for a look (%w)", path, err)
	case lite.SQLITE_READONLY, lite.SQLITE_CANTOPEN, lite.SQLITE_PERM:
		return fmt.Errorf("cannot write the database %s: check that Candor's user owns the file and its folder (%w)", path, err)
	case lite.SQLITE_FULL:
		return fmt.Errorf("no space left for the database %s: free some and start again (%w)", path, err)
	case lite.SQLITE_BUSY:
		return fmt.Errorf("another program is holding the database %s: stop it and start again (%w)", path, err)
	}
	return err
}

func explainPostgres(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pg.Code {
		case "28P01", "28000":
			return fmt.Errorf("PostgreSQL does not accept the user or the password: check the database address (%w)", err)
		case "3D000":
			return fmt.Errorf("PostgreSQL has no such database: create it with createdb, or check the database address (%w)", err)
		case "42501", "3F000":
			return fmt.Errorf("PostgreSQL's user may not create tables here: grant it CREATE on the schema (%w)", err)
		}
		return err
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return fmt.Errorf("cannot reach PostgreSQL: check that it runs and that the database address is right (%w)", err)
	}
	return err
}
