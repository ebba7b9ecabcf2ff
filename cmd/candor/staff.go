package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"

	"candor/desk"
	"candor/lang"
	"candor/staff"
	"candor/store"
)

type staffCommand struct {
	Add staffAdd `cmd:"" help:"Add a person, or make a token for one."`
}

// staffAdd works on the database itself: whoever can read it needs no other proof, and it works before anybody can sign in.
type staffAdd struct {
	Database    string   `default:"${database}" help:"sqlite:PATH or postgres://USER@HOST/DATABASE."`
	Name        string   `env:"-" required:"" help:"The name customers read."`
	Mail        string   `env:"-" required:"" help:"For signing in and reminders; never shown."`
	Title       string   `env:"-" help:"What the person does, in the company's language."`
	PublicMail  string   `env:"-" help:"Mail address shown to customers; it may be a desk that reaches the person."`
	PublicPhone string   `env:"-" help:"Phone number shown to customers."`
	Role        []string `env:"-" enum:"owner,communicator,agent,finance,viewer" default:"communicator" help:"owner, communicator, agent, finance or viewer; repeat it."`
	Password    string   `help:"Better in CANDOR_PASSWORD than in the shell's history. Left out: an invitation link is printed."`
	WithToken   bool     `name:"token" env:"-" help:"Also make an API token with every scope of the person's roles, and print it."`
	JSON        bool     `name:"json" env:"-" help:"Print JSON."`
}

// Help is shown by candor staff add --help.
func (staffAdd) Help() string {
	return `Example:

  CANDOR_PASSWORD='correct horse battery' candor staff add --database sqlite:candor.db \
    --name "Dana Whitfield" --mail dana@example.com --public-mail help@example.com --role owner --token`
}

// Run adds the person.
func (c staffAdd) Run(ctx context.Context, term terminal) error {
	db, err := store.Open(ctx, c.Database)
	if err != nil {
		return err
	}
	d := desk.New(db, &url.URL{Scheme: "http", Host: "localhost"}, nil)
	p, link, secret, err := c.add(ctx, d)
	if err := errors.Join(err, db.Close()); err != nil {
		return said(err)
	}
	if c.JSON {
		return json.NewEncoder(term.out).Encode(map[string]string{"id": string(p.ID), "mail": p.Mail, "token": secret, "invitation": link})
	}
	fmt.Fprintf(term.out, "Added %s, who signs in as %s.\n", p.Name, p.Mail)
	if link != "" {
		fmt.Fprintf(term.out, "They choose a password at %s, under this Candor's address, within a week.\n", link)
	}
	if secret != "" {
		fmt.Fprintf(term.out, "Token, shown this once: %s\n", secret)
	}
	return nil
}

func (c staffAdd) add(ctx context.Context, d *desk.Desk) (p staff.Person, link, secret string, err error) {
	form := desk.PersonForm{
		Name: c.Name, Mail: c.Mail, PublicMail: c.PublicMail, PublicPhone: c.PublicPhone, Password: c.Password, Language: lang.English,
	}
	if c.Title != "" {
		form.Title = lang.Text{lang.English: c.Title}
	}
	for _, r := range c.Role {
		form.Roles = append(form.Roles, staff.Role(r))
	}
	system := staff.As(ctx, staff.Actor{System: "cli " + os.Getenv("USER")})
	if p, err = d.AddPerson(system, form); err != nil {
		return p, "", "", err
	}
	if c.Password == "" {
		if link, err = d.ResetLink(system, p.ID); err != nil {
			return p, "", "", err
		}
	}
	if c.WithToken {
		secret, _, err = d.AddToken(staff.As(ctx, staff.Actor{Person: p}), "candor staff add", scopesOf(p))
	}
	return p, link, secret, err
}

// scopesOf is everything the person's roles allow.
func scopesOf(p staff.Person) []staff.Right {
	var all []staff.Right
	for _, r := range staff.Rights {
		if staff.May(p.Roles, r) {
			all = append(all, r)
		}
	}
	return all
}
