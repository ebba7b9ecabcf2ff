package playbook

// A CadenceSource is one of those the usual intervals are drawn from, with what it says in minutes.
type CadenceSource struct{ Name, Says string }

// CadenceSources are shown beside the intervals, so that whoever changes them knows what they leave.
var CadenceSources = []CadenceSource{
	{"Boomi", "every 15 minutes while customers cannot earn; “still working on it” counts, and every update says when the next one comes"},
	{"GitLab, communications manager’s handbook", "severity 1: 10, 10, 30 (investigating, identified, monitoring); severity 2: 15, 30, 60; 3 and 4: 15, 30, 60; longer if the update says so"},
	{"PagerDuty, external communication", "a first word within 5, its scope 5 later, then at least every 20 for two hours; later less often, always naming the next"},
	{"statuspage.me", "major 10 to 15, partial 15 to 30, minor 30 to 60"},
	{"statuspageone.com", "critical 5 to 10 at first, then 15, after an hour 30; major 15 at first, then 30 to 60"},
	{"stillonline.tech", "a first word within 5, then every 15"},
	{"kamikazeadmin.net", "priority 1: 60; priority 2: 120"},
	{"Heroku, Basecamp, incident.io, GOV.UK", "not found"},
}
