package duty_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"testing"
	"time"

	"candor/desk"
	"candor/duty"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/outward"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

// A check outside is asked about what would be shown, in Akismet's manner; what it calls spam waits for one of us, and what it does not answer
// in ten minutes is shown all the same.
func TestAChecksAnswerPlacesAComment(t *testing.T) {
	t.Parallel()
	asked := make(chan url.Values, 10)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil || r.URL.Path != "/1.1/comment-check" {
			t.Errorf("%s: %v", r.URL, err)
		}
		asked <- r.PostForm
		if r.PostForm.Get("comment_content") == "silence" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprint(w, r.PostForm.Get("comment_content") == "buy")
	}))
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	db := storetest.Open(t, storetest.SQLite(t))
	public := &url.URL{Scheme: "https", Host: "status.example"}
	d := duty.New(duty.Config{
		DB: db, Desk: desk.New(db, public, nil), PublicURL: public, Node: "test",
		Out: outward.New(outward.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, RootCAs: roots}),
	})
	now := time.Now().UTC().Truncate(time.Microsecond)
	var all []incident.Comment
	if err := db.Write(t.Context(), func(tx *store.Tx) error {
		s, version, err := tx.Settings.Load(t.Context())
		if err != nil {
			return err
		}
		s.Comments = settings.Comments{CheckURL: server.URL, CheckKey: "k"}
		if _, err := tx.Settings.Save(t.Context(), s, version); err != nil {
			return err
		}
		all = nil
		for n, body := range []string{"why?", "buy", "silence", "silence"} {
			at := now.Add(-time.Duration(n/3) * time.Hour) // the last one has waited long
			c := incident.Comment{
				ID: id.New[id.Comment](at), Code: id.NewCode(), Thread: incident.Thread{Topic: incident.OnIncident, Object: "inc_x"}, Name: "Anna", Body: body,
				Language: lang.English, State: incident.CommentChecking, Origin: incident.Origin{IP: "198.51.100.7", Agent: "A"}, At: at.Add(-time.Second),
			}
			if err := tx.Comments.Add(t.Context(), c, ""); err != nil {
				return err
			}
			all = append(all, c)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.CheckComments(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	for n, want := range []incident.CommentState{incident.CommentShown, incident.CommentHeld, incident.CommentChecking, incident.CommentShown} {
		var c incident.Comment
		if err := db.Read(t.Context(), func(tx *store.Tx) (err error) {
			c, err = tx.Comments.ByID(t.Context(), all[n].ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if c.State != want || (c.Origin == incident.Origin{}) != (want != incident.CommentChecking) {
			t.Errorf("%q is %s with the origin %v, want %s", c.Body, c.State, c.Origin, want)
		}
	}
	form := <-asked
	if form.Get("api_key") != "k" || form.Get("user_ip") != "198.51.100.7" || form.Get("blog") != "https://status.example" {
		t.Errorf("asked %v", form)
	}
}
