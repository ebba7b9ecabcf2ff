package reach

import (
	"encoding/json"
	"strings"

	"candor/audience"
)

// A cloud's mail service (Amazon SES) reports in JSON, sent as mail to whoever has not set up anything better.
type cloudReport struct {
	NotificationType, EventType string
	Bounce                      struct {
		BounceType        string
		BouncedRecipients []struct{ EmailAddress, Action, Status, DiagnosticCode string }
	}
	Complaint struct {
		ComplainedRecipients []struct{ EmailAddress string }
	}
}

// json reads such a report.
func (e *evidence) json() (all []Returned) {
	for _, text := range e.texts {
		at := strings.IndexByte(text, '{')
		if at < 0 || !strings.Contains(text, `"notificationType"`) && !strings.Contains(text, `"eventType"`) {
			continue
		}
		var r cloudReport
		if json.NewDecoder(strings.NewReader(text[at:])).Decode(&r) != nil {
			continue
		}
		for _, c := range r.Complaint.ComplainedRecipients {
			all = append(all, e.complained(addressesIn(c.EmailAddress), BounceComplaint, ReasonComplained)...)
		}
		for _, b := range r.Bounce.BouncedRecipients {
			said := statement{status: enhancedIn(b.Status), text: b.DiagnosticCode}
			said.code, said.detail = codesIn(said.text)
			x := Returned{Address: audience.Address(firstAddress(b.EmailAddress))}
			x.Class, x.Status, x.Reason = said.judge("")
			if x.Class == BounceUnknown && strings.EqualFold(r.Bounce.BounceType, "transient") {
				x.Class = BounceSoft
			}
			all = append(all, x)
		}
	}
	return all
}
