package intake

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/netutil"

	"candor/desk"
	"candor/id"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// Config is what a listener is told. The zero values of the limits are the defaults.
type Config struct {
	DB   *store.DB
	Desk *desk.Desk
	Log  *slog.Logger
	// ParseReturn takes a return path apart (email.ParseReturnPath) and refuses what this installation did not make.
	ParseReturn func(address string, secret []byte, domain string) (id.Delivery, error)
	TLS         *tls.Config // nil: no STARTTLS
	// Trusted are mail servers of one's own in front: through them come all strangers, so the limits of a network do not hold for them.
	Trusted []netip.Prefix

	Connections int           // at once
	PerNetwork  int           // at once from one network
	Patience    time.Duration // of one command or one stretch of content
	Whole       time.Duration // of one connection
}

const (
	defaultConnections = 100
	defaultPerNetwork  = 20
	defaultPatience    = time.Minute
	defaultWhole       = 10 * time.Minute
	// largest is what is taken; of it the first reach.MostReturned bytes are read. A report that is refused for its size is lost.
	largest = 10 << 20
	// mostRecipients of one mail: what comes back comes for one.
	mostRecipients = 5
	// strayLimit is how many wrong addresses one connection may try before it is closed, and how many one network may in a minute.
	strayLimit        = 5
	strayLimitNetwork = 60
	// fresh is how old the known settings may be.
	fresh = 5 * time.Second
)

// Intake is one listener.
type Intake struct {
	config Config
	server *smtp.Server
	doors  *doors
	visits *visits

	mu      sync.Mutex
	known   settings.Mail
	secret  []byte
	checked time.Time
}

// New makes an intake; Serve opens it.
func New(c Config) *Intake {
	c.Connections, c.PerNetwork = or(c.Connections, defaultConnections), or(c.PerNetwork, defaultPerNetwork)
	c.Patience, c.Whole = or(c.Patience, defaultPatience), or(c.Whole, defaultWhole)
	i := &Intake{config: c, doors: newDoors(c.PerNetwork), visits: &visits{whole: c.Whole, live: map[*visit]struct{}{}}}
	s := smtp.NewServer(smtp.BackendFunc(i.session))
	s.Domain = "localhost" // nobody's business; Serve's caller may be behind a relay of any name
	s.MaxRecipients = mostRecipients
	s.MaxMessageBytes = largest
	s.MaxLineLength = 1 << 20 // many forwarders wrap nothing
	s.ReadTimeout, s.WriteTimeout = c.Patience, c.Patience
	s.EnableSMTPUTF8 = true
	s.TLSConfig = c.TLS
	s.ErrorLog = quiet{} // strangers' broken sessions are not our news
	i.server = s
	return i
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// Serve takes mail until Stop.
func (i *Intake) Serve(l net.Listener) error {
	err := i.server.Serve(i.visits.listen(netutil.LimitListener(l, i.config.Connections)))
	if errors.Is(err, smtp.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Stop takes no more mail, and gives what is being taken a moment to end. What got no 250 comes again.
func (i *Intake) Stop(ctx context.Context) error {
	i.visits.hurry()
	if err := i.server.Shutdown(ctx); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
		return fmt.Errorf("stop taking mail: %w", err)
	}
	return nil
}

// facts are the company's mail settings and the installation's secret, at most fresh old: a storm of strangers does not reach the database.
func (i *Intake) facts(ctx context.Context) (m settings.Mail, secret []byte, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if time.Since(i.checked) < fresh && i.secret != nil {
		return i.known, i.secret, nil
	}
	if i.secret == nil {
		err := i.config.DB.Write(ctx, func(tx *store.Tx) (err error) {
			secret, err = tx.Instance.Secret(ctx, store.LinkSecret)
			return err
		})
		if err != nil {
			return m, nil, err
		}
	}
	err = i.config.DB.Read(ctx, func(tx *store.Tx) error {
		s, _, err := tx.Settings.Load(ctx)
		m = s.Mail
		return err
	})
	if err != nil {
		return m, nil, err
	}
	if secret != nil {
		i.secret = secret
	}
	i.known, i.checked = m, time.Now()
	return i.known, i.secret, nil
}

// acting is who acts here: nobody in particular. It has no right that Desk does not check.
func acting(ctx context.Context) context.Context {
	return staff.As(ctx, staff.Actor{System: "intake"})
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}
