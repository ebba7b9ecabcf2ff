package desk

import (
	"context"

	"candor/id"
	"candor/playbook"
	"candor/problem"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// SaveSettings replaces the company's settings; version is what the form was made from, so that nobody overwrites unseen. A secret that
// comes back as settings.Hidden stays what it is.
func (d *Desk) SaveSettings(ctx context.Context, in settings.Settings, version int64) (err error) {
	defer wrap(&err, "save the settings")
	if err := need(ctx, staff.Configure); err != nil {
		return err
	}
	// Trying a hundred rules on their examples takes longer than anybody's transaction may wait.
	if wrong := playbook.CheckOwnRules("words.rules", in.Words.Rules); len(wrong) > 0 {
		return append(wrong, problem.All(in.Validate())...).Err()
	}
	return d.configure(ctx, "settings save", func(tx *store.Tx, stored settings.Settings, at int64) (settings.Settings, error) {
		if version != at {
			return in, problem.New(problem.Conflict, "problem.settings.version")
		}
		return in.Unmasked(stored), nil
	})
}

// SaveLogo stores a raster logo, re-encoded; an empty one takes it away.
func (d *Desk) SaveLogo(ctx context.Context, raw []byte) (err error) {
	defer wrap(&err, "save the logo")
	if err := need(ctx, staff.Configure); err != nil {
		return err
	}
	var logo []byte
	err = d.heavily(ctx, func() error {
		if len(raw) == 0 {
			return nil
		}
		drawn, refused := staff.Logo(raw)
		if refused != nil {
			return refused
		}
		logo = drawn
		return nil
	})
	if err != nil {
		return err
	}
	return d.configure(ctx, "logo save", func(tx *store.Tx, s settings.Settings, _ int64) (settings.Settings, error) {
		s.Logo = ""
		if logo == nil {
			return s, nil
		}
		s.Logo, err = tx.Blobs.Put(ctx, staff.LogoType, logo, now())
		return s, err
	})
}

// PublishPage shows the page to everybody, or to staff only.
func (d *Desk) PublishPage(ctx context.Context, published bool) (err error) {
	defer wrap(&err, "publish the page")
	act := "page publish"
	if !published {
		act = "page withdraw"
	}
	return d.configure(ctx, act, func(_ *store.Tx, s settings.Settings, _ int64) (settings.Settings, error) {
		s.Published = published
		return s, nil
	})
}

// configure is the one road by which settings change.
func (d *Desk) configure(ctx context.Context, act string, decide func(tx *store.Tx, stored settings.Settings, version int64) (settings.Settings, error)) error {
	if err := need(ctx, staff.Configure); err != nil {
		return err
	}
	at := now()
	err := d.db.Write(ctx, func(tx *store.Tx) error {
		before, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		after, err := decide(tx, before, version)
		if err != nil {
			return err
		}
		if err := checkSettings(ctx, tx, after); err != nil {
			return err
		}
		saved, err := tx.Settings.Save(ctx, after, version)
		if err != nil {
			return err
		}
		if !saved {
			return problem.New(problem.Conflict, "problem.settings.version")
		}
		if err := tx.Changes.Add(ctx, "settings", at); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, act, "settings", before.Recorded(), after.Recorded())
	})
	if err == nil {
		d.wake()
	}
	return err
}

// checkSettings is everything that is wrong, what only the store knows included.
func checkSettings(ctx context.Context, tx *store.Tx, s settings.Settings) error {
	wrong := problem.All(s.Validate())
	if s.OnCall != "" {
		p, err := thePerson(ctx, tx, id.Person(s.OnCall))
		if problem.Is(err, problem.NotFound) || err == nil && !p.Active() {
			wrong.Add(problem.Field("on_call", "problem.person.unknown"))
		} else if err != nil {
			return err
		}
	}
	if s.Logo != "" {
		kind, err := tx.Blobs.Type(ctx, s.Logo)
		if there, err := known(err); err != nil {
			return err
		} else if !there || kind != staff.LogoType {
			wrong.Add(problem.Field("logo", "problem.picture.broken"))
		}
	}
	return wrong.Err()
}
