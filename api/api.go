// Package api is Candor for programs: everything the console can do, as JSON, and the intake of alerts.
//
// An on-call tool opens an incident with it, a script posts the holding update, Alertmanager opens a draft. Requests carry a token
// (`Authorization: Bearer cnd_…`) that acts as its person within its scopes. Errors are problem+json (RFC 9457) with a sentence for each
// field. A POST with an Idempotency-Key may be repeated: the answer is the first one's. The document of all of it is served as OpenAPI 3.1
// at /api/v1/openapi.json.
package api

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"candor/desk"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// API is the face for programs.
type API struct {
	db     *store.DB
	desk   *desk.Desk
	base   *url.URL
	log    *slog.Logger
	huma   huma.API
	mux    *http.ServeMux
	routes []staff.Route
	served func() http.Handler

	importing chan struct{} // bounds how many files are taken in at once (B12)
}

// New builds the face. Its operations and their document wait for the first request: they are a fifth of what a calm Candor holds, and many
// a company has no program that asks.
func New(db *store.DB, d *desk.Desk, base *url.URL, log *slog.Logger) *API {
	a := &API{db: db, desk: d, base: base, log: log, importing: make(chan struct{}, 2)}
	a.served = sync.OnceValue(a.serve)
	return a
}

func (a *API) serve() http.Handler {
	a.mux = http.NewServeMux()
	config := huma.DefaultConfig("Candor", "1")
	config.OpenAPIPath = "/api/v1/openapi"
	config.DocsPath = ""    // the usual renderers load scripts from elsewhere
	config.SchemasPath = "" // the document holds them
	config.CreateHooks = nil
	config.Formats = shallowFormats(config.Formats)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	config.Info.Description = "Everything the console can do. Instants are RFC 3339; texts are objects of language to text; Markdown where said."
	config.Servers = []*huma.Server{{URL: a.base.String()}}
	a.huma = humago.New(a.mux, config)
	a.register()
	return headers(a.nowhere(a.authenticate(a.idempotent(a.mux))))
}

// Routes lists every way in.
func (a *API) Routes() []staff.Route {
	a.served()
	return append([]staff.Route{
		{Pattern: "GET /api/v1/openapi.json", Open: true},
		{Pattern: "GET /api/v1/openapi.yaml", Open: true},
	}, a.routes...)
}

// Handler serves /api/v1/.
func (a *API) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.served().ServeHTTP(w, r) })
}

func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

// authenticate finds out who acts. Nobody is refused here: each route knows what it needs.
func (a *API) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if secret != "" && strings.EqualFold(scheme, "Bearer") {
			actor, err := a.desk.ByToken(r.Context(), secret)
			switch {
			case err == nil:
				actor.IP, _, _ = net.SplitHostPort(r.RemoteAddr)
				r = r.WithContext(staff.As(r.Context(), actor))
			case len(problem.All(err)) == 0:
				a.log.Error("authenticate a token", "err", err)
				answer(w, problem.New(problem.Unavailable, "problem.unavailable"))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// An operation is one route: its pattern, its name in the document, and what it needs.
type operation struct {
	pattern string // "POST /api/v1/incidents"
	name    string
	summary string
	needs   staff.Right
	status  int // of success; 200 if zero
}

func add[I, O any](a *API, op operation, handle func(context.Context, *I) (*O, error)) {
	huma.Register(a.huma, a.described(op), func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, a.refusal(op, err)
		}
		return out, nil
	})
}

// described is an operation as huma knows it, and in the list of routes. It stands apart from add, of which the program has one for each
// operation.
func (a *API) described(op operation) huma.Operation {
	method, path, _ := strings.Cut(op.pattern, " ")
	a.routes = append(a.routes, staff.Route{Pattern: op.pattern, Needs: op.needs})
	return huma.Operation{
		OperationID: op.name, Method: method, Path: path, Summary: op.summary, DefaultStatus: op.status,
		Security:     []map[string][]string{{"token": {string(op.needs)}}},
		MaxBodyBytes: maxBody,
		Errors:       []int{401, 403, 404, 409, 422, 429},
		Middlewares:  huma.Middlewares{admit(op.needs)},
	}
}

// admit refuses before anybody reads what was sent: who may not do a thing is not told how it is done (V21), and no stranger's body is
// parsed.
func admit(needs staff.Right) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if refused := allowed(ctx.Context(), needs); refused != nil {
			_, w := humago.Unwrap(ctx)
			answer(w, refused)
			return
		}
		next(ctx)
	}
}

func allowed(ctx context.Context, needs staff.Right) *problem.Problem {
	actor := staff.Acting(ctx)
	switch {
	case actor.Token == "":
		return problem.New(problem.Unauthenticated, "problem.token")
	case !actor.May(needs):
		return problem.New(problem.Forbidden, "problem.scope", "scope", string(needs))
	}
	return nil
}
