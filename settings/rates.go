package settings

import (
	"candor/audience"
	"candor/problem"
)

// Rates are how many messages a second may leave by a channel, by all nodes together. A channel that is not there goes as fast as its
// receivers let it. Text messages have a pace for each provider instead.
type Rates map[string]int

const fastest = 100_000

func (r Rates) check() (wrong problem.List) {
	for channel, second := range r {
		switch channel {
		case audience.Email, audience.Push, audience.Webhook, audience.Chat:
		default:
			wrong.Add(problem.Field("rates", "problem.choice"))
			continue
		}
		if second < 1 || second > fastest {
			wrong.Add(problem.Field("rates."+channel, "problem.rate", "most", fastest))
		}
	}
	return wrong
}
