package site

import (
	"encoding/json"
	"time"

	"candor/lang"
)

// jsonFeed is JSON Feed 1.1.
type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	HomePageURL string       `json:"home_page_url"`
	FeedURL     string       `json:"feed_url"`
	Language    string       `json:"language"`
	Authors     []jsonAuthor `json:"authors"`
	Record      *jsonRecord  `json:"_record,omitempty"`
	Items       []jsonItem   `json:"items"`
}

// jsonRecord is where the public record stood when the feed was made: what a reader keeps, nobody can rewrite any more.
type jsonRecord struct {
	About string `json:"about"`
	Head  string `json:"head"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

type jsonItem struct {
	ID            string       `json:"id"`
	URL           string       `json:"url"`
	Title         string       `json:"title"`
	ContentHTML   string       `json:"content_html"`
	DatePublished string       `json:"date_published"`
	DateModified  string       `json:"date_modified"`
	Authors       []jsonAuthor `json:"authors,omitempty"`
	Language      string       `json:"language,omitempty"`
}

func (f *Face) feedRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, feed: true,
		topics: []string{topicPeople, topicIncidents},
		load:   f.loadFeed,
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			fd := f.feed(f.reader(w, tag, now, blind), w, facts.([]story), at)
			body, err := json.Marshal(fd.json())
			return document{kind: f.kinds.feedJSON, body: append(body, '\n')}, err
		},
	}
}

func (fd feed) json() jsonFeed {
	j := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: fd.title, HomePageURL: fd.site, FeedURL: fd.self,
		Language: string(fd.Tag()), Authors: []jsonAuthor{{fd.author}}, Items: []jsonItem{},
	}
	if fd.head != "" {
		j.Record = &jsonRecord{About: fd.base + fd.home + "record", Head: fd.head}
	}
	for _, e := range fd.entries {
		item := jsonItem{
			ID: e.id, URL: e.link, Title: e.title, ContentHTML: e.html, Language: e.lang,
			DatePublished: fd.stamp(e.published), DateModified: fd.stamp(e.updated),
		}
		if e.author != "" {
			item.Authors = []jsonAuthor{{e.author}}
		}
		j.Items = append(j.Items, item)
	}
	return j
}
