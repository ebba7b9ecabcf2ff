package site

import (
	"encoding/xml"
	"time"

	"candor/lang"
)

type rssFeed struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Self        rssSelf   `xml:"atom:link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	PubDate     string    `xml:"pubDate"`
	Head        string    `xml:"urn:candor:record head,omitempty"`
	Items       []rssItem `xml:"item"`
}

type rssSelf struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type rssItem struct {
	Title       string  `xml:"title"`
	Description string  `xml:"description"`
	Creator     string  `xml:"dc:creator,omitempty"`
	PubDate     string  `xml:"pubDate"`
	Link        string  `xml:"link"`
	GUID        rssGUID `xml:"guid"`
}

type rssGUID struct {
	PermaLink string `xml:"isPermaLink,attr"`
	Text      string `xml:",chardata"`
}

func (f *Face) rssRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, hot: tag == "", feed: true,
		topics: []string{topicPeople, topicIncidents},
		load:   f.loadFeed,
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			body, err := encode(f.feed(f.reader(w, f.spoken(w, tag), now, blind), w, facts.([]story), at).rss())
			return document{kind: f.kinds.rss, body: body}, err
		},
	}
}

func (fd feed) rss() rssFeed {
	rss := rssFeed{Version: "2.0", DC: "http://purl.org/dc/elements/1.1/", Atom: "http://www.w3.org/2005/Atom"}
	rss.Channel = rssChannel{
		Title:       fd.title,
		Link:        fd.site,
		Self:        rssSelf{"self", "application/rss+xml", fd.self},
		Description: "Statuspage", // what Statuspage writes and its readers know
		Language:    string(fd.Tag()),
		PubDate:     fd.updated.In(fd.loc).Format(time.RFC1123Z),
		Head:        fd.head,
	}
	for _, e := range fd.entries {
		rss.Channel.Items = append(rss.Channel.Items, rssItem{
			Title:       e.title,
			Description: e.html,
			Creator:     e.author,
			PubDate:     e.updated.In(fd.loc).Format(time.RFC1123Z),
			Link:        e.link,
			GUID:        rssGUID{"true", e.link},
		})
	}
	return rss
}
