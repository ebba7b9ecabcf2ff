package verify

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"candor/record"
)

// readPages compares what the pages of one source show with the log as it was at that size.
func (t Task) readPages(ctx context.Context, from Source, where string, l *log, size int64, f *Findings) error {
	home, err := t.readPage(ctx, from, "")
	if err != nil {
		return err
	}
	listed, err := t.listed(ctx, from, home)
	if err != nil {
		return err
	}
	for _, code := range listed {
		if l.facts.incidents[code] == nil && !l.facts.awaits("incident "+code+" ") {
			return moved(differs(where, -1, "it shows the incident %s, of which the record knows nothing", code))
		}
	}
	codes := slices.Clone(l.facts.order)
	slices.Reverse(codes) // newest first
	if t.Pages > 0 && len(codes) > t.Pages {
		f.Skipped, codes = len(codes)-t.Pages, codes[:t.Pages]
	}
	c := comparison{task: t, from: from, where: where, log: l, size: size, home: home}
	if err := c.all(ctx, codes); err != nil {
		return err
	}
	f.Incidents, f.Pages, f.Updates = f.Incidents+len(codes), f.Pages+c.pages, f.Updates+c.updates
	if size < l.head.Size {
		return nil // figures of a mirror are those of the hour it was made
	}
	if f.Components, err = t.compareComponents(ctx, l.facts); err != nil {
		return err
	}
	f.Promises, err = t.comparePromises(ctx, l.facts)
	return err
}

// awaits reports whether a fact whose key begins so waits for its number.
func (f *facts) awaits(key string) bool {
	for fact := range f.pending {
		if strings.HasPrefix(fact, key) {
			return true
		}
	}
	return false
}

func moved(d *Difference) *Difference { d.moved = true; return d }

var (
	incidentLink = regexp.MustCompile(`(?:^|/)incidents/([a-z0-9]{12})(?:$|[/#?])`)
	monthLink    = regexp.MustCompile(`(?:^|/)history/(\d{4}-\d{2})(?:$|[/#?])`)
)

// listed are the incidents that the home page and the months of the history lead to.
func (t Task) listed(ctx context.Context, from Source, home page) (codes []string, err error) {
	seen := map[string]bool{}
	collect := func(p page) {
		for _, href := range p.links {
			if m := incidentLink.FindStringSubmatch(href); m != nil && !seen[m[1]] {
				seen[m[1]] = true
				codes = append(codes, m[1])
			}
		}
	}
	collect(home)
	past, err := t.readPage(ctx, from, home.path()+"history")
	if errors.Is(err, ErrAbsent) {
		return codes, nil
	}
	if err != nil {
		return nil, err
	}
	months, queue := map[string]bool{}, []page{past}
	for len(queue) > 0 && len(months) < 600 {
		p := queue[0]
		queue = queue[1:]
		collect(p)
		for _, href := range p.links {
			m := monthLink.FindStringSubmatch(href)
			if m == nil || months[m[1]] {
				continue
			}
			months[m[1]] = true
			next, err := t.readPage(ctx, from, home.path()+"history/"+m[1])
			if errors.Is(err, ErrAbsent) {
				continue
			}
			if err != nil {
				return nil, err
			}
			queue = append(queue, next)
		}
	}
	return codes, nil
}

// A comparison is of the pages of one source.
type comparison struct {
	task    Task
	from    Source
	where   string
	log     *log
	size    int64
	home    page
	mu      sync.Mutex
	pages   int
	updates int
	first   error
}

// all compares the incidents' pages in every language, several at a time, and stops at the first difference.
func (c *comparison) all(ctx context.Context, codes []string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	jobs := make(chan string)
	var workers sync.WaitGroup
	for range c.task.Workers {
		workers.Go(func() {
			for path := range jobs {
				if err := c.one(ctx, path); err != nil {
					c.mu.Lock()
					if c.first == nil {
						c.first = err
					}
					c.mu.Unlock()
					cancel()
				}
			}
		})
	}
feed:
	for _, code := range codes {
		for _, tag := range c.home.languages {
			select {
			case jobs <- languagePath(tag) + "/incidents/" + code:
			case <-ctx.Done():
				break feed
			}
		}
	}
	close(jobs)
	workers.Wait()
	return c.first
}

