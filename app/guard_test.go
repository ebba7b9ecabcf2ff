package app

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestAPanicCostsOneRequest(t *testing.T) {
	var logged bytes.Buffer
	h := guard(slog.New(slog.NewTextHandler(&logged, nil)), http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("broken") }))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/x", nil))
	if w.Code != http.StatusInternalServerError || !strings.Contains(logged.String(), "broken") {
		t.Errorf("status %d, log %q: want 500 and the panic in the log", w.Code, logged.String())
	}
}

func TestB12ABodyHasASize(t *testing.T) {
	var read error
	h := guard(slog.New(slog.DiscardHandler), http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, read = io.Copy(io.Discard, r.Body)
	}))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/x", io.LimitReader(zeros{}, maxBody+1)))
	if read == nil {
		t.Error("a body over the limit was read to its end")
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestB14TokensStayOutOfLogs(t *testing.T) {
	for path, want := range map[string]string{
		"/de/manage/k3v8q0n4w2y7SECRET":   "/de/manage/…",
		"/unsubscribe/k3v8q0n4w2y7SECRET": "/unsubscribe/…",
		"/console/setup/SECRET":           "/console/setup/…",
		"/console/invitation/SECRET":      "/console/invitation/…",
		"/en/confirm/SECRET":              "/en/confirm/…",
		"/zh-Hant/me/k3v8q0n4w2y7SECRET":  "/zh-Hant/me/…",
		"/en/incidents/k3v8q0n4w2y7":      "/en/incidents/k3v8q0n4w2y7",
	} {
		if got := logged(path); got != want {
			t.Errorf("%s is logged as %s, want %s", path, got, want)
		}
	}
}

func TestB2StaffPagesAnswerOnlyUnderTheirOwnName(t *testing.T) {
	public := &url.URL{Scheme: "https", Host: "status.example.com"}
	h := knownHost(public, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	for host, want := range map[string]int{
		"status.example.com": 200, "STATUS.example.com:443": 200, "localhost:8080": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200,
		"evil.example": 421, "status.example.com.evil.example": 421, "127.0.0.1.evil.example": 421, "": 421, "192.0.2.1": 421, "evil@status.example.com": 421,
	} {
		r := httptest.NewRequest(http.MethodGet, "/console/", nil)
		r.Host = host
		r.Header.Set("X-Forwarded-Host", "status.example.com")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("host %q: %d, want %d", host, w.Code, want)
		}
	}
}
