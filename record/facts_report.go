package record

import (
	"encoding/json"
	"strconv"

	"candor/id"
	"candor/incident"
	"candor/report"
)

// OfReport is what a report said when it was published or corrected, on the incident of that code.
func OfReport(on, code id.Code, r report.Revision) (f Fact, err error) {
	f = Fact{
		Key: "report " + string(code) + " " + strconv.Itoa(r.Number), Kind: Report, At: r.At, About: string(code),
		Says:  map[string]string{"incident": string(on), "report": string(code), "number": strconv.Itoa(r.Number)},
		Hides: map[string]string{"author": string(r.By), "reason": r.Reason},
	}
	for part, words := range r.Account.Words {
		texts(f.Hides, string(part), words)
	}
	for name, v := range map[string]any{"happened": r.Account.Happened, "impact": r.Account.Impact} {
		b, err := json.Marshal(v)
		if err != nil {
			return f, err
		}
		f.Hides[name] = string(b)
	}
	return f, nil
}

// OfAction is what became of a corrective action with a step. The step without a number is that customers could read of it.
func OfAction(on id.Code, a report.Action, step report.Step) Fact {
	f := Fact{
		Key: "action " + string(a.Code) + " " + strconv.Itoa(step.Number), Kind: Action, At: step.At, About: string(a.Code),
		Says: map[string]string{
			"incident": string(on), "action": string(a.Code), "number": strconv.Itoa(step.Number), "step": string(step.Kind), "kind": string(a.Kind),
			"state": string(a.State), "due_at": Instant(a.DueAt), "done_at": Instant(a.DoneAt), "verified_at": Instant(a.VerifiedAt),
			"promise": string(a.Promise),
		},
		Hides: map[string]string{"owner": string(a.Owner), "done_by": string(a.DoneBy), "verified_by": string(a.VerifiedBy)},
	}
	texts(f.Hides, "title", a.Title)
	texts(f.Hides, "evidence", a.Evidence)
	texts(f.Hides, "note", step.Note)
	return f
}

// OfComment is a comment that everybody can read, or the mark that a hidden one leaves. One that was hidden and comes back is written down
// again, and so is that its words are gone for good.
func OfComment(below id.Code, c incident.Comment) (all []Fact) {
	says := func() map[string]string {
		return map[string]string{
			"incident": string(below), "topic": string(c.Topic), "comment": string(c.Code), "number": strconv.Itoa(c.Number), "answers": string(c.Answers),
		}
	}
	decided := ""
	if !c.DecidedAt.IsZero() {
		decided = " " + Instant(c.DecidedAt)
	}
	code := string(c.Code)
	if c.State == incident.CommentShown && c.ErasedAt.IsZero() {
		f := Fact{Key: "comment " + code + decided, Kind: Comment, At: c.ShownAt, About: code, Says: says()}
		f.Says["language"] = string(c.Language)
		f.Hides = map[string]string{"name": c.Name, "person": string(c.Person), "body": c.Body}
		if f.At.IsZero() {
			f.At = c.At
		}
		return []Fact{f}
	}
	if c.State == incident.CommentHidden && c.LeavesMark() {
		f := Fact{Key: "tombstone " + code + decided, Kind: Tombstone, At: c.DecidedAt, About: code, Says: says()}
		if f.At.IsZero() {
			f.At = c.At
		}
		f.Says["reason"] = string(c.Reason)
		f.Hides = map[string]string{"person": string(c.DecidedBy)}
		all = append(all, f)
	}
	if !c.ErasedAt.IsZero() {
		f := Fact{Key: "tombstone " + code + " " + Instant(c.ErasedAt) + " erased", Kind: Tombstone, At: c.ErasedAt, About: code, Says: says()}
		f.Says["erased"] = "yes"
		all = append(all, f)
	}
	return all
}
