package desk

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/report"
)

// A ReportDraft is a report as somebody has written it.
type ReportDraft struct {
	// Version is what the author read; somebody else's words are never written over unseen.
	Version int64
	Author  id.Person // whose name will stand under it; empty: as before
	Words   map[report.Part]lang.Text
	// Rows are what happened: what Candor knows itself is only annotated or hidden, what is Own is kept as it stands.
	Rows   []report.Row
	Inside report.Inside
}

// A Publishing is how a report goes out.
type Publishing struct {
	Version int64
	Reason  string // of a correction: customers read it
	Silent  bool   // on the page and in feeds alone
	Ask     bool
	// Confirmed names the contradictions that were read and are meant all the same.
	Confirmed string
}

// An ActionDraft is one thing to be done, as somebody has written it.
type ActionDraft struct {
	Kind     report.ActionKind
	Internal bool
	Title    lang.Text
	Owner    id.Person
	Ticket   string
	DueAt    time.Time // zero: as the company's settings have it
}

// BlankOf is what a template leaves to be filled in. A report with one of them left is not published.
const BlankOf = "[…]"

// checkDraft notes everything that no page or mail could carry.
func checkDraft(wrong *problem.List, in ReportDraft, at time.Time) {
	for _, p := range report.Parts {
		checkBody(wrong, "words."+string(p), in.Words[p])
	}
	own := 0
	for _, row := range in.Rows {
		field := "row"
		if row.Fact == report.Own {
			field, own = "own."+strconv.Itoa(own), own+1
			if row.Text.Trimmed().Empty() {
				wrong.Add(problem.Field(field, "problem.text.empty"))
			}
			if row.At.IsZero() || row.At.Year() < 2000 || row.At.After(at) {
				wrong.Add(problem.Field(field+".at", "problem.report.row"))
			}
		}
		checkLines(wrong, field, row.Text, longestNote)
	}
	if len(in.Rows) > report.MostRows {
		wrong.Add(problem.Field("row", "problem.report.rows", "most", report.MostRows))
	}
	checkInside(wrong, in.Inside)
}

func checkInside(wrong *problem.List, in report.Inside) {
	if len(in.Whys) > report.MostWhys {
		wrong.Add(problem.Field("whys", "problem.report.whys", "most", report.MostWhys))
	}
	for n, why := range in.Whys {
		checkNote(wrong, "why."+strconv.Itoa(n+1), why, longestNote)
	}
	for field, text := range map[string]string{"sooner": in.Sooner, "shorter": in.Shorter, "known": in.Known, "change": in.Change} {
		checkNote(wrong, field, text, longestNote)
	}
	checkNote(wrong, "notes", in.Notes, longestBody)
}

// checkNote is checkLine for what may have several lines.
func checkNote(wrong *problem.List, field, text string, most int) {
	checkLine(wrong, field, strings.NewReplacer("\r", "", "\n", " ").Replace(text), max(most, utf8.RuneCountInString(text)))
	if utf8.RuneCountInString(text) > most {
		wrong.Add(problem.Field(field, "problem.line.long", "limit", most))
	}
}
