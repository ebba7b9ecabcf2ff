package console

import (
	"net"
	"net/http"

	"candor/problem"
	"candor/staff"
)

// cookieName carries __Host- where the browser would accept it: only over TLS. A first try over plain HTTP can sign in too (B15).
func (f *Face) cookieName() string {
	if f.https() {
		return "__Host-candor"
	}
	return "candor"
}

func (f *Face) cookie(secret string) *http.Cookie {
	return &http.Cookie{
		Name: f.cookieName(), Value: secret, Path: "/", HttpOnly: true, Secure: f.https(), SameSite: http.SameSiteLaxMode,
	}
}

func (f *Face) setCookie(w http.ResponseWriter, secret string) { http.SetCookie(w, f.cookie(secret)) }

func (f *Face) dropCookie(w http.ResponseWriter) {
	c := f.cookie("")
	c.MaxAge = -1
	http.SetCookie(w, c)
}

// actor finds who holds the cookie; nobody is the zero Actor and no error, since whether that matters depends on the route.
func (f *Face) actor(r *http.Request) (staff.Actor, error) {
	ip := clientIP(r)
	c, err := r.Cookie(f.cookieName())
	if err != nil || c.Value == "" {
		return staff.Actor{IP: ip}, nil
	}
	a, err := f.desk.BySession(r.Context(), c.Value)
	if problem.Is(err, problem.Unauthenticated) {
		return staff.Actor{IP: ip}, nil
	}
	a.IP = ip
	return a, err
}

// clientIP is the true client's: app has replaced a trusted proxy's already.
func clientIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func signedIn(a staff.Actor) bool { return a.Person.ID != "" }
