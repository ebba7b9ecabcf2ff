package duty

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"candor/reach"
	"candor/settings"
	"candor/store"
)

// An office is how letters are written and leave at present. It is replaced as a whole when the settings change.
type office struct {
	settings   settings.Settings
	version    int64
	secret     []byte // of mailed links and return paths
	channel    reach.Channel
	generation int  // of the channel: sessions opened from an older one are closed
	ready      bool // false while the settings name a way out that cannot be built
	read       time.Time
}

func (o *office) sender() string {
	if o.settings.Mail.FromName != "" {
		return o.settings.Mail.FromName
	}
	return o.settings.Company
}

type officeBox struct{ at atomic.Pointer[office] }

func (b *officeBox) now() *office {
	if o := b.at.Load(); o != nil {
		return o
	}
	return &office{}
}

func (b *officeBox) ready() bool { return b.now().ready }

// connections is what the settings or the channel itself say, else the node's own figure.
func (b *officeBox) connections(fallback int) int {
	o := b.now()
	if sized, ok := o.channel.(interface{ Connections() int }); ok && sized.Connections() > 0 {
		return sized.Connections()
	}
	if n := o.settings.Mail.Connections; n > 0 {
		return n
	}
	return fallback
}

// refresh reads the settings when they were read a while ago.
func (d *deliverer) refresh(ctx context.Context) error {
	before := d.office.now()
	if time.Since(before.read) < 2*time.Second {
		return nil
	}
	next := *before
	next.read = time.Now()
	err := d.DB.Read(ctx, func(tx *store.Tx) (err error) {
		next.settings, next.version, err = tx.Settings.Load(ctx)
		return err
	})
	if err == nil && next.secret == nil {
		err = d.DB.Write(ctx, func(tx *store.Tx) (err error) {
			next.secret, err = tx.Instance.Secret(ctx, store.LinkSecret)
			return err
		})
	}
	if err != nil {
		return err
	}
	if before.secret == nil || before.version != next.version {
		d.open(&next)
	}
	d.office.at.Store(&next)
	return nil
}

// Unusable is why channels that the settings name cannot be built; the others go on.
type Unusable map[string]error

func (u Unusable) Error() string {
	var said []string
	for channel, err := range u {
		said = append(said, channel+": "+err.Error())
	}
	slices.Sort(said)
	return strings.Join(said, "; ")
}

// open builds the channel that the settings name.
func (d *deliverer) open(o *office) {
	o.generation++
	channels, err := d.Channels(o.settings)
	if some := (Unusable{}); errors.As(err, &some) {
		err = some[d.channel]
	}
	if err != nil {
		o.ready, o.channel = false, nil
		d.Log.Error("the settings of a channel cannot be used, its messages wait", "channel", d.channel, "error", err)
		return
	}
	o.ready, o.channel = true, channels[d.channel]
	d.due = time.Time{}
}
