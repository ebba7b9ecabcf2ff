package playbook

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"candor/incident"
	"candor/lang"
	"candor/settings"
)

// FirstWord is the pre-approved first word for a kind and an impact in one language, with the names of what is affected filled in: the
// company's own where it wrote one, else ours. It is a beginning to be edited, signed by whoever posts it.
func FirstWord(s settings.Settings, kind incident.Kind, impact incident.Impact, tag lang.Tag, names []string) (title, body string) {
	words := lang.For(tag)
	said := words.List(names)
	if len(names) == 0 {
		said = words.T("firstword.components.none")
	}
	args := []any{"components", said, "company", s.Company}
	fill := strings.NewReplacer("{components}", said, "{company}", s.Company)
	own := s.Templates[TemplateName(kind, impact)]
	title, body = own.Title[tag], own.Body[tag]
	key := FirstWordKey(kind, impact)
	if title == "" {
		title = words.T("firstword."+key+".title", args...)
	} else {
		title = fill.Replace(title)
	}
	if body == "" {
		body = words.T("firstword."+key+".body", args...)
	} else {
		body = fill.Replace(body)
	}
	if len(names) == 0 { // "our service" begins a sentence; a component is written as the company writes it
		title, body = upperFirst(title), upperFirst(body)
	}
	return title, body
}

func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// TemplateName is what the company's own first word for a kind and an impact is called in its settings: "outage/major", "billing".
func TemplateName(kind incident.Kind, impact incident.Impact) string {
	return strings.ReplaceAll(FirstWordKey(kind, impact), ".", "/")
}

// FirstWordKey names the template for a kind and an impact: outages have one per impact, other kinds one.
func FirstWordKey(kind incident.Kind, impact incident.Impact) string {
	if kind != incident.Outage {
		return string(kind)
	}
	switch impact {
	case incident.ImpactCritical, incident.ImpactMajor:
		return string(kind) + "." + string(impact)
	}
	return string(kind) + "." + string(incident.ImpactMinor)
}
