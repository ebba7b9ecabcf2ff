package store

import (
	"context"
	"encoding/json"
	"errors"

	"candor/settings"
)

// Settings is the one row of what the company chose.
type Settings struct{ tx *Tx }

// Load answers the settings and their version, Defaults and 0 while nobody chose anything. A setting that is newer than the row has its
// default.
func (v Settings) Load(ctx context.Context) (s settings.Settings, version int64, err error) {
	defer wrap(&err, "load the settings")
	s = settings.Defaults()
	read := func(scan scan) (body string, err error) {
		err = scan(&version, &body)
		return body, err
	}
	body, err := one(ctx, v.tx, read, `SELECT version, body FROM settings WHERE id = 1`)
	if errors.Is(err, ErrNotFound) {
		return s, 0, nil
	}
	if err != nil {
		return s, 0, err
	}
	return s, version, json.Unmarshal([]byte(body), &s)
}

// Save replaces the settings that had this version, or reports that they were changed meanwhile.
func (v Settings) Save(ctx context.Context, s settings.Settings, version int64) (saved bool, err error) {
	defer wrap(&err, "save the settings")
	n, err := execCount(ctx, v.tx, `INSERT INTO settings (id, version, body) VALUES (1, $1 + 1, $2)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body WHERE settings.version = $1`, version, asJSON(&s))
	return n == 1, err
}
