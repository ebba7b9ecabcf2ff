package api

import (
	"context"
	"time"

	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

type person struct {
	ID          id.Person    `json:"id"`
	Name        string       `json:"name"`
	Title       lang.Text    `json:"title,omitempty"`
	PublicMail  string       `json:"public_mail,omitempty"`
	PublicPhone string       `json:"public_phone,omitempty"`
	Language    lang.Tag     `json:"language"`
	Roles       []staff.Role `json:"roles"`
	DisabledAt  time.Time    `json:"disabled_at,omitzero"`
}

func shapePerson(p staff.Person) person {
	return person{
		ID: p.ID, Name: p.Name, Title: p.Title, PublicMail: p.PublicMail, PublicPhone: p.PublicPhone, Language: p.Language,
		Roles: p.Roles, DisabledAt: p.DisabledAt,
	}
}

type personList struct {
	Body struct {
		People []person `json:"people"`
	}
}

func (a *API) listPeople(ctx context.Context, _ *struct{}) (*personList, error) {
	out := &personList{}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.People.All(ctx)
		out.Body.People = []person{}
		for _, p := range all {
			out.Body.People = append(out.Body.People, shapePerson(p))
		}
		return err
	})
	return out, err
}

// PersonForm is what a program may decide about a person.
type PersonForm struct {
	Name        string       `json:"name" maxLength:"100"`
	Title       lang.Text    `json:"title,omitempty"`
	PublicMail  string       `json:"public_mail,omitempty" maxLength:"254"`
	PublicPhone string       `json:"public_phone,omitempty" maxLength:"40"`
	Mail        string       `json:"mail" maxLength:"254" doc:"For signing in and reminders; never shown to customers"`
	Language    lang.Tag     `json:"language,omitempty"`
	Roles       []staff.Role `json:"roles"`
	Photo       []byte       `json:"photo,omitempty" doc:"PNG, JPEG, GIF or WebP, base64; re-encoded"`
	Mobile      *string      `json:"mobile,omitempty" maxLength:"40" doc:"For calling in, with country code; left out: as it is"`
	Under       *id.Person   `json:"called_in_by,omitempty" maxLength:"40" doc:"Their place in the tree; left out with deputy: as it is"`
	Deputy      *id.Person   `json:"deputy,omitempty" maxLength:"40" doc:"Takes over their branch if they do not answer"`
	Password    string       `json:"password,omitempty" maxLength:"128" doc:"Left out: the person is mailed an invitation"`
}

func (f PersonForm) plain() desk.PersonForm {
	form := desk.PersonForm{
		Name: f.Name, Title: f.Title, PublicMail: f.PublicMail, PublicPhone: f.PublicPhone, Mail: f.Mail, Language: f.Language,
		Roles: f.Roles, Photo: f.Photo, Password: f.Password, Mobile: f.Mobile,
	}
	if f.Under != nil || f.Deputy != nil {
		form.Tree = &staff.Place{}
		if f.Under != nil {
			form.Tree.Under = *f.Under
		}
		if f.Deputy != nil {
			form.Tree.Deputy = *f.Deputy
		}
	}
	return form
}

type addPerson struct {
	Body PersonForm
}

type personBody struct {
	Body person
}

func (a *API) addPerson(ctx context.Context, in *addPerson) (*personBody, error) {
	p, err := a.desk.AddPerson(ctx, in.Body.plain())
	return &personBody{shapePerson(p)}, err
}

// PersonPath names a person.
type PersonPath struct {
	ID id.Person `path:"id" doc:"per_…" maxLength:"40"`
}

type changePerson struct {
	PersonPath
	Body PersonForm
}

func (a *API) changePerson(ctx context.Context, in *changePerson) (*struct{}, error) {
	return nil, a.desk.ChangePerson(ctx, in.ID, in.Body.plain())
}

func (a *API) disablePerson(ctx context.Context, in *PersonPath) (*struct{}, error) {
	return nil, a.desk.DisablePerson(ctx, in.ID)
}

func (a *API) enablePerson(ctx context.Context, in *PersonPath) (*struct{}, error) {
	return nil, a.desk.EnablePerson(ctx, in.ID)
}

// resetLink mails the link and answers nothing: whoever holds it is that person.
func (a *API) resetLink(ctx context.Context, in *PersonPath) (*struct{}, error) {
	_, err := a.desk.ResetLink(ctx, in.ID)
	return nil, err
}

type token struct {
	ID        id.Token      `json:"id"`
	Name      string        `json:"name"`
	Person    id.Person     `json:"person"`
	Scopes    []staff.Right `json:"scopes"`
	CreatedAt time.Time     `json:"created_at"`
	SeenAt    time.Time     `json:"seen_at,omitzero"`
	RevokedAt time.Time     `json:"revoked_at,omitzero"`
	Secret    string        `json:"secret,omitempty" doc:"Answered once, when it is made"`
}

func shapeToken(t staff.Token) token {
	return token{ID: t.ID, Name: t.Name, Person: t.Person, Scopes: t.Scopes, CreatedAt: t.CreatedAt, SeenAt: t.SeenAt, RevokedAt: t.RevokedAt}
}

type listTokens struct {
	After id.Token `query:"after" maxLength:"40"`
	Limit int      `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type tokenList struct {
	Body struct {
		Tokens []token `json:"tokens"`
	}
}

func (a *API) listTokens(ctx context.Context, in *listTokens) (*tokenList, error) {
	out := &tokenList{}
	if _, err := id.Parse[id.Token](string(in.After)); err != nil && in.After != "" {
		return nil, problem.New(problem.NotFound, "problem.not_found") // a keyset would go on after anything (V1)
	}
	err := a.db.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Tokens.All(ctx, in.After, in.Limit)
		out.Body.Tokens = []token{}
		for _, t := range all {
			out.Body.Tokens = append(out.Body.Tokens, shapeToken(t))
		}
		return err
	})
	return out, err
}

type addToken struct {
	Body struct {
		Name   string        `json:"name" minLength:"1" maxLength:"100"`
		Scopes []staff.Right `json:"scopes" minItems:"1"`
	}
}

type tokenBody struct {
	Body token
}

func (a *API) addToken(ctx context.Context, in *addToken) (*tokenBody, error) {
	secret, t, err := a.desk.AddToken(ctx, in.Body.Name, in.Body.Scopes)
	out := &tokenBody{shapeToken(t)}
	out.Body.Secret = secret
	return out, err
}

type tokenPath struct {
	ID id.Token `path:"id" doc:"tok_…" maxLength:"40"`
}

func (a *API) revokeToken(ctx context.Context, in *tokenPath) (*struct{}, error) {
	return nil, a.desk.RevokeToken(ctx, in.ID)
}
