package console

import (
	"slices"
	"strconv"
	"time"

	"candor/incident"
	"candor/settings"
)

// An approvalView is which words need a second person, as the settings show it.
type approvalView struct {
	Kinds, Impacts []option
	Hold           input
	Fault          fault
}

func viewApproval(s shell, a settings.Approval) (v approvalView) {
	for _, kind := range incident.Kinds {
		v.Kinds = append(v.Kinds, option{string(kind), s.KindWord(kind), slices.Contains(a.Kinds, kind)})
	}
	for _, impact := range slices.Backward(incident.Impacts[:]) {
		v.Impacts = append(v.Impacts, option{string(impact), s.ImpactWord(impact), slices.Contains(a.Impacts, impact)})
	}
	v.Hold = s.input("approval.hold", "number", "Minutes before the promised time at which the holding update goes out by itself",
		"If nobody has answered. 0: never", strconv.Itoa(int(a.Hold/time.Minute)))
	v.Fault = s.Err("approval.kinds")
	return v
}

// chooseApproval reads what was ticked. A form that does not ask for it changes nothing.
func chooseApproval(in *form, before settings.Approval) settings.Approval {
	if !in.checked("approval") {
		return before
	}
	a := settings.Approval{Hold: time.Duration(in.whole("approval.hold")) * time.Minute}
	for _, kind := range in.all("approval.kind[]") {
		a.Kinds = append(a.Kinds, incident.Kind(kind))
	}
	for _, impact := range in.all("approval.impact[]") {
		a.Impacts = append(a.Impacts, incident.Impact(impact))
	}
	return a
}
