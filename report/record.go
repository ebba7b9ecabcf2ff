package report

import "time"

// A Standing is how the actions customers may read of stand: "11 of 12 verified".
type Standing struct {
	Made, Open, Late, Done, Verified, Dropped int
}

// Count counts public actions. Done is not verified, and what was dropped stays in the count: dropping does not make a record better.
func Count(all []Action, now time.Time) (s Standing) {
	for _, a := range all {
		if !a.Public() {
			continue
		}
		s.Made++
		switch a.State {
		case Open:
			s.Open++
			if a.Late(now) > 0 {
				s.Late++
			}
		case Done:
			s.Done++
		case Verified:
			s.Verified++
		case Dropped:
			s.Dropped++
		}
	}
	return s
}
