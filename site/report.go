package site

import (
	"context"
	"errors"
	"slices"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/report"
	"candor/store"
)

// findings is a published report with everything its page shows.
type findings struct {
	story
	report    report.Report
	revisions []report.Revision // newest first
	actions   []report.Action   // public ones
	steps     map[id.Action][]report.Step
	related
}

// account is what stands now.
func (f findings) account() report.Account { return f.revisions[0].Account }

// related are the other public incidents with the same cause.
type related struct {
	earlier, later []incident.Incident
	known          map[id.Incident]incident.Incident // also those that opened an action again
}

// loadFindings reads the report of a public incident; before it is published there is none (V23).
func (w *world) loadFindings(ctx context.Context, tx *store.Tx, code id.Code) (f findings, topics []string, err error) {
	if f.story, err = w.loadStory(ctx, tx, code); err != nil {
		return f, nil, err
	}
	topics = []string{incidentTopic + string(f.ID)}
	if f.report, err = tx.Reports.Of(ctx, f.ID); err != nil {
		return f, topics, err
	}
	if f.report.State != report.Published {
		return f, topics, store.ErrNotFound
	}
	if f.revisions, err = tx.Reports.Revisions(ctx, f.report.ID); err != nil {
		return f, topics, err
	}
	if f.actions, f.steps, err = loadActions(ctx, tx, f.ID); err != nil {
		return f, topics, err
	}
	f.related, err = loadRelated(ctx, tx, f.ID)
	for x := range f.known {
		topics = append(topics, incidentTopic+string(x))
	}
	return f, topics, err
}

func loadActions(ctx context.Context, tx *store.Tx, i id.Incident) (public []report.Action, steps map[id.Action][]report.Step, err error) {
	all, err := tx.Actions.Of(ctx, i)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range all {
		if a.Public() {
			public = append(public, a)
		}
	}
	every, err := tx.Actions.Steps(ctx, i)
	steps = map[id.Action][]report.Step{}
	for _, s := range every {
		steps[s.Action] = append(steps[s.Action], s)
	}
	return public, steps, err
}

func loadRelated(ctx context.Context, tx *store.Tx, i id.Incident) (x related, err error) {
	x.known = map[id.Incident]incident.Incident{}
	earlier, err := tx.Actions.Earlier(ctx, i)
	if err != nil {
		return x, err
	}
	later, err := tx.Actions.Later(ctx, i)
	if err != nil {
		return x, err
	}
	for n, other := range append(earlier, later...) {
		o, err := tx.Incidents.ByID(ctx, other)
		if err != nil {
			return x, err
		}
		if o.Visibility != incident.Public {
			continue
		}
		x.known[o.ID] = o
		if n < len(earlier) {
			x.earlier = append(x.earlier, o)
		} else {
			x.later = append(x.later, o)
		}
	}
	return x, nil
}

func (f *Face) reportRecipe(at string, tag lang.Tag, code id.Code) *recipe {
	return f.findingsRecipe(at, tag, code, func(r reader, w *world, x findings) (document, error) {
		p := f.report(r, w, x)
		return f.page("report.html", p, p.Until)
	})
}

func (f *Face) reportTextRecipe(at string, tag lang.Tag, code id.Code) *recipe {
	return f.findingsRecipe(at, tag, code, func(r reader, w *world, x findings) (document, error) {
		p := f.report(r, w, x)
		d := document{kind: f.kinds.markdown, body: []byte(p.markdown(w.settings.Company, x, r))}
		d.until = x.changesAt(w, r.now)
		return d, nil
	})
}

func (f *Face) findingsRecipe(at string, tag lang.Tag, code id.Code, write func(reader, *world, findings) (document, error)) *recipe {
	x := &recipe{path: at, tag: tag, topics: []string{topicPeople, topicComponents}}
	x.load = func(ctx context.Context, tx *store.Tx, w *world) (any, []string, error) {
		found, topics, err := w.loadFindings(ctx, tx, code)
		if errors.Is(err, store.ErrNotFound) {
			err = errNoPage
		}
		return found, topics, err
	}
	x.write = func(w *world, facts any, now, blind time.Time) (document, error) {
		return write(f.reader(w, tag, now, blind), w, facts.(findings))
	}
	return x
}

// A proof is what an incident's own page says of what was learned from it.
type proof struct {
	reported bool
	related
	reopened map[id.Incident]int // how many actions of each earlier incident it opened again
}

func loadProof(ctx context.Context, tx *store.Tx, i id.Incident) (p proof, err error) {
	published, err := tx.Reports.PublishedOf(ctx, []id.Incident{i})
	if err != nil {
		return p, err
	}
	p.reported = len(published) > 0
	if p.related, err = loadRelated(ctx, tx, i); err != nil {
		return p, err
	}
	p.reopened = map[id.Incident]int{}
	for _, o := range p.earlier {
		public, steps, err := loadActions(ctx, tx, o.ID)
		if err != nil {
			return p, err
		}
		for _, a := range public {
			if slices.ContainsFunc(steps[a.ID], func(s report.Step) bool { return s.Kind == report.Reopened && s.Incident == i }) {
				p.reopened[o.ID]++
			}
		}
	}
	return p, nil
}

// sameCauses say that it happened before, or again, and that what was done against it is open again.
func (r reader) sameCauses(p proof) (lines []causeLine) {
	lines = append(r.causes(p.earlier, "report.same.earlier"), r.causes(p.later, "report.same.later")...)
	for n, o := range p.earlier {
		if reopened := p.reopened[o.ID]; reopened > 0 {
			lines[n].More = r.N("report.same.open", reopened)
		}
	}
	return lines
}
