package store

import (
	"context"
	"encoding/json"
	"html"
	"slices"
	"strings"

	"candor/id"
)

// EraseLetters empties the letters in the outbox that told an update: its words are to be gone, however a letter wrapped them.
func (u Updates) EraseLetters(ctx context.Context, i id.Incident, x id.Update, mark string) (err error) {
	defer wrap(&err, "empty the letters about %s", x)
	return exec(ctx, u.tx, `UPDATE outbox SET text = $3, html = ''
		WHERE delivery IN (SELECT d.id FROM announcements a JOIN deliveries d ON d.announcement = a.id WHERE a.incident = $1 AND a.update_id = $2)`, i, x, mark)
}

// Erase replaces words wherever a copy of them may lie besides the update: in letters of the incident, in remembered answers, in the audit.
// It is the only thing that ever changes an audit line, and a court or a leaked key leaves no choice.
func (u Updates) Erase(ctx context.Context, i id.Incident, x id.Update, words, mark string) (err error) {
	defer wrap(&err, "erase words of %s", x)
	for _, spelt := range spellings(words) {
		err = exec(ctx, u.tx, `UPDATE outbox
			SET subject = replace(subject, $2, $3), text = replace(text, $2, $3), html = replace(html, $2, $3)
			WHERE delivery IN (SELECT d.id FROM announcements a JOIN deliveries d ON d.announcement = a.id WHERE a.incident = $1)`, i, spelt, mark)
		if err != nil {
			return err
		}
		if err = exec(ctx, u.tx, `UPDATE requests SET body = replace(body, $1, $2) WHERE status <> 0`, spelt, mark); err != nil {
			return err
		}
		err = exec(ctx, u.tx, `UPDATE audit SET before = replace(before, $3, $4), after = replace(after, $3, $4), salt = ''
			WHERE (object = $1 OR object = $2) AND (before <> replace(before, $3, $4) OR after <> replace(after, $3, $4))`, i, x, spelt, mark)
		if err != nil {
			return err
		}
	}
	return nil
}

// spellings are the words as they stand, as JSON holds them and as HTML does.
func spellings(words string) []string {
	all := []string{words}
	quoted, _ := json.Marshal(words)
	var loose strings.Builder
	coder := json.NewEncoder(&loose)
	coder.SetEscapeHTML(false)
	_ = coder.Encode(words)
	for _, s := range []string{
		unquoted(string(quoted)), unquoted(strings.TrimSpace(loose.String())), html.EscapeString(words),
	} {
		if s != "" && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

func unquoted(s string) string { return strings.TrimSuffix(strings.TrimPrefix(s, `"`), `"`) }
