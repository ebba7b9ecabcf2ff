package app

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"candor/component"
	"candor/desk"
	"candor/duty"
	"candor/incident"
	"candor/lang"
	"candor/record/verify"
	"candor/staff"
	"candor/store/storetest"
)

// A recorded house has spoken: an outage in two languages, a correction, an end, and a second incident, all with their numbers.
type recorded struct {
	*house
	url    string
	bad    incident.Incident
	first  incident.Update
	second incident.Incident

	resigned string
}

func newRecorded(t testing.TB, url string) *recorded {
	t.Helper()
	r := &recorded{house: openHouse(t, url).settle(), url: url}
	var err error
	r.bad, r.first, err = r.desk.Declare(r.as(staff.Owner), desk.Declaration{
		Visibility: incident.Public, Title: lang.Text{"en": "The shop is down", "de": "Der Laden ist zu"},
		First: desk.Word{
			Body:     lang.Text{"en": "The **shop** is down. See [our plan](https://plan.example/x).", "de": "Der **Laden** ist zu."},
			Affected: []incident.Affected{{Component: r.shop.ID, Status: component.MajorOutage}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	r.must(r.desk.Correct(r.as(staff.Owner), r.first.ID, desk.Correction{Body: lang.Text{"en": "The shop and its pay desk are down."}, Reason: "We had left the pay desk out."}))
	r.post(r.bad, incident.Resolved, "It works again. We are sorry.")
	r.second, _ = r.declare(incident.Public, "Mail is slow", r.mail)
	r.declare(incident.Private, "Nobody is to know", r.mail)
	r.sequence()
	return r
}

func (r *recorded) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *recorded) post(i incident.Incident, status incident.Status, words string) incident.Update {
	r.t.Helper()
	u, err := r.desk.Post(r.as(staff.Owner), i.ID, desk.Word{Status: status, Body: english(words)})
	r.must(err)
	return u
}

// sequence gives what was said its numbers, as duty does within a second. A node looks at most four times in one, so a new one is asked.
func (r *recorded) sequence() {
	r.t.Helper()
	base, err := r.config.base()
	r.must(err)
	_, err = duty.New(duty.Config{DB: r.db, Desk: r.desk, Node: "test", PublicURL: base}).Sequence(r.ctx())
	r.must(err)
}

// source reads the page as anybody does.
func (r *recorded) source(_ context.Context, path string) ([]byte, error) {
	switch w := r.get("/" + path); w.Code {
	case http.StatusOK:
		return w.Body.Bytes(), nil
	case http.StatusNotFound:
		return nil, verify.ErrAbsent
	default:
		return nil, fmt.Errorf("%s answers %d", path, w.Code)
	}
}

func (r *recorded) verify(change ...func(*verify.Task)) verify.Findings {
	r.t.Helper()
	task := verify.Task{Page: r.source, Host: r.host, Workers: 2}
	for _, f := range change {
		f(&task)
	}
	found, err := verify.Run(r.ctx(), task)
	r.must(err)
	return found
}

// differs insists that a look finds the difference, and says where.
func (r *recorded) differs(found verify.Findings, where ...string) {
	r.t.Helper()
	if found.Difference == nil {
		r.t.Errorf("nothing was found, want a difference about %q", where)
		return
	}
	for _, w := range where {
		if !strings.Contains(found.Difference.Error(), w) {
			r.t.Errorf("it says %q, want %q in it", found.Difference, w)
		}
	}
}

func (r *recorded) tamper(statement string, args ...any) {
	r.t.Helper()
	storetest.Tamper(r.t, r.url, statement, args...)
}

func TestWhatThePageShowsIsWhatWasRecorded(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := newRecorded(t, url)
		found := r.verify()
		if found.Difference != nil {
			t.Fatal(found.Difference)
		}
		if found.Incidents != 2 || found.Pages != 2*len(lang.All()) || found.Updates != 3*len(lang.All()) || found.Components != 2 || found.Pending != 0 || found.Size < 12 {
			t.Errorf("it looked at %+v", found)
		}
		r.post(r.second, incident.Identified, "A queue is stuck.")
		r.afresh()
		if found := r.verify(); found.Difference != nil || found.Pending == 0 {
			t.Errorf("of what has no number yet it says %+v, %v", found, found.Difference)
		}
		audit, err := VerifyAudit(t.Context(), url)
		if err != nil || audit.Difference != "" || audit.Lines < 5 {
			t.Errorf("of the audit it says %+v, %v", audit, err)
		}
	})
}
