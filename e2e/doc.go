// Package e2e drives a running Candor with a real Chromium, the way a newcomer, a visitor in a hurry and a communicator at 3 a.m. do.
//
// It starts the program that users start, from an empty database or as the demo, and looks at every page: what it says, whether everybody
// can read it (axe-core), whether it is valid, what it weighs, whom it asks. The browser is found or installed by scripts/browser; without
// one the tests skip aloud, and with CI=true they fail. Pictures of what was seen are left in e2e/shots.
package e2e
