package site

import (
	"context"
	"fmt"
	"time"

	"candor/lang"
	"candor/store"
)

// A recipe says how one address is made: what it reads beyond the world, what it depends on, how it is written.
type recipe struct {
	path   string
	hot    bool // rendered again at once when it changes, because everybody comes for it
	feed   bool // for machines: not there at all while the page is not published
	own    bool // there although the page is not published, such as a picture
	tag    lang.Tag
	topics []string
	// load reads what the world does not hold; nil for none. It may add topics.
	load func(ctx context.Context, tx *store.Tx, w *world) (facts any, topics []string, err error)
	// write makes the document. blind is since when the records cannot be read, zero while they can.
	write func(w *world, facts any, now, blind time.Time) (document, error)
}

const (
	topicSettings   = "settings"
	topicPeople     = "people"
	topicComponents = "components"
	topicIncidents  = "incidents"     // any public incident changed
	incidentTopic   = "incident:"     // followed by the incident's id
	coverageTopic   = "coverage:"     // likewise: more customers know
	monthTopic      = "incidents in " // followed by a month, 2012-09
)

// render makes the entry of a recipe and puts it on the shelf. However many ask at once, it is made once (single flight), and only a few
// addresses are made at the same time, so that a crawl cannot take the processor from the visitors.
func (f *Face) render(ctx context.Context, x *recipe) (*entry, error) {
	made, err, _ := f.flights.Do(x.path, func() (any, error) {
		select {
		case f.slots <- struct{}{}:
			defer func() { <-f.slots }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		return f.make(context.WithoutCancel(ctx), x)
	})
	if err != nil {
		return nil, err
	}
	return made.(*entry), nil
}

func (f *Face) make(ctx context.Context, x *recipe) (*entry, error) {
	ctx, cancel := context.WithTimeout(ctx, renderPatience)
	defer cancel()
	now, began := time.Now(), f.version.Load()
	w, err := f.currentWorld(ctx, now)
	if err != nil {
		return nil, err
	}
	facts, topics, err := f.factsOf(ctx, x, w)
	if err != nil {
		return nil, err
	}
	d, err := f.write(x, w, facts, now)
	if err != nil {
		return nil, fmt.Errorf("render %s: %w", x.path, err)
	}
	e := f.press.entry(d, now)
	e.recipe, e.facts = x, facts
	e.topics = append(append([]string{topicSettings}, x.topics...), topics...)
	f.shelf.put(x.path, e)
	// Asked once it lies there: a change that comes after this finds it on the shelf, one that came before is seen here. The other way round
	// one between the two would leave an old page standing as fresh. The world may be older than this page: it knows of no comments.
	if f.version.Load() > began || f.worldly.Load() > w.version {
		f.shelf.age(e, now)
	}
	f.renders.Add(1)
	return e, nil
}

// renderPatience bounds a render: the database is local or near, and a visitor waits.
const renderPatience = 5 * time.Second

// factsOf reads what the recipe needs. When the database is away it takes what the last rendering read: old facts under a plain warning
// serve a visitor better than an error.
func (f *Face) factsOf(ctx context.Context, x *recipe, w *world) (facts any, topics []string, err error) {
	if x.load == nil {
		return nil, nil, nil
	}
	err = f.db.Read(ctx, func(tx *store.Tx) error {
		facts, topics, err = x.load(ctx, tx, w)
		return err
	})
	if err == nil || !f.isAway(err) {
		return facts, topics, err
	}
	if old, _ := f.shelf.find(x.path, time.Time{}); old != nil && old.facts != nil {
		return old.facts, old.topics, nil
	}
	return nil, nil, err
}

// write makes a recipe's document, or what stands in its place until the company publishes its page.
func (f *Face) write(x *recipe, w *world, facts any, now time.Time) (document, error) {
	if w.settings.Published || x.own {
		return x.write(w, facts, now, f.blindSince(now))
	}
	if x.feed {
		return document{}, errNoPage
	}
	p := f.privatePage(f.reader(w, f.spoken(w, x.tag), now, time.Time{}), w)
	return f.page("message.html", p, "")
}

// Preview is the home page as it will be, for staff, whether it is published or not. It is not kept.
func (f *Face) Preview(ctx context.Context, tag lang.Tag) ([]byte, error) {
	now := time.Now()
	w, err := f.currentWorld(ctx, now)
	if err != nil {
		return nil, err
	}
	p := f.home(f.reader(w, f.spoken(w, tag), now, f.blindSince(now)), w)
	p.NoIndex = true
	return f.templates.execute("home.html", p)
}
