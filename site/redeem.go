package site

import (
	"context"
	"net/http"
	"time"

	"candor/amends"
	"candor/desk"
	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/problem"
	"candor/store"
)

// A redeemPage is one customer's offer: how much, until when, one button, how it was reckoned, and what people ask. Looking at it redeems
// nothing: machines open every link (B5). It is never stored and sends no referrer (B14).
type redeemPage struct {
	shell
	Token     string
	Hide      string // the address without the secret
	Heading   string
	Fault     string
	Words     string // Markdown of the signer
	WordsLang string
	WordsNote string
	Sum       string
	Until     string
	Is        string // what became of it; empty while it can be redeemed
	Button    string
	Silence   string
	Rows      []sumRow
	Lines     []string
	Kinds     []choice
	Typed     string
	Said      []saidObjection
	Incident  string // where all of it is told
	Signer    *signer
	Reference string
}

type sumRow struct{ Name, Sum string }

// A saidObjection is what the customer said before, and what was answered.
type saidObjection struct {
	What, Words, Answer, When string
	Open                      bool
}

type signer struct{ Name, Title, Photo, Mail, Phone string }

func (f *Face) showRedeem(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		return f.serveRedeem(w, r, tag, r.PathValue("token"), nil)
	}
}

// serveRedeem answers with the page a token opens; with a refusal, with what was typed.
func (f *Face) serveRedeem(w http.ResponseWriter, r *http.Request, tag lang.Tag, token string, refused *problem.Problem) error {
	ctx, leave, err := enter(r.Context(), f.owners)
	if err != nil {
		return err
	}
	defer leave()
	now := time.Now()
	here, err := f.currentWorld(ctx, now)
	if err != nil {
		return err
	}
	o, err := f.desk.OfferByToken(ctx, token)
	if err != nil {
		return err
	}
	p := f.redeemPage(f.reader(here, tag, now, f.blindSince(now)), here, o, token)
	if err := f.tellWho(ctx, &p, tag, here, o); err != nil {
		return err
	}
	status := http.StatusOK
	if refused != nil {
		status, p.Fault, p.Typed = refused.Kind.Status(), p.T(refused.Key, refused.Args...), r.PostForm.Get("words")
		for i := range p.Kinds {
			p.Kinds[i].Checked = p.Kinds[i].Code == r.PostForm.Get("kind")
		}
	}
	body, err := f.templates.execute("redeem.html", p)
	if err != nil {
		return err
	}
	newEntry(document{status: status, kind: f.kinds.form, body: body}, now).serve(w, r)
	return nil
}

func (f *Face) redeemPage(r reader, w *world, o desk.Offered, token string) redeemPage {
	p := redeemPage{shell: f.shell(r, w, ""), Token: token, Hide: r.home + "redeem"}
	p.Canonical, p.NoIndex, p.Status = "", true, ""
	p.Sum = r.Money(o.Amount)
	p.Heading = r.T("mail.offer.title", "sum", p.Sum)
	p.titled(r.T("site.redeem.title", "sum", p.Sum))
	if o.Objection == "" {
		words, used := o.Offering.Words.In(r.Tag(), r.fallback)
		p.WordsLang = string(r.foreign(words, used))
		p.Words, p.WordsNote = markup.Text(words), r.note(r.foreign(words, used))
	}
	ends := r.DateTime(o.Offering.ExpiresAt, w.settings.Zoned())
	switch {
	case o.Over(r.now):
		p.Is = r.T("site.redeem.over", "when", ends)
	case o.State == amends.OfferOpen:
		p.Until, p.Button = r.T("site.redeem.until", "when", ends), r.T("mail.offer.redeem")
		p.Silence = r.T("site.redeem.anyway", "when", r.Day(o.Offering.ExpiresAt, w.settings.Zoned()))
		if o.Offering.Policy.Silence == amends.Lapse {
			p.Silence = r.T("site.redeem.lapses", "when", r.Day(o.Offering.ExpiresAt, w.settings.Zoned()))
		}
	default:
		p.Is = r.T("site.redeem.how."+string(o.How), "when", r.DateTime(o.RedeemedAt, w.settings.Zoned()))
	}
	p.reckoned(r, o)
	for _, k := range amends.ObjectionKinds {
		p.Kinds = append(p.Kinds, choice{Code: string(k), Name: phrase{Text: r.T("site.redeem.objection." + string(k))}, Checked: k == amends.WrongSum})
	}
	for _, x := range o.Objections {
		said := saidObjection{What: r.T("site.redeem.objection." + string(x.Kind)), Words: x.Words, Answer: x.Answer, Open: x.Open()}
		if x.Open() {
			said.When = r.T("site.redeem.answer.by", "when", r.DateTime(x.DueAt, w.settings.Zoned()))
		}
		p.Said = append(p.Said, said)
	}
	p.Reference = r.T("site.redeem.reference", "offer", string(o.ID))
	return p
}

