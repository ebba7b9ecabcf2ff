package site

import (
	"context"
	"net/http"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/store"
)

const commentsInFeed = 50

// newComments are what a feed of a conversation holds.
type newComments struct {
	on      desk.Conversation
	all     []incident.Comment
	numbers map[id.Comment]int // of what an answer answers
}

func (f *Face) commentsFeedAt(r *http.Request, at string, tag lang.Tag) (*recipe, error) {
	code, ok := id.ParseCode(r.PathValue("code"))
	if !ok {
		return nil, errNoPage
	}
	return f.commentsAtomRecipe(at+"incidents/"+string(code)+"/comments.atom", tag, code), nil
}

func (f *Face) commentsAtomRecipe(at string, tag lang.Tag, code id.Code) *recipe {
	return &recipe{
		path: at, tag: tag, feed: true,
		topics: []string{topicPeople},
		load: func(ctx context.Context, tx *store.Tx, w *world) (any, []string, error) {
			on, err := desk.Talk(ctx, tx, w.settings, incident.OnIncident, code)
			if err != nil {
				return nil, nil, err
			}
			n := newComments{on: on, numbers: map[id.Comment]int{}}
			if n.all, err = tx.Comments.Newest(ctx, on.Object, commentsInFeed); err != nil {
				return nil, nil, err
			}
			for _, c := range n.all {
				if c.Answers == "" {
					continue
				}
				asked, err := tx.Comments.ByID(ctx, c.Answers)
				if err != nil {
					return nil, nil, err
				}
				n.numbers[c.Answers] = asked.Number
			}
			return n, []string{incidentTopic + on.Object, commentsTopic + on.Object}, nil
		},
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			body, err := encode(f.commentsFeed(f.reader(w, tag, now, blind), w, facts.(newComments), at).atom())
			return document{kind: f.kinds.atom, body: body}, err
		},
	}
}

func (f *Face) commentsFeed(r reader, w *world, n newComments, self string) feed {
	about := r.phrase(n.on.Title).Text
	fd := feed{
		reader: r, host: hostOf(f.public), title: r.T("site.comments.title", "title", about), self: r.base + self,
		site: r.base + r.commentsPath(n.on, 1), author: w.settings.Company, updated: n.on.Incident.CreatedAt,
	}
	for _, c := range n.all {
		number, name := c.Number, c.Name
		if c.Answers != "" {
			number, name = n.numbers[c.Answers], r.byWhom(w.people[c.Person])
		}
		fd.entries = append(fd.entries, feedEntry{
			id: "tag:" + fd.host + ",2005:Comment/" + string(c.Code), link: r.base + r.comment(w, n.on, c, number).Href, title: name,
			lang: r.foreign(c.Body, c.Language), published: c.At, updated: c.ShownAt, html: markup.Comment(c.Body), author: name,
		})
		if c.ShownAt.After(fd.updated) {
			fd.updated = c.ShownAt
		}
	}
	return fd
}
