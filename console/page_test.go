package console

import (
	"io"
	"testing"
	"time"

	"candor/lang"
	"candor/settings"
)

// A page with nothing in it is what a newcomer sees first; what a full one says, the other tests read through the handlers.
func TestEveryTemplateSpeaksWhenThereIsNothingYet(t *testing.T) {
	t.Parallel()
	all := parsePages()
	for _, tag := range lang.All() {
		s := shell{Words: lang.For(tag), Zone: time.UTC, Now: time.Date(2026, 11, 22, 15, 4, 0, 0, time.UTC), Company: settings.Defaults()}
		empty := map[string]any{
			"audit": auditPage{shell: s}, "blackout": blackOutPage{shell: s}, "calls": callsPage{shell: s}, "call-in": callInPage{shell: s}, "called-in": calledInPage{shell: s}, "component": componentPage{shell: s},
			"comments": commentsPage{shell: s}, "comment-settings": commentSettingsPage{shell: s},
			"components": componentsPage{shell: s}, "correct": correctPage{shell: s}, "coverage": coveragePage{shell: s}, "customer-story": storyPage{shell: s}, "declare": declarePage{shell: s},
			"customers": customersPage{shell: s}, "customer": customerPage{shell: s}, "customers-import": importPage{shell: s},
			"deadlines": deadlinesPage{shell: s}, "deadlines-all": allDeadlinesPage{shell: s}, "promises": promisesPage{shell: s},
			"facts": factsPage{shell: s}, "failure": failurePage{shell: s}, "template": templatePage{shell: s},
			"history": historyPage{shell: s}, "incident": incidentPage{shell: s}, "ledger": ledgerPage{shell: s}, "letter": letterPage{shell: s},
			"ladder": ladderPage{shell: s}, "reaching": reachingPage{shell: s}, "rooms": roomsPage{shell: s}, "texts": textsPage{shell: s},
			"maintenance": maintenancePage{shell: s}, "mine": minePage{shell: s}, "now": nowPage{shell: s}, "outbox": outboxPage{shell: s},
			"people": peoplePage{shell: s}, "person": personPage{shell: s}, "profile": profilePage{shell: s}, "prove": provePage{shell: s},
			"credits": creditsPage{shell: s}, "credit-run": runPage{shell: s}, "credit-customers": runCustomersPage{shell: s},
			"credit-customer": pencilPage{shell: s}, "offer": offerPage{shell: s}, "objections": objectionsPage{shell: s}, "terms": termsPage{shell: s}, "settings-credits": creditSettingsPage{shell: s},
			"reach": reachPage{shell: s}, "repair": repairPage{shell: s}, "replies": repliesPage{shell: s}, "say": historyPage{shell: s},
			"report": reportPage{shell: s}, "action": actionPage{shell: s}, "action-new": actionPage{shell: s}, "settings-reports": reportSettingsPage{shell: s}, "cause": causePage{shell: s},
			"score": scorePage{shell: s}, "scorecard": scorecardPage{shell: s}, "settings": settingsPage{shell: s},
			"setup": setupPage{shell: s}, "sign-in": signInPage{shell: s}, "subscribers": subscribersPage{shell: s}, "tokens": tokensPage{shell: s},
			"words": wordsPage{shell: s}, "write": writePage{shell: s},
		}
		for name, page := range all {
			if empty[name] == nil {
				t.Fatalf("the page %q is not in this test", name)
			}
			if err := page().ExecuteTemplate(io.Discard, "base", empty[name]); err != nil {
				t.Errorf("%s in %s: %v", name, tag, err)
			}
		}
	}
}
