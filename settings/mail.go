package settings

import (
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"log/slog"
	"net/url"
	"strings"

	"candor/audience"
	"candor/problem"
)

// Hidden stands for a secret that is set, wherever settings are shown to be changed: who sends it back keeps what is there.
const Hidden = "(set)"

// Masked is what may be shown to whoever changes the settings.
func (s Settings) Masked() Settings {
	if s.Mail.URL != "" {
		s.Mail.URL = Hidden
	}
	if s.Comments.CheckKey != "" {
		s.Comments.CheckKey = Hidden
	}
	if s.Mail.DKIMKey != "" {
		s.Mail.DKIMKey = Hidden
	}
	s.SMS, s.Chat = s.SMS.masked(), s.Chat.masked()
	return s
}

// Unmasked puts the stored secrets back where the mask came back.
func (s Settings) Unmasked(stored Settings) Settings {
	if s.Mail.URL == Hidden {
		s.Mail.URL = stored.Mail.URL
	}
	if s.Comments.CheckKey == Hidden {
		s.Comments.CheckKey = stored.Comments.CheckKey
	}
	if s.Mail.DKIMKey == Hidden {
		s.Mail.DKIMKey = stored.Mail.DKIMKey
	}
	s.SMS, s.Chat = s.SMS.unmasked(stored.SMS), s.Chat.unmasked(stored.Chat)
	return s
}

// Recorded is what the audit keeps: which relay and which key, but neither password nor key (V29).
func (s Settings) Recorded() Settings {
	s.Mail, s.SMS, s.Chat = s.Mail.recorded(), s.SMS.masked(), s.Chat.recorded()
	if s.Comments.CheckKey != "" {
		s.Comments.CheckKey = Hidden
	}
	return s
}

func (m Mail) recorded() Mail {
	if u, err := url.Parse(m.URL); err == nil {
		m.URL = u.Redacted()
	} else {
		m.URL = Hidden
	}
	if m.DKIMKey != "" {
		sum := sha256.Sum256([]byte(m.DKIMKey))
		m.DKIMKey = "sha256:" + hex.EncodeToString(sum[:8])
	}
	return m
}

// LogValue keeps the relay's password and the key out of logs.
func (m Mail) LogValue() slog.Value {
	m = m.recorded()
	return slog.GroupValue(slog.String("url", m.URL), slog.String("from", audience.Address(m.From).Masked()))
}

func (m Mail) check() (wrong problem.List) {
	wrong.Add(m.checkURL())
	if m.URL != "" && m.From == "" {
		wrong.Add(problem.Field("mail.from", "problem.mail.from"))
	}
	wrong.Add(checkAddress("mail.from", m.From))
	wrong.Add(checkAddress("mail.reply_to", m.ReplyTo))
	wrong.Add(Line("mail.from_name", m.FromName, longestName))
	if m.ReturnDomain != "" {
		wrong.Add(checkAddress("mail.return_domain", "bounce@"+m.ReturnDomain))
	}
	if m.Connections < 0 || m.Connections > mostPoolSize {
		wrong.Add(problem.Field("mail.connections", "problem.mail.connections", "most", mostPoolSize))
	}
	return append(wrong, m.checkSigning()...)
}

// checkURL looks at the form only; whether somebody answers there is what a test mail is for.
func (m Mail) checkURL() *problem.Problem {
	if m.URL == "" {
		return nil
	}
	if Line("", m.URL, longestLine) != nil {
		return problem.Field("mail.url", "problem.mail.url")
	}
	u, err := url.Parse(m.URL)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.Fragment != "" {
		return problem.Field("mail.url", "problem.mail.url")
	}
	if user := u.User.String(); user != "" {
		password, _ := u.User.Password()
		// %0d%0a in a login would end an SMTP command (B7).
		if Line("", u.User.Username()+password, longestLine) != nil {
			return problem.Field("mail.url", "problem.mail.url")
		}
	}
	return nil
}

func (m Mail) checkSigning() (wrong problem.List) {
	if m.DKIMKey == "" && m.DKIMSelector == "" {
		return nil
	}
	// The selector is a label of a DNS name.
	if m.DKIMSelector == "" || len(m.DKIMSelector) > 63 || strings.Trim(strings.ToLower(m.DKIMSelector), "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" {
		wrong.Add(problem.Field("mail.dkim_selector", "problem.dkim.selector"))
	}
	if !signs(m.DKIMKey) {
		wrong.Add(problem.Field("mail.dkim_key", "problem.dkim.key"))
	}
	if m.From == "" {
		wrong.Add(problem.Field("mail.from", "problem.mail.from"))
	}
	return wrong
}

// signs reports whether the PEM text holds a private key that DKIM can use: RSA from 1,024 bits on (RFC 8301) or Ed25519 (RFC 8463).
func signs(text string) bool {
	block, rest := pem.Decode([]byte(text))
	if block == nil || len(strings.TrimSpace(string(rest))) > 0 {
		return false
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key.N.BitLen() >= 1024
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return false
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key.N.BitLen() >= 1024
	case ed25519.PrivateKey:
		return true
	}
	return false
}
