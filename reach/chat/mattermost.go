package chat

import (
	"regexp"

	"candor/letter"
)

type mattermostMessage struct {
	Attachments []mattermostAttachment `json:"attachments"`
}

type mattermostAttachment struct {
	Fallback  string            `json:"fallback"`
	Title     string            `json:"title"`
	TitleLink string            `json:"title_link,omitempty"`
	Text      string            `json:"text,omitempty"`
	Fields    []mattermostField `json:"fields,omitempty"`
	Footer    string            `json:"footer,omitempty"`
}

type mattermostField struct {
	Title string `json:"title"`
	Value string `json:"value"`
	Short bool   `json:"short"`
}

// calling is what Mattermost reads as a call to somebody: an @ that no word stands before. There is no switch to turn that off, so an
// invisible space follows it; mail addresses stay as they are.
var calling = regexp.MustCompile(`(^|[^0-9A-Za-z._+-])@`)

func uncalled(text string) string { return calling.ReplaceAllString(text, "$1@\u200b") }

func mattermost(b letter.Brief) any {
	safe := func(text string, most int) string { return uncalled(plainly.Replace(cut(text, most))) }
	a := mattermostAttachment{
		Fallback: uncalled(cut(b.Title, 250)), Title: uncalled(cut(b.Title, 250)), TitleLink: b.URL, Text: safe(b.Body, 2000), Footer: uncalled(cut(b.By, 200)),
	}
	for _, f := range b.Facts {
		a.Fields = append(a.Fields, mattermostField{uncalled(f.Name), safe(f.Value, 500), true})
	}
	return mattermostMessage{[]mattermostAttachment{a}}
}
