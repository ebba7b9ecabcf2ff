// Package store keeps everything Candor knows: what broke, what was said, to
// whom, and what was promised. Facts are appended; what is withdrawn is marked.
//
// One schema and one set of queries serve SQLite and PostgreSQL; what differs
// between the two is in dialect.go and nowhere else. There are three ways in:
// Write for an act of a person, Batch for what the clock owes, Read for a look.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"time"
)

var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("already exists")

	// ErrInDoubt means that the connection was lost while the database was
	// committing: what f did may stand or may not. Running it again blindly
	// could say a thing twice, so only the caller, who knows the key that the
	// act left behind, can look and decide.
	ErrInDoubt = errors.New("the database was lost while it was saving; the change may or may not have been kept")
)

// patience bounds how long an act or a look waits for others to get out of the
// way: a person is waiting for the answer.
const patience = 10 * time.Second

// A DB is one open database. It is safe for concurrent use.
type DB struct {
	dialect dialect
	writer  *sql.DB
	reader  *sql.DB // the writer itself on PostgreSQL
	gate    *gate   // nil where the database lets several write at once
	stmts   *statements
}

// Open opens sqlite:PATH or postgres://… and brings its schema up to date. Its
// errors are sentences that say what to do.
func Open(ctx context.Context, url string) (*DB, error) {
	return open(ctx, url, migrations, nil)
}

func open(ctx context.Context, url string, migrations fs.FS, step func()) (*DB, error) {
	db, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	if err := db.migrate(ctx, migrations, step); err != nil {
		return nil, errors.Join(db.dialect.explain(err, url), db.Close())
	}
	return db, nil
}

// Close waits for open transactions and closes the database.
func (db *DB) Close() error {
	var err error
	if db.reader != db.writer {
		err = db.reader.Close()
	}
	// The writer goes last, so that SQLite folds its write-ahead log back into
	// the file: what a stopped Candor leaves behind is one file to copy.
	return errors.Join(err, db.stmts.close(), db.writer.Close())
}

// Ping asks the database for a sign of life.
func (db *DB) Ping(ctx context.Context) (err error) {
	defer wrap(&err, "ping the database")
	return db.reader.PingContext(ctx)
}

// Write runs f for an act of a person: serializable, and again from the start
// when a concurrent act won, so f must have no effect but through tx. It must not
// begin another Write or Batch: SQLite's only writer would wait for itself.
func (db *DB) Write(ctx context.Context, f func(*Tx) error) error {
	return db.repeat(ctx, work{
		pool: db.writer, acts: true, writes: true, until: patience,
		opts: sql.TxOptions{Isolation: sql.LevelSerializable},
	}, f)
}

// Batch runs f for duty: claims, results, receipts, fan-out. On PostgreSQL it
// is READ COMMITTED, where a statement sees what others committed meanwhile, so
// every condition must be repeated in the UPDATE that relies on it. It is run
// again until ctx ends, because an abandoned result is a mail sent twice.
func (db *DB) Batch(ctx context.Context, f func(*Tx) error) error {
	return db.repeat(ctx, work{
		pool: db.writer, writes: true,
		opts: sql.TxOptions{Isolation: sql.LevelReadCommitted},
	}, f)
}

// Read runs f against one consistent snapshot, in which nothing can be changed.
func (db *DB) Read(ctx context.Context, f func(*Tx) error) error {
	return db.repeat(ctx, work{
		pool: db.reader, until: patience,
		opts: sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
	}, f)
}

// work says how one transaction is run.
type work struct {
	pool   *sql.DB
	acts   bool          // ahead of duty at the gate
	writes bool          // through the gate at all
	until  time.Duration // how long it is run again; zero is as long as ctx lasts
	opts   sql.TxOptions
}

func (db *DB) repeat(ctx context.Context, w work, f func(*Tx) error) error {
	began := time.Now()
	for try := 0; ; try++ {
		err := db.once(ctx, w, f)
		if err == nil || !again(err) || errors.Is(err, ErrInDoubt) {
			return err
		}
		if w.until > 0 && time.Since(began) > w.until {
			return fmt.Errorf("gave up after %d tries: %w", try+1, err)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause(try)):
		}
	}
}

// pause doubles up to a quarter of a second. The jitter is the whole of it:
// two transactions that collided must not meet again.
func pause(try int) time.Duration {
	return rand.N(min(time.Millisecond<<min(try, 8), 250*time.Millisecond)) + 100*time.Microsecond
}

