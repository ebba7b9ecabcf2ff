package intake_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/intake"
	"candor/lang"
	"candor/reach"
	"candor/reach/email"
	"candor/store"
)

const returnDomain = "bounce.example.com"

// A house takes mail on loopback, and has told two customers something.
type house struct {
	db        *store.DB
	at        string
	secret    []byte
	log       *words
	dana, eve letter
	stop      func() error
}

// A letter was accepted for one of them.
type letter struct {
	id      id.Delivery
	address audience.Address
	path    string // its return path
}

// words is a log that can be read while it is written.
type words struct {
	mu  sync.Mutex
	all strings.Builder
}

func (w *words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.all.Write(p)
}

func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.all.String()
}

func openHouse(t *testing.T, db *store.DB, change func(*intake.Config)) *house {
	t.Helper()
	h := &house{db: db, log: &words{}}
	h.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.Mail.ReturnDomain, s.Mail.ReplyTo = returnDomain, "Reply@"+returnDomain
		if _, err := tx.Settings.Save(ctx, s, version); err != nil {
			return err
		}
		h.secret, err = tx.Instance.Secret(ctx, store.LinkSecret)
		return err
	})
	h.dana, h.eve = h.letter(t, "dana@example.org"), h.letter(t, "eve@example.org")
	c := intake.Config{
		DB: db, Desk: desk.New(db, &url.URL{Scheme: "https", Host: "status.example.com"}, nil),
		Log: slog.New(slog.NewTextHandler(h.log, nil)), ParseReturn: email.ParseReturnPath,
	}
	if change != nil {
		change(&c)
	}
	in := intake.New(c)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.at = l.Addr().String()
	served := make(chan error, 1)
	go func() { served <- in.Serve(l) }()
	h.stop = sync.OnceValue(func() error { return errors.Join(in.Stop(context.Background()), <-served) })
	t.Cleanup(func() {
		if err := h.stop(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func (h *house) write(t *testing.T, f func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := h.db.Write(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func (h *house) letter(t *testing.T, address audience.Address) letter {
	t.Helper()
	at := time.Now().UTC().Truncate(time.Microsecond)
	x, a, c := id.New[id.Delivery](at), id.New[id.Announcement](at), id.New[id.Contact](at)
	h.write(t, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Contacts.Add(ctx, audience.Contact{ID: c, Code: id.NewCode(), Channel: "email", Address: address, Language: lang.English, CreatedAt: at}); err != nil {
			return err
		}
		if err := tx.Announcements.Add(ctx, reach.Announcement{ID: a, Kind: reach.OnTest, Priority: reach.Urgent, AsOf: at}); err != nil {
			return err
		}
		if _, err := tx.Deliveries.Plan(ctx, []reach.Delivery{{ID: x, Announcement: a, Channel: "email", Address: address, Contact: c, Language: lang.English, PlannedAt: at}}); err != nil {
			return err
		}
		was, err := tx.Deliveries.ByID(ctx, x)
		if err != nil {
			return err
		}
		_, err = tx.Deliveries.Heed(ctx, was, reach.Accepted, reach.Receipt{Reason: reach.ReasonAccepted, At: at})
		return err
	})
	return letter{x, address, email.ReturnPath(x, h.secret, returnDomain)}
}

// send hands a mail over, and answers the code of the refusal, 250 if there is none.
func (h *house) send(t *testing.T, to, mail string) int {
	t.Helper()
	c, err := smtp.Dial(h.at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return codeOf(t, c.SendMail("", []string{to}, strings.NewReader(strings.ReplaceAll(mail, "\n", "\r\n"))))
}

func codeOf(t *testing.T, err error) int {
	t.Helper()
	var refused *smtp.SMTPError
	switch {
	case err == nil:
		return 250
	case errors.As(err, &refused):
		return refused.Code
	}
	t.Fatal(err)
	return 0
}

// look is the state of a letter, why its address is suppressed, and what came back.
func (h *house) look(t *testing.T, l letter) (state reach.State, suppressed audience.SuppressionReason, kinds []reach.ReceiptKind) {
	t.Helper()
	ctx := t.Context()
	err := h.db.Read(ctx, func(tx *store.Tx) error {
		d, err := tx.Deliveries.ByID(ctx, l.id)
		if err != nil {
			return err
		}
		state = d.State
		if suppressed, err = tx.Suppressions.Of(ctx, "email", l.address.Key()); errors.Is(err, store.ErrNotFound) {
			err = nil
		}
		if err != nil {
			return err
		}
		all, err := tx.Receipts.Of(ctx, l.id)
		for _, r := range all {
			kinds = append(kinds, r.Kind)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return state, suppressed, kinds
}

func (h *house) wants(t *testing.T, what string, l letter, want string) {
	t.Helper()
	state, suppressed, kinds := h.look(t, l)
	if got := fmt.Sprint(state, " ", suppressed, " ", kinds); got != want {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}
