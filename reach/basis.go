package reach

import "candor/incident"

// BasisOf is by what right customers are told of an incident as it stands. Planned work and trouble that harms nobody are nice to know:
// they never ring at night, and nobody is called because a mail about them came back.
func BasisOf(i incident.Incident, said incident.Fields) Basis {
	switch {
	case i.Kind == incident.Data || i.Kind == incident.Security || said.Data.Harmed():
		return ForDataSafety
	case i.Kind == incident.Maintenance || i.Impact == incident.ImpactNone:
		return Optional
	}
	return ForService
}
