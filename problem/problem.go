// Package problem holds the errors a person may see.
//
// Whoever typed something wrong is owed a sentence in their language that says what to do, next to the field it concerns. A problem names
// that sentence by its catalogue key; faces turn its kind into a status and its key into words. Every other error is internal and is
// logged, never shown.
package problem

import (
	"errors"
	"fmt"
	"strings"
)

// A Kind decides the HTTP status and the exit code, nothing else.
type Kind string

const (
	Invalid         Kind = "invalid"         // 422: what was typed cannot be used
	Unauthenticated Kind = "unauthenticated" // 401: sign in first
	Forbidden       Kind = "forbidden"       // 403: signed in, but this is not yours to do
	NotFound        Kind = "not_found"       // 404
	Conflict        Kind = "conflict"        // 409: somebody or something was there first
	Gone            Kind = "gone"            // 410: used or expired
	TooLarge        Kind = "too_large"       // 413
	TooMany         Kind = "too_many"        // 429: try again later
	Unavailable     Kind = "unavailable"     // 503: not now, and not your fault
)

// A Problem is one thing a person can put right. Args alternate name and value, as the catalogue takes them.
type Problem struct {
	Kind  Kind
	Key   string
	Field string // the form field or JSON pointer it concerns; empty for the whole
	Args  []any
}

// New makes a problem that concerns the whole request.
func New(kind Kind, key string, args ...any) *Problem {
	return &Problem{Kind: kind, Key: key, Args: args}
}

// Field makes an Invalid problem that concerns one field.
func Field(field, key string, args ...any) *Problem {
	return &Problem{Kind: Invalid, Key: key, Field: field, Args: args}
}

// Error is for logs: no argument is printed, since arguments may hold what a person typed.
func (p *Problem) Error() string {
	if p.Field == "" {
		return fmt.Sprintf("%s: %s", p.Kind, p.Key)
	}
	return fmt.Sprintf("%s: %s (%s)", p.Kind, p.Key, p.Field)
}

// List is several problems at once, so that a form is refused once and not field by field.
type List []*Problem

func (l List) Error() string {
	said := make([]string, len(l))
	for i, p := range l {
		said[i] = p.Error()
	}
	return strings.Join(said, "; ")
}

// Add appends p unless it is nil, so that checks read as a column.
func (l *List) Add(p *Problem) {
	if p != nil {
		*l = append(*l, p)
	}
}

// Err is l as an error, nil when nothing is wrong.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// All finds the problems in err's chain: none means that err is internal.
func All(err error) List {
	var list List
	if errors.As(err, &list) {
		return list
	}
	var one *Problem
	if errors.As(err, &one) {
		return List{one}
	}
	return nil
}

// Is reports whether err holds a problem of this kind.
func Is(err error, kind Kind) bool {
	for _, p := range All(err) {
		if p.Kind == kind {
			return true
		}
	}
	return false
}