// again reports whether the transaction surely left nothing behind and may
// succeed when it is run from the start.
func again(err error) bool {
	f := faultOf(err)
	return f == busy || f == gone
}

func (db *DB) once(ctx context.Context, w work, f func(*Tx) error) error {
	if w.writes && db.gate != nil {
		if err := db.gate.enter(ctx, w.acts); err != nil {
			return err
		}
		defer db.gate.leave()
		if err := db.stmts.prepare(ctx, db.writer); err != nil {
			return err
		}
	}
	tx, err := w.pool.BeginTx(ctx, &w.opts)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := f(db.newTx(tx, w.writes)); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		if inDoubt(ctx, err) {
			return fmt.Errorf("%w: %w", ErrInDoubt, err)
		}
		return err
	}
	return nil
}

// A Tx is one unit of work. Its fields are the tables' vocabularies.
type Tx struct {
	sql     *sql.Tx
	dialect dialect
	stmts   *statements

	Instance Instance
	Settings Settings
	Changes  Changes
	Leases   Leases

	People      People
	Sessions    Sessions
	Tokens      Tokens
	Invitations Invitations
	Audit       Audit
	Blobs       Blobs
	Requests    Requests
	CallIns     CallIns
	Limits      Limits

	Components   Components
	Intervals    Intervals
	Incidents    Incidents
	Updates      Updates
	Promises     Promises
	PromiseFacts PromiseFacts
	Timers       Timers
	Alerts       Alerts
	Advice       Advice
	Proposals    Proposals
	Reports      Reports
	Actions      Actions

	Contacts         Contacts
	Customers        Customers
	Affected         Affected
	Decisions        Decisions
	Effects          Effects
	Acknowledgements Acknowledgements
	Calls            Calls
	CallRequests     CallRequests
	Suppressions     Suppressions
	Announcements    Announcements
	Deliveries       Deliveries
	Receipts         Receipts
	Replies          Replies
	Comments         Comments
	Outbox           Outbox

	Record Record
	Trees  Trees

	Terms      Terms
	CreditRuns CreditRuns
	Credits    Credits
	Offerings  Offerings
	Offers     Offers
	Exports    Exports
	Objections Objections
}

// newTx is the only list of the vocabularies.
func (db *DB) newTx(sqlTx *sql.Tx, writes bool) *Tx {
	tx := &Tx{sql: sqlTx, dialect: db.dialect}
	if writes {
		tx.stmts = db.stmts
	}
	tx.Instance, tx.Settings, tx.Changes, tx.Leases = Instance{tx}, Settings{tx}, Changes{tx}, Leases{tx}
	tx.People, tx.Sessions, tx.Tokens, tx.Invitations = People{tx}, Sessions{tx}, Tokens{tx}, Invitations{tx}
	tx.Audit, tx.Blobs, tx.Requests, tx.Limits = Audit{tx}, Blobs{tx}, Requests{tx}, Limits{tx}
	tx.Components, tx.Intervals = Components{tx}, Intervals{tx}
	tx.Incidents, tx.Updates, tx.Alerts = Incidents{tx}, Updates{tx}, Alerts{tx}
	tx.CallIns, tx.Advice, tx.Proposals = CallIns{tx}, Advice{tx}, Proposals{tx}
	tx.Reports, tx.Actions = Reports{tx}, Actions{tx}
	tx.Promises, tx.PromiseFacts, tx.Timers = Promises{tx}, PromiseFacts{tx}, Timers{tx}
	tx.Contacts, tx.Customers, tx.Suppressions = Contacts{tx}, Customers{tx}, Suppressions{tx}
	tx.Affected, tx.Decisions, tx.Acknowledgements = Affected{tx}, Decisions{tx}, Acknowledgements{tx}
	tx.Effects = Effects{tx}
	tx.Calls, tx.CallRequests = Calls{tx}, CallRequests{tx}
	tx.Announcements, tx.Deliveries, tx.Receipts, tx.Outbox = Announcements{tx}, Deliveries{tx}, Receipts{tx}, Outbox{tx}
	tx.Record, tx.Trees = Record{tx}, Trees{tx}
	tx.Terms, tx.CreditRuns, tx.Credits = Terms{tx}, CreditRuns{tx}, Credits{tx}
	tx.Replies, tx.Comments = Replies{tx}, Comments{tx}
	tx.Offerings, tx.Offers, tx.Exports, tx.Objections = Offerings{tx}, Offers{tx}, Exports{tx}, Objections{tx}
	return tx
}
