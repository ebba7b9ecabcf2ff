package site

import (
	"encoding/xml"
	"time"

	"candor/lang"
)

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Links   []atomLink  `xml:"link"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomAuthor  `xml:"author"`
	Head    string      `xml:"urn:candor:record head,omitempty"` // of the public record when the feed was made
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomEntry struct {
	ID        string      `xml:"id"`
	Published string      `xml:"published"`
	Updated   string      `xml:"updated"`
	Link      atomLink    `xml:"link"`
	Title     atomText    `xml:"title"`
	Content   atomText    `xml:"content"`
	Author    *atomAuthor `xml:"author,omitempty"`
}

type atomText struct {
	Type string `xml:"type,attr,omitempty"`
	Lang string `xml:"xml:lang,attr,omitempty"`
	Text string `xml:",chardata"`
}

func (f *Face) atomRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, hot: tag == "", feed: true,
		topics: []string{topicPeople, topicIncidents},
		load:   f.loadFeed,
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			body, err := encode(f.feed(f.reader(w, f.spoken(w, tag), now, blind), w, facts.([]story), at).atom())
			return document{kind: f.kinds.atom, body: body}, err
		},
	}
}

func (fd feed) atom() atomFeed {
	a := atomFeed{
		Lang:    string(fd.Tag()),
		ID:      "tag:" + fd.host + ",2005:" + fd.path(".atom"),
		Links:   []atomLink{{"alternate", "text/html", fd.site}, {"self", "application/atom+xml", fd.self}, {"related", "text/plain", fd.base + "/record/checkpoint"}},
		Title:   fd.title,
		Updated: fd.stamp(fd.updated),
		Author:  atomAuthor{fd.author},
		Head:    fd.head,
	}
	for _, e := range fd.entries {
		entry := atomEntry{
			ID:        e.id,
			Published: fd.stamp(e.published),
			Updated:   fd.stamp(e.updated),
			Link:      atomLink{"alternate", "text/html", e.link},
			Title:     atomText{Lang: e.lang, Text: e.title},
			Content:   atomText{Type: "html", Text: e.html},
		}
		if e.author != "" {
			entry.Author = &atomAuthor{e.author}
		}
		a.Entries = append(a.Entries, entry)
	}
	return a
}

func (fd feed) stamp(t time.Time) string { return t.In(fd.loc).Format(time.RFC3339) }

// path of the feed without its ending: the permanent id of Statuspage's feed is …/history.
func (fd feed) path(ending string) string {
	path := fd.self[len(fd.base):]
	return path[:len(path)-len(ending)]
}
