package api

import (
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"candor/lang"
	"candor/problem"
	"candor/store"
)

// refusal turns an act's error into problem+json. Programs are answered in English, as the document is.
func (a *API) refusal(op operation, err error) error {
	if problems := problem.All(err); len(problems) > 0 {
		return model(problems)
	}
	if errors.Is(err, store.ErrNotFound) {
		return model(problem.List{problem.New(problem.NotFound, "problem.not_found")})
	}
	a.log.Error("api "+op.name, "err", err)
	return model(problem.List{problem.New(problem.Unavailable, "problem.unavailable")})
}

func model(problems problem.List) *huma.ErrorModel {
	words := lang.For(lang.English)
	first := problems[0]
	m := &huma.ErrorModel{Status: first.Kind.Status(), Title: http.StatusText(first.Kind.Status()), Detail: words.T(first.Key, first.Args...)}
	for _, p := range problems {
		if p.Field != "" {
			m.Errors = append(m.Errors, &huma.ErrorDetail{Location: "body." + p.Field, Message: words.T(p.Key, p.Args...)})
		}
	}
	return m
}

// answer writes a refusal where no operation is running yet.
func answer(w http.ResponseWriter, p *problem.Problem) { write(w, model(problem.List{p})) }
