package store

import (
	"context"
	"time"

	"candor/id"
	"candor/monitor"
)

// Alerts are what monitoring told us, per incident they opened. Staff only.
type Alerts struct{ tx *Tx }

// Of are the alerts of an incident, newest first.
func (a Alerts) Of(ctx context.Context, i id.Incident) (_ []monitor.Alert, err error) {
	defer wrap(&err, "read the alerts of %s", i)
	return many(ctx, a.tx, readAlert, `SELECT body, firing FROM alerts WHERE incident = $1 ORDER BY at DESC, fingerprint LIMIT 500`, i)
}

// Put keeps the newest state of one alert, however often it is sent.
func (a Alerts) Put(ctx context.Context, i id.Incident, x monitor.Alert, at time.Time) (err error) {
	defer wrap(&err, "keep an alert of %s", i)
	return exec(ctx, a.tx, `INSERT INTO alerts (group_key, fingerprint, incident, firing, body, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (incident, group_key, fingerprint) DO UPDATE SET firing = excluded.firing, body = excluded.body, at = excluded.at`,
		x.Group, x.Fingerprint, i, x.Firing, asJSON(&x), instant(at))
}

func readAlert(scan scan) (x monitor.Alert, err error) {
	var firing bool
	err = scan(asJSON(&x), &firing)
	x.Firing = firing
	return x, err
}