// reckoned is what can be checked with a pencil: what the contract owes, what we add, and each step. A program that would reckon otherwise
// today than the run did shows no steps, because they were not those.
func (p *redeemPage) reckoned(r reader, o desk.Offered) {
	if o.Objection != "" {
		return
	}
	contract := o.Part.Contract
	if contract.Minor > 0 && contract.Minor < o.Amount.Minor {
		more := o.Amount
		more.Minor -= contract.Minor
		p.Rows = append(p.Rows, sumRow{r.T("mail.offer.contract"), r.Money(contract)}, sumRow{r.T("mail.offer.ours"), r.Money(more)})
	}
	if o.Part.Customer == "" {
		return
	}
	owed, differs := o.Run.Explain(o.Part)
	if differs {
		return
	}
	for _, l := range owed.Lines {
		p.Lines = append(p.Lines, l.In(r.Words))
	}
}

// tellWho adds who signs, and where the whole story stands if everybody may read it.
func (f *Face) tellWho(ctx context.Context, p *redeemPage, tag lang.Tag, w *world, o desk.Offered) error {
	return f.db.Read(ctx, func(tx *store.Tx) error {
		person, err := tx.People.ByID(ctx, o.Offering.Signer)
		if err != nil {
			return err
		}
		title, _ := person.Title.In(tag, w.settings.Default())
		p.Signer = &signer{Name: person.Name, Title: title, Mail: person.PublicMail, Phone: person.PublicPhone}
		if person.Photo != "" {
			p.Signer.Photo = "/photos/" + person.Photo
		}
		if o.Offering.Incident == "" {
			return nil
		}
		i, err := tx.Incidents.ByID(ctx, o.Offering.Incident)
		if err == nil && i.Visibility == incident.Public {
			p.Incident = "/" + tag.Path() + "/incidents/" + string(i.Code)
		}
		return err
	})
}

// postRedeem redeems, and leads back to the page, which says so; asked again it says so again (B10).
func (f *Face) postRedeem(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.byOffer(tag, func(r *http.Request, token string) error {
		_, err := f.desk.Redeem(r.Context(), token)
		return err
	})
}

func (f *Face) postObjection(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.byOffer(tag, func(r *http.Request, token string) error {
		_, err := f.desk.Object(r.Context(), token, amends.ObjectionKind(r.PostForm.Get("kind")), r.PostForm.Get("words"), tag)
		return err
	})
}

// byOffer runs what a form on an offer's page asks. The token comes with the form: an address alone does nothing.
func (f *Face) byOffer(tag lang.Tag, do func(r *http.Request, token string) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := parseForm(w, r); err != nil {
			return err
		}
		token := r.PostForm.Get("token")
		err := do(r, token)
		if all := problem.All(err); len(all) > 0 && all[0].Kind != problem.NotFound {
			return f.serveRedeem(w, r, tag, token, all[0])
		}
		if err != nil {
			return err
		}
		w.Header().Set("Cache-Control", noStore)
		w.Header().Set("Referrer-Policy", "no-referrer")
		http.Redirect(w, r, "/"+tag.Path()+"/redeem/"+token, http.StatusSeeOther) // a token that opened something holds nothing but its alphabet
		return nil
	}
}

// keptRecipe stands where the script leaves an offer's page: its secret is in the letter, not in the history of the browser.
func (f *Face) keptRecipe(at string, tag lang.Tag) *recipe {
	return f.noticeRecipe(at, tag, notice{"site.redeem.lost", "site.redeem.lost.line"})
}
