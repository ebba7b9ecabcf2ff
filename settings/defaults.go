package settings

import (
	"time"

	"candor/incident"
	"candor/lang"
)

// Defaults for a company that has not chosen anything. The cadence follows harm: it is the proposal drawn from what Boomi (S1's rule 3),
// GitLab, PagerDuty and others do, see testdata/facts/cadence.json.
func Defaults() Settings {
	const m = time.Minute
	return Settings{
		Languages: lang.All(),
		Zone:      "UTC",
		Remind:    []time.Duration{24 * time.Hour, time.Hour},
		Cadence: Cadence{
			incident.ImpactCritical: {15 * m, 15 * m, 30 * m},
			incident.ImpactMajor:    {15 * m, 30 * m, 60 * m},
			incident.ImpactMinor:    {30 * m, 60 * m, 120 * m},
			incident.ImpactNone:     {30 * m, 60 * m, 120 * m},
		},
		Approval: Approval{Hold: 3 * m},
		Mail:     Mail{Connections: 8},
	}
}
