package duty

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"candor/desk"
	"candor/id"
	"candor/ledger"
	"candor/outward"
	"candor/reach"
	"candor/record"
	"candor/settings"
	"candor/store"
)

// Config is what a node's duty needs.
type Config struct {
	DB        *store.DB
	Desk      *desk.Desk // for what duty does in Candor's own name
	Log       *slog.Logger
	Node      string // a name that a restart keeps and no other node has; the host's name will do
	PublicURL *url.URL
	// Channels makes the ways out from the company's settings; it is asked again when their mail part changes. A missing channel means the
	// outbox. An error is logged and leaves messages waiting: a typing mistake in the settings must not turn mails into outbox letters.
	Channels func(settings.Settings) (map[string]reach.Channel, error)
	// ReturnPath makes the address bounces come back to (email.ReturnPath); nil leaves it to the sender's own.
	ReturnPath func(d id.Delivery, secret []byte, domain string) string
	// Out asks a check outside whether a comment is spam, where the company set one up. nil: nobody is asked.
	Out *outward.Client
	// Failpoint is called at "plan", "claim" and "finish", for the kill tests; nil in every other life.
	Failpoint   func(point string)
	RecordKeys  []record.Key // sign the record's heads, the newest first; none means the one that the installation draws for itself
	Connections int          // at once per channel where the settings say nothing; 0 is 8
	// Book is the billing system that credits are handed to; nil is the files that finance imports.
	Book ledger.Book
}

// Duty runs the loops of one node. Made by New.
type Duty struct {
	Config
	holder    string
	tallied   map[id.Announcement]time.Time // since when each announcement's messages are to be looked at; the tally alone knows
	published map[id.Incident]published     // what the page was last made to say about how many customers know
	looked    time.Time                     // when that was; PublishCoverage alone knows both
	minded    time.Time                     // when MindReturns last looked; it alone knows
	moving    map[id.Announcement]moving    // what is being moved aside or back; MoveAside alone knows
	sequenced time.Time                     // when Sequence last looked, and
	filled    bool                          // whether the past is in the record; it alone knows both
	rested    map[string]rest               // timers whose act failed; the timers' loop alone knows them
	deliverer deliverers
	wakes     []chan struct{}
	skewed    atomic.Bool

	soft, hard       context.Context // soft ends with Stop; hard when its patience is over
	endSoft, endHard context.CancelFunc
	loops            sync.WaitGroup
}

// New prepares the duty of a node; nothing runs before Start.
func New(c Config) *Duty {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Failpoint == nil {
		c.Failpoint = func(string) {}
	}
	if c.Book == nil {
		c.Book = ledger.CSV{}
	}
	if c.Connections <= 0 {
		c.Connections = 8
	}
	d := &Duty{Config: c, holder: newHolder(c.Node), rested: map[string]rest{}}
	d.deliverer = newDeliverers(d)
	for range d.table() {
		d.wakes = append(d.wakes, make(chan struct{}, 1))
	}
	return d
}

// Start takes over what a dead predecessor of this node held, and runs the loops until Stop.
func (d *Duty) Start(ctx context.Context) (err error) {
	defer wrap(&err, "start duty")
	d.soft, d.endSoft = context.WithCancel(context.WithoutCancel(ctx))
	d.hard, d.endHard = context.WithCancel(context.WithoutCancel(ctx))
	if err := d.checkClock(ctx); err != nil {
		return err
	}
	if err := d.takeOver(ctx); err != nil {
		return err
	}
	for i, l := range d.table() {
		d.loops.Go(func() { d.run(l, d.wakes[i]) })
	}
	d.deliverer.start()
	return nil
}

// A loop does something now, then after every wake and at least each interval, and again at once while it says there is more.
type loop struct {
	name  string
	every time.Duration
	do    func(ctx context.Context) (more bool, err error)
}

func (d *Duty) table() []loop {
	return []loop{
		{"clock", 30 * time.Second, func(ctx context.Context) (bool, error) { return false, d.checkClock(ctx) }},
		{"plan", 2 * time.Second, d.FanOut},
		{"timers", time.Second, d.FireTimers}, // a reminder a second late is in time; one five seconds late is not (T7)
		{"pauses", time.Second, d.MoveAside},
		{"tally", time.Second, d.Tally},
		{"climb", time.Second, d.Climb},
		{"coverage", publishEvery, d.PublishCoverage},
		{"returns", mindEvery, d.MindReturns},
		{"record", sequenceEvery, d.Sequence},
		{"credits", 5 * time.Second, d.Reckon},
		{"comments", 10 * time.Second, d.CheckComments},
		{"offers", 5 * time.Second, d.Offer},
		{"book", time.Second, d.KeepBook},
		{"housekeeping", time.Hour, d.keepHouse},
	}
}

// Stop ends the loops. Messages in flight are finished and saved, and what was claimed is given back, so that a deploy repeats nothing
// (F7). When ctx ends first, the rest is cut as a kill would.
func (d *Duty) Stop(ctx context.Context) (err error) {
	defer wrap(&err, "stop duty")
	if d.endSoft == nil {
		return nil
	}
	d.endSoft()
	done := make(chan struct{})
	go func() {
		d.loops.Wait()
		d.deliverer.wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		d.endHard()
		<-done
		return ctx.Err()
	}
	d.endHard()
	return nil
}

// Wake makes every loop look at once; it never blocks.
func (d *Duty) Wake() {
	for _, w := range d.wakes {
		select {
		case w <- struct{}{}:
		default: // it has been told already
		}
	}
	d.deliverer.wake()
}

// Fit reports why this node may do no duty: leases rest on clocks that agree.
func (d *Duty) Fit() error {
	if d.skewed.Load() {
		return errors.New("the clock of this machine and the database's differ by more than two seconds")
	}
	return nil
}

func (d *Duty) run(l loop, woken <-chan struct{}) {
	timer := time.NewTimer(l.every)
	defer timer.Stop()
	for d.soft.Err() == nil {
		more, err := d.guarded(l)
		if err != nil && d.soft.Err() == nil {
			d.Log.Error("duty failed, it is tried again", "loop", l.name, "error", err)
		}
		if more && err == nil {
			continue
		}
		timer.Reset(l.every)
		select {
		case <-d.soft.Done():
		case <-woken:
		case <-timer.C:
		}
	}
}

// guarded keeps one loop's panic from ending the others.
func (d *Duty) guarded(l loop) (more bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			d.Log.Error("duty panicked", "loop", l.name, "panic", p)
			more, err = false, nil
		}
	}()
	if d.skewed.Load() && l.name != "clock" {
		return false, nil
	}
	return l.do(d.soft)
}

// MaxSkew is how far a node's clock may be off the database's: beyond it a lease of 30 seconds is not safe, so this node sends, leases and
// fires nothing, is not ready, and the doctor says so.
const MaxSkew = 2 * time.Second

func (d *Duty) checkClock(ctx context.Context) error {
	skew, err := d.DB.ClockSkew(ctx)
	if err != nil {
		return err
	}
	off := skew.Abs() > MaxSkew
	if d.skewed.Swap(off) != off {
		d.Log.Warn("the clocks of this node and of the database", "differ by", skew, "duty stands still", off)
	}
	return nil
}

// now is an instant at the precision the databases keep.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