func (c *comparison) one(ctx context.Context, path string) error {
	code := path[strings.LastIndexByte(path, '/')+1:]
	i := c.log.facts.incidents[code]
	if c.bornLater(i) {
		return nil
	}
	p, err := c.task.readPage(ctx, c.from, path)
	if errors.Is(err, ErrAbsent) {
		return moved(differs(c.where+", "+path, c.number(i), "the incident is in the record and the page does not show it"))
	}
	if err != nil {
		return err
	}
	n, err := c.compare(p, path, i)
	if err == nil {
		err = c.comments(ctx, p, path, i)
	}
	if err == nil {
		err = c.report(ctx, path, i)
	}
	c.mu.Lock()
	c.pages, c.updates = c.pages+1, c.updates+n
	c.mu.Unlock()
	return err
}

// bornLater reports whether a mirror cannot know an incident yet.
func (c *comparison) bornLater(i *incidentFacts) bool {
	n := c.number(i)
	return n < 0 || n >= c.size
}

// number is the entry of the incident's first word.
func (c *comparison) number(i *incidentFacts) int64 {
	first := int64(-1)
	for _, code := range i.updates {
		if u := c.log.facts.updates[code]; first < 0 || u.number < first {
			first = u.number
		}
	}
	return first
}

// compare holds one page of an incident against the log.
func (c *comparison) compare(p page, path string, i *incidentFacts) (n int, err error) {
	where := c.where + ", " + path
	shown := map[string]bool{}
	for _, s := range p.updates {
		u := c.log.facts.updates[s.code]
		switch {
		case u == nil && c.log.facts.pending["update "+s.code]:
			continue
		case u == nil || u.incident != i.code:
			return n, moved(differs(where, -1, "it shows the update %s, of which the record knows nothing", s.code))
		case shown[s.code]:
			return n, differs(where, u.number, "it shows the update %s twice", s.code)
		case !sameSecond(s.at, u.at):
			return n, differs(where, u.number, "it dates the update %s %s; it was recorded at %s", s.code, s.at, record.Instant(u.at))
		}
		if err := c.words(where, p, s, u); err != nil {
			return n, err
		}
		shown[s.code] = true
		n++
	}
	for _, code := range i.updates {
		if u := c.log.facts.updates[code]; u.number < c.size && !shown[code] {
			return n, moved(differs(where, u.number, "the update %s is in the record and the page does not show it", code))
		}
	}
	if title, known := i.titles[p.titleLang]; known && squeeze(title) != p.title && !c.log.facts.awaits("incident "+i.code+" ") && c.size == c.log.head.Size {
		return n, moved(differs(where, c.number(i), "its title is %q; what was recorded is %q", p.title, title))
	}
	return n, nil
}

// words compares an update's text with the newest one recorded. On a mirror any that was recorded will do which it can have known.
func (c *comparison) words(where string, p page, s shownUpdate, u *updateFacts) error {
	for n := len(u.versions) - 1; n >= 0; n-- {
		words, known := u.versions[n].body[s.lang]
		if !known {
			continue // erased, or not corrected in this language
		}
		if proofread(words, c.task.Host) == s.text {
			return nil
		}
		if c.size == c.log.head.Size || u.versions[n].number < c.size-1 {
			break
		}
	}
	for _, key := range []string{"revision " + s.code + " ", "blackout " + s.code + " "} {
		if c.log.facts.awaits(key) {
			return nil
		}
	}
	return moved(differs(where, u.number, "the update %s does not say in %s what was recorded", s.code, s.lang))
}

func sameSecond(shown string, at time.Time) bool {
	t, err := time.Parse(time.RFC3339, shown)
	return err == nil && t.Truncate(time.Second).Equal(at.Truncate(time.Second))
}
