package record

import (
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/promise"
)

// OfIncident is what the page says about an incident as a whole, once for each time it was changed, and that it is over. Only what is public
// may be written down: whoever calls this has looked.
func OfIncident(i incident.Incident) []Fact {
	code := string(i.Code)
	says := map[string]string{
		"incident": code, "kind": string(i.Kind), "status": string(i.Status), "impact": string(i.Impact), "detected_by": string(i.DetectedBy),
		"started_at": Instant(i.StartedAt), "detected_at": Instant(i.DetectedAt), "first_report_at": Instant(i.FirstReportAt),
		"declared_at": Instant(i.DeclaredAt), "resolved_at": Instant(i.ResolvedAt), "report_due_at": Instant(i.ReportDueAt),
		"window_from": Instant(i.Window.From), "window_until": Instant(i.Window.Until),
	}
	hides := map[string]string{"lead": string(i.Lead)}
	texts(hides, "title", i.Title)
	facts := []Fact{{
		Key: "incident " + code + " " + Instant(i.UpdatedAt), Kind: Incident, At: i.UpdatedAt, About: code, Says: says, Hides: hides,
	}}
	if !i.ResolvedAt.IsZero() {
		facts = append(facts, Fact{
			Key: "resolution " + code + " " + Instant(i.ResolvedAt), Kind: Resolution, At: i.ResolvedAt,
			Says: map[string]string{"incident": code, "resolved_at": Instant(i.ResolvedAt), "report_due_at": Instant(i.ReportDueAt)},
		})
	}
	return facts
}

// OfUpdate is a word to customers on the incident of that code.
func OfUpdate(on id.Code, u incident.Update) Fact {
	body := u.Body
	if len(u.Revisions) > 0 {
		body = u.Revisions[0].Was // written down late: the first words come first
	}
	f := Fact{
		Key: "update " + string(u.Code), Kind: Update, At: u.At, About: string(u.Code),
		Says: map[string]string{
			"incident": string(on), "update": string(u.Code), "number": strconv.Itoa(u.Number), "status": string(u.Status),
			"next_by": Instant(u.NextBy), "holding": claim(u.Holding), "automatic": claim(u.Automatic),
			"cause": string(u.Fields.Cause.State), "whose": string(u.Fields.Cause.Whose), "attack": string(u.Fields.Attack),
			"data": string(u.Fields.Data.State), "repair": string(u.Fields.Estimate.Kind),
			"repair_from": Instant(u.Fields.Estimate.From), "repair_until": Instant(u.Fields.Estimate.Until),
		},
		Hides: map[string]string{"author": string(u.Author), "next_reason": u.NextReason},
	}
	texts(f.Hides, "body", body)
	texts(f.Hides, "working_on", u.Fields.WorkingOn)
	texts(f.Hides, "data_steps", u.Fields.Data.Steps)
	return f
}

// OfRevisions are the corrections of an update.
func OfRevisions(on id.Code, u incident.Update) (all []Fact) {
	for n, r := range u.Revisions {
		f := Fact{
			Key: "revision " + string(u.Code) + " " + strconv.Itoa(n+1), Kind: Revision, At: r.At, About: string(u.Code),
			Says:  map[string]string{"incident": string(on), "update": string(u.Code), "number": strconv.Itoa(n + 1)},
			Hides: map[string]string{"author": string(r.By), "reason": r.Reason},
		}
		texts(f.Hides, "body", r.Now)
		all = append(all, f)
	}
	return all
}

// OfBlackout is that words of an update are gone, as of at, and what stands there now. Words taken out of one update are taken out of all of
// its incident's, so that reason is empty where the update itself was not the cause.
func OfBlackout(on id.Code, u incident.Update, at time.Time) Fact {
	f := Fact{
		Key: "blackout " + string(u.Code) + " " + Instant(at), Kind: Blackout, At: at, About: string(u.Code),
		Says:  map[string]string{"incident": string(on), "update": string(u.Code)},
		Hides: map[string]string{},
	}
	if n := len(u.Blackouts); n > 0 && u.Blackouts[n-1].At.Equal(at) {
		last := u.Blackouts[n-1]
		f.Says["reason"] = string(last.Reason)
		f.Hides["author"], f.Hides["note"] = string(last.By), last.Note
	}
	texts(f.Hides, "body", u.Body)
	return f
}

