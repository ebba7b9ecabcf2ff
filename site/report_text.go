package site

import (
	"strings"

	"candor/markup"
	"candor/report"
)

// plainText is Markdown as a reader of plain text has it.
func plainText(md string) string { return markup.Text(md) }

// markdown is the whole report as one file, for whoever keeps it elsewhere. The words are as they were typed; everything else is of one line.
func (p reportPage) markdown(company string, x findings, r reader) string {
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.Join(parts, "") + "\n") }
	block := func(parts ...string) {
		line(parts...)
		line()
	}
	a := x.account()
	block("# ", escaped(p.Title))
	block(escaped(company), ", ", p.At.Full)
	if p.Signed != nil {
		block(escaped(p.Signed.Name))
	}
	for _, c := range append(p.Earlier, p.Later...) {
		block(escaped(c.Word), " ", escaped(c.Title.Text), " (", c.At.Text, ")")
	}
	words := func(part report.Part) {
		if text := r.plain(a.Words[part]); text != "" {
			block("## ", r.T("report.part."+string(part)))
			block(text)
		}
	}
	words(report.Summary)
	words(report.Apology)
	block("## ", r.T("report.happened"))
	for _, h := range p.Happened {
		line("- ", h.At.Full, ": ", escaped(strings.TrimSpace(h.Word+" "+h.Own.Text)))
	}
	line()
	block("## ", r.T("report.impact"))
	for _, f := range p.Impact {
		line("- ", escaped(f.Name), ": ", escaped(f.Word))
	}
	line()
	block(p.Counted)
	for _, part := range report.Parts {
		if part != report.Summary && part != report.Apology {
			words(part)
		}
	}
	block("## ", r.T("report.actions"))
	for _, v := range p.Actions {
		line("- ", escaped(v.Title.Text), " (", escaped(v.Kind), "). ", v.Word, ". ", v.Due.Text, v.dot(), v.Late)
		for _, s := range v.Steps {
			line("  - ", s.At.Text, ": ", escaped(strings.TrimSpace(s.Word+" "+s.Note.Text)))
		}
	}
	line()
	for _, c := range p.Corrections {
		line("- ", escaped(c.Line), " ", escaped(c.Reason))
	}
	line()
	line(p.Canonical)
	return b.String()
}

func (v actionView) dot() string {
	if v.Due.Text == "" {
		return ""
	}
	return ". "
}

// escaped is text on one line that means nothing in Markdown.
func escaped(s string) string {
	return marks.Replace(strings.Join(strings.Fields(s), " "))
}

var marks = strings.NewReplacer("\\", "\\\\", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "<", "\\<", "#", "\\#", "|", "\\|")
