package e2e

import (
	"strings"
	"testing"
)

// Documents that are right pass; the same with one thing wrong do not.
func TestPlantedFaultsInFeedsAreFound(t *testing.T) {
	for kind, right := range map[string]string{
		"application/atom+xml": `<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:a,2026:x</id><title>T</title><updated>2026-11-22T10:00:00Z</updated>
<link rel="self" href="http://a/b"/><author><name>N</name></author><entry><id>tag:a,2026:y</id><title>E</title><updated>2026-11-22T10:00:00Z</updated>
<link href="http://a/c"/><content type="html">&lt;p&gt;x&lt;/p&gt;</content></entry></feed>`,
		"application/rss+xml": `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title><description>D</description><link>http://a/</link>
<atom:link rel="self" href="http://a/b"/><item><title>E</title><link>http://a/c</link><guid isPermaLink="false">y</guid><pubDate>Sun, 22 Nov 2026 10:00:00 +0000</pubDate></item></channel></rss>`,
		"application/feed+json": `{"version":"https://jsonfeed.org/version/1.1","title":"T","home_page_url":"http://a/","feed_url":"http://a/b",
"items":[{"id":"y","url":"http://a/c","content_html":"<p>x</p>","date_published":"2026-11-22T10:00:00Z"}]}`,
		"text/calendar": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//A//B//EN\r\nBEGIN:VEVENT\r\nUID:y\r\nDTSTAMP:20261122T100000Z\r\nDTSTART:20261122T100000Z\r\n" +
			"DTEND:20261122T110000Z\r\nSUMMARY:One\\, two\r\n  and three\r\nURL:http://a/c\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
	} {
		if got := feedFaults(kind, []byte(right)); len(got) > 0 {
			t.Errorf("%s, which is right: %q", kind, got)
		}
		for _, c := range planted[kind] {
			if !strings.Contains(right, c.old) {
				t.Fatalf("%s does not contain %q", kind, c.old)
			}
			if got := feedFaults(kind, []byte(strings.Replace(right, c.old, c.new, 1))); len(got) == 0 {
				t.Errorf("%s with %q for %q: not found", kind, c.new, c.old)
			}
		}
	}
	if out := xmllint(t, []byte(`<a><b></a>`)); out == "" {
		t.Error("xmllint finds nothing wrong with <a><b></a>")
	}
}

type change struct{ old, new string }

var planted = map[string][]change{
	"application/atom+xml": {
		{`<id>tag:a,2026:x</id>`, ``},
		{`<id>tag:a,2026:x</id>`, `<id>x</id>`},
		{`<updated>2026-11-22T10:00:00Z</updated>`, `<updated>2026-11-22 10:00</updated>`},
		{`rel="self"`, `rel="alternate"`},
		{`<author><name>N</name></author>`, ``},
		{`&lt;p&gt;x&lt;/p&gt;`, `<p>x</p>`},
		{`http://a/c`, `/c`},
		{`</feed>`, ``},
	},
	"application/rss+xml": {
		{`<description>D</description>`, ``},
		{`version="2.0"`, `version="1.0"`},
		{`+0000`, ``},
		{`<guid isPermaLink="false">y</guid>`, `<guid>y</guid>`},
		{`<guid isPermaLink="false">y</guid>`, ``},
		{`<link>http://a/</link>`, ``},
	},
	"application/feed+json": {
		{`/version/1.1`, `/version/1`},
		{`"id":"y"`, `"id":7`},
		{`"content_html":"<p>x</p>"`, `"content":"x"`},
		{`T10:00:00Z`, ``},
		{`"items"`, `"things"`},
	},
	"text/calendar": {
		{"\r\nUID:y", ""},
		{"DTSTAMP:20261122T100000Z", "DTSTAMP:20261122T100000"},
		{"DTSTART:20261122T100000Z", "DTSTART:20261122T100000"},
		{`One\, two`, `One, two`},
		{"\r\n  and", "\n  and"},
		{"and three", strings.Repeat("three ", 20)},
		{"END:VEVENT\r\n", ""},
		{"DTEND:20261122T11", "DTEND:20261122T09"},
		{"VERSION:2.0\r\n", ""},
	},
}
