package letter

import (
	"bytes"
	"embed"
	"html/template"
	"strings"

	"candor/component"
	"candor/lang"
	"candor/markup"
)

// A sheet is what stands on a letter, top to bottom. HTML and text are two ways to print the same sheet.
type sheet struct {
	Language  lang.Tag
	Subject   string
	Preheader string
	Masthead  string
	Rehearsal string
	Label     string // the status in a word
	Mark      string
	Colour    string
	Class     string
	Since     string
	Title     string
	Board     *board
	Notes     []string // before the body: that it is a correction, that it is in another language
	Body      string   // Markdown, of an update
	Words     string   // plain, of a note to one person: it may repeat what a stranger typed
	After     []passage
	Author    *author
	Button    *link
	Aside     string // under the button
	Facts     []fact
	Links     []link
	Why       string
	Footer    []link
	Closing   string
}

type board struct{ Label, Time, Both, Note string }

type passage struct{ Head, Body string }

type author struct{ Name, Title, Mail, Phone string }

type fact struct{ Name, Value, Rest string }

type link struct{ Words, URL string }

//go:embed templates/letter.html
var templates embed.FS

var page = template.Must(template.New("letter.html").Funcs(template.FuncMap{"markdown": mailHTML, "tel": tel}).ParseFS(templates, "templates/letter.html"))

// mailHTML puts the style where mail readers look for it: on each paragraph and link.
func mailHTML(md string) template.HTML {
	return template.HTML(inline.Replace(markup.HTML(md))) //nolint:gosec // markup is the one road to safe HTML
}

var inline = strings.NewReplacer(
	"<p>", `<p style="margin:0 0 14px;">`,
	"<a ", `<a class="link" style="color:#0b4a8c;" `,
	"<ul>", `<ul style="margin:0 0 14px;padding-left:22px;">`,
	"<ol>", `<ol style="margin:0 0 14px;padding-left:22px;">`,
)

// tel keeps what a phone dials.
func tel(number string) template.URL {
	dial := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
	return template.URL("tel:" + dial) //nolint:gosec // digits and a plus
}

// Direction is how the reader's language is written.
func (s sheet) Direction() string { return lang.For(s.Language).Dir() }

// Start is the side where a line begins: mail programs know "left" and "right", and not all know "start".
func (s sheet) Start() string {
	if s.Direction() == "rtl" {
		return "right"
	}
	return "left"
}

// print makes the letter of a sheet.
func (s sheet) print() Letter {
	var html bytes.Buffer
	if err := page.Execute(&html, s); err != nil {
		panic(err) // a broken build: every kind of letter is in a golden test
	}
	l := Letter{Subject: oneLine(s.Subject), Text: s.text(), HTML: html.String(), SMS: s.textNote()}
	l.Brief = Brief{Title: l.Subject, Body: s.Words}
	if s.Button != nil {
		l.Brief.URL, l.Brief.More = s.Button.URL, s.Button.Words
	}
	return l
}

// oneLine keeps what people typed from ending a header (B7).
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x2028 || r == 0x2029 || r == 0x85 }), " ")
}

// look is how a status appears, by the tokens of the page.
type look struct{ mark, colour, class string }

var looks = map[component.Status]look{
	component.Operational:   {"✓", "#1a6a3d", "good"},
	component.Degraded:      {"▲", "#815300", "degraded"},
	component.PartialOutage: {"◆", "#a8430f", "partial"},
	component.MajorOutage:   {"☒", "#a4141f", "major"},
	component.Maintenance:   {"⬢", "#2a5b90", "maintenance"},
	component.Unknown:       {"?", "#5b6067", "unknown"},
}

func (s *sheet) dress(status component.Status) {
	l := looks[status]
	s.Mark, s.Colour, s.Class = l.mark, l.colour, l.class
}
