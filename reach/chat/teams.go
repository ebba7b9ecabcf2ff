package chat

import "candor/letter"

// A card is what a Teams workflow posts ("Post to a channel when a webhook request is received"): an Adaptive Card. Its texts are runs, which
// know no Markdown, and it names no entities, without which nothing is a mention.
type teamsMessage struct {
	Type        string            `json:"type"`
	Attachments []teamsAttachment `json:"attachments"`
}

type teamsAttachment struct {
	ContentType string    `json:"contentType"`
	Content     teamsCard `json:"content"`
}

type teamsCard struct {
	Schema  string         `json:"$schema"`
	Type    string         `json:"type"`
	Version string         `json:"version"`
	Summary string         `json:"fallbackText"`
	Body    []teamsElement `json:"body"`
	Actions []teamsAction  `json:"actions,omitempty"`
	Teams   teamsWidth     `json:"msteams"`
}

type teamsElement struct {
	Type    string      `json:"type"`
	Inlines []teamsRun  `json:"inlines,omitempty"`
	Facts   []teamsFact `json:"facts,omitempty"`
}

type teamsRun struct {
	Type   string `json:"type"`
	Text   string `json:"text"`
	Weight string `json:"weight,omitempty"`
	Size   string `json:"size,omitempty"`
	Subtle bool   `json:"isSubtle,omitempty"`
}

type teamsFact struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

type teamsAction struct {
	Type  string `json:"type"`
	Title string `json:"title"`
	URL   string `json:"url"`
}

type teamsWidth struct {
	Width string `json:"width"`
}

func teams(b letter.Brief) any {
	card := teamsCard{
		Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: "1.4", Summary: cut(b.Title, 250), Teams: teamsWidth{"Full"},
		Body: []teamsElement{{Type: "RichTextBlock", Inlines: []teamsRun{{Type: "TextRun", Text: cut(b.Title, 250), Weight: "Bolder", Size: "Large"}}}},
	}
	if b.Body != "" {
		card.Body = append(card.Body, teamsElement{Type: "RichTextBlock", Inlines: []teamsRun{{Type: "TextRun", Text: cut(b.Body, 2000)}}})
	}
	var facts []teamsFact
	for _, f := range b.Facts {
		facts = append(facts, teamsFact{plainly.Replace(f.Name), plainly.Replace(cut(f.Value, 500))}) // facts do know Markdown
	}
	if len(facts) > 0 {
		card.Body = append(card.Body, teamsElement{Type: "FactSet", Facts: facts})
	}
	if b.By != "" {
		card.Body = append(card.Body, teamsElement{Type: "RichTextBlock", Inlines: []teamsRun{{Type: "TextRun", Text: cut(b.By, 200), Subtle: true}}})
	}
	if b.URL != "" {
		card.Actions = []teamsAction{{"Action.OpenUrl", cut(b.More, 100), b.URL}}
	}
	return teamsMessage{"message", []teamsAttachment{{"application/vnd.microsoft.card.adaptive", card}}}
}
