package staff

// A Route is one way into the house and what it takes to go through. Each face lists its routes in one table; the table of who gets which
// answer where is a golden file made from them, so a route nobody thought about fails the build (V21, V22).
type Route struct {
	Pattern string // as net/http writes it: "POST /console/incidents/{id}/updates"
	Needs   Right  // of the actor; ignored when Open
	Open    bool   // for everybody, without signing in
}
