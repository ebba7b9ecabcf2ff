package console

import (
	"net/url"
	"strings"
	"testing"
)

// From an incident that is over to a published report with an action.
func TestAReportIsWrittenAndPublishedOnceItHasNoHole(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		h.components(t, v, "Mail")
		path := h.declare(t, v, "Mail", "Mail is late. We are on it.")
		v.must(v.post(path+"/updates", url.Values{"body.en": {"It works again."}, "status": {"resolved"}}))
		wantSaid(t, v.get(path+"/report"), "Begin the report")
		v.must(v.post(path+"/report/begin", url.Values{}))
		wantSaid(t, v.get(path+"/report"), "draft, staff only", "Update 1:", "Why could it happen?")
		refused := v.post(path+"/report", url.Values{"version": {"1"}, "act": {"publish"}, "words.summary.en": {"We were down. It was our mistake. […]"}})
		if refused.status != 422 || !strings.Contains(refused.body, "our mistake. […]") {
			t.Errorf("a blank is published: %d", refused.status)
		}
		v.must(v.post(path+"/actions", url.Values{"kind": {"prevent"}, "title.en": {"A larger disk"}}))
		to := v.post(path+"/report", url.Values{
			"version": {"2"}, "act": {"publish"}, "words.summary.en": {"We were down. It was our mistake."}, "words.cause.en": {"A disk was full. That is our responsibility."},
		}).to
		if !strings.Contains(to, "done=report-published") {
			t.Fatalf("publishing led to %q", to)
		}
		wantSaid(t, v.get(path+"/report"), "published", "A larger disk", "Correct it in the open")
	})
}
