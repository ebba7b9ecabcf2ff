package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"time"

	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/settings"
	"candor/store"
)

// phoneLike is what may be a telephone number in somebody's words.
var phoneLike = regexp.MustCompile(`\+?[0-9][0-9 ()/.-]{6,20}[0-9]`)

// A FlagForm is a reader's request that we look at a comment.
type FlagForm struct {
	Comment  id.Code
	Reason   incident.HideReason
	Note     string
	IP       string
	Honeypot string
}

const longestFlag = 300

var perFlagNetwork = limit{"flag a comment", time.Hour, 10}

// FlagComment asks us to look at a comment. It hides nothing by itself: a person decides. One network counts once.
func (d *Desk) FlagComment(ctx context.Context, in FlagForm) (err error) {
	defer wrap(&err, "point out comment %s", in.Comment)
	var wrong problem.List
	if !slices.Contains(incident.HideReasons[:], in.Reason) {
		wrong.Add(problem.Field("reason", "problem.comment.reason"))
	}
	in.Note = strings.Join(strings.Fields(in.Note), " ")
	wrong.Add(settings.Line("note", in.Note, longestFlag))
	if err := wrong.Err(); err != nil || in.Honeypot != "" {
		return err
	}
	if err := d.counted(ctx, problem.New(problem.TooMany, "problem.comment.many"), counting{perFlagNetwork, block(in.IP)}); err != nil {
		return err
	}
	secret, err := d.linkSecret(ctx)
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("flag " + string(in.Comment) + " " + block(in.IP)))
	network := hex.EncodeToString(mac.Sum(nil)[:16])
	return d.act(ctx, func(tx *store.Tx, at time.Time) error {
		c, _, _, err := mailedComment(ctx, tx, in.Comment)
		if err != nil {
			return err
		}
		if c.State != incident.CommentShown {
			return problem.New(problem.Gone, "problem.comment.gone")
		}
		first, err := tx.Comments.Flag(ctx, store.Flag{Comment: c.ID, Network: network, Reason: in.Reason, Note: in.Note, At: at})
		if err != nil || !first {
			return err
		}
		c.Flags++
		if err := tx.Comments.Save(ctx, c); err != nil {
			return err
		}
		return d.audit(ctx, tx, at, "comment flag", string(c.ID), nil, map[string]any{"reason": in.Reason})
	})
}

// CommentByCode is a comment that is shown, with its conversation: what a reader points out.
func (d *Desk) CommentByCode(ctx context.Context, code id.Code) (c incident.Comment, on Conversation, err error) {
	defer wrap(&err, "read comment %s", code)
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if c, on, _, err = mailedComment(ctx, tx, code); err == nil && c.State != incident.CommentShown {
			err = problem.New(problem.Gone, "problem.comment.gone")
		}
		return err
	})
	return c, on, err
}
