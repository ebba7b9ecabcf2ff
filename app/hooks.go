package app

import (
	"context"

	"candor/outward"
	"candor/reach"
	"candor/reach/chat"
	"candor/reach/push"
	"candor/reach/webhook"
	"candor/settings"
)

// reachOut makes what the channels over HTTP speak through, and who we are to browsers' push services.
func (a *App) reachOut(ctx context.Context) error {
	allow, err := a.config.inside()
	if err != nil {
		return err
	}
	seed, err := a.desk.PushSeed(ctx)
	if err != nil {
		return err
	}
	a.out = outward.New(outward.Config{Allow: allow, Failpoint: failpoint(a.config.Failpoint)})
	a.pushKey = push.NewKey(seed)
	return nil
}

func (a *App) webhook(settings.Settings) (reach.Channel, error) { return webhook.New(a.out), nil }

// push tells push services where to complain: to the sender of our mails, or at the page.
func (a *App) push(s settings.Settings) (reach.Channel, error) {
	contact := a.config.PublicURL
	if s.Mail.From != "" {
		contact = "mailto:" + s.Mail.From
	}
	return push.New(a.out, a.pushKey, contact), nil
}

// chat are the company's rooms. Without one there is no such channel.
func (a *App) chat(s settings.Settings) (reach.Channel, error) {
	if len(s.Chat.Rooms) == 0 {
		return nil, nil
	}
	var rooms []chat.Room
	for _, r := range s.Chat.Rooms {
		rooms = append(rooms, chat.Room{Address: string(r.Address()), Service: r.Service, URL: r.URL})
	}
	return chat.New(a.out, rooms), nil
}
