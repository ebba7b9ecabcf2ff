package site

import (
	"context"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/store"
)

// errNoPage is every address that leads nowhere.
var errNoPage error = problem.New(problem.NotFound, "problem.not_found")

// home in a language; at is its path, since the company's own language also lives at "/".
func (f *Face) homeRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, tag: tag, hot: true,
		topics: []string{topicPeople, topicComponents, topicIncidents},
		write: func(w *world, _ any, now, blind time.Time) (document, error) {
			r := f.reader(w, f.spoken(w, tag), now, blind)
			p := f.home(r, w)
			return f.page("home.html", p, p.Until)
		},
	}
}

// spoken is the language of an address; the zero tag is the company's own.
func (f *Face) spoken(w *world, tag lang.Tag) lang.Tag {
	if tag == "" {
		return w.languages()[0]
	}
	return tag
}

// page renders a template as a public page that is good until a moment in RFC 3339, or for good.
func (f *Face) page(name string, page any, until string) (document, error) {
	body, err := f.templates.execute(name, page)
	if err != nil {
		return document{}, err
	}
	d := document{kind: f.kinds.page, body: body}
	if until != "" {
		d.until, err = time.Parse(time.RFC3339, until)
	}
	return d, err
}

func (f *Face) incidentRecipe(at string, tag lang.Tag, code id.Code) *recipe {
	return &recipe{
		path: at, tag: tag,
		topics: []string{topicPeople, topicComponents},
		load: func(ctx context.Context, tx *store.Tx, w *world) (any, []string, error) {
			s, err := w.loadStory(ctx, tx, code)
			if err != nil {
				return nil, nil, err
			}
			s.talk, err = loadNewestTalk(ctx, tx, desk.OnIncident(s.Incident, w.settings))
			return s, []string{incidentTopic + string(s.ID), coverageTopic + string(s.ID), commentsTopic + string(s.ID)}, err
		},
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			r := f.reader(w, f.spoken(w, tag), now, blind)
			p := f.incident(r, w, facts.(story))
			return f.page("incident.html", p, p.Until)
		},
	}
}

func (f *Face) historyRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, tag: tag,
		topics: []string{topicComponents, topicIncidents},
		write: func(w *world, _ any, now, blind time.Time) (document, error) {
			p := f.history(f.reader(w, f.spoken(w, tag), now, blind), w)
			return f.page("history.html", p, p.Until)
		},
	}
}

func (f *Face) monthRecipe(at string, tag lang.Tag, m month) *recipe {
	return &recipe{
		path: at, tag: tag,
		topics: []string{monthTopic + m.String()},
		load: func(ctx context.Context, tx *store.Tx, w *world) (any, []string, error) {
			zone := w.settings.Zoned()
			from, until := m.begin(zone), m.add(1).begin(zone)
			if m.before(w.firstMonth(w.at)) || from.After(w.at) {
				return nil, nil, errNoPage
			}
			return w.loadMonth(ctx, tx, from, until)
		},
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			p := f.month(f.reader(w, tag, now, blind), w, m, facts.([]story))
			return f.page("history.html", p, p.Until)
		},
	}
}

// loadMonth depends on each incident in it too: one that is moved to another month leaves this one.
func (w *world) loadMonth(ctx context.Context, tx *store.Tx, from, until time.Time) (any, []string, error) {
	incidents, err := tx.Incidents.Between(ctx, from, until)
	if err != nil {
		return nil, nil, err
	}
	updates, err := tx.Updates.Between(ctx, from, until)
	if err != nil {
		return nil, nil, err
	}
	promises, err := tx.Promises.Public(ctx, from, until.AddDate(0, 1, 0))
	if err != nil {
		return nil, nil, err
	}
	var topics []string
	for _, i := range incidents {
		topics = append(topics, incidentTopic+string(i.ID))
	}
	return w.stories(incidents, updates, promises), topics, nil
}

func (f *Face) uptimeRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, tag: tag,
		topics: []string{topicComponents, topicIncidents},
		write: func(w *world, _ any, now, blind time.Time) (document, error) {
			p := f.uptime(f.reader(w, tag, now, blind), w)
			return f.page("uptime.html", p, p.Until)
		},
	}
}

// subscribeRecipe is the form with every component; noticeRecipe what follows after it.
func (f *Face) subscribeRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, tag: tag,
		topics: []string{topicComponents},
		write: func(w *world, _ any, now, blind time.Time) (document, error) {
			p := f.subscribePage(f.reader(w, tag, now, blind), w)
			return f.page("subscribe.html", p, "")
		},
	}
}

func (f *Face) noticeRecipe(at string, tag lang.Tag, n notice) *recipe {
	return &recipe{
		path: at, tag: tag,
		write: func(w *world, _ any, now, blind time.Time) (document, error) {
			r := f.reader(w, tag, now, blind)
			return f.page("message.html", f.noticePage(r, w, n), "")
		},
	}
}

func isTrouble(i incident.Incident) bool     { return i.Kind != incident.Maintenance }
func isMaintenance(i incident.Incident) bool { return i.Kind == incident.Maintenance }
func isAny(incident.Incident) bool           { return true }

// hot are the addresses that are rendered at once whenever they change.
func (f *Face) hot(w *world) []*recipe {
	all := []*recipe{f.homeRecipe("/", ""), f.atomRecipe("/history.atom", ""), f.rssRecipe("/history.rss", ""), f.badgeRecipe("/badge.svg", "")}
	for _, tag := range w.languages() {
		all = append(all, f.homeRecipe("/"+tag.Path()+"/", tag))
	}
	for _, name := range []string{"summary", "status"} {
		for _, suffix := range []string{"", ".json"} {
			all = append(all, f.statuspageRecipe("/api/v2/"+name+suffix, statuspageDocuments[name]))
		}
	}
	return all
}
