package desk

import (
	"context"
	"crypto/hmac"
	"errors"
	"strconv"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/settings"
	"candor/store"
)

// A CodeRequest is somebody who says that a number is theirs.
type CodeRequest struct {
	Phone    string
	Region   string // the country whose way of dialling is meant; empty: the company's
	Language lang.Tag
	IP       string
}

// What strangers can make us text (B4). A pump earns with every text to numbers it rents, in ranges, from many networks: so it is counted
// by number, by network and by range, and a range in which hardly anybody confirms is left alone.
var (
	perPhoneMinute = limit{"code", time.Minute, 1}
	perPhoneDay    = limit{"code day", 24 * time.Hour, 5}
	perCodeNetwork = limit{"code network", time.Hour, 20}
	perRange       = limit{"code range", time.Hour, 20}
)

const (
	codeHolds   = 10 * time.Minute
	guesses     = 5
	rangeMemory = 24 * time.Hour
	// doubtAfter codes in a block of numbers at least one in five must have been confirmed.
	doubtAfter = 20
	oneIn      = 5
)

// A block is many adjacent numbers. The hour's limit is by range of a thousand. Whether people confirm is counted in blocks of ten thousand
// that overlap by half, so that whoever rents up to five thousand adjacent numbers lies within one of them, wherever they begin.
func blocks(phone audience.Address) (thousand string, overlapping []string) {
	n, err := strconv.ParseInt(string(phone[1:]), 10, 64)
	if err != nil {
		return string(phone), []string{string(phone)}
	}
	return strconv.FormatInt(n/1000, 10), []string{"a" + strconv.FormatInt(n/10_000, 10), "b" + strconv.FormatInt((n+5_000)/10_000, 10)}
}

func codesSent(block string) string      { return "codes sent:" + block }
func codesConfirmed(block string) string { return "codes confirmed:" + block }

// SendCode texts a code to a number and answers the name by which CheckCode knows it. A refusal counts nothing. Who asks must have come
// through a mailed link, a sign-in or a gate against machines: the face sees to that.
func (d *Desk) SendCode(ctx context.Context, in CodeRequest) (_ id.Announcement, err error) {
	defer wrap(&err, "text a code")
	at := now()
	var s settings.Settings
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		s, _, err = tx.Settings.Load(ctx)
		return err
	})
	if err != nil {
		return "", err
	}
	phone, err := d.mayText(s, in)
	if err != nil {
		return "", err
	}
	// A look first: a pump that was stopped must not queue at the one writer.
	err = d.db.Read(ctx, func(tx *store.Tx) error { return trusted(ctx, tx, phone, at, 0) })
	if err != nil {
		return "", err
	}
	a := reach.Announcement{
		ID: id.New[id.Announcement](at), Kind: reach.OnCode, Priority: reach.Urgent, AsOf: at,
		Target: audience.Target{Address: phone, Language: in.Language},
	}
	err = d.db.Batch(ctx, func(tx *store.Tx) error {
		if err := countCode(ctx, tx, phone, in.IP, at); err != nil {
			return err // and nothing is counted
		}
		return tx.Announcements.Add(ctx, a)
	})
	if err != nil {
		return "", err
	}
	d.wake()
	return a.ID, nil
}

// mayText refuses what no text goes to whoever asks, without saying more than the form.
func (d *Desk) mayText(s settings.Settings, in CodeRequest) (audience.Address, error) {
	region := in.Region
	if region == "" {
		region = s.SMS.Home
	}
	phone, refused := audience.ParsePhone(in.Phone, region)
	if refused != nil {
		return "", refused
	}
	country, why := reach.Texting(phone)
	if why != "" || !s.SMS.Allows(country) {
		return "", problem.Field("phone", "problem.phone.country")
	}
	if len(s.SMS.For(country)) == 0 {
		return "", problem.New(problem.Unavailable, "problem.code.later")
	}
	return phone, nil
}

var codeLimit = problem.New(problem.TooMany, "problem.code.later")

// countCode takes from every limit or from none. The order is the same for everybody, so that two requests never wait for each other.
func countCode(ctx context.Context, tx *store.Tx, phone audience.Address, ip string, at time.Time) error {
	thousand, overlapping := blocks(phone)
	for _, b := range overlapping {
		if _, err := tx.Limits.Take(ctx, codesSent(b), rangeMemory, 1<<40, at); err != nil {
			return err
		}
	}
	// Asked again with these rows held: of two that come together the second sees the first.
	if err := trusted(ctx, tx, phone, at, 1); err != nil {
		return err
	}
	for _, l := range []struct {
		limit
		whom string
	}{{perRange, thousand}, {perCodeNetwork, block(ip)}, {perPhoneDay, phone.Key()}, {perPhoneMinute, phone.Key()}} {
		allowed, err := tx.Limits.Take(ctx, l.row(l.whom), l.window, l.most, at)
		if err != nil {
			return err
		}
		if !allowed {
			return codeLimit
		}
	}
	return nil
}

// trusted refuses numbers in a block where hardly anybody confirms. own is how many of those sent are the one being decided.
func trusted(ctx context.Context, tx *store.Tx, phone audience.Address, at time.Time, own int64) error {
	_, overlapping := blocks(phone)
	for _, b := range overlapping {
		sent, err := tx.Limits.Taken(ctx, codesSent(b), rangeMemory, at)
		if err != nil {
			return err
		}
		confirmed, err := tx.Limits.Taken(ctx, codesConfirmed(b), rangeMemory, at)
		if err != nil {
			return err
		}
		if sent -= own; sent >= doubtAfter && confirmed*oneIn < sent {
			return codeLimit
		}
	}
	return nil
}

// CheckCode reports whose number was proved by a code. A code is good once, for ten minutes, and against five guesses.
func (d *Desk) CheckCode(ctx context.Context, x id.Announcement, typed string) (_ audience.Address, err error) {
	defer wrap(&err, "check a code")
	at := now()
	wrong := problem.Field("code", "problem.code")
	if _, err := id.Parse[id.Announcement](string(x)); err != nil {
		return "", wrong
	}
	secret, err := d.linkSecret(ctx)
	if err != nil {
		return "", err
	}
	allowed, err := d.take(ctx, limit{"guess a code", 2 * codeHolds, guesses}, string(x), at)
	if err != nil {
		return "", err
	}
	var a reach.Announcement
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		a, err = tx.Announcements.ByID(ctx, x)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return "", wrong
	}
	if err != nil {
		return "", err
	}
	good := hmac.Equal([]byte(typed), []byte(reach.TextCode(secret, x)))
	if !allowed || !good || a.Kind != reach.OnCode || at.Sub(a.AsOf) > codeHolds {
		return "", wrong
	}
	phone, first := a.Target.Address, false
	err = d.db.Batch(ctx, func(tx *store.Tx) error {
		if first, err = tx.Limits.Take(ctx, "code used:"+string(x), 24*time.Hour, 1, at); err != nil || !first {
			return err
		}
		_, overlapping := blocks(phone)
		for _, b := range overlapping {
			if _, err := tx.Limits.Take(ctx, codesConfirmed(b), rangeMemory, 1<<40, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if !first {
		return "", wrong
	}
	return phone, nil
}
