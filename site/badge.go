package site

import (
	"bytes"
	"encoding/xml"
	"regexp"
	"strconv"
	"time"
	"unicode/utf8"

	"candor/component"
	"candor/lang"
	"candor/look"
)

// colours of a status on white, the sheet's own; a badge stands on other people's pages, where no sheet of ours is.
var colours = map[component.Status]string{
	component.Operational: "#1a6a3d", component.Degraded: "#815300", component.PartialOutage: "#a8430f",
	component.MajorOutage: "#a4141f", component.Maintenance: "#2a5b90", component.Unknown: "#5b6067",
}

type badgeSVG struct {
	XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
	Width   int      `xml:"width,attr"`
	Height  int      `xml:"height,attr"`
	ViewBox string   `xml:"viewBox,attr"`
	Role    string   `xml:"role,attr"`
	Lang    string   `xml:"xml:lang,attr"`
	Title   string   `xml:"title"`
	Ground  svgRect  `xml:"rect"`
	Mark    svgMark  `xml:"g"`
	Texts   []svgText
}

type svgRect struct {
	Width  int    `xml:"width,attr"`
	Height int    `xml:"height,attr"`
	Fill   string `xml:"fill,attr"`
	Stroke string `xml:"stroke,attr"`
}

type svgMark struct {
	Transform string `xml:"transform,attr"`
	Fill      string `xml:"fill,attr"`
	Color     string `xml:"color,attr"`
	Inner     string `xml:",innerxml"` // from our own file of marks, nothing a person wrote
}

type svgText struct {
	XMLName xml.Name `xml:"text"`
	X       int      `xml:"x,attr"`
	Y       int      `xml:"y,attr"`
	Fill    string   `xml:"fill,attr"`
	Family  string   `xml:"font-family,attr"`
	Size    int      `xml:"font-size,attr"`
	Weight  string   `xml:"font-weight,attr,omitempty"`
	Length  int      `xml:"textLength,attr"`
	Text    string   `xml:",chardata"`
}

func (f *Face) badgeRecipe(at string, tag lang.Tag) *recipe {
	return &recipe{
		path: at, hot: tag == "", feed: true,
		topics: []string{topicComponents, topicIncidents},
		write: func(w *world, _ any, now, blind time.Time) (document, error) {
			r := f.reader(w, f.spoken(w, tag), now, blind)
			body, err := r.badge(w, w.headline(now, r.isBlind()))
			return document{kind: f.kinds.svg, body: body, until: w.validUntil(now)}, err
		},
	}
}

// badge is mark, name and word: never a colour alone. Every text goes through the XML encoder (V16).
func (r reader) badge(w *world, s component.Status) ([]byte, error) {
	const height, size = 28, 13
	name, word := shortened(w.settings.Company, 40), r.T("headline."+string(s))
	nameWidth, wordWidth := textWidth(name), textWidth(word)
	at := 32
	b := badgeSVG{Height: height, Role: "img", Lang: string(r.Tag()), Title: r.T("site.badge.title", "company", w.settings.Company, "status", word)}
	b.Mark = svgMark{Transform: "translate(8 6) scale(.6667)", Fill: colours[s], Color: colours[s], Inner: markOf(s)}
	const family = "-apple-system,Segoe UI,Roboto,Noto Sans,Helvetica,Arial,sans-serif"
	if name != "" {
		b.Texts = append(b.Texts, svgText{X: at, Y: 19, Fill: "#15181c", Family: family, Size: size, Length: nameWidth, Text: name})
		at += nameWidth + 8
	}
	b.Texts = append(b.Texts, svgText{X: at, Y: 19, Fill: colours[s], Family: family, Size: size, Weight: "600", Length: wordWidth, Text: word})
	b.Width = at + wordWidth + 10
	b.ViewBox = "0 0 " + itoa(b.Width) + " " + itoa(height)
	b.Ground = svgRect{Width: b.Width, Height: height, Fill: "#fdfdfb", Stroke: "#d8d8d1"}
	return xml.Marshal(b)
}

// iconRecipe is the picture in the browser's tab: the outline of the page's status.
func (f *Face) iconRecipe(at string) *recipe {
	return &recipe{
		path: at, feed: true,
		topics: []string{topicComponents, topicIncidents},
		write: func(w *world, _ any, now, blind time.Time) (document, error) {
			s := w.headline(now, !blind.IsZero())
			body := []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="` + colours[s] + `" color="` + colours[s] + `">` + markOf(s) + `</svg>`)
			return document{kind: f.kinds.svg, body: body, until: w.validUntil(now)}, nil
		},
	}
}

var symbol = regexp.MustCompile(`(?s)<symbol id="mark-([a-z_]+)"[^>]*>(.*?)</symbol>`)

// markOf is the outline of a status out of the page's own set of marks.
func markOf(s component.Status) string {
	for _, m := range symbol.FindAllSubmatch([]byte(look.Marks), -1) {
		if string(m[1]) == string(s) {
			return string(bytes.TrimSpace(m[2]))
		}
	}
	return ""
}

// textWidth is a guess that textLength makes true: 7 units a Latin letter, 13 an ideograph.
func textWidth(s string) int {
	width := 0
	for _, c := range s {
		if c >= 0x1100 {
			width += 13
			continue
		}
		width += 7
	}
	return width
}

func shortened(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

func itoa(n int) string { return strconv.Itoa(n) }
