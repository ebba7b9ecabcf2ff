package verify

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"candor/incident"
)

// comments holds what stands below an incident against what was recorded: in the page's own language on every page of the conversation, in
// the others on the first.
func (c *comparison) comments(ctx context.Context, p page, path string, i *incidentFacts) error {
	shown := map[string]bool{}
	if err := c.said(p, path, i, shown); err != nil {
		return err
	}
	last := 0
	for _, x := range c.log.facts.comments {
		if x.incident == i.code && x.topic == string(incident.OnIncident) && !x.gone && x.number < c.size {
			last = max(last, x.place)
		}
	}
	if last == 0 || !strings.HasPrefix(path, c.home.path()) {
		return nil
	}
	for n := 1; n <= incident.PageOf(last); n++ {
		at := path + "/comments"
		if n > 1 {
			at += "/" + strconv.Itoa(n)
		}
		next, err := c.task.readPage(ctx, c.from, at)
		if errors.Is(err, ErrAbsent) {
			break
		}
		if err != nil {
			return err
		}
		if err := c.said(next, at, i, shown); err != nil {
			return err
		}
	}
	for code, x := range c.log.facts.comments {
		if x.incident == i.code && x.topic == string(incident.OnIncident) && x.place > 0 && !x.gone && x.number < c.size && !shown[code] &&
			!c.log.facts.awaits("tombstone "+code) {
			return moved(differs(c.where+", "+path, x.number, "the comment %s is in the record and the page does not show it", code))
		}
	}
	return nil
}

// said compares the comments of one page.
func (c *comparison) said(p page, path string, i *incidentFacts, shown map[string]bool) error {
	where := c.where + ", " + path
	for _, s := range p.comments {
		shown[s.code] = true
		if s.text == "" {
			continue // its place, and why it is gone
		}
		x := c.log.facts.comments[s.code]
		switch {
		case x == nil && c.log.facts.awaits("comment "+s.code):
		case x == nil || x.incident != i.code:
			return moved(differs(where, -1, "it shows the comment %s, of which the record knows nothing", s.code))
		case !x.erased && proofread(x.body, c.task.Host) != s.text:
			return moved(differs(where, x.number, "the comment %s does not say what was recorded", s.code))
		}
	}
	return nil
}

// report compares the words of an incident's report, in the languages it was written in.
func (c *comparison) report(ctx context.Context, path string, i *incidentFacts) error {
	if i.report == 0 || i.report >= c.size-1 && c.size < c.log.head.Size || c.log.facts.awaits("report ") {
		return nil
	}
	at := path + "/report"
	p, err := c.task.readPage(ctx, c.from, at)
	if errors.Is(err, ErrAbsent) {
		return moved(differs(c.where+", "+at, i.report, "the report is in the record and the page does not show it"))
	}
	if err != nil {
		return err
	}
	for part, s := range p.parts {
		words, known := i.parts[part+"."+s.lang]
		if known && s.text != "" && proofread(words, c.task.Host) != s.text {
			return moved(differs(c.where+", "+at, i.report, "the part %s does not say in %s what was recorded", part, s.lang))
		}
	}
	return nil
}
