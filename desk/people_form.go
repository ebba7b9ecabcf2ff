package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// A PersonForm is what is decided about a person.
type PersonForm struct {
	Name        string
	Title       lang.Text
	PublicMail  string
	PublicPhone string
	Mobile      *string      // for calling in; nil keeps what is there
	Tree        *staff.Place // who calls them in, and who takes over from them; nil keeps what is there
	Mail        string
	Language    lang.Tag // empty: that of whoever adds them
	Roles       []staff.Role
	Photo       []byte // raw upload; nil keeps what is there
	NoPhoto     bool   // takes the photo away
	Password    string // at set-up, and when a person is added without an invitation
}

const (
	longestName  = 100
	longestTitle = 100
)

// A draftPerson is a person as the form wants them, with what is not a column.
type draftPerson struct {
	staff.Person
	mailKey string
	photo   []byte // encoded, to be stored
}

// drafted is the person with the form filled in, or everything that is wrong with it.
func (d *Desk) drafted(ctx context.Context, p staff.Person, in PersonForm) (out draftPerson, err error) {
	var wrong problem.List
	p.Name = strings.TrimSpace(in.Name)
	if p.Name == "" {
		wrong.Add(problem.Field("name", "problem.name.missing"))
	}
	wrong.Add(settings.Line("name", p.Name, longestName))
	for tag, title := range in.Title {
		wrong.Add(settings.Line("title."+string(tag), title, longestTitle))
	}
	p.Title = in.Title.Trimmed()
	p.PublicMail = optionalMail("public_mail", in.PublicMail, &wrong)
	p.PublicPhone = phone(in.PublicPhone, &wrong)
	if in.Mobile != nil {
		p.Mobile = mobile(*in.Mobile, &wrong)
	}
	if in.Tree != nil {
		p.Under, p.Deputy = in.Tree.Under, in.Tree.Deputy
	}
	mail, refused := audience.ParseAddress(in.Mail)
	if refused != nil {
		refused.Field = "mail"
		wrong.Add(refused)
	}
	p.Mail = string(mail)
	p.Language = or(in.Language, staff.Acting(ctx).Person.Language, lang.English)
	if !p.Language.Known() {
		wrong.Add(problem.Field("language", "problem.languages.unknown"))
	}
	p.Roles = inOrder(in.Roles, &wrong)
	if in.Password != "" {
		wrong.Add(staff.CheckPassword(in.Password, p.Mail, p.Name))
	}
	out = draftPerson{mailKey: mail.Key()}
	err = d.heavily(ctx, func() (err error) {
		if in.Photo != nil {
			out.photo, refused = staff.Portrait(in.Photo)
			wrong.Add(refused)
		}
		if len(wrong) == 0 && in.Password != "" {
			p.PasswordHash, err = staff.HashPassword(in.Password)
		}
		return err
	})
	out.Person = p
	if err != nil {
		return out, err
	}
	return out, wrong.Err()
}

func optionalMail(field, typed string, wrong *problem.List) string {
	if strings.TrimSpace(typed) == "" {
		return ""
	}
	mail, refused := audience.ParseAddress(typed)
	if refused != nil {
		refused.Field = field
		wrong.Add(refused)
	}
	return string(mail)
}

// phone is a number as people write it; customers dial what they read.
func phone(typed string, wrong *problem.List) string {
	typed = strings.TrimSpace(typed)
	digits := strings.Count(strings.Map(digit, typed), "0")
	if typed != "" && (len(typed) > 40 || digits < 3 || strings.Trim(typed, "0123456789+-()./ ") != "") {
		wrong.Add(problem.Field("public_phone", "problem.phone", "typed", typed))
	}
	return typed
}

// mobile is a number that texts are sent to, so a real one.
func mobile(typed string, wrong *problem.List) string {
	if strings.TrimSpace(typed) == "" {
		return ""
	}
	number, refused := audience.ParsePhone(typed, "")
	if refused != nil {
		refused.Field = "mobile"
		wrong.Add(refused)
	}
	return string(number)
}

// treeHolds refuses a place that leaves somebody above themselves.
func treeHolds(ctx context.Context, tx *store.Tx, p staff.Person) error {
	all, err := tx.People.All(ctx)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(all, func(other staff.Person) bool { return other.ID == p.ID }); i >= 0 {
		all[i] = p
	} else {
		all = append(all, p)
	}
	for _, place := range []id.Person{p.Under, p.Deputy} {
		there := slices.ContainsFunc(all, func(other staff.Person) bool { return other.ID == place && other.Active() })
		if place != "" && (!there || place == p.ID) {
			return problem.Field("tree", "problem.tree.missing")
		}
	}
	if t := staff.TreeOf(all); p.Under != "" && p.Active() && t.Under(p.ID) != p.Under {
		return problem.Field("tree", "problem.tree.circle")
	}
	return nil
}

func digit(r rune) rune {
	if r >= '0' && r <= '9' {
		return '0'
	}
	return -1
}

// inOrder is the roles once each, in the order the console offers them.
func inOrder(roles []staff.Role, wrong *problem.List) (out []staff.Role) {
	for _, r := range staff.Roles {
		if slices.Contains(roles, r) {
			out = append(out, r)
		}
	}
	isUnknown := func(r staff.Role) bool { return !slices.Contains(staff.Roles[:], r) }
	if len(out) == 0 || slices.ContainsFunc(roles, isUnknown) {
		wrong.Add(problem.Field("roles", "problem.roles"))
	}
	return out
}

// keepPhoto stores what was drawn of an upload.
func (p *draftPerson) keepPhoto(ctx context.Context, tx *store.Tx, at time.Time) (err error) {
	if p.photo != nil {
		p.Photo, err = tx.Blobs.Put(ctx, staff.PortraitType, p.photo, at)
	}
	return err
}

// mailFree refuses a mail somebody else signs in with.
func mailFree(ctx context.Context, tx *store.Tx, mailKey string, p id.Person) error {
	other, err := tx.People.ByMail(ctx, mailKey)
	if there, err := known(err); !there || other.ID == p {
		return err
	}
	return mailTaken()
}

func mailTaken() *problem.Problem {
	return &problem.Problem{Kind: problem.Conflict, Key: "problem.mail.taken", Field: "mail"}
}

// mayManage refuses whoever would hand out, or take away, rights they do not have: a token for people must not make itself an owner.
func mayManage(ctx context.Context, sets ...[]staff.Role) error {
	if err := need(ctx, staff.ManageStaff); err != nil {
		return err
	}
	actor := staff.Acting(ctx)
	for _, roles := range sets {
		for _, r := range staff.Rights {
			if staff.May(roles, r) && !actor.May(r) {
				return problem.New(problem.Forbidden, "problem.rights.more")
			}
		}
	}
	return nil
}

// ownersWithout are the active owners but one person.
func ownersWithout(ctx context.Context, tx *store.Tx, p id.Person) (n int, err error) {
	all, err := tx.People.All(ctx)
	for _, other := range all {
		if other.ID != p && other.Active() && other.Has(staff.Owner) {
			n++
		}
	}
	return n, err
}
