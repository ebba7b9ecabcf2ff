package component

// A Rollup is a whole page in one word, as Statuspage's documents say it: from components alone, whatever incidents are open. The page's own
// headline is not this one, see incident.Headline.
type Rollup struct {
	Indicator   string // none, minor, major, critical, maintenance
	Description string // exact English text, which clients compare
}

// RollupOf follows Statuspage's table over the leaves of the public page; the first row that fits wins.
func RollupOf(leaves []Component) Rollup {
	in := map[Status]int{}
	for _, c := range leaves {
		in[c.Status.Statuspage()]++
	}
	switch {
	case len(leaves) > 0 && in[MajorOutage] == len(leaves):
		return Rollup{"critical", "Major Service Outage"}
	case in[MajorOutage] > 0:
		return Rollup{"major", "Partial System Outage"}
	case in[PartialOutage] > 0:
		return Rollup{"minor", "Minor Service Outage"}
	case in[Degraded] > 0:
		return Rollup{"minor", "Partially Degraded Service"}
	case in[Maintenance] > 0:
		return Rollup{"maintenance", "Service Under Maintenance"}
	}
	return Rollup{"none", "All Systems Operational"}
}
