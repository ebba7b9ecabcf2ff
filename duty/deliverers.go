package duty

import "candor/audience"

// deliverers are one for each way out: trouble on one of them is nobody else's.
type deliverers []*deliverer

func newDeliverers(d *Duty) (all deliverers) {
	for _, channel := range [...]string{audience.Email, audience.SMS, audience.Voice, audience.Push, audience.Webhook, audience.Chat} {
		all = append(all, newDeliverer(d, channel))
	}
	return all
}

func (all deliverers) start() {
	for _, d := range all {
		d.start()
	}
}

func (all deliverers) wait() {
	for _, d := range all {
		d.wait()
	}
}

func (all deliverers) wake() {
	for _, d := range all {
		d.wake()
	}
}
