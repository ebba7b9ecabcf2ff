package chat

import (
	"strings"

	"candor/letter"
)

type slackMessage struct {
	Text        string       `json:"text"` // of the notification
	Blocks      []slackBlock `json:"blocks"`
	UnfurlLinks bool         `json:"unfurl_links"`
	UnfurlMedia bool         `json:"unfurl_media"`
}

type slackBlock struct {
	Type     string      `json:"type"`
	Text     *slackText  `json:"text,omitempty"`
	Fields   []slackText `json:"fields,omitempty"`
	Elements []slackText `json:"elements,omitempty"`
}

// slackText is verbatim: nothing but what is written as <…> becomes a link or a mention, and no text of ours can write that.
type slackText struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim"`
}

// slackly escapes the three characters by which Slack's control sequences begin, such as <!channel>.
var slackly = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Slack takes 3,000 characters of a section and 2,000 of a field, of which there may be ten; one character may become five.
const slackBody, slackField, slackFields = 550, 350, 10

func slack(b letter.Brief) any {
	text := func(s string) *slackText { return &slackText{"mrkdwn", s, true} }
	title := slackly.Replace(cut(b.Title, 250))
	m := slackMessage{Text: title, Blocks: []slackBlock{{Type: "section", Text: text("*" + title + "*")}}}
	if b.Body != "" {
		m.Blocks = append(m.Blocks, slackBlock{Type: "section", Text: text(slackly.Replace(cut(b.Body, slackBody)))})
	}
	var fields []slackText
	for _, f := range b.Facts[:min(len(b.Facts), slackFields)] {
		fields = append(fields, *text("*" + slackly.Replace(f.Name) + "*\n" + slackly.Replace(cut(f.Value, slackField))))
	}
	if len(fields) > 0 {
		m.Blocks = append(m.Blocks, slackBlock{Type: "section", Fields: fields})
	}
	var last []slackText
	if b.By != "" {
		last = append(last, *text(slackly.Replace(b.By)))
	}
	if b.URL != "" {
		last = append(last, *text("<" + slackly.Replace(b.URL) + "|" + strings.ReplaceAll(slackly.Replace(b.More), "|", " ") + ">"))
	}
	if len(last) > 0 {
		m.Blocks = append(m.Blocks, slackBlock{Type: "context", Elements: last})
	}
	return m
}
