package app

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	"candor/duty"
	"candor/reach/email"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// A Grade is how bad a finding is.
type Grade string

const (
	Good    Grade = "good"
	Warning Grade = "warning" // works, but not on the worst day
	Bad     Grade = "bad"     // does not work
)

// A Finding is one thing the doctor looked at, and what to do about it.
type Finding struct {
	About  string `json:"about"`
	Grade  Grade  `json:"grade"`
	Saw    string `json:"saw"`
	Advice string `json:"advice,omitempty"`
}

// A Doctor looks for what would fail in an outage.
type Doctor struct {
	Config    Config
	Resolve   Resolver
	Addresses func() ([]net.Addr, error) // this machine's; nil: of its interfaces
}

// Examine looks at everything and never stops at the first fault: on a bad day there are several.
func (d Doctor) Examine(ctx context.Context) []Finding {
	db, err := store.Open(ctx, d.Config.Database)
	if err != nil {
		return []Finding{{"database", Bad, err.Error(), "Mend --database; nothing else can be looked at without it."}}
	}
	defer db.Close()
	out := []Finding{d.database(ctx, db), d.clock(ctx, db)}
	var s settings.Settings
	var audience int64
	var people []staff.Person
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		if s, _, err = tx.Settings.Load(ctx); err != nil {
			return err
		}
		if people, err = tx.People.All(ctx); err != nil {
			return err
		}
		audience, err = tx.Contacts.CountReached(ctx, nil)
		return err
	})
	if err != nil {
		return append(out, Finding{"database", Bad, err.Error(), "Restore the last backup."})
	}
	out = append(out, d.disk()...)
	out = append(out, d.page(s)...)
	out = append(out, d.mail(ctx, s, audience)...)
	out = append(out, d.texts(s.SMS)...)
	out = append(out, d.fate(ctx, s)...)
	return append(out, phones(people))
}

func (d Doctor) database(ctx context.Context, db *store.DB) Finding {
	began := time.Now()
	err := db.Read(ctx, func(tx *store.Tx) error {
		_, err := tx.Incidents.Open(ctx)
		return err
	})
	took := time.Since(began)
	switch {
	case err != nil:
		return Finding{"database", Bad, err.Error(), "Restore the last backup."}
	case took > 200*time.Millisecond:
		return Finding{"database", Warning, fmt.Sprintf("answers in %s", took.Round(time.Millisecond)), "Use a local disk, or look at what else runs on it."}
	}
	return Finding{"database", Good, fmt.Sprintf("answers in %s", took.Round(time.Microsecond)), ""}
}

func (d Doctor) clock(ctx context.Context, db *store.DB) Finding {
	skew, err := db.ClockSkew(ctx)
	switch {
	case err != nil:
		return Finding{"clock", Bad, err.Error(), "The database's clock must be readable."}
	case skew.Abs() > duty.MaxSkew:
		return Finding{"clock", Bad, fmt.Sprintf("%s off the database's", skew.Round(time.Millisecond)), "Run a time daemon on both machines; this node sends nothing meanwhile."}
	}
	return Finding{"clock", Good, fmt.Sprintf("%s off the database's", skew.Abs().Round(time.Millisecond)), ""}
}

// lowDisk is when an embedded database may soon be unable to keep what is said.
const lowDisk = 1 << 30

func (d Doctor) disk() []Finding {
	path, ok := strings.CutPrefix(d.Config.Database, "sqlite:")
	if !ok {
		return nil
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(path, &fs); err != nil {
		return []Finding{{"disk", Warning, err.Error(), "Look at the free space yourself."}}
	}
	free := int64(fs.Bavail) * fs.Bsize
	saw := fmt.Sprintf("%d MB free beside the database", free>>20)
	if free < lowDisk {
		return []Finding{{"disk", Warning, saw, "Make room: at least 1 GB."}}
	}
	return []Finding{{"disk", Good, saw, ""}}
}

func (d Doctor) page(s settings.Settings) []Finding {
	var out []Finding
	base, err := d.Config.base()
	switch {
	case err != nil:
		out = append(out, Finding{"page", Bad, err.Error(), ""})
	case base.Scheme != "https":
		out = append(out, Finding{"page", Warning, base.String() + " is not https", "Put a proxy with TLS in front and set --public-url to its https address."})
	default:
		out = append(out, Finding{"page", Good, base.String(), ""})
	}
	if !s.Published {
		out = append(out, Finding{"page", Warning, "the page is not published", "Publish it in the console under Settings."})
	}
	return out
}

func (d Doctor) mail(ctx context.Context, s settings.Settings, audience int64) []Finding {
	where := d.Config.SMTP
	if where == "" {
		where = s.Mail.URL
	}
	if where == "" {
		return []Finding{{"mail", Warning, "no relay: every letter stays in the outbox", "Name one in the console under Settings, or with --smtp."}}
	}
	relay, err := email.ParseURL(where)
	if err != nil {
		return []Finding{{"mail", Bad, err.Error(), "Mend the relay's address."}}
	}
	if s.Mail.From != "" {
		relay.From.Address = s.Mail.From
	}
	report := email.Test(ctx, relay, s.Mail.From)
	out := []Finding{relayFinding(report)}
	if report.Class == email.OK {
		out = append(out, protection(relay.Host, report, time.Now()))
	}
	out = append(out, d.reverse(ctx, relay.Host)...)
	if audience >= 5000 {
		out = append(out, Finding{
			"mail", Warning, fmt.Sprintf("%d subscribers: large mailbox providers treat you as a bulk sender", audience),
			"SPF, DKIM and DMARC below must all be good before the next outage; Gmail's and Outlook's bulk rules refuse mail without them.",
		})
	}
	return append(out, d.records(ctx, s)...)
}

// host is the name in an address of the web, or empty.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
