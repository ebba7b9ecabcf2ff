package settings

import "candor/audience"

// Channels are the ways out that are set up here. Mail, browsers and programs need nothing more than the installation itself; without a
// mail server the outbox stands for it.
func (s Settings) Channels() []string {
	all := []string{audience.Email, audience.Push, audience.Webhook}
	if len(s.SMS.Providers) > 0 {
		all = append(all, audience.SMS)
	}
	return all
}
