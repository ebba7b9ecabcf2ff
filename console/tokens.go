package console

import (
	"context"
	"net/http"
	"slices"

	"candor/id"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// A tokensPage lists what lets programs act.
type tokensPage struct {
	shell
	Tokens    []staff.Token
	Secret    string // shown once
	NameInput input
	Scopes    []option
}

var scopeWords = map[staff.Right]string{
	staff.Look: "read: see the console’s facts", staff.Say: "incidents: declare, post, resolve", staff.Reach: "subscribers: see and manage",
	staff.Telephone: "calls: work the call list",
	staff.Know:      "customers: see them and where they are reached", staff.Enlist: "import: import, change and erase customers",
	staff.Pay:     "credits: approve, offer and book what customers are owed",
	staff.Arrange: "components: change the tree", staff.Configure: "settings: change them", staff.ManageStaff: "people: manage them",
	staff.Alert: "alerts: send alerts in, and nothing else",
}

func (f *Face) showTokens(w http.ResponseWriter, r *http.Request) error {
	secret := ""
	if c, err := r.Cookie(f.flashName()); err == nil {
		secret = c.Value
		http.SetCookie(w, f.flash("", -1))
	}
	return f.renderTokens(w, r, http.StatusOK, secret, nil)
}

func (f *Face) renderTokens(w http.ResponseWriter, r *http.Request, status int, secret string, faults problem.List) error {
	p := tokensPage{Secret: secret}
	s, err := f.frame(r, "Tokens", "", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if s.May(string(staff.ManageStaff)) {
			p.Tokens, err = tx.Tokens.All(ctx, "", 500)
		} else {
			p.Tokens, err = tx.Tokens.Of(ctx, s.Actor.Person.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	p.shell = s.asTyped(r, faults)
	p.NameInput = p.input("name", "text", "Name", "What uses it: “Alertmanager”", "")
	for _, right := range staff.Rights {
		if s.Actor.May(right) {
			p.Scopes = append(p.Scopes, option{Value: string(right), Word: scopeWords[right], Chosen: slices.Contains(r.PostForm["scope[]"], string(right))})
		}
	}
	return f.render(w, status, "tokens", p)
}

// postToken hands the secret to the next page in a cookie that lives for a minute: the page can be reloaded, the secret is in no address,
// no log and no history.
func (f *Face) postToken(w http.ResponseWriter, r *http.Request) error {
	in := typed(r, nil)
	var scopes []staff.Right
	for _, scope := range in.all("scope[]") {
		scopes = append(scopes, staff.Right(scope))
	}
	secret, _, err := f.desk.AddToken(r.Context(), in.text("name"), scopes)
	if refusals := ofForm(err); refusals != nil {
		return f.renderTokens(w, r, http.StatusUnprocessableEntity, "", refusals)
	}
	if err != nil {
		return err
	}
	http.SetCookie(w, f.flash(secret, 60))
	return back(w, r, "/console/tokens")
}

func (f *Face) flashName() string {
	if f.https() {
		return "__Secure-candor-once"
	}
	return "candor-once"
}

func (f *Face) flash(secret string, seconds int) *http.Cookie {
	return &http.Cookie{
		Name: f.flashName(), Value: secret, Path: "/console/tokens", MaxAge: seconds, HttpOnly: true, Secure: f.https(),
		SameSite: http.SameSiteStrictMode,
	}
}

func (f *Face) postRevoke(w http.ResponseWriter, r *http.Request) error {
	t, err := id.Parse[id.Token](r.PathValue("token"))
	if err != nil {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	if err := f.desk.RevokeToken(r.Context(), t); err != nil {
		return err
	}
	return back(w, r, "/console/tokens?done=revoked")
}
