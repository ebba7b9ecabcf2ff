package app

import (
	"cmp"
	"net/mail"

	"candor/reach"
	"candor/reach/email"
	"candor/settings"
)

// channels are the ways out by what the company and the operator set. No mail relay: no mail channel, and letters stay in the outbox.
func (a *App) channels(s settings.Settings) (map[string]reach.Channel, error) {
	where := cmp.Or(a.config.SMTP, s.Mail.URL)
	if where == "" {
		return nil, nil
	}
	c, err := email.ParseURL(where)
	if err != nil {
		return nil, err
	}
	if s.Mail.From != "" {
		c.From = reach.Mailbox{Name: cmp.Or(s.Mail.FromName, s.Company), Address: s.Mail.From}
	}
	c.ReturnDomain = cmp.Or(s.Mail.ReturnDomain, c.ReturnDomain)
	if a.config.SMTP == "" && s.Mail.Connections > 0 {
		c.Connections = s.Mail.Connections
	}
	if s.Mail.DKIMKey != "" && s.Mail.DKIMSelector != "" {
		c.DKIM = append(c.DKIM, email.DKIM{Domain: domain(c.From.Address), Selector: s.Mail.DKIMSelector, KeyPEM: email.Secret(s.Mail.DKIMKey)})
	}
	c.Failpoint = failpoint(a.config.Failpoint)
	channel, err := email.New(c.WithDefaults())
	if err != nil {
		return nil, err
	}
	return map[string]reach.Channel{channel.Name(): channel}, nil
}

func domain(address string) string {
	parsed, err := mail.ParseAddress(address)
	if err != nil {
		return ""
	}
	for i := len(parsed.Address) - 1; i >= 0; i-- {
		if parsed.Address[i] == '@' {
			return parsed.Address[i+1:]
		}
	}
	return ""
}
