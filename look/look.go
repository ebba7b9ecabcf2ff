// Package look is what every page of Candor has in common to the eye: the type, the colours, the marks.
//
// A customer who comes from a mail to the page, and a communicator who comes from the page to the desk, should see that one house speaks.
// The public page loads CSS alone; the desk loads its own sheet after it. A status is never colour alone: Marks holds one outline per
// status, named mark-<status> after the stored value, so that a template maps nothing.
package look

import _ "embed"

// CSS is the sheet under every page.
//
//go:embed candor.css
var CSS []byte

// Marks is the inline SVG that holds the outlines of statuses and promises; a page prints it once, at the start of its body.
//
//go:embed marks.svg
var Marks string
