package duty

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"candor/incident"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// checkedAtOnce is how many comments one turn asks about.
const checkedAtOnce = 20

// CheckComments asks the company's check whether comments are spam, and places them as it answers. Nothing is asked inside a transaction, and
// asking twice changes nothing. A check that does not answer in time is no reason to keep a customer waiting.
func (d *Duty) CheckComments(ctx context.Context) (more bool, err error) {
	defer wrap(&err, "check comments")
	if d.Desk == nil {
		return false, nil
	}
	var s settings.Settings
	var all []incident.Comment
	at := now()
	err = d.DB.Read(ctx, func(tx *store.Tx) error {
		if all, err = tx.Comments.Due(ctx, incident.CommentChecking, at, checkedAtOnce); err != nil || len(all) == 0 {
			return err
		}
		s, _, err = tx.Settings.Load(ctx)
		return err
	})
	if err != nil {
		return false, err
	}
	ctx = staff.As(ctx, staff.Actor{System: "duty"})
	placed := 0
	for _, c := range all {
		spam, answered := d.isSpam(ctx, s.Comments, c)
		if !answered && at.Sub(c.At) < incident.CheckWithin {
			continue
		}
		if err := d.Desk.CommentChecked(ctx, c.ID, spam); err != nil {
			return false, err
		}
		placed++
	}
	return placed == checkedAtOnce, nil
}

// isSpam asks in the manner of Akismet's comment-check: "true" is spam, "false" is not, and everything else is no answer.
func (d *Duty) isSpam(ctx context.Context, check settings.Comments, c incident.Comment) (spam, answered bool) {
	if !check.Checked() {
		return false, true // switched off meanwhile
	}
	if d.Out == nil {
		return false, false
	}
	form := url.Values{
		"api_key": {check.CheckKey}, "blog": {d.PublicURL.String()}, "user_ip": {c.Origin.IP}, "user_agent": {c.Origin.Agent}, "comment_type": {"comment"},
		"comment_author": {c.Name}, "comment_content": {c.Body}, "comment_date_gmt": {c.At.UTC().Format("2006-01-02T15:04:05Z")}, "blog_lang": {string(c.Language)},
	}
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	answer := d.Out.Post(ctx, strings.TrimRight(check.CheckURL, "/")+"/1.1/comment-check", header, []byte(form.Encode()))
	switch word := strings.TrimSpace(string(answer.Body)); {
	case answer.Failed != "" || answer.Status != http.StatusOK:
		d.Log.Warn("the check of comments did not answer", "status", answer.Status, "why", answer.Failed)
		return false, false
	case word == "true" || word == "false":
		return word == "true", true
	}
	d.Log.Warn("the check of comments answered something else; is the key right?")
	return false, false
}
