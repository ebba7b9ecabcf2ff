package app

import (
	"cmp"
	"context"
	"net/mail"

	"candor/audience"
	"candor/duty"
	"candor/reach"
	"candor/reach/email"
	"candor/reach/sms"
	"candor/settings"
)

// channels are the ways out by what the company and the operator set. What cannot be built says so and stops none of the others.
func (a *App) channels(s settings.Settings) (map[string]reach.Channel, error) {
	ways, unusable := map[string]reach.Channel{}, duty.Unusable{}
	for name, build := range map[string]func(settings.Settings) (reach.Channel, error){
		audience.Email: a.email, audience.SMS: a.sms, audience.Push: a.push, audience.Webhook: a.webhook, audience.Chat: a.chat,
	} {
		channel, err := build(s)
		if err != nil {
			unusable[name] = err
		} else if channel != nil {
			ways[name] = channel
		}
	}
	if len(unusable) > 0 {
		return ways, unusable
	}
	return ways, nil
}

// email is the relay. Without one there is no mail channel, and letters stay in the outbox.
func (a *App) email(s settings.Settings) (reach.Channel, error) {
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
	return email.New(c.WithDefaults())
}

// sms are the text message providers. Without one there is no such channel.
func (a *App) sms(s settings.Settings) (reach.Channel, error) {
	if len(s.SMS.Providers) == 0 {
		return nil, nil
	}
	allow, err := a.config.inside()
	if err != nil {
		return nil, err
	}
	receipt, err := a.desk.ReceiptURLs(context.Background()) // at start and when settings change; the store bounds its own time
	if err != nil {
		return nil, err
	}
	return sms.New(sms.Config{
		Settings: s.SMS, Spend: a.desk.SpendOnText, GiveBack: a.desk.GiveBackForText, Pace: a.desk.PaceTexts, Receipt: receipt,
		Allow: allow, Failpoint: failpoint(a.config.Failpoint),
	}), nil
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
