package desk

import (
	"strings"
	"unicode/utf8"

	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/playbook"
	"candor/problem"
	"candor/settings"
)

const (
	longestHeading = 255
	longestNote    = 2_000
	longestBody    = 25_000
)

// checkTexts takes the words. An empty text is the only reason to refuse a first word; everything else here is what no page or mail could
// carry.
func (s *saying) checkTexts(in Word) {
	i, u := &s.incident, &s.update
	u.Body = in.Body.Trimmed()
	if u.Body.Empty() {
		s.wrong.Add(problem.Field("body", "problem.text.empty"))
	}
	checkBody(&s.wrong, "body", u.Body)
	if s.first && i.Title.Empty() {
		i.Title = s.defaultTitle()
	}
	checkLines(&s.wrong, "title", i.Title, longestHeading)
	checkLines(&s.wrong, "working_on", u.Fields.WorkingOn, longestNote)
	checkBody(&s.wrong, "data_steps", u.Fields.Data.Steps)
	u.NextReason = strings.TrimSpace(u.NextReason)
	checkLine(&s.wrong, "next_reason", u.NextReason, longestNote)
}

// defaultTitle is the title of the playbook's first word, in every language the company speaks.
func (s *saying) defaultTitle() lang.Text {
	title := lang.Text{}
	for _, tag := range s.settings.Languages {
		title[tag], _ = playbook.FirstWord(s.settings, s.incident.Kind, s.incident.Impact, tag, s.names(tag))
	}
	return title
}

// prepared is the company's words for a purpose, in every language it speaks.
func (s *saying) prepared(p settings.Purpose) lang.Text {
	text := lang.Text{}
	for _, tag := range s.settings.Languages {
		_, text[tag] = playbook.Prepared(s.settings, p, playbook.Scene{
			Kind: s.incident.Kind, Impact: s.incident.Impact, Names: s.names(tag), Since: s.incident.StartedAt, Now: s.at,
		}, tag)
	}
	return text
}

func (s *saying) names(tag lang.Tag) (names []string) {
	for _, a := range s.incident.Affected {
		name, _ := s.all[a.Component].Name.In(tag, s.settings.Default())
		names = append(names, name)
	}
	return names
}

func checkBody(wrong *problem.List, field string, text lang.Text) {
	for _, body := range text {
		if utf8.RuneCountInString(body) > longestBody {
			wrong.Add(problem.Field(field, "problem.text.runes", "limit", longestBody))
			return
		}
		if p := problem.All(markup.Check(body)); len(p) > 0 {
			wrong.Add(&problem.Problem{Kind: problem.Invalid, Key: p[0].Key, Field: field, Args: p[0].Args})
			return
		}
	}
}

func checkLines(wrong *problem.List, field string, text lang.Text, most int) {
	for _, line := range text {
		if !checkLine(wrong, field, line, most) {
			return
		}
	}
}

// checkLine keeps out what would break a mail's subject or a feed (V3, V39, B7), and what PostgreSQL cannot keep.
func checkLine(wrong *problem.List, field, line string, most int) bool {
	switch {
	case strings.ContainsAny(line, "\r\n\x00\u2028\u2029") || !utf8.ValidString(line):
		wrong.Add(problem.Field(field, "problem.line.break"))
	case utf8.RuneCountInString(line) > most:
		wrong.Add(problem.Field(field, "problem.line.long", "limit", most))
	default:
		return true
	}
	return false
}

// mayBlackOut reports whether a reason is a lawful one.
func mayBlackOut(r incident.BlackoutReason) bool { return oneOf(r, incident.BlackoutReasons[:]) }
