package staff

import "slices"

// A Role is a set of rights with a name a company uses.
type Role string

const (
	Owner        Role = "owner"        // everything, people and settings included
	Communicator Role = "communicator" // declares, posts, resolves
	Agent        Role = "agent"        // works the call list
	Finance      Role = "finance"      // approves money
	Viewer       Role = "viewer"       // looks
)

// Roles in the order the console offers them.
var Roles = [...]Role{Owner, Communicator, Agent, Finance, Viewer}

// A Right is one thing a person or a token may do. Token scopes are rights too, so that there is one vocabulary.
type Right string

const (
	Look        Right = "read"        // see the console and read the API
	Say         Right = "incidents"   // declare, post, correct, resolve; components' status
	Reach       Right = "subscribers" // see and manage subscribers, deliveries and retries
	Know        Right = "customers"   // see customers, what they use and where they can be reached
	Telephone   Right = "calls"       // work the call list
	Enlist      Right = "import"      // import, change and erase customers
	Pay         Right = "credits"     // keep contract terms; draft, approve, offer and book what customers are owed
	Arrange     Right = "components"  // the tree of components
	ManageStaff Right = "people"      // people, their roles and everybody's tokens
	Configure   Right = "settings"    // company settings
	Alert       Right = "alerts"      // send alerts in; alone, it reads nothing
)

// Rights a token can be given, in the order the console offers them.
var Rights = [...]Right{Look, Say, Reach, Know, Telephone, Enlist, Pay, Arrange, Configure, ManageStaff, Alert}

// rights is the only table of who may do what.
var rights = map[Role][]Right{
	Owner:        Rights[:],
	Communicator: {Look, Say, Reach, Know, Telephone, Enlist, Arrange, Alert},
	Agent:        {Look, Reach, Know, Telephone},
	Finance:      {Look, Know, Pay},
	Viewer:       {Look},
}

// May reports whether one of the roles grants the right.
func May(roles []Role, r Right) bool {
	return slices.ContainsFunc(roles, func(role Role) bool { return slices.Contains(rights[role], r) })
}
