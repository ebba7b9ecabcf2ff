// Package candor is the house around the packages: it holds nothing itself but the test that keeps their order.
//
// Candor lets a company own an outage in front of its customers: it says what broke, reaches every one of them, says when the next word
// comes and keeps that promise, and leaves a record that nobody can quietly rewrite. Each package below is one room of it; they stand in
// rings, and imports point inward only. docs/architecture.md is the plan, cmd/candor the door, and arch_test.go checks that the two
// still agree.
package candor
