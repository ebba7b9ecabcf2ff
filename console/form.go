package console

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"candor/id"
	"candor/lang"
	"candor/problem"
)

// A form is what was typed, and what of it cannot be used.
type form struct {
	r      *http.Request
	zone   *time.Location
	faults problem.List
}

// parseForm reads a posted form, pictures included, before anybody looks at it.
func parseForm(r *http.Request) error {
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(maxForm)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		return unreadable(err)
	}
	return nil
}

// typed is the form of a request whose body parseForm has read.
func typed(r *http.Request, zone *time.Location) *form { return &form{r: r, zone: zone} }

func unreadable(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return problem.New(problem.Invalid, "problem.form")
}

func (f *form) text(name string) string { return strings.TrimSpace(f.r.PostFormValue(name)) }

// lines keeps a textarea's line ends as one sort.
func lines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

func (f *form) checked(name string) bool { return f.r.PostFormValue(name) == "1" }

func (f *form) all(name string) []string { return f.r.PostForm[name] }

// texts is one text per language, from fields named "<name>.<tag>".
func (f *form) texts(name string) lang.Text {
	t := lang.Text{}
	for _, tag := range lang.All() {
		if s := strings.TrimSpace(lines(f.r.PostFormValue(name + "." + string(tag)))); s != "" {
			t[tag] = s
		}
	}
	return t
}

// whole is a whole number; empty is zero.
func (f *form) whole(name string) int {
	typed := f.text(name)
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < 0 || n > 1_000_000 {
		f.faults.Add(problem.Field(name, "problem.number", "typed", typed))
		return 0
	}
	return n
}

// components named by the checked boxes of name.
func (f *form) components(name string) (all []id.Component) {
	for _, typed := range f.all(name) {
		if c, err := id.Parse[id.Component](typed); err == nil {
			all = append(all, c)
		}
	}
	return all
}

// person named in a select; none if it is not one.
func (f *form) person(name string) id.Person {
	p, err := id.Parse[id.Person](f.text(name))
	if err != nil {
		return ""
	}
	return p
}

// file is an uploaded picture, nil if none was chosen.
func (f *form) file(name string) ([]byte, error) {
	if f.r.MultipartForm == nil || len(f.r.MultipartForm.File[name]) == 0 {
		return nil, nil
	}
	part, err := f.r.MultipartForm.File[name][0].Open()
	if err != nil {
		return nil, err
	}
	defer part.Close()
	body := make([]byte, f.r.MultipartForm.File[name][0].Size)
	if len(body) == 0 {
		return nil, nil
	}
	if _, err := io.ReadFull(part, body); err != nil {
		return nil, err
	}
	return body, nil
}

// splitLines are the lines of a textarea that say something.
func splitLines(s string) (all []string) {
	for line := range strings.SplitSeq(lines(s), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