// Stands reports which words of people an update and its corrections still hold, for telling what a blackout took away.
func Stands(u incident.Update) func(words string) bool {
	held := map[string]bool{u.NextReason: true, string(u.Author): true}
	keep := func(all ...lang.Text) {
		for _, t := range all {
			for _, words := range t {
				held[words] = true
			}
		}
	}
	keep(u.Body, u.Fields.WorkingOn, u.Fields.Data.Steps)
	for _, r := range u.Revisions {
		keep(r.Was, r.Now)
		held[r.Reason], held[string(r.By)] = true, true
	}
	for _, b := range u.Blackouts {
		held[b.Note], held[string(b.By)] = true, true
	}
	return func(words string) bool { return held[words] }
}

// OfPromise is what became of a promise by now: made, missed, kept or withdrawn. on is empty where it is on no incident.
func OfPromise(on id.Code, p promise.Promise, now time.Time) (all []Fact) {
	at := func(k Kind, at time.Time, says map[string]string, hides map[string]string) {
		says["promise"], says["incident"], says["kind"] = string(p.ID), string(on), string(p.Kind)
		all = append(all, Fact{Key: string(k) + " " + string(p.ID), Kind: k, At: at, About: string(p.ID), Says: says, Hides: hides})
	}
	at(Made, p.MadeAt, map[string]string{"due_at": Instant(p.DueAt)}, map[string]string{"promiser": string(p.Promiser), "said": p.Text})
	if p.Late(now) > 0 {
		at(Missed, p.DueAt, map[string]string{"due_at": Instant(p.DueAt)}, nil)
	}
	switch {
	case !p.KeptAt.IsZero():
		at(Kept, p.KeptAt, map[string]string{"due_at": Instant(p.DueAt)}, nil)
		if p.Automatic { // known only once the update that kept it is there
			at(Automatic, p.KeptAt, map[string]string{}, nil)
		}
	case !p.WithdrawnAt.IsZero():
		at(Withdrawn, p.WithdrawnAt, map[string]string{"due_at": Instant(p.DueAt)}, nil)
	}
	return all
}

// OfInterval is a component's status from an instant on, until the next one says otherwise. on is empty where no public incident caused it.
func OfInterval(of id.Code, on id.Code, i component.Interval) Fact {
	key := "interval " + string(of) + " " + Instant(i.From) + " " + string(i.Status)
	if !i.To.IsZero() {
		key += " " + Instant(i.To)
	}
	return Fact{
		Key: key, Kind: Interval, At: i.From,
		Says: map[string]string{
			"component": string(of), "incident": string(on), "status": string(i.Status), "from": Instant(i.From), "to": Instant(i.To),
		},
	}
}

// OfCoverage is how many of an incident's customers know, in the words the page shows: counts or a share.
func OfCoverage(on id.Code, at time.Time, figures map[string]int64) Fact {
	says := map[string]string{"incident": string(on)}
	for name, n := range figures {
		says[name] = strconv.FormatInt(n, 10)
	}
	return Fact{Key: "coverage " + string(on) + " " + Instant(at), Kind: Coverage, At: at, Says: says}
}

// OfAudit is the head of the private log of staff's acts: published, it binds us without telling anybody what the acts were.
func OfAudit(h Head, at time.Time) Fact {
	return Fact{
		Key: "audit " + strconv.FormatInt(h.Size, 10), Kind: Audited, At: at,
		Says: map[string]string{"size": strconv.FormatInt(h.Size, 10), "root": h.Root.String()},
	}
}

// AuditHead is the head that an entry of OfAudit shows.
func AuditHead(entry []byte) (h Head, err error) {
	e, err := Read(entry)
	if err != nil {
		return h, err
	}
	if h.Size, err = strconv.ParseInt(e.Says["size"], 10, 64); err != nil {
		return h, err
	}
	h.Root, err = tlog.ParseHash(e.Says["root"])
	return h, err
}

// texts seals each language of a text under a name of its own, so that one can be erased and the others stay.
func texts(hides map[string]string, name string, t lang.Text) {
	for tag, words := range t {
		hides[name+"."+string(tag)] = words
	}
}

func claim(is bool) string {
	if is {
		return "yes"
	}
	return ""
}
