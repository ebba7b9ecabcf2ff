package settings

import "candor/problem"

// Asking says whether people may ask to be called: on their own page, or by leaving a number.
type Asking string

const (
	AskingIfStaffed Asking = "" // while somebody of ours may make calls
	AskingOn        Asking = "on"
	AskingOff       Asking = "off"
)

// Askings in the order the console offers them.
var Askings = [...]Asking{AskingIfStaffed, AskingOn, AskingOff}

// Open decides whether the page offers it. staffed says that somebody of ours may make calls.
func (a Asking) Open(staffed bool) bool { return a == AskingOn || a == AskingIfStaffed && staffed }

func (a Asking) check() *problem.Problem {
	for _, known := range Askings {
		if a == known {
			return nil
		}
	}
	return problem.Field("call_requests", "problem.choice")
}
