package chat

import "candor/letter"

type discordMessage struct {
	Embeds          []discordEmbed  `json:"embeds"`
	AllowedMentions discordMentions `json:"allowed_mentions"`
}

// discordMentions allows none: an empty list, not an absent one.
type discordMentions struct {
	Parse []string `json:"parse"`
}

type discordEmbed struct {
	Title       string         `json:"title"`
	Description string         `json:"description,omitempty"`
	URL         string         `json:"url,omitempty"`
	Fields      []discordField `json:"fields,omitempty"`
	Footer      *discordFooter `json:"footer,omitempty"`
}

type discordField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline"`
}

type discordFooter struct {
	Text string `json:"text"`
}

// Discord takes 6,000 characters in all, 256 of a title and 1,024 of a field; escaping may double them.
func discord(b letter.Brief) any {
	e := discordEmbed{Title: cut(plainly.Replace(cut(b.Title, 120)), 256), Description: plainly.Replace(cut(b.Body, 700)), URL: b.URL}
	for _, f := range b.Facts[:min(len(b.Facts), 12)] {
		if f.Value != "" {
			e.Fields = append(e.Fields, discordField{plainly.Replace(cut(f.Name, 100)), plainly.Replace(cut(f.Value, 120)), false})
		}
	}
	if b.By != "" {
		e.Footer = &discordFooter{cut(b.By, 200)}
	}
	return discordMessage{Embeds: []discordEmbed{e}, AllowedMentions: discordMentions{Parse: []string{}}}
}
