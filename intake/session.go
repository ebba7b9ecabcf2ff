package intake

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"candor/desk"
	"candor/id"
	"candor/problem"
	"candor/reach"
)

// session is one connection.
type session struct {
	*Intake
	conn      *smtp.Conn
	network   string
	strays    int
	trusted   bool
	dismissed bool
	meant     []meant
}

// meant is one accepted recipient: the delivery its return path proves, or the address for answers, of which only the mail says whose it is.
type meant struct {
	delivery id.Delivery
	answers  bool
}

var (
	errBusy  = answer(421, smtp.EnhancedCode{4, 7, 0}, "Too much at once, come back later")
	errStray = answer(550, smtp.EnhancedCode{5, 1, 1}, "No such address: this one takes only what comes back")
	errLater = answer(451, smtp.EnhancedCode{4, 3, 0}, "Not now, come back later")
	errNone  = answer(554, smtp.EnhancedCode{5, 6, 0}, "This address takes answers to letters only, and this answers none of ours")
	errFull  = answer(452, smtp.EnhancedCode{4, 2, 2}, "Enough has come back for this letter")
)

func answer(code int, enhanced smtp.EnhancedCode, text string) *smtp.SMTPError {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
}

func (i *Intake) session(c *smtp.Conn) (smtp.Session, error) {
	network := networkOf(c.Conn().RemoteAddr())
	s := &session{Intake: i, conn: c, network: network, trusted: i.trusts(c.Conn().RemoteAddr())}
	if !s.trusted && !i.doors.enter(network, time.Now()) {
		return nil, errBusy
	}
	return s, nil
}

func (i *Intake) trusts(a net.Addr) bool {
	ap, err := netip.ParseAddrPort(a.String())
	return err == nil && slices.ContainsFunc(i.config.Trusted, func(p netip.Prefix) bool { return p.Contains(ap.Addr().Unmap()) })
}

// networkOf is the part of an address that one stranger is given whole.
func networkOf(a net.Addr) string {
	ap, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return "unknown"
	}
	ip := ap.Addr().Unmap().WithZone("")
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}

// Reset forgets the mail that was begun.
func (s *session) Reset() { s.meant = nil }

// Logout gives the place back.
func (s *session) Logout() error {
	if !s.trusted {
		s.doors.leave(s.network)
	}
	return nil
}

// Mail takes any sender: it proves nothing.
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt takes the return paths that we made, and the address for answers. Everybody else is turned away before the content comes.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.dismissed {
		return errBusy
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.config.Patience)
	defer cancel()
	mail, secret, err := s.facts(ctx)
	if err != nil {
		s.config.Log.Error("mail that comes back waits: the settings cannot be read", "error", err)
		return errLater
	}
	if mail.ReturnDomain != "" {
		if x, err := s.config.ParseReturn(to, secret, mail.ReturnDomain); err == nil {
			s.meant = append(s.meant, meant{delivery: x})
			return nil
		}
		if mail.ReplyTo != "" && strings.EqualFold(to, mail.ReplyTo) && domainOf(to) == strings.ToLower(mail.ReturnDomain) {
			s.meant = append(s.meant, meant{answers: true})
			return nil
		}
	}
	if s.trusted {
		return errStray
	}
	s.strays++
	if !s.doors.stray(s.network, time.Now()) || s.strays >= strayLimit {
		s.dismiss()
		return errBusy
	}
	return errStray
}

// dismiss ends the connection as soon as the answer is read.
func (s *session) dismiss() {
	conn := s.conn.Conn()
	if c, ok := conn.(*tls.Conn); ok {
		conn = c.NetConn()
	}
	if v, ok := conn.(*visit); ok {
		v.leaveIn(goodbye)
	}
	s.dismissed = true
}

// Data reads the mail and files it. A 250 is given only for what is durable.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(r, reach.MostReturned))
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	m := reach.ReadReturn(raw)
	ctx, cancel := context.WithTimeout(acting(context.Background()), s.config.Patience)
	defer cancel()
	for _, to := range s.meant {
		if err := s.file(ctx, to, m); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) file(ctx context.Context, to meant, m reach.ReturnMail) error {
	x := to.delivery
	if to.answers {
		if x = answered(m); x == "" {
			return errNone
		}
	}
	var got reach.Receipt
	var err error
	switch {
	case to.answers && m.Automatic() && m.Recipients[0].Class != reach.BounceAutoReply:
		return errNone // a bounce proves nothing by naming a letter (B18): it has to come to the return path
	case m.Automatic():
		got, err = s.config.Desk.ReceiveBounce(ctx, x, m)
	case to.answers:
		got, err = s.config.Desk.ReceiveReply(ctx, x, m)
	default:
		got, err = s.config.Desk.ReceiveStray(ctx, x, m)
	}
	switch {
	case err == nil:
		s.report(got)
		return nil
	case errors.Is(err, desk.ErrEnough):
		return errFull
	case problem.Is(err, problem.NotFound):
		return errStray
	}
	s.config.Log.Error("mail that came back could not be filed", "delivery", x, "error", err)
	return errLater
}

// report tells the operator what only they can mend.
func (s *session) report(r reach.Receipt) {
	switch r.Kind {
	case "": // known before
	case reach.SaysRefused:
		s.config.Log.Error("mail is refused because of us, not of the recipient: check sender, signatures and reputation",
			"delivery", r.Delivery, "code", r.Code, "reason", r.Reason)
	case reach.SaysComplaint:
		s.config.Log.Warn("a reader complained; nothing goes there any more", "delivery", r.Delivery)
	default:
		s.config.Log.Debug("mail came back", "delivery", r.Delivery, "kind", r.Kind, "code", r.Code, "reason", r.Reason)
	}
}

// answered is the letter of ours that a mail answers. Its name is 82 bits of chance that only its reader has seen.
func answered(m reach.ReturnMail) id.Delivery {
	for _, name := range m.Answers {
		local, _, ok := strings.Cut(name, "@")
		tail, cut := strings.CutPrefix(strings.ToLower(local), "dlv_")
		if !ok || !cut {
			continue
		}
		if x, err := id.Parse[id.Delivery]("dlv_" + strings.ToUpper(tail)); err == nil {
			return x
		}
	}
	return ""
}
