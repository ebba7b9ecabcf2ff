package site

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"path"
)

//go:embed templates/*.html
var templateFiles embed.FS

// templates are every page, parsed once at start: one that does not parse is a broken build.
type templates struct{ all *template.Template }

func parseTemplates() *templates {
	t := template.New("").Option("missingkey=error")
	return &templates{all: template.Must(t.ParseFS(templateFiles, "templates/*.html"))}
}

func (t *templates) execute(name string, page any) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(48 << 10)
	if err := t.all.ExecuteTemplate(&b, name, page); err != nil {
		return nil, fmt.Errorf("template %s: %w", path.Base(name), err)
	}
	return b.Bytes(), nil
}
