package console

import (
	"cmp"
	"net/http"

	"candor/desk"
	"candor/lang"
	"candor/problem"
	"candor/staff"
)

// A setupPage is the first page anybody sees, or the one an invitation opens.
type setupPage struct {
	shell
	First                                       bool
	Action                                      string
	CompanyName, Name, JobTitle, Mail, Password input
	Zones                                       zones
}

// zones is the field that names a time zone.
type zones struct {
	Value string
	Known []string
	Fault fault
}

// knownZones are offered; any IANA name may be typed.
var knownZones = []string{
	"UTC", "Africa/Johannesburg", "Africa/Lagos", "America/Bogota", "America/Chicago", "America/Denver", "America/Los_Angeles",
	"America/Mexico_City", "America/New_York", "America/Phoenix", "America/Sao_Paulo", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta",
	"Asia/Kolkata", "Asia/Makassar", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Taipei", "Asia/Tokyo", "Australia/Sydney",
	"Europe/Berlin", "Europe/London", "Europe/Madrid", "Europe/Paris", "Europe/Vienna", "Europe/Zurich", "Pacific/Auckland",
}

func (s shell) zones(value string) zones {
	if s.typed.Has("zone") {
		value = s.typed.Get("zone")
	}
	return zones{Value: value, Known: knownZones, Fault: s.Err("zone")}
}

func (f *Face) showSetup(w http.ResponseWriter, r *http.Request) error {
	if err := f.desk.MaySetUp(r.Context(), r.PathValue("token")); err != nil {
		return err
	}
	return f.renderSetup(w, r, http.StatusOK, true, nil)
}

func (f *Face) renderSetup(w http.ResponseWriter, r *http.Request, status int, first bool, faults problem.List) error {
	s, err := f.frame(r, "Set up", "", nil)
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	p := setupPage{shell: s, First: first, Action: r.URL.EscapedPath()}
	p.CompanyName = s.input("company", "text", "Company", "As customers know it", s.Company.Company)
	p.Name = s.input("name", "text", "Your name", "It stands under what customers read", "")
	p.JobTitle = s.input("title", "text", "What you do there", "“Head of network operations”", "")
	p.Mail = s.input("mail", "email", "Your mail", "For signing in and reminders, not shown", "")
	p.Password = s.input("password", "password", "Password", "12 characters or more", "")
	p.Name.Auto, p.Mail.Auto, p.Password.Auto, p.CompanyName.Auto = "name", "email", "new-password", "organization"
	p.Zones = s.zones(s.Company.Zone)
	return f.render(w, status, "setup", p)
}

// postSetup makes the owner, signs them in and keeps what they said of the company.
func (f *Face) postSetup(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := desk.PersonForm{
		Name: r.PostFormValue("name"), Mail: r.PostFormValue("mail"), Password: r.PostFormValue("password"), Language: lang.English,
		Title: lang.Text{s.Company.Default(): r.PostFormValue("title")},
	}
	chosen := s.Company
	chosen.Company, chosen.Zone = typed(r, s.Zone).text("company"), cmp.Or(typed(r, s.Zone).text("zone"), "UTC")
	// The link works once: what is wrong with the company is said before it is used up.
	if faults := ofForm(chosen.Validate()); len(faults) > 0 {
		return f.renderSetup(w, r, http.StatusUnprocessableEntity, true, faults)
	}
	_, err = f.desk.SetUp(r.Context(), r.PathValue("token"), in)
	if refusals := ofForm(err); refusals != nil {
		return f.renderSetup(w, r, http.StatusUnprocessableEntity, true, refusals)
	}
	if err != nil {
		return err
	}
	secret, a, err := f.desk.SignIn(r.Context(), in.Mail, in.Password, clientIP(r))
	if err != nil {
		return err
	}
	f.setCookie(w, secret)
	if err := f.desk.SaveSettings(staff.As(r.Context(), a), chosen, s.Version); err != nil {
		return err
	}
	return back(w, r, "/console/mine?done=welcome")
}

func (f *Face) showInvitation(w http.ResponseWriter, r *http.Request) error {
	if _, err := f.desk.Invited(r.Context(), r.PathValue("token")); err != nil {
		return err
	}
	return f.renderSetup(w, r, http.StatusOK, false, nil)
}

func (f *Face) postInvitation(w http.ResponseWriter, r *http.Request) error {
	password := r.PostFormValue("password")
	p, err := f.desk.Accept(r.Context(), r.PathValue("token"), password)
	if refusals := ofForm(err); refusals != nil {
		return f.renderSetup(w, r, http.StatusUnprocessableEntity, false, refusals)
	}
	if err != nil {
		return err
	}
	secret, _, err := f.desk.SignIn(r.Context(), p.Mail, password, clientIP(r))
	if err != nil {
		return err
	}
	f.setCookie(w, secret)
	return back(w, r, "/console/profile")
}
